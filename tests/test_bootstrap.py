import numpy as np
import pandas as pd
import pytest
from scipy import stats

import helpers.bootstrap as bootstrap
from helpers.bootstrap import interval, resamples
from helpers.results import Estimate
from helpers.scoring.weighted import weighted_mean


def test_draws_are_the_same_each_time_and_hold_as_many_rows() -> None:
    draws = resamples(7, seed=1, draws=20)
    first, again = (np.concatenate(list(draws.weights())) for _ in range(2))
    assert (first == again).all()
    assert first.shape == (20, 7)
    assert (first.sum(axis=1) == 7).all()
    assert not draws.grouped


def test_draws_do_not_depend_on_how_many_are_made_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = resamples(5, seed=1, draws=30)
    whole = np.concatenate(list(draws.weights()))
    monkeypatch.setattr(bootstrap, "CHUNK", 20)
    assert (np.concatenate(list(draws.weights())) == whole).all()


def test_groups_are_drawn_whole_and_a_missing_group_is_a_group_alone() -> None:
    draws = resamples(5, seed=1, groups=pd.Series(["a", "a", "b", None, None]), draws=50)
    weights = np.concatenate(list(draws.weights()))
    assert draws.unit_count == 4
    assert draws.grouped
    assert (weights[:, 0] == weights[:, 1]).all()
    assert (weights[:, 3] != weights[:, 4]).any()


def test_many_rows_get_fewer_draws() -> None:
    assert resamples(100, seed=0).draws == 2_000
    assert resamples(100_000, seed=0).draws == 800
    assert resamples(10_000_000, seed=0).draws == 400


def test_interval_of_hand_made_draws() -> None:
    drawn = np.arange(0.0, 1001.0)
    estimate = interval(500.0, drawn, units=10_000_000)
    assert estimate.value == 500.0
    assert estimate.low == pytest.approx(25.0, abs=0.1)
    assert estimate.high == pytest.approx(975.0, abs=0.1)


def test_no_interval_from_a_single_unit_nor_from_draws_that_define_nothing() -> None:
    assert interval(1.0, np.ones(100), units=1) == Estimate(value=1.0)
    assert interval(1.0, np.r_[np.full(20, np.nan), np.ones(80)], units=9) == Estimate(value=1.0)
    assert interval(float("nan"), np.ones(100), units=9) == Estimate(value=None)


@pytest.mark.slow
@pytest.mark.parametrize("groups", [2, 4, 7])
def test_few_groups_give_wide_intervals_that_still_cover(groups: int) -> None:
    rng, covered = np.random.default_rng(0), 0
    for run in range(200):
        values = np.repeat(rng.normal(size=groups), 10)
        draws = resamples(
            len(values), seed=run, groups=pd.Series(np.repeat(np.arange(groups), 10)), draws=200
        )
        found = interval(values.mean(), draws.values(weighted_mean(values))[:, 0], units=groups)
        assert found.low is not None and found.high is not None
        covered += found.low <= 0 <= found.high
    assert 0.91 <= covered / 200 <= 0.99


def test_intervals_from_few_units_stay_within_what_there_can_be() -> None:
    assert interval(0.9, np.array([0.8, 1.0] * 50), units=3, within=(0.0, 1.0)).high == 1.0


@pytest.mark.slow
def test_intervals_of_a_mean_cover_it_like_student_does() -> None:
    rng = np.random.default_rng(0)
    covered, student = 0, 0
    for run in range(400):
        values = rng.exponential(size=25)
        draws = resamples(25, seed=run, draws=400)
        found = interval(values.mean(), draws.values(weighted_mean(values))[:, 0], units=25)
        assert found.low is not None and found.high is not None
        covered += found.low <= 1 <= found.high
        low, high = stats.t.interval(0.95, 24, values.mean(), values.std(ddof=1) / 5)
        student += low <= 1 <= high
    assert covered / 400 >= 0.90
    assert covered >= student - 8


@pytest.mark.slow
def test_intervals_over_groups_cover_where_those_over_rows_do_not() -> None:
    rng = np.random.default_rng(0)
    by_group, by_row = 0, 0
    for run in range(200):
        groups = np.repeat(np.arange(20), 10)
        values = np.repeat(rng.normal(size=20), 10)
        for labels in (pd.Series(groups), None):
            draws = resamples(200, seed=run, groups=labels, draws=300)
            found = interval(values.mean(), draws.values(weighted_mean(values))[:, 0], units=draws.unit_count)
            assert found.low is not None and found.high is not None
            inside = found.low <= 0 <= found.high
            by_group, by_row = (
                (by_group + inside, by_row) if labels is not None else (by_group, by_row + inside)
            )
    assert by_group / 200 >= 0.90
    assert by_row / 200 <= 0.65
