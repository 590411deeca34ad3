import functools
import os

import numpy as np
import pandas as pd
import pytest
import skops.io as skops

import helpers.model_selection.builders as builders
from helpers.errors import UserError
from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import CandidateResult, Deadline, evaluate, fit_candidate
from helpers.model_selection.fitted import fit_baseline, fit_model, load_model, save_model
from helpers.model_selection.fitting import built
from helpers.tables.table import Kind

MIXED = {"t\n": Kind.TEXT, "<g>": Kind.CATEGORY, "d": Kind.DATE}


def mixed(make_table, task, rows=40):
    rng = np.random.default_rng(1)
    return make_table(
        task,
        {
            "x[<]": np.where(rng.random(rows) < 0.2, np.nan, rng.normal(size=rows)),
            "t\n": pd.Series([f"some words {row}" for row in range(rows)], dtype="str"),
            "<g>": pd.Categorical(rng.choice(["<b>", 'q"', "e\n😀"], rows)),
            "d": pd.date_range("2024-01-01", periods=rows, freq="31h"),
        },
        kinds=MIXED,
    )


@pytest.mark.slow
@pytest.mark.parametrize("task", list(Task))
def test_the_steady_network_goes_through_the_file_too(task, make_table, tmp_path):
    table = mixed(make_table, task)
    steady = {f"model__{name}": value for name, value in builders.STEADY_NETWORK.items()}
    model = fit_candidate(CANDIDATES["neural_network"], table, seed=0, settings=steady)
    save_model(model, tmp_path / "model.skops")
    back = load_model(tmp_path / "model.skops")
    assert list(back.predict(table.X).values) == list(model.predict(table.X).values)


@pytest.mark.slow
@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize("name", list(CANDIDATES))
def test_predictions_through_the_file_are_identical(name, task, make_table, few_trees, tmp_path):
    if task not in CANDIDATES[name].tasks or not CANDIDATES[name].installed:
        return
    table = mixed(make_table, task)
    model = fit_candidate(CANDIDATES[name], table, seed=0, settings=few_trees(name))
    save_model(model, tmp_path / "model.skops")
    back = load_model(tmp_path / "model.skops")
    assert (back.name, back.label, back.task, back.classes, back.columns, back.rows) == (
        model.name, model.label, model.task, model.classes, model.columns, model.rows
    )  # fmt: skip
    one, other = model.predict(table.X), back.predict(table.X)
    assert list(one.values) == list(other.values)
    if task is Task.REGRESSION:
        assert one.probabilities is None
    else:
        assert one.probabilities.equals(other.probabilities)


def test_baseline_by_hand(make_table, tmp_path):
    table = make_table(Task.BINARY, {"x": np.arange(5.0)})
    # Rows alternate between the classes, the first of them three times.
    model = fit_baseline(table)
    prediction = model.predict(table.X.head(2))
    assert list(prediction.probabilities.columns) == list(table.classes)
    assert prediction.probabilities.iloc[0].tolist() == [0.6, 0.4]
    assert list(prediction.values) == [table.classes[0]] * 2
    save_model(model, tmp_path / "baseline.skops")
    assert load_model(tmp_path / "baseline.skops").predict(table.X).probabilities.iloc[0].tolist() == [
        0.6,
        0.4,
    ]
    numbers = make_table(Task.REGRESSION, {"x": np.arange(4.0)}, target=[0.0, 0.0, 0.0, 8.0])
    assert list(fit_baseline(numbers).predict(numbers.X.head(1)).values) == [2.0]
    assert list(fit_baseline(numbers, METRICS["mae"]).predict(numbers.X.head(1)).values) == [0.0]


def test_columns_are_taken_by_name_and_missing_ones_named(make_table):
    table = make_table(Task.REGRESSION, {"x": np.arange(30.0), "z": np.ones(30)})
    model = fit_candidate(CANDIDATES["linear"], table, seed=0)
    shuffled = table.frame[["target", "z", "x"]]
    assert list(model.predict(shuffled).values) == list(model.predict(table.X).values)
    with pytest.raises(UserError) as caught:
        model.predict(table.X[["z"]])
    assert str(caught.value) == (
        "table to predict: given no column x; expected the 2 columns that the model was fitted on."
    )


