from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
from xgboost import XGBRegressor

from helpers.metrics import METRICS, Task
from helpers.model_selection import early_stopping
from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import Deadline, evaluate, fit_candidate
from helpers.model_selection.early_stopping import fit_stopping, held_back, in_smaller_steps, rounds_parameter
from helpers.tables.table import Column, Kind, Role


def with_role(table, name, values, role, kind):
    frame = table.frame.assign(**{name: values})
    return replace(table, frame=frame, columns={**table.columns, name: Column(name, kind, role, name)})


def test_each_class_is_held_back_in_its_share(signal):
    table = signal(Task.MULTICLASS, rows=300)
    held = held_back(table, seed=0)
    assert table.y[held].value_counts().to_dict() == dict.fromkeys(table.classes, 15)
    assert (held == held_back(table, seed=0)).all()
    assert not (held == held_back(table, seed=1)).all()
    assert held_back(signal(Task.REGRESSION, rows=200), seed=0).sum() == 30
    assert held_back(signal(Task.REGRESSION, rows=99), seed=0) is None


def test_the_latest_rows_are_held_back_and_times_stay_together(signal):
    table = signal(Task.REGRESSION, rows=100)
    days = pd.Series(pd.date_range("2024-01-01", periods=100))[::-1].to_numpy()
    timed = with_role(table, "day", days, Role.TIME, Kind.DATE)
    assert list(np.flatnonzero(held_back(timed, seed=0))) == list(range(15))
    one = with_role(table, "day", np.repeat(days[:1], 100), Role.TIME, Kind.DATE)
    assert held_back(one, seed=0) is None


def test_groups_are_held_back_whole(signal):
    groups = np.repeat(np.arange(20), 5)
    table = with_role(signal(Task.REGRESSION, rows=100), "g", groups, Role.GROUP, Kind.NUMBER)
    held = held_back(table, seed=0)
    assert (held.sum(), len(set(groups[held]))) == (15, 3)
    large = with_role(signal(Task.REGRESSION, rows=100), "g", np.arange(100) // 50, Role.GROUP, Kind.NUMBER)
    assert held_back(large, seed=0) is None


def test_rounds_are_found_and_taken_by_the_model_of_all_rows(signal, deal, monkeypatch):
    monkeypatch.setattr(early_stopping, "PATIENCE", 5)
    table, xgboost = signal(Task.REGRESSION, rows=300), CANDIDATES["xgboost"]
    options = {"metric": METRICS["rmse"], "seed": 0, "deadline": Deadline(60)}
    found = evaluate(table, xgboost, deal(300), **options)
    rounds = [fold.rounds for fold in found.folds]
    assert all(0 < each < 220 for each in rounds)
    assert found.rounds == sorted(rounds)[1]
    model = fit_candidate(xgboost, table, seed=0, rounds=found.rounds).estimator.named_steps["model"]
    # What is stored goes the same way in a third of the steps.
    assert model.get_booster().num_boosted_rounds() == 3 * found.rounds
    assert model.learning_rate == pytest.approx(0.05 / 3)
    # Rounds that the settings name are taken as they are.
    fixed = evaluate(table, xgboost, deal(300), settings={"model__n_estimators": 7}, **options)
    assert [fold.rounds for fold in fixed.folds] == [7, 7, 7]


def test_steps_are_smaller_where_a_model_has_steps_and_rows_are_not_many():
    boosting = HistGradientBoostingClassifier(learning_rate=0.3, max_iter=10)
    assert in_smaller_steps(boosting, early_stopping.SMALLER_ROWS + 1) is boosting
    assert (boosting.learning_rate, boosting.max_iter) == (0.3, 10)
    smaller = in_smaller_steps(boosting, early_stopping.SMALLER_ROWS)
    assert (smaller.learning_rate, smaller.max_iter) == (pytest.approx(0.1), 30)
    # XGBoost's own default is not known before it is fitted, and a forest takes no steps.
    assert in_smaller_steps(XGBRegressor(n_estimators=10), 100).n_estimators == 10
    assert in_smaller_steps(RandomForestRegressor(10), 100).n_estimators == 10


def test_many_rows_are_learnt_from_once(monkeypatch):
    x = np.linspace(0, 1, 100)[:, None]
    held = np.arange(100) % 5 == 0
    monkeypatch.setattr(early_stopping, "AGAIN_ROWS", 99)
    once, rounds = fit_stopping(XGBRegressor(n_estimators=30, n_jobs=1), x, x[:, 0], held)
    assert once.best_iteration + 1 == rounds
    monkeypatch.setattr(early_stopping, "AGAIN_ROWS", 100)
    again, same = fit_stopping(XGBRegressor(n_estimators=30, n_jobs=1), x, x[:, 0], held)
    assert (again.n_estimators, same) == (rounds, rounds)


def test_a_class_that_is_only_held_back_ends_the_looking():
    x, held = np.arange(30.0)[:, None], np.arange(30) < 10
    model, rounds = fit_stopping(HistGradientBoostingClassifier(max_iter=3), x, (~held).astype(int), held)
    assert (rounds, model.n_iter_) == (3, 3)
    assert rounds_parameter(model) == "max_iter"
    assert rounds_parameter(object()) is None


@pytest.mark.parametrize("name", ["lightgbm", "catboost"])
def test_other_boosters_where_they_are_installed(name, signal, deal):
    if not CANDIDATES[name].installed:
        pytest.skip(f"{name} is not installed: it belongs to the extra `boosters`")
    found = evaluate(
        signal(Task.BINARY, rows=200), CANDIDATES[name], deal(200), metric=METRICS["log_loss"], seed=0,
        deadline=Deadline(60),
    )  # fmt: skip
    assert (found.failed, found.notes, found.rounds > 0) == ("", (), True)


@pytest.mark.parametrize("name", ["hist_gradient_boosting", "xgboost", "lightgbm", "catboost"])
@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_rows_without_weight_neither_teach_nor_decide(name, task, make_table):
    """Half of the rows say the opposite and weigh nothing: where they decided, it would stop at once."""
    if not CANDIDATES[name].installed:
        pytest.skip(f"{name} is not installed: it belongs to the extra `boosters`")
    rng = np.random.default_rng(0)
    x, odd = rng.normal(size=1_000), rng.random(1_000) < 0.5
    higher = (x > 0) ^ odd
    names = np.array(make_table(task, {"x": x}).classes or (0.0, 1.0))
    table = make_table(task, {"x": x}, target=names[higher.astype(int)])
    table = with_role(table, "w", np.where(odd, 0.0, 1.0), Role.WEIGHT, Kind.NUMBER)
    found = fit_candidate(CANDIDATES[name], table, seed=0).predict(table.X)
    stated = found.values if found.probabilities is None else found.probabilities[names[1]].to_numpy()
    assert stated[x > 0].mean() > 0.95 and stated[x < 0].mean() < 0.05
