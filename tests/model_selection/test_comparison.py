import numpy as np
import pytest
from scipy import stats

from helpers.metrics import METRICS
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.comparison import (
    as_scores,
    compare,
    corrected_error,
    corrected_interval,
    difference,
    leaderboard,
    validation_share,
)
from helpers.model_selection.cross_validation import CandidateResult, FoldScore

RMSE, AUC = METRICS["rmse"], METRICS["roc_auc"]


def result(name, validation, *, train=None, failed="", settings=None):
    candidate = baseline_candidate(RMSE) if name == "baseline" else CANDIDATES[name]
    train = validation if train is None else train
    folds = tuple(FoldScore(80, 20, t, v, 0.5, 0.25) for t, v in zip(train, validation, strict=True))
    return CandidateResult(candidate, settings or {}, () if failed else folds, failed=failed)


def test_corrected_interval_by_hand():
    # Mean 3, variance 2.5; five folds with 20 validation rows on 80 training rows: (1/5 + 1/4) · 2.5 = 1.125.
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert corrected_error(values, share=0.25) == pytest.approx(np.sqrt(1.125))
    found = corrected_interval(values, share=0.25)
    half = 2.7764451051977987 * 1.0606601717798212
    assert (found.value, found.low, found.high) == pytest.approx((3.0, 3 - half, 3 + half))


def test_interval_stays_within_what_the_metric_can_reach():
    found = corrected_interval(np.array([0.9, 0.99, 1.0]), share=0.5, limits=(0.0, 1.0))
    assert found.high == 1.0
    assert found.low > 0


def test_folds_that_do_not_define_the_metric_are_left_out():
    assert corrected_interval(np.array([1.0, np.nan, 3.0]), share=0.5) == corrected_interval(
        np.array([1.0, 3.0]), share=0.5
    )
    assert corrected_interval(np.array([np.nan]), share=0.5).value is None
    alone = corrected_interval(np.array([2.0, np.nan]), share=0.5)
    assert (alone.value, alone.low, alone.high) == (2.0, None, None)


def test_difference_splits_all_probability_between_better_equal_and_worse():
    found = difference(np.array([0.1, 0.3, 0.2, 0.2, 0.2]), share=0.25, margin=0.05)
    error = np.sqrt(0.45 * 0.005)
    assert found.mean == pytest.approx(0.2)
    assert found.better == pytest.approx(stats.t.cdf((0.2 - 0.05) / error, 4))
    assert found.worse == pytest.approx(stats.t.cdf((-0.05 - 0.2) / error, 4))
    assert found.better + found.equal + found.worse == pytest.approx(1)


def test_difference_without_spread_is_certain_and_without_folds_unknown():
    sure = difference(np.array([0.0, 0.0, 0.0]), share=0.25, margin=0.01)
    assert (sure.better, sure.equal, sure.worse) == (0.0, 1.0, 0.0)
    alone = difference(np.array([0.4]), share=0.25)
    assert alone.mean == 0.4
    assert np.isinf(alone.high)
    assert np.isnan(alone.better)


def test_compare_turns_errors_round_so_that_more_is_better():
    better, worse = result("linear", [1.0, 2.0, 3.0]), result("xgboost", [2.0, 2.5, 4.0])
    assert compare(better, worse, metric=RMSE).mean == pytest.approx(2.5 / 3)
    assert compare(better, worse, metric=AUC).mean == pytest.approx(-2.5 / 3)


def test_validation_share_is_the_mean_over_folds():
    folds = (FoldScore(50, 50, 0, 0, 0, 0), FoldScore(100, 50, 0, 0, 0, 0))
    assert validation_share(folds) == 0.75


def test_equal_models_are_called_different_at_most_five_times_in_a_hundred():
    """Two models that each read one of two exchangeable columns: neither is better than the other."""
    rng, alarms, naive, times = np.random.default_rng(3), 0, 0, 200
    for _ in range(times):
        gaps = _gaps_of_equal_models(rng, rows=100, folds=5, repeats=4)
        found = difference(gaps, share=0.25)
        alarms += found.low > 0 or found.high < 0
        naive += stats.ttest_1samp(gaps, 0.0).pvalue < 0.05
    assert alarms / times <= 0.05
    assert naive / times > 0.2


def _gaps_of_equal_models(rng, *, rows, folds, repeats):
    X = rng.normal(size=(rows, 2))
    y = X.sum(axis=1) + rng.normal(size=rows)
    gaps = []
    for _ in range(repeats):
        part = rng.permutation(rows) % folds
        for fold in range(folds):
            train, test = part != fold, part == fold
            slopes = (X[train] * y[train, None]).sum(axis=0) / (X[train] ** 2).sum(axis=0)
            errors = np.mean((y[test, None] - slopes * X[test]) ** 2, axis=0)
            gaps.append(errors[0] - errors[1])
    return np.array(gaps)


def test_leaderboard_puts_the_best_first_and_the_failed_last():
    results = [
        result("baseline", [4.0, 4.0, 5.0]),
        result("neural_network", [], failed="fold 1: ValueError: no"),
        result("linear", [2.0, 2.0, 3.0], train=[1.0, 1.0, 2.0]),
        result("xgboost", [3.0, 3.0, 4.0]),
    ]
    board = leaderboard(results, metric=RMSE)
    assert list(board["model"]) == ["linear", "xgboost", "baseline", "neural_network"]
    assert board.loc[0, "score"] == pytest.approx(7 / 3)
    assert board.loc[0, "train_score"] == pytest.approx(4 / 3)
    assert board.loc[0, "gain"] == pytest.approx(2.0)
    assert np.isnan(board.loc[2, "gain"])
    assert board.loc[3, "note"] == "fold 1: ValueError: no"
    recorded = as_scores(board)
    assert recorded[0].failed == ""
    assert recorded[0].fit_seconds == 0.5
    assert recorded[3].failed == "fold 1: ValueError: no"
    assert recorded[3].score.value is None


def test_leaderboard_of_a_score_ranks_the_other_way():
    results = [result("baseline", [0.5, 0.5]), result("linear", [0.8, 0.9]), result("xgboost", [0.9, 0.95])]
    assert list(leaderboard(results, metric=AUC)["model"]) == ["xgboost", "linear", "baseline"]
