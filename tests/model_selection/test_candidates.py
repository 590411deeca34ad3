from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import helpers.model_selection.builders as builders
import helpers.model_selection.candidates as candidates
from helpers.errors import UserError
from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import (
    CANDIDATES,
    baseline_candidate,
    candidates_for,
    left_out,
    not_installed,
    unfit,
)
from helpers.model_selection.networks import AT_ONCE, BATCHES
from helpers.model_selection.smoothed_tree import SmoothedTree
from helpers.model_selection.smoothed_votes import SmoothedExtraTrees, SmoothedForest, SmoothedNeighbours
from helpers.parameters import Parameters
from helpers.parameters.model import MODELS
from helpers.tables.table import Kind, Role


def params(**values):
    return Parameters.model_validate(
        {"experiment": "x", "question": "q", "data": "x.csv", "target": "y", **values}
    )


def test_the_names_are_those_of_the_params():
    assert set(CANDIDATES) == set(MODELS)
    assert all(name == candidate.name for name, candidate in CANDIDATES.items())


def test_ranks_are_all_different_and_rise():
    ranks = [candidate.complexity for candidate in CANDIDATES.values()]
    assert ranks == sorted(set(ranks))
    assert baseline_candidate(METRICS["rmse"]).complexity == 0 < ranks[0]


def test_descriptions_can_end_a_sentence():
    for candidate in CANDIDATES.values():
        assert not candidate.plain[0].isupper()
        assert not candidate.plain.endswith(".")


def test_candidates_that_cannot_answer_are_left_out():
    assert "naive_bayes" not in [found.name for found in candidates_for(params(), Task.REGRESSION)]
    assert [found.name for found in left_out(params(), Task.REGRESSION)] == ["naive_bayes"]
    assert [found.name for found in left_out(params(), Task.BINARY)] == ["elastic_net"]
    assert left_out(params(models=["linear"]), Task.BINARY) == []


def test_candidates_that_are_not_installed_are_left_out(monkeypatch):
    missing = replace(CANDIDATES["lightgbm"], library="no_such_library")
    monkeypatch.setattr(candidates, "CANDIDATES", {**CANDIDATES, "lightgbm": missing})
    named = params(models=["lightgbm", "linear"])
    assert [found.name for found in candidates_for(named, Task.BINARY)] == ["linear"]
    assert not_installed(named, Task.BINARY) == [missing]
    assert left_out(named, Task.BINARY) == not_installed(params(models=["linear"]), Task.BINARY) == []


def test_models_none_of_which_can_answer_are_refused(monkeypatch):
    named = params(models=["naive_bayes"])
    (problem,) = unfit(named, Task.REGRESSION, where="p.yaml")
    assert str(problem).startswith(
        "p.yaml: models: given naive_bayes, for a regression; expected auto, or one of "
    )
    assert "elastic_net" in problem.expected and "naive_bayes" not in problem.expected
    assert unfit(named, Task.BINARY, where="p.yaml") == unfit(params(), Task.REGRESSION, where="p.yaml") == []
    missing = replace(CANDIDATES["lightgbm"], library="no_such_library")
    monkeypatch.setattr(candidates, "CANDIDATES", {**CANDIDATES, "lightgbm": missing})
    with pytest.raises(
        UserError, match=r"given lightgbm, for a classification.*install the extra “boosters”"
    ):
        candidates_for(params(models=["lightgbm"]), Task.BINARY)


def test_named_candidates_come_the_simplest_first():
    named = params(models=["xgboost", "linear"])
    assert [found.name for found in candidates_for(named, Task.BINARY)] == ["linear", "xgboost"]


def test_xgboost_holds_one_level_of_a_category_against_all_others(make_table):
    """Levels that say nothing: sets of them would tell apart the rows that they were found on."""
    rng = np.random.default_rng(0)
    levels = {"level": rng.choice(list("abcdefgh"), size=600)}
    drawn = rng.normal(size=600)
    table = make_table(Task.REGRESSION, levels, target=drawn, kinds={"level": Kind.CATEGORY})
    model = CANDIDATES["xgboost"].build(Task.REGRESSION, table, 0).set_params(model__n_estimators=1)
    model.fit(table.X, table.y)
    tree = model.named_steps["model"].get_booster().trees_to_dataframe()
    assert {len(held) for held in tree["Category"].dropna()} == {1}