def test_no_rows_give_no_predictions(make_table):
    for task in Task:
        table = make_table(task, {"x": np.arange(30.0)})
        prediction = fit_candidate(CANDIDATES["linear"], table, seed=0).predict(table.X.head(0))
        assert len(prediction.values) == 0
        if prediction.probabilities is not None:
            assert list(prediction.probabilities.columns) == list(table.classes)


def test_a_single_class_cannot_be_learnt(make_table):
    table = make_table(Task.BINARY, {"x": np.arange(4.0)})
    alone = table.rows(table.y == table.positive)
    with pytest.raises(ValueError, match="the rows to learn from hold one class only"):
        fit_candidate(CANDIDATES["linear"], alone, seed=0)
    assert fit_baseline(alone).predict(alone.X).probabilities[table.positive].tolist() == [1.0, 1.0]


def test_a_file_that_asks_for_other_types_is_refused(tmp_path):
    path = tmp_path / "evil.skops"
    path.write_bytes(skops.dumps({"format": 1, "estimator": functools.partial(os.system, "touch /nowhere")}))
    with pytest.raises(UserError, match=r"asks for types no model of ours holds: \w+\.system"):
        load_model(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"hello"])
def test_a_file_that_is_no_model_is_refused(content, tmp_path):
    path = tmp_path / "model.skops"
    path.write_bytes(content)
    with pytest.raises(UserError, match="a file that cannot be read"):
        load_model(path)


def test_a_missing_file_and_another_format_are_refused(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        load_model(tmp_path / "none.skops")
    path = tmp_path / "model.skops"
    path.write_bytes(skops.dumps({"format": 99}))
    with pytest.raises(UserError, match="something else or another format"):
        load_model(path)


def test_a_model_is_small_on_disk(make_table, tmp_path):
    table = make_table(Task.REGRESSION, {"x": np.arange(300.0)})
    save_model(fit_candidate(CANDIDATES["random_forest"], table, seed=0), tmp_path / "model.skops")
    assert (tmp_path / "model.skops").stat().st_size < 3_000_000


def test_fit_model_keeps_the_contract_of_columns(make_table):
    table = mixed(make_table, Task.REGRESSION)
    model = fit_model(CANDIDATES["linear"].build(table.task, table, 0), table, name="linear", label="Linear")
    assert dict(model.columns) == {"x[<]": "number", "t\n": "text", "<g>": "category", "d": "date"}
    assert (model.target, model.rows) == ("target", 40)


def test_the_model_of_all_rows_has_the_settings_of_the_folds(signal, deal):
    """4,100 rows ask extra trees for leaves of 2; the folds' 2,733 rows for leaves of 1."""
    table, trees = signal(Task.REGRESSION, rows=4_100), CANDIDATES["extra_trees"]
    assert built(trees, table, seed=0).named_steps["model"].min_samples_leaf == 2
    few = {"model__n_estimators": 2}
    options = {"metric": METRICS["rmse"], "seed": 0, "deadline": Deadline(60)}
    found = evaluate(table, trees, deal(4_100), settings=few, **options)
    assert found.fold_rows == 2_733
    model = fit_candidate(trees, table, seed=0, settings=few, fold_rows=found.fold_rows)
    stored = model.estimator.named_steps["model"]
    assert (stored.min_samples_leaf, stored.n_estimators) == (1, 2)
    assert CandidateResult(trees, failed="so it is").fold_rows == 0


def test_where_the_folds_fit_all_their_rows_so_does_the_model_of_all_rows(signal):
    """Of 50,100 rows each of the extra trees would see a part; of the folds' 40,080 it sees all of them."""
    table, trees = signal(Task.BINARY, rows=50_100), CANDIDATES["extra_trees"]
    assert built(trees, table, seed=0).named_steps["model"].bootstrap
    model = fit_candidate(trees, table, seed=0, settings={"model__n_estimators": 2}, fold_rows=40_080)
    stored = model.estimator.named_steps["model"]
    assert (stored.bootstrap, stored.max_samples) == (False, None)
