from collections import Counter

import numpy as np
import pandas as pd
import pytest

from helpers.bootstrap import resamples
from helpers.evaluation.calibration import bin_numbers, judge_calibration, reliability
from helpers.evaluation.shares import share_of


def test_bins_hold_equal_counts_and_keep_equal_values_together() -> None:
    assert np.bincount(bin_numbers(np.linspace(0, 1, 200))).tolist() == [20] * 10
    assert bin_numbers(np.full(200, 0.3)).max() == 0
    assert np.bincount(bin_numbers(np.repeat([0.1, 0.9], [150, 50]))).tolist() == [150, 50]


def test_reliability_by_hand() -> None:
    stated = np.repeat([0.1, 0.9], 20)
    happened = np.r_[np.arange(20) < 4, np.arange(20) < 18]
    table = reliability(stated, happened)
    assert table["rows"].tolist() == [20, 20]
    assert table["stated"].tolist() == pytest.approx([0.1, 0.9])
    assert table["observed"].tolist() == [0.2, 0.9]
    assert table.loc[0, "low"] == share_of(4, 20).low
    found = judge_calibration(stated, happened, draws=resamples(40, seed=0, draws=50), seed=0)
    assert found.result.expected_calibration_error.value == pytest.approx(0.05)


def _verdicts(rows: int, stretch: float, *, runs: int, grouped: bool = False) -> Counter[str]:
    seen: Counter[str] = Counter()
    for run in range(runs):
        rng = np.random.default_rng(run)
        groups = pd.Series(np.repeat(np.arange(rows // 5), 5)) if grouped else None
        size = rows // 5 if grouped else rows
        logit, luck = rng.normal(size=size) * 1.5, rng.random(size)
        happened = luck < 1 / (1 + np.exp(-logit))
        if grouped:
            logit, happened = np.repeat(logit, 5), np.repeat(happened, 5)
        stated = 1 / (1 + np.exp(-logit * stretch))
        draws = resamples(rows, seed=run, draws=50, groups=groups)
        seen[judge_calibration(stated, happened, draws=draws, seed=run).result.verdict] += 1
    return seen


@pytest.mark.slow
def test_calibrated_probabilities_are_rarely_called_miscalibrated() -> None:
    seen = _verdicts(500, 1.0, runs=40)
    assert seen["miscalibrated"] <= 5
    assert seen["calibrated"] >= 35


def test_probabilities_that_are_too_sure_are_found_out() -> None:
    assert _verdicts(1_000, 2.0, runs=8) == {"miscalibrated": 8}


def test_few_rows_cannot_tell() -> None:
    assert _verdicts(30, 3.0, runs=5) == {"cannot tell": 5}


def test_few_groups_cannot_tell() -> None:
    stated, groups = np.linspace(0.01, 0.99, 200), pd.Series(np.repeat(np.arange(5), 40))
    draws = resamples(200, seed=0, groups=groups, draws=50)
    assert judge_calibration(stated, stated > 0.9, draws=draws, seed=0).result.verdict == "cannot tell"


@pytest.mark.slow
def test_rows_of_a_group_do_not_count_as_many() -> None:
    assert _verdicts(500, 1.0, runs=30, grouped=True)["miscalibrated"] <= 4


def test_the_interval_holds_the_value_and_stays_a_share() -> None:
    rng = np.random.default_rng(0)
    stated = rng.random(100)
    found = judge_calibration(
        stated, rng.random(100) < stated, draws=resamples(100, seed=0, draws=200), seed=0
    )
    error = found.result.expected_calibration_error
    assert error.low is not None and error.high is not None and error.value is not None
    assert 0 <= error.low <= error.value <= error.high <= 1
    assert found.by_chance < found.noticeable
