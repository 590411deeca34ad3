from dataclasses import replace

import pytest

from helpers.metrics import METRICS, Task
from helpers.model_selection import portfolio as module
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.cross_validation import CandidateResult
from helpers.model_selection.fitting import FoldScore
from helpers.model_selection.portfolio import portfolio

INSTALLED = [name for name, found in CANDIDATES.items() if not found.library]
METRIC = METRICS["log_loss"]


def scored(name, loss=0.5, *, score=None, rounds=0):
    value = loss if score is None else score
    fold = FoldScore(80, 20, value, value, 0.1, 0.1, rounds=rounds, proper=loss)
    return CandidateResult(CANDIDATES[name], folds=(fold, fold))


def starts(names, table, *, trials=100, rounds=0, **losses):
    results = [scored(name, losses.get(name, 0.5), rounds=rounds) for name in names]
    return portfolio(results, table, metric=METRIC, trials=trials)


@pytest.mark.parametrize("task", list(Task))
def test_each_configuration_fits_its_candidate_and_task(task, signal):
    table = signal(task)
    found = starts(INSTALLED, table)
    assert len({(candidate.name, repr(dict(settings))) for candidate, settings in found}) == len(found) > 6
    assert all(settings for _, settings in found)
    for candidate, settings in found:
        own = candidate.build(task, table, 0).get_params()
        assert any(own[name] != value for name, value in settings.items())


@pytest.mark.parametrize("task", list(Task))
def test_a_network_reads_numbers_in_the_way_that_its_own_settings_do_not(task, signal):
    table = signal(task)
    own = CANDIDATES["neural_network"].build(task, table, 0)["model"].pieces
    _, first = starts(["neural_network"], table)[0]
    assert first["model__pieces"] is not own


def test_they_are_as_many_as_asked_for_and_of_the_candidates_given(signal, monkeypatch):
    table = signal(Task.BINARY)
    assert starts(INSTALLED, table, trials=0) == starts([], table) == []
    assert [found.name for found, _ in starts(INSTALLED, table, trials=5, xgboost=0.4)] == [
        "xgboost", "xgboost", "xgboost", "xgboost", "neural_network",
    ]  # fmt: skip
    assert [dict(settings) for _, settings in starts(["linear"], table)] == [
        {"model__C": 0.1},
        {"model__C": 10.0},
    ]
    monkeypatch.setattr(module, "MANY_ROWS", 10)
    # Trees that cut at random places are grown quickly, of many rows, too.
    trees = starts(["random_forest", "extra_trees", "xgboost"], table)
    assert {found.name for found, _ in trees} == {"extra_trees", "xgboost"}


def test_large_trees_come_first_where_boosting_has_much_to_learn(signal, monkeypatch):
    monkeypatch.setattr(module, "ENOUGH_ROWS", 59)
    table, boosting = signal(Task.REGRESSION), ["xgboost", "hist_gradient_boosting"]
    found = starts(boosting, table, rounds=400)
    assert [settings.get("model__max_depth") for _, settings in found][:3] == [None, 8, 6]
    assert found[0][1]["model__max_leaf_nodes"] == 31
    usual = starts(boosting, table)
    assert [settings["model__max_depth"] for _, settings in usual[:4]] == [6, 6, 6, 3]
    assert usual == starts(boosting, table, rounds=399)
    monkeypatch.setattr(module, "ENOUGH_ROWS", 60)
    assert usual == starts(boosting, table, rounds=400)


def test_a_candidate_that_failed_is_left_out(signal):
    results = [replace(scored(name), failed="so it is") for name in INSTALLED]
    assert portfolio(results, signal(Task.BINARY), metric=METRIC, trials=9) == []


def test_where_a_network_leads_its_other_configurations_come_first(signal):
    table = signal(Task.BINARY)
    usual = starts(INSTALLED, table, xgboost=0.4)
    found = starts(INSTALLED, table, neural_network=0.4)
    names = [candidate.name for candidate, _ in found]
    assert names[:3] == ["neural_network", "neural_network", "xgboost"]
    assert [each for each in usual if each[0].name != "neural_network"] == found[2:]
    assert starts(INSTALLED, table, hist_gradient_boosting=0.4) == usual
    guess = replace(scored("linear", 0.4), candidate=baseline_candidate(METRIC))
    results = [guess, *(scored(name) for name in INSTALLED)]
    assert portfolio(results, table, metric=METRIC, trials=100) == usual


def test_what_loses_over_two_fifths_more_than_the_best_is_not_tried_again(signal):
    table = signal(Task.BINARY)
    for loss, tried in ((0.279, {"xgboost", "linear"}), (0.281, {"xgboost"})):
        found = starts(["xgboost", "linear"], table, xgboost=0.2, linear=loss)
        assert {candidate.name for candidate, _ in found} == tried


def test_what_leads_is_told_by_the_log_loss_where_the_metric_sees_no_probabilities(signal):
    results = [scored("linear", 0.4, score=0.8), scored("xgboost", 0.5, score=0.9)]
    results += [scored("random_forest", 0.57, score=0.95)]
    found = portfolio(results, signal(Task.BINARY), metric=METRICS["roc_auc"], trials=9)
    assert found[0][0].name == "linear"
    assert {candidate.name for candidate, _ in found} == {"linear", "xgboost"}
