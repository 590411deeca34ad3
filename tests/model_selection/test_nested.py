"""The best of several, scored by hand: a fold by the one that is best on the others."""

import numpy as np
import pandas as pd
import pytest

from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import CandidateResult, FoldScore
from helpers.model_selection.nested import nested
from helpers.tables.folds import Folds

RMSE = METRICS["rmse"]


@pytest.fixture
def three_folds(make_table):
    table = make_table(Task.REGRESSION, {"x": np.arange(6.0)}, target=np.zeros(6))
    parts = [np.array([k, k + 3]) for k in range(3)]
    return table, Folds(tuple((np.setdiff1d(np.arange(6), at), at) for at in parts), "random", 3, 1, "")


def tuned(table, scores, answer, rounds):
    frame = pd.DataFrame({"row": table.frame.index, "truth": 0.0, "prediction": float(answer)})
    folds = tuple(FoldScore(4, 2, 0.0, score, 1.0, 0.1, rounds=rounds) for score in scores)
    given = tuple(np.full(2, float(answer)) for _ in scores)
    return CandidateResult(CANDIDATES["xgboost"], {"model__max_depth": answer}, folds, frame, by_fold=given)


def test_a_fold_is_scored_by_the_one_that_is_best_on_the_others(three_folds):
    table, folds = three_folds
    # Means 2, 2.67 and 3: the first is best. Without the first fold it has 2.5 and the second 2.
    first = tuned(table, [1.0, 2.0, 3.0], 1, 10)
    second = tuned(table, [4.0, 2.0, 2.0], 2, 20)
    third = tuned(table, [3.0, 3.0, 3.0], 3, 30)
    found = nested(table, [third, second, first], folds, metric=RMSE)
    # Without the second fold they have 2, 3, 3; without the third 1.5, 3, 3.
    assert list(found.validation) == [4.0, 2.0, 3.0]
    assert found.settings == {"model__max_depth": 1}
    assert found.rounds == 10
    assert list(found.out_of_fold["row"]) == list(table.frame.index)
    assert list(found.out_of_fold["prediction"]) == [2.0, 1.0, 1.0, 2.0, 1.0, 1.0]
    assert [list(part) for part in found.by_fold] == [[2.0, 2.0], [1.0, 1.0], [1.0, 1.0]]


def test_one_that_is_best_throughout_keeps_its_scores(three_folds):
    table, folds = three_folds
    best = tuned(table, [1.0, 1.0, 1.0], 1, 10)
    other = tuned(table, [2.0, 2.0, 2.0], 2, 20)
    assert nested(table, [other, best], folds, metric=RMSE) is best
    assert nested(table, [best], folds, metric=RMSE) is best


def test_more_is_better_for_other_metrics_and_undefined_folds_play_no_part(three_folds):
    table, folds = three_folds
    low = tuned(table, [0.5, 0.6, 0.9], 1, 10)
    high = tuned(table, [0.6, float("nan"), 0.7], 2, 20)
    found = nested(table, [low, high], folds, metric=METRICS["r2"])
    # Means 0.667 and 0.65; without the first fold 0.75 and 0.7, without the third 0.55 and 0.6.
    assert found.settings == {"model__max_depth": 1}
    assert list(found.validation) == [0.5, 0.6, 0.7]


@pytest.mark.slow
def test_picking_among_equals_is_not_flattered(three_folds):
    """Thirty models of the same worth: the best looks better than it is, the picking does not."""
    table, folds = three_folds
    rng = np.random.default_rng(0)
    best, picked = [], []
    for _ in range(200):
        equals = [tuned(table, rng.normal(10, 1, 3), 1, 10) for _ in range(30)]
        best.append(min(found.validation.mean() for found in equals))
        picked.append(nested(table, equals, folds, metric=RMSE).validation.mean())
    assert np.mean(best) < 9.0
    assert abs(np.mean(picked) - 10) < 3 * np.std(picked) / np.sqrt(200)
