"""Weights reach fits and scores, directions are kept, and a model that cannot promise either is left out."""

from dataclasses import replace

import numpy as np
import pytest

from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.cross_validation import NO_SETTINGS, Deadline, evaluate_all
from helpers.model_selection.demands import able
from helpers.model_selection.fitting import fit_candidate
from helpers.model_selection.weighting import scaled_weights, takes_weights
from helpers.parameters import Parameters
from helpers.tables.table import Role

RMSE = METRICS["rmse"]
NAMES = ("linear", "nearest_neighbours", "hist_gradient_boosting", "xgboost")


def params(**values):
    return Parameters.model_validate(
        {"experiment": "x", "question": "q", "data": "x.csv", "target": "target", **values}
    )


def candidates(metric=RMSE, names=NAMES):
    return [baseline_candidate(metric), *(CANDIDATES[name] for name in names)]


def weighted(table, values):
    frame = table.frame.assign(weight=np.asarray(values, dtype=float))
    column = replace(table.columns["target"], name="weight", label="weight", role=Role.WEIGHT)
    return replace(table, frame=frame, columns={**table.columns, "weight": column})


def test_without_demands_all_stay_as_they_are(signal):
    given = candidates()
    assert able(given, signal(Task.REGRESSION), params()) == (given, [])


def test_who_cannot_keep_a_demand_is_left_out_with_the_reason(signal):
    table = weighted(signal(Task.REGRESSION), np.ones(60))
    kept, said = able(candidates(), table, params(weight="weight", monotone={"noise": "increasing"}))
    assert [each.name for each in kept] == ["baseline", "hist_gradient_boosting", "xgboost"]
    assert said == [
        "Left out, because they cannot count rows by a weight: Nearest neighbours.",
        "Left out, because they cannot promise to move one way with noise: Linear model and Nearest neighbours.",
    ]


@pytest.mark.parametrize("name", ["hist_gradient_boosting", "xgboost"])
@pytest.mark.parametrize("task", [Task.REGRESSION, Task.BINARY])
@pytest.mark.parametrize("direction", ["increasing", "decreasing"])
def test_answers_move_as_demanded(name, task, direction, signal):
    table = signal(task, rows=150)
    if task is Task.BINARY:
        table = replace(table, positive=table.classes[0])
    (_, candidate), _ = able(candidates(names=(name,)), table, params(monotone={"shown[<]": direction}))
    model = fit_candidate(candidate, table, seed=0, settings={"model__learning_rate": 0.3})
    grid = table.X.iloc[:50].assign(**{"shown[<]": np.linspace(-3, 3, 50), "noise": 0.0})
    found = model.predict(grid)
    values = found.values if found.probabilities is None else found.probabilities[table.positive].to_numpy()
    steps = np.diff(values) if direction == "increasing" else -np.diff(values)
    assert (steps >= -1e-9).all()
    # The data go up with the column for a number and, of the classes, against the first: only then it moves.
    assert steps.any() == ((direction == "increasing") == (task is Task.REGRESSION))


def test_weights_reach_every_fit_and_every_score(make_table, deal):
    rng = np.random.default_rng(0)
    table = make_table(
        Task.REGRESSION, {"x": rng.normal(size=240)}, target=np.r_[np.zeros(120), np.ones(120)]
    )
    order = rng.permutation(240)
    table = replace(table, frame=table.frame.iloc[order].reset_index(drop=True))
    heavy = weighted(table, np.where(table.y == 1, 3.0, 1.0))
    # A weight of 3 against 1: the baseline answers 0.75, off by 0.75 with a quarter of the weight and by 0.25.
    kept, _ = able(candidates(), heavy, params(weight="weight"))
    options = {"metric": RMSE, "seed": 0, "deadline": Deadline(60)}
    found = evaluate_all(heavy, [(each, NO_SETTINGS) for each in kept], deal(240, 2), **options)
    assert not any(each.failed for each in found)
    means = {each.name: each.out_of_fold["prediction"].mean() for each in found}
    assert means == pytest.approx(dict.fromkeys(means, 0.75), abs=0.06)
    assert found[0].validation.mean() == pytest.approx(np.sqrt(0.25 * 0.75**2 + 0.75 * 0.25**2), abs=0.01)
    same = evaluate_all(weighted(table, [7.0] * 240), [(kept[1], NO_SETTINGS)], deal(240, 2), **options)
    plain = evaluate_all(table, [(kept[1], NO_SETTINGS)], deal(240, 2), **options)
    assert same[0].validation == pytest.approx(plain[0].validation)


def test_which_models_take_weights(signal):
    table = signal(Task.REGRESSION)
    found = {
        name: takes_weights(each.build(table.task, table, 0))
        for name, each in CANDIDATES.items()
        if table.task in each.tasks and each.installed
    }
    assert [name for name, takes in found.items() if not takes] == ["nearest_neighbours"]
    assert scaled_weights(table) is None
    with pytest.raises(ValueError, match="all have the weight 0"):
        scaled_weights(weighted(table, np.zeros(60)))
