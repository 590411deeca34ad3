from dataclasses import replace

import numpy as np
import pytest

from helpers.metrics import Task
from helpers.model_selection import portfolio as module
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.portfolio import portfolio

INSTALLED = [found for found in CANDIDATES.values() if not found.library]


@pytest.mark.parametrize("task", list(Task))
def test_each_configuration_fits_its_candidate_and_task(task, signal):
    table = signal(task)
    found = portfolio(INSTALLED, table, trials=100)
    assert len({(candidate.name, repr(dict(settings))) for candidate, settings in found}) == len(found) > 6
    for candidate, settings in found:
        own = candidate.build(task, table, 0).get_params()
        assert any(own[name] != value for name, value in settings.items())


def test_they_are_as_many_as_asked_for_and_of_the_candidates_given(signal, monkeypatch):
    table = signal(Task.BINARY)
    assert portfolio(INSTALLED, table, trials=0) == []
    assert [found.name for found, _ in portfolio(INSTALLED, table, trials=4)] == [
        "xgboost", "xgboost", "xgboost", "hist_gradient_boosting"
    ]  # fmt: skip
    linear = [CANDIDATES["linear"]]
    assert [dict(settings) for _, settings in portfolio(linear, table, trials=9)] == [
        {"model__C": 0.1},
        {"model__C": 10.0},
    ]
    monkeypatch.setattr(module, "MANY_ROWS", 10)
    trees = [CANDIDATES[name] for name in ("random_forest", "extra_trees", "xgboost")]
    # A tree of extra trees sees so few of many rows that it does not take long.
    assert {found.name for found, _ in portfolio(trees, table, trials=9)} == {"extra_trees", "xgboost"}


def test_large_trees_come_first_where_boosting_has_much_to_learn(signal, monkeypatch):
    monkeypatch.setattr(module, "ENOUGH_ROWS", 59)
    table, boosting = signal(Task.REGRESSION), [CANDIDATES["xgboost"], CANDIDATES["hist_gradient_boosting"]]
    found = portfolio(boosting, table, trials=9, rounds=500)
    assert [settings.get("model__max_depth") for _, settings in found][:3] == [None, 8, 6]
    assert found[0][1]["model__max_leaf_nodes"] == 31
    usual = portfolio(boosting, table, trials=9)
    assert [settings["model__max_depth"] for _, settings in usual[:3]] == [6, 6, 3]
    assert usual == portfolio(boosting, table, trials=9, rounds=499)
    monkeypatch.setattr(module, "ENOUGH_ROWS", 60)
    assert usual == portfolio(boosting, table, trials=9, rounds=500)


def test_a_candidate_that_cannot_answer_is_left_out(signal):
    only = replace(CANDIDATES["linear"], tasks=frozenset({Task.REGRESSION}))
    assert portfolio([only], signal(Task.BINARY), trials=9) == []
    assert np.all([settings for _, settings in portfolio(INSTALLED, signal(Task.REGRESSION), trials=9)])


def test_where_a_network_leads_its_other_configurations_come_first(signal):
    table = signal(Task.BINARY)
    usual = portfolio(INSTALLED, table, trials=100)
    found = portfolio(INSTALLED, table, trials=100, leading="neural_network")
    names = [candidate.name for candidate, _ in found]
    assert names[:3] == ["neural_network", "neural_network", "xgboost"]
    assert [each for each in usual if each[0].name != "neural_network"] == found[2:]
    for name in ("xgboost", "hist_gradient_boosting", "baseline", ""):
        assert portfolio(INSTALLED, table, trials=100, leading=name) == usual
