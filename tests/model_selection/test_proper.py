from dataclasses import replace

import numpy as np
import pytest

from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.choice import choose
from helpers.model_selection.cross_validation import CandidateResult, Deadline, FoldScore, evaluate
from helpers.model_selection.proper import proper_metric, turned
from helpers.model_selection.search import search

AUC, LOG_LOSS = METRICS["roc_auc"], METRICS["log_loss"]
WOBBLE = np.array([-0.01, 0.0, 0.01, 0.005, -0.005])


def result(name, mean, loss):
    candidate = baseline_candidate(AUC) if name == "baseline" else CANDIDATES[name]
    folds = (FoldScore(80, 20, 1.0, mean + step, 0.1, 0.1, proper=loss + step) for step in WOBBLE)
    return CandidateResult(candidate, folds=tuple(folds))


def test_metrics_of_ranking_and_labels_have_the_log_loss_beside_them():
    assert proper_metric(AUC) is proper_metric(METRICS["f1"]) is LOG_LOSS
    assert proper_metric(LOG_LOSS) is LOG_LOSS
    assert proper_metric(METRICS["rmse"]) is METRICS["rmse"]


def test_turned_twice_is_as_before():
    found = result("linear", 0.9, 0.4)
    assert turned(found).validation == pytest.approx(0.4 + WOBBLE)
    assert turned(turned(found)) == found
    without = replace(found, folds=tuple(replace(fold, proper=None) for fold in found.folds))
    assert turned(without) is without


def test_of_those_that_rank_as_well_the_truthful_ones_are_left():
    # The best log loss of those near is 0.40; half a per cent of it is 0.002.
    results = [
        result("baseline", 0.5, 0.69), result("linear", 0.8999, 0.45), result("random_forest", 0.8998, 0.401),
        result("xgboost", 0.9, 0.40),
    ]  # fmt: skip
    found = choose(results, metric=AUC)
    assert (found.result.name, found.best.name) == ("random_forest", "xgboost")
    assert (
        "By ROC AUC Linear model would be as good and simpler, but states less truthful probabilities (log loss)."
        in (found.reason)
    )
    truthful = [
        replace(each, folds=tuple(replace(fold, proper=0.4) for fold in each.folds)) for each in results
    ]
    assert choose(truthful, metric=AUC).result.name == "linear"
    assert "truthful" not in choose(truthful, metric=AUC).reason


def test_a_search_by_ranks_keeps_probabilities_true(signal, deal):
    table, folds = signal(Task.BINARY, 120), deal(120)
    options = {"metric": AUC, "seed": 0, "deadline": Deadline(60)}
    results = [
        evaluate(table, each, folds, **options) for each in (baseline_candidate(AUC), CANDIDATES["linear"])
    ]
    found = search(table, results, folds, trials=6, **options)
    best = found.best[0]
    losses = {
        str(trial.settings): np.mean([fold.proper for fold in trial.folds])
        for trial in found.trials
        if not trial.failed
    }
    assert losses[str(best.settings)] == min(losses.values())
    assert best.validation.max() <= 1.0  # by the metric again