@pytest.mark.parametrize(("name", "share"), [("random_forest", 0.33), ("extra_trees", 1.0)])
def test_a_forest_of_classes_looks_at_a_share_of_the_columns_unless_they_are_many(
    name, share, signal, monkeypatch
):
    table = signal(Task.BINARY)
    for most, looked_at in ((2, share), (1, "sqrt")):
        monkeypatch.setattr(builders, "FOREST_COLUMNS", most)
        assert CANDIDATES[name].build(Task.BINARY, table, 0).get_params()["model__max_features"] == looked_at


def test_thirty_columns_are_not_many_for_a_forest(make_table):
    """Many for CatBoost they are; one name for both limits once held forests to its twenty."""
    table = make_table(
        Task.BINARY, {f"x{place}": np.arange(40.0) for place in range(30)}, target=["no", "yes"] * 20
    )
    assert CANDIDATES["random_forest"].build(Task.BINARY, table, 0)["model"].max_features == 0.33


@pytest.mark.parametrize("name", ["random_forest", "extra_trees"])
@pytest.mark.parametrize("task", list(Task))
def test_a_forest_of_many_rows_has_half_the_trees(name, task, signal):
    for rows, trees in ((5_000, 200), (5_001, 100)):
        built = CANDIDATES[name].build(task, signal(task, rows=rows), 0)
        assert built.get_params()["model__n_estimators"] == trees


@pytest.mark.parametrize(("rows", "leaf"), [(1_000, 1), (4_000, 1), (4_001, 2), (60_000, 2)])
def test_extra_trees_that_tell_a_number_keep_small_leaves_on_many_rows(rows, leaf, signal):
    built = CANDIDATES["extra_trees"].build(Task.REGRESSION, signal(Task.REGRESSION, rows=rows), 0)
    assert built["model"].min_samples_leaf == leaf


@pytest.mark.parametrize("task", list(Task))
def test_leaves_of_a_random_forest_do_not_grow_with_the_rows(task, signal):
    for rows, share in ((1_000, 1.0), (40_000, 0.5)):
        model = CANDIDATES["random_forest"].build(task, signal(task, rows=rows), 0)["model"]
        assert (model.min_samples_leaf, model.max_samples) == (2, share)


@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize(
    ("rows", "trees", "bootstrap", "share"), [(20_000, 60, False, None), (100_000, 60, True, 0.5)]
)
def test_extra_trees_see_every_row_up_to_many(task, rows, trees, bootstrap, share, signal):
    model = CANDIDATES["extra_trees"].build(task, signal(task, rows=rows), 0)["model"]
    assert (model.n_estimators, model.bootstrap, model.max_samples) == (trees, bootstrap, share)


@pytest.mark.parametrize(("rows", "step"), [(20_000, 0.05), (50_100, 0.1)])
def test_boosting_of_many_rows_takes_larger_steps(rows, step, signal):
    model = CANDIDATES["xgboost"].build(Task.REGRESSION, signal(Task.REGRESSION, rows=rows), 0)["model"]
    assert model.learning_rate == step


@pytest.mark.parametrize("task", list(Task))
def test_a_network_that_tells_a_number_reads_numbers_in_pieces(task, signal):
    model = CANDIDATES["neural_network"].build(task, signal(task), 0)["model"]
    assert model.pieces == (task is Task.REGRESSION)


