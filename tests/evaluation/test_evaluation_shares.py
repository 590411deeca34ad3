import numpy as np
import pytest
from scipy import stats

from helpers.evaluation.shares import share_of, weighted_sum, widest
from helpers.results import Estimate


@pytest.mark.parametrize(("count", "rows"), [(0, 10), (3, 10), (10, 10), (57, 114)])
def test_wilson_agrees_with_scipy(count: int, rows: int) -> None:
    oracle = stats.binomtest(count, rows).proportion_ci(method="wilson")
    found = share_of(count, rows)
    assert found.value == count / rows
    assert found.low == pytest.approx(oracle.low, abs=1e-12)
    assert found.high == pytest.approx(oracle.high, abs=1e-12)


def test_no_rows_no_share() -> None:
    assert share_of(0, 0) == Estimate(value=None)


def test_a_sum_of_shares_adds_distances_in_squares() -> None:
    one, other = Estimate(value=0.5, low=0.2, high=0.9), Estimate(value=0.1, low=0.0, high=0.4)
    found = weighted_sum([(10.0, one), (100.0, other)])
    assert found.value == pytest.approx(15.0)
    assert found.low == pytest.approx(15 - np.hypot(3, 10))
    assert found.high == pytest.approx(15 + np.hypot(4, 30))


def test_a_sum_of_shares_covers_where_a_dear_mistake_is_rare() -> None:
    rng, truth, hits = np.random.default_rng(0), 100 * (50 * 0.02 + 1 * 0.2), 0
    for _ in range(1_000):
        rare, often, _rest = rng.multinomial(114, [0.02, 0.2, 0.78])
        found = weighted_sum([(5_000.0, share_of(rare, 114)), (100.0, share_of(often, 114))])
        assert found.low is not None and found.high is not None
        hits += found.low <= truth <= found.high
    assert 0.93 <= hits / 1_000 <= 0.99


def test_widest_takes_the_outer_limits() -> None:
    one, other = Estimate(value=1.0, low=0.0, high=2.0), Estimate(value=5.0, low=0.5, high=3.0)
    assert widest(one, other) == Estimate(value=1.0, low=0.0, high=3.0)
    assert widest(one, Estimate(value=1.0)) == one


def test_weighted_sum_of_factors_of_both_signs_by_hand() -> None:
    gain = Estimate(value=0.0, low=0.0, high=0.1)
    loss = Estimate(value=0.2, low=0.1, high=0.5)
    found = weighted_sum([(10.0, gain), (-4.0, loss)])
    # Down: nothing from the gain, which is at its lowest, and 4 × 0.3 from the loss; up: 10 × 0.1 and 4 × 0.1.
    assert found.value == pytest.approx(-0.8)
    assert found.low == pytest.approx(-0.8 - 1.2)
    assert found.high == pytest.approx(-0.8 + (1.0**2 + 0.4**2) ** 0.5)
