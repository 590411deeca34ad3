import time
import warnings
from dataclasses import replace

import numpy as np
import pytest

import helpers.model_selection.cross_validation as cross_validation
from helpers.metrics import METRICS, Task, default_metric
from helpers.model_selection.candidates import CANDIDATES, Candidate, baseline_candidate
from helpers.model_selection.cross_validation import (
    NO_SETTINGS,
    STOPPED,
    CandidateResult,
    Deadline,
    evaluate,
    evaluate_all,
    limited,
)
from helpers.model_selection.deadline import Pace
from helpers.model_selection.fitted import baseline_estimator
from helpers.model_selection.fitting import FoldScore
from helpers.tables.folds import Folds

RMSE = METRICS["rmse"]


def broken(error):
    def build(task, table, seed):
        raise error

    return Candidate("broken", "Broken", "nothing", "linear", 1, build, {})


def warning(category):
    def build(task, table, seed):
        warnings.warn("so it is", category, stacklevel=1)
        return baseline_estimator(task)

    return Candidate("warning", "Warning", "nothing", "linear", 1, build, {})


@pytest.mark.slow
@pytest.mark.parametrize("task", list(Task))
def test_every_candidate_beats_the_baseline_on_a_clear_signal(task, signal, deal):
    table, folds, metric = signal(task), deal(60, 2), default_metric(task)
    candidates = [
        baseline_candidate(metric),
        *(found for found in CANDIDATES.values() if task in found.tasks and found.installed),
    ]
    known = {"metric": metric, "seed": 0, "deadline": Deadline(60)}
    results = [evaluate(table, candidate, folds, **known) for candidate in candidates]
    assert [found.failed for found in results] == [""] * len(candidates)
    guess = results[0].validation.mean()
    assert all(metric.better(found.validation.mean(), guess) for found in results[1:])


@pytest.mark.slow
@pytest.mark.parametrize("task", [Task.MULTICLASS, Task.REGRESSION])
def test_two_runs_agree_to_the_last_digit(task, signal, deal, few_trees):
    table, folds, metric = signal(task), deal(60), default_metric(task)
    folds = Folds(folds.parts[:1], "random", 1, 1, "")
    options = {"metric": metric, "seed": 5, "deadline": Deadline(60)}
    for candidate in CANDIDATES.values():
        if task in candidate.tasks and candidate.installed:
            quick = few_trees(candidate.name)
            one, other = (evaluate(table, candidate, folds, settings=quick, **options) for _ in range(2))
            assert (list(one.validation), list(one.train)) == (list(other.validation), list(other.train))
            assert one.out_of_fold.equals(other.out_of_fold), candidate.name


def test_out_of_fold_predictions_hold_each_row_once_in_order(signal, deal):
    table, folds = signal(Task.BINARY), deal(60)
    twice = Folds(folds.parts * 2, "random", 3, 2, "")
    found = evaluate(
        table, CANDIDATES["linear"], twice, metric=METRICS["log_loss"], seed=0, deadline=Deadline(60)
    )
    kept = found.out_of_fold
    assert len(found.folds) == 6
    assert list(kept.columns) == [
        "row",
        "truth",
        "prediction",
        *(f"probability:{name}" for name in table.classes),
    ]
    assert list(kept["row"]) == list(table.frame.index)
    assert list(kept["truth"]) == list(table.y)
    stated = kept[[f"probability:{name}" for name in table.classes]].to_numpy()
    assert stated.sum(axis=1) == pytest.approx(1.0)
    assert list(kept["prediction"]) == [table.classes[k] for k in stated.argmax(axis=1)]


def test_a_class_that_a_fold_never_saw_has_probability_zero(signal):
    table = signal(Task.MULTICLASS)
    without = np.flatnonzero(table.y.to_numpy() != table.classes[1])
    folds = Folds(((without, np.arange(60)),), "random", 1, 1, "")
    for name in ("linear", "xgboost"):
        found = evaluate(
            table, CANDIDATES[name], folds, metric=METRICS["accuracy"], seed=0, deadline=Deadline(60)
        )
        assert found.failed == ""
        assert set(found.out_of_fold[f"probability:{table.classes[1]}"]) == {0.0}


def test_a_candidate_that_fails_says_why_and_others_go_on(signal, deal):
    candidates = [broken(ValueError("no such luck")), CANDIDATES["linear"]]
    known = {"metric": RMSE, "seed": 0, "deadline": Deadline(60)}
    results = evaluate_all(
        signal(Task.REGRESSION), [(found, NO_SETTINGS) for found in candidates], deal(60), **known
    )
    assert results[0].failed == "fold 1: ValueError: no such luck"
    assert results[0].out_of_fold is None
    assert results[1].failed == ""


@pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt()])
def test_running_out_of_memory_and_interruptions_end_the_notebook(error, signal, deal):
    with pytest.raises(type(error)):
        evaluate(signal(Task.REGRESSION), broken(error), deal(60), metric=RMSE, seed=0, deadline=Deadline(60))


def test_the_seconds_stop_between_fits(signal, deal):
    found = evaluate(
        signal(Task.REGRESSION), CANDIDATES["linear"], deal(60), metric=RMSE, seed=0, deadline=Deadline(0)
    )
    assert found.failed == STOPPED == "the seconds of the budget do not suffice for it"
    baseline = evaluate(
        signal(Task.REGRESSION), baseline_candidate(RMSE), deal(60), metric=RMSE, seed=0, deadline=Deadline(0)
    )
    assert not baseline.failed and len(baseline.folds) == 3


def test_what_the_seconds_cannot_suffice_for_is_not_gone_on_with(signal, deal):
    fits = []

    def build(task, table, seed):
        fits.append(task)
        time.sleep(0.2)
        return baseline_estimator(task)

    slow = Candidate("slow", "Slow", "nothing", "linear", 1, build, {})
    known = {"metric": RMSE, "seed": 0, "at_once": 1}
    # After the first of three fits less than 0.1 s is left, and two take 0.4 s.
    (found,) = evaluate_all(
        signal(Task.REGRESSION), [(slow, NO_SETTINGS)], deal(60), deadline=Deadline(0.3), **known
    )
    assert found.failed == STOPPED and len(fits) == 1


def test_the_pace_is_that_of_the_quickest_fit_on_all_cores():
    pace = Pace(5, 2)
    assert pace.suffices(0, 0.1) and not pace.suffices(0, 0.0)
    pace.done(0, 8.0)
    pace.done(0, 6.0)
    # Three folds are left, of six seconds each, two at a time.
    assert pace.suffices(0, 9.0) and not pace.suffices(0, 8.9)
    assert pace.suffices(1, 0.1)


def test_fits_that_did_not_converge_are_noted_and_other_warnings_pass(signal, deal):
    options = {"metric": METRICS["log_loss"], "seed": 0, "deadline": Deadline(60)}
    table, hasty = signal(Task.BINARY), {"model__max_iter": 1}
    found = evaluate(table, CANDIDATES["linear"], deal(60), settings=hasty, **options)
    assert found.notes == ("had not converged in 3 of 3 fits",)
    assert evaluate(table, CANDIDATES["linear"], deal(60), **options).notes == ()
    with pytest.warns(RuntimeWarning, match="so it is"):
        evaluate(table, warning(RuntimeWarning), deal(60), **options)


def test_a_metric_that_no_fold_defines_is_a_failure(make_table):
    table = make_table(Task.BINARY, {"x": np.arange(20.0)})
    yes = np.flatnonzero(table.y == table.positive)
    folds = Folds(((np.arange(20), yes),), "random", 1, 1, "")
    found = evaluate(
        table, CANDIDATES["linear"], folds, metric=METRICS["roc_auc"], seed=0, deadline=Deadline(60)
    )
    assert found.failed == "no fold defines ROC AUC"


def test_a_candidate_with_a_limit_of_rows_says_how_many_it_saw(signal, deal):
    few = replace(CANDIDATES["nearest_neighbours"], rows=25)
    found = evaluate(signal(Task.REGRESSION), few, deal(60), metric=RMSE, seed=0, deadline=Deadline(60))
    assert found.notes == ("fitted on 25 of a fold's 40 training rows",)


def test_large_folds_are_sampled_in_order(monkeypatch, deal):
    monkeypatch.setattr(cross_validation, "FOLD_ROWS", 10)
    monkeypatch.setattr(cross_validation, "VALIDATION_ROWS", 5)
    cut = limited(deal(60), seed=1)
    for (train, validation), (whole, held) in zip(cut, deal(60), strict=True):
        assert (len(train), len(validation)) == (10, 5)
        assert set(train) < set(whole)
        assert set(validation) < set(held)
        assert list(train) == sorted(train)
    assert all((one[0] == other[0]).all() for one, other in zip(cut, limited(deal(60), seed=1), strict=True))


def test_the_mean_is_over_the_folds_that_define_the_metric():
    scores = [FoldScore(80, 20, 0.5, value, 0.1, 0.1) for value in (0.2, np.nan, 0.5)]
    assert CandidateResult(CANDIDATES["linear"], folds=tuple(scores)).mean == pytest.approx(0.35)
    assert np.isnan(CandidateResult(CANDIDATES["linear"], folds=(scores[1],)).mean)
    assert np.isnan(CandidateResult(CANDIDATES["linear"]).mean)
