import numpy as np
import pytest
from scipy import stats

from helpers.intervals import median_interval, wilson


@pytest.mark.parametrize(("hits", "trials"), [(0, 5), (1, 1), (3, 10), (50, 200), (999, 1000)])
def test_wilson_agrees_with_scipy(hits, trials):
    expected = stats.binomtest(hits, trials).proportion_ci(method="wilson")
    low, high = wilson(np.array([hits]), np.array([trials]))
    assert low[0] == pytest.approx(expected.low, abs=1e-12)
    assert high[0] == pytest.approx(expected.high, abs=1e-12)


def test_no_trial_says_nothing():
    low, high = wilson(np.array([0]), np.array([0]))
    assert (low[0], high[0]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("n", "ranks"), [(5, (1, 5)), (6, (1, 6)), (10, (2, 9)), (20, (6, 15)), (100, (40, 61))]
)
def test_the_median_interval_has_the_ranks_of_the_tables(n, ranks):
    # Conover, Practical Nonparametric Statistics: confidence intervals for the median at 95 %
    values = np.random.default_rng(n).permutation(np.arange(1.0, n + 1))
    assert median_interval(values) == ranks


def test_the_median_interval_covers_what_it_promises():
    generator = np.random.default_rng(0)
    hits = 0
    for _ in range(400):
        low, high = median_interval(generator.exponential(size=25))
        hits += low <= np.log(2) <= high
    assert 0.93 <= hits / 400 <= 0.99