@pytest.mark.parametrize(("classes", "step"), [(3, 0.05), (4, 0.1), (12, 0.1), (24, 0.2), (60, 0.3)])
def test_boosting_takes_larger_steps_where_many_classes_leave_few_rounds(classes, step, make_table):
    """3,000 trees in all are 125 rounds of 24 classes: 0.2 times 125 is 25."""
    table = make_table(Task.MULTICLASS, {"x": np.arange(60.0)})
    table = replace(table, classes=tuple(f"class {place}" for place in range(classes)))
    model = CANDIDATES["xgboost"].build(Task.MULTICLASS, table, 0)["model"]
    assert model.learning_rate == pytest.approx(step)


def test_a_network_for_many_answers_is_larger(signal, monkeypatch):
    table = signal(Task.MULTICLASS, rows=90)
    for most, size in ((270, (128, 0.2)), (269, (256, 0.1))):
        monkeypatch.setattr(builders, "MANY_ANSWERS", most)
        model = CANDIDATES["neural_network"].build(Task.MULTICLASS, table, 0)["model"]
        assert (model.units, model.left_out) == size


@pytest.mark.parametrize("role", [Role.GROUP, Role.TIME])
def test_rows_that_belong_together_do_not_say_when_a_network_stops(signal, role):
    table = signal(Task.REGRESSION)
    assert (
        CANDIDATES["neural_network"].build(Task.REGRESSION, table, 0).named_steps["model"].method == BATCHES
    )
    beside = replace(table.columns["noise"], role=role)
    bound = replace(table, columns={**table.columns, "noise": beside})
    assert (
        CANDIDATES["neural_network"].build(Task.REGRESSION, bound, 0).named_steps["model"].method == AT_ONCE
    )


def test_a_leaf_of_few_rows_states_no_certainty():
    # One split, two pure leaves of two and three rows; two rows are added at the shares 0.4 and 0.6.
    tree = SmoothedTree(max_depth=1).fit([[0.0], [0.0], [1.0], [1.0], [1.0]], [0, 0, 1, 1, 1])
    assert tree.predict_proba([[0.0]])[0] == pytest.approx([(2 + 0.8) / 4, 1.2 / 4])
    assert tree.predict_proba([[1.0]])[0] == pytest.approx([0.8 / 5, (3 + 1.2) / 5])


ROWS = pd.DataFrame({"x": [0.0, 0.1, 0.2, 9.0, 9.1, 9.2, 9.3, 9.4]})


@pytest.mark.parametrize("kind", [SmoothedForest, SmoothedExtraTrees])
def test_where_all_trees_agree_one_more_vote_is_that_of_all_rows(kind):
    # Every tree is sure of each side. The fourth vote is the mean of the trees' own shares.
    forest = kind(n_estimators=3, random_state=0).fit(ROWS, [0, 0, 0, 1, 1, 1, 1, 1])
    start = np.mean([tree.tree_.value[0, 0] for tree in forest.estimators_], axis=0)
    assert start.sum() == pytest.approx(1.0)
    assert forest.predict_proba(ROWS)[0] == pytest.approx([(3 + start[0]) / 4, start[1] / 4])
    assert forest.predict(ROWS).tolist() == [0, 0, 0, 1, 1, 1, 1, 1]


def test_the_extra_vote_of_a_forest_counts_rows_by_their_weights():
    # Extra trees see all rows: three of weight 5 beside five of weight 1, 15 to 5.
    forest = SmoothedExtraTrees(n_estimators=3, random_state=0)
    forest.fit(ROWS, [0, 0, 0, 1, 1, 1, 1, 1], sample_weight=[5.0] * 3 + [1.0] * 5)
    assert forest.predict_proba(ROWS)[7] == pytest.approx([0.75 / 4, (3 + 0.25) / 4])


def test_where_all_neighbours_agree_one_more_vote_is_that_of_all_rows():
    near = SmoothedNeighbours(n_neighbors=3, weights="distance").fit(ROWS, [0, 0, 0, 1, 1, 1, 1, 1])
    assert near.predict_proba(ROWS)[0] == pytest.approx([(3 + 3 / 8) / 4, (5 / 8) / 4])
    assert near.predict_proba(ROWS)[7] == pytest.approx([(3 / 8) / 4, (3 + 5 / 8) / 4])
