import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.bootstrap import interval, resamples
from helpers.evaluation.corrected import MANY_UNITS, corrected, rare_limit
from helpers.evaluation.losses import row_losses
from helpers.metrics import METRICS
from helpers.scoring import Prediction, Truth
from helpers.scoring.weighted import weighted_mean


def _drawn(values, draws):
    return draws.values(weighted_mean(values))[:, 0]


def test_the_interval_is_never_narrower_than_the_percentiles_and_leans_with_the_values():
    values = np.r_[np.zeros(15), np.ones(4), 20.0]
    draws = resamples(20, seed=0, draws=1_000)
    plain = interval(values.mean(), _drawn(values, draws), units=20)
    found = corrected(values.mean(), _drawn(values, draws), draws, within=(0.0, np.inf))
    # One large value: the mean may well be larger than any draw says, and hardly smaller.
    assert found.low == plain.low
    assert found.high > 1.1 * plain.high


def test_a_mean_of_losses_gets_the_studentised_interval_of_its_log():
    truth = pd.Series(stats.norm.ppf((np.arange(100) + 0.5) / 100))
    said = Prediction(np.zeros(100), None)
    losses = row_losses(METRICS["rmse"], Truth(truth), said)
    assert losses is not None and losses.top.tolist() == (truth**2).tolist()
    draws = resamples(100, seed=0, draws=2_000)
    rmse = float(np.sqrt(np.mean(truth**2)))
    drawn = np.sqrt(_drawn(losses.top, draws))
    found = corrected(rmse, drawn, draws, within=(0.0, np.inf), losses=losses)
    # Normal errors: n × RMSE² / σ² is χ² with 100 degrees of freedom.
    expected = rmse * np.sqrt(100 / stats.chi2.ppf([0.975, 0.025], 100))
    assert [found.low, found.high] == pytest.approx(expected, rel=0.03)
    assert found.high > interval(rmse, drawn, units=100).high


def test_losses_finish_as_their_metric():
    y, said = pd.Series([1.0, 2.0, 3.0, 6.0]), Prediction(np.array([1.0, 3.0, 3.0, 2.0]), None)
    for name, value in (("rmse", np.sqrt(17 / 4)), ("mae", 5 / 4), ("r2", 1 - 17 / 14)):
        losses = row_losses(METRICS[name], Truth(y), said)
        assert losses.finish(losses.top.sum() / losses.bottom.sum()) == pytest.approx(value)
    assert row_losses(METRICS["median_absolute_error"], Truth(y), said) is None


def test_many_few_and_constant_draws_stay_with_percentiles():
    for rows in (5, MANY_UNITS + 1):
        values = np.arange(float(rows)) ** 2
        draws = resamples(rows, seed=0, draws=60)
        drawn = _drawn(values, draws)
        assert corrected(values.mean(), drawn, draws) == interval(values.mean(), drawn, units=rows)
    draws = resamples(20, seed=0, draws=60)
    assert corrected(1.0, np.ones(60), draws).low == 1.0


def test_rmse_of_few_rows_is_covered_where_percentiles_fall_short():
    covered = {"percentiles": 0, "corrected": 0}
    for run in range(120):
        rng = np.random.default_rng(run)
        truth = pd.Series(rng.laplace(size=25))
        losses = row_losses(METRICS["rmse"], Truth(truth), Prediction(np.zeros(25), None))
        draws = resamples(25, seed=run, draws=200)
        rmse, drawn = float(np.sqrt(losses.top.mean())), np.sqrt(_drawn(losses.top, draws))
        for name, found in (
            ("percentiles", interval(rmse, drawn, units=25)),
            ("corrected", corrected(rmse, drawn, draws, losses=losses)),
        ):
            covered[name] += found.low <= np.sqrt(2) <= found.high
    # Laplace's tails on 25 rows are a hard case.
    assert covered["corrected"] / 120 >= 0.9
    assert covered["corrected"] > covered["percentiles"]


def test_groups_are_drawn_whole_here_too():
    groups = pd.Series(np.repeat(np.arange(12), 5))
    truth = pd.Series(np.repeat(np.random.default_rng(0).normal(size=12), 5))
    losses = row_losses(METRICS["mae"], Truth(truth), Prediction(np.zeros(60), None))
    widths = []
    for by in (groups, None):
        draws = resamples(60, seed=0, groups=by, draws=400)
        found = corrected(float(losses.top.mean()), _drawn(losses.top, draws), draws, losses=losses)
        widths.append(found.high - found.low)
    assert widths[0] > 1.6 * widths[1]


def test_a_limit_of_rare_losses_is_the_exact_one_of_a_count():
    # Of four equal losses: the exact 97.5 % limit of a Poisson count of 4, half of χ² with 10 freedoms.
    assert rare_limit(np.array([0.5] * 4 + [0.0] * 30), tail=0.025) == pytest.approx(0.5 * 10.2416, rel=1e-4)
    assert rare_limit(np.array([0.4] + [0.0] * 58), tail=0.025) == pytest.approx(0.4 * 5.5716, rel=1e-4)


def test_where_one_row_carries_the_loss_the_interval_has_an_end():
    truth = pd.Series([0.01, 0.02] * 29 + [5.0])
    losses = row_losses(METRICS["mae"], Truth(truth), Prediction(np.zeros(59), None))
    draws, value = resamples(59, seed=0), float(truth.mean())
    found = corrected(value, _drawn(losses.top, draws), draws, within=(0.0, np.inf), losses=losses)
    # One loss of 5 and hardly any other, of which 5.57 could have come; the studentised end is 36.
    assert 3 * value < found.high < 5.6 * value
