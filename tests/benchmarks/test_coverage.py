"""The simulation of intervals on few repetitions: it counts what it says, and no interval is far off."""

import pytest
from benchmarks.coverage import coverage, noise_confirmed


@pytest.mark.slow
def test_coverage_is_counted_for_every_metric_of_the_world():
    found = coverage("normal errors", rows=40, repetitions=25, draws=100, large=20_000)
    assert [result.metric for result in found] == ["rmse", "mae", "median_absolute_error", "r2"]
    assert all(result.value >= 0.8 and result.gain >= 0.8 and result.width > 0 for result in found)


@pytest.mark.slow
def test_noise_is_hardly_ever_confirmed():
    assert noise_confirmed("error rate", searches=10, rows=100) <= 0.2
