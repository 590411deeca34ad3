from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import helpers.evaluation.importance as importance
from helpers.evaluation.importance import alike_columns, permutation_importance
from helpers.metrics import METRICS
from helpers.scoring import Prediction
from helpers.tables.table import Kind, Table

HOSTILE = "<b>x</b>[0] $y$\n"


def _rows(make_table: Callable[..., Table], rows: int = 200) -> Table:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({HOSTILE: rng.normal(size=rows), "count": rng.normal(size=rows)})
    frame["kind"] = pd.Categorical(rng.choice(["u", "v"], rows))
    frame["y"] = frame[HOSTILE] * 3 + (frame["kind"] == "u") * 1.0
    return make_table(frame, kinds={"kind": Kind.CATEGORY}, labels={HOSTILE: ("Signal", "mm")})


def _predict(X: pd.DataFrame) -> Prediction:
    assert X["kind"].dtype == "category"
    return Prediction((X[HOSTILE] * 3 + (X["kind"] == "u") * 1.0).to_numpy(dtype=float), None)


def test_the_column_that_matters_comes_first_and_the_unread_one_is_zero(
    make_table: Callable[..., Table],
) -> None:
    found = permutation_importance(_rows(make_table), _predict, metric=METRICS["rmse"], seed=0)
    assert [result.column for result in found.results] == [HOSTILE, "kind", "count"]
    assert found.results[0].label == "Signal"
    # Shuffled, the error is the difference of two independent draws: 3 × √2 standard deviations.
    assert found.results[0].worse_by.value == pytest.approx(3 * np.sqrt(2), rel=0.15)
    assert found.results[0].worse_by.low is not None and found.results[0].worse_by.low > 3
    assert (
        found.results[2].worse_by.value,
        found.results[2].worse_by.low,
        found.results[2].worse_by.high,
    ) == (0, 0, 0)


def test_the_result_does_not_depend_on_how_many_columns_go_into_a_call(
    make_table: Callable[..., Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = _rows(make_table)
    whole = permutation_importance(rows, _predict, metric=METRICS["mae"], seed=1)
    monkeypatch.setattr(importance, "ROWS_A_CALL", 1)
    assert permutation_importance(rows, _predict, metric=METRICS["mae"], seed=1) == whole


def test_large_holdouts_are_sampled(
    make_table: Callable[..., Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importance, "MOST_PREDICTIONS", 30)
    monkeypatch.setattr(importance, "LEAST_ROWS", 50)
    found = permutation_importance(_rows(make_table), _predict, metric=METRICS["rmse"], seed=0)
    assert (found.rows, found.of) == (50, 200)


def test_columns_that_rank_rows_alike(make_table: Callable[..., Table]) -> None:
    values = np.arange(30.0)
    frame = pd.DataFrame(
        {
            "a": values,
            "b": -np.exp(values / 10),
            "c": np.tile([1.0, 2.0, 3.0], 10),
            "flat": 1.0,
            "empty": np.nan,
            "y": values,
        }
    )
    rows = make_table(frame, kinds={"empty": Kind.EMPTY})
    found = alike_columns(rows, ["a", "b", "c", "flat", "empty"])
    assert {name: [other for other, _ in others] for name, others in found.items()} == {
        "a": ["b"],
        "b": ["a"],
    }
    assert found["a"][0][1] == pytest.approx(-1.0)
    assert alike_columns(rows, ["c", "flat"]) == {}
