"""Trials that cannot win are stopped between folds, those that can go on; hand-worked on made-up scores."""

import numpy as np
import pandas as pd
import pytest

from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import CandidateResult, FoldScore
from helpers.model_selection.racing import against, raced, stopped_early

RMSE, TREE = METRICS["rmse"], CANDIDATES["decision_tree"]


def result(scores, settings=None, rows=None):
    folds = tuple(FoldScore(40, 10, score, score, 0.1, 0.1) for score in scores)
    frame = None if rows is None else pd.DataFrame({"row": rows, "prediction": [float(row) for row in rows]})
    return CandidateResult(TREE, settings or {}, folds, frame)


@pytest.fixture
def race(make_table, deal):
    """Race made-up scores, one list a trial, against a reference; return the results and what was fitted."""
    table, folds = make_table(Task.REGRESSION, {"x": np.arange(50.0)}), deal(50, 5)

    def build(trials, reference, **options):
        fitted = []

        def run(entries, part):
            places = [next(k for k, each in enumerate(folds) if each is one) for one in part]
            fitted.extend((settings["trial"], place) for _, settings in entries for place in places)
            held = np.concatenate([validation for _, validation in part])
            return [result([trials[each["trial"]][k] for k in places], each, held) for _, each in entries]

        entries = [(TREE, {"trial": number}) for number in range(len(trials))]
        best = None if reference is None else result(reference)
        return raced(table, entries, folds, reference=best, metric=RMSE, run=run, **options), fitted

    return build


def test_what_is_credibly_worse_stops_and_says_so(race):
    # Differences -1 and -1.1: mean -1.05, error sqrt((1/2 + 1/4) * 0.005), t -17.1 with one degree: P 0.019.
    found, fitted = race([[2.0, 2.1, 9, 9, 9], [1.1, 0.9, 1.0, 1.0, 1.2]], [1.0] * 5)
    assert found[0].failed == "stopped early after 2 of 5 folds: credibly worse than the best before it"
    assert stopped_early(found[0]) and not stopped_early(found[1])
    assert (list(found[0].validation), found[0].out_of_fold) == ([2.0, 2.1], None)
    assert (list(found[1].validation), found[1].failed) == ([1.1, 0.9, 1.0, 1.0, 1.2], "")
    assert found[1].out_of_fold["row"].tolist() == list(range(50))
    assert [place for trial, place in fitted if trial == 0] == [0, 1]
    assert [place for trial, place in fitted if trial == 1] == [0, 1, 2, 3, 4]
    assert against(found[0], result([1.0] * 5), metric=RMSE).mean == pytest.approx(-1.05)


def test_within_its_margin_a_trial_goes_on(race):
    # 2.05 is 105 % more than 1.
    trials, best = [[2.0, 2.1, 2.0, 2.0, 2.0]], [1.0] * 5
    assert not race(trials, best, margin=lambda candidate: 1.06 if candidate is TREE else 0.0)[0][0].failed
    assert stopped_early(race(trials, best, margin=lambda _: 1.04)[0][0])


def test_a_trial_alone_goes_through_two_folds_at_a_time(race):
    # P 0.12 after two folds; after three -1/6, error sqrt((1/3 + 1/4) / 300), t -3.78 with two degrees: P 0.03.
    trial, best = [1.1, 1.2, 1.2, 1.2, 1.2], [1.0] * 5
    assert len(race([trial, best], best)[0][0].folds) == 3
    assert not race([trial], best)[0][0].failed
    # Where the other is stopped after two folds it is alone from there.
    left, fitted = race([trial, [2.0, 2.1, 9, 9, 9]], best)
    assert [len(each.folds) for each in left] == [5, 2]
    assert fitted == [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (0, 3), (0, 4)]


def test_without_a_reference_nothing_stops(race):
    found, fitted = race([[2.0, 2.1, 9, 9, 9]], None)
    assert not found[0].failed
    assert fitted == [(0, place) for place in range(5)]


def test_a_stage_has_a_fold_that_defines_the_metric(race):
    # The first two folds define nothing, so that the first look is after three.
    found, fitted = race([[np.nan, np.nan, 1.0, 1.0, 1.0]], [np.nan, np.nan, 1.0, 1.0, 1.0])
    assert not found[0].failed and len(fitted) == 5


def test_models_that_are_equal_are_seldom_stopped(race):
    # Without the correction for the overlap of the folds it would be two in five.
    rng = np.random.default_rng(0)
    trials = 1 + 0.1 * rng.normal(size=(100, 5))
    found, _ = race(trials.tolist(), [1.0] * 5)
    assert np.mean([stopped_early(each) for each in found]) < 0.08
