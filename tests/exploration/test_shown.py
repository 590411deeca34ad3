from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.exploration.associations import associations
from helpers.exploration.describe import describe
from helpers.exploration.effects import against_target
from helpers.exploration.shown import (
    effect_table,
    labelled,
    matrix_table,
    number_table,
    overview_table,
    pair_table,
    q_text,
)
from helpers.tables.table import Kind, Table

MakeTable = Callable[..., Table]


def test_tables_for_readers(make_table: MakeTable) -> None:
    x = np.arange(40.0)
    columns = {"x": (Kind.NUMBER, x), "2x": (Kind.NUMBER, 2 * x), "one": (Kind.NUMBER, np.ones(40))}
    table = make_table(columns, list(x))
    effects = against_target(table, seed=0)
    description = describe(table, ["y", *effects.ranked])
    overview = overview_table(description, effects, table)
    assert overview["column"].tolist() == ["y", "x", "2x", "one"]
    assert overview["strength"].round(6).isna().tolist() == [True, False, False, True]
    assert effect_table(effects, table)["column"].tolist() == ["x", "2x"]
    assert effect_table(effects, table)["q"].tolist() == ["under 0.001"] * 2
    assert "99 %" not in number_table(description).columns
    pairs = pair_table(associations(table, effects.ranked, seed=0), table)
    assert pairs["what it says"].tolist() == ["rises with ‘2x’"]


def test_the_strength_shown_is_the_one_that_orders(make_table: MakeTable) -> None:
    x = np.random.default_rng(2).uniform(-1, 1, 400)
    table = make_table({"x": (Kind.NUMBER, x)}, ["in" if abs(value) < 0.5 else "out" for value in x])
    effects = against_target(table, seed=0)
    shape = effects.frame["any shape"][0]
    assert overview_table(describe(table, ["y", "x"]), effects, table)["strength"][1] == shape
    shown = effect_table(effects, table)
    assert shown.columns.tolist() == [
        "column", "strength", "what it says", "measure", "effect", "low", "high", "by order", "any shape",
        "q", "rows",
    ]  # fmt: skip
    assert shown["strength"][0] == shape > shown["by order"][0]


def test_labels_stand_beside_the_names_where_they_differ(make_table: MakeTable) -> None:
    table = make_table({"s5": (Kind.NUMBER, [1.0, 2.0]), "x": (Kind.NUMBER, [1.0, 2.0])}, ["a", "b"])
    frame = pd.DataFrame({"column": ["x"], "other column": ["s5"]})
    assert labelled(frame, table).equals(frame)
    column = replace(table.columns["s5"], label="Triglycerides", unit="log")
    told = replace(table, columns={**table.columns, "s5": column})
    assert labelled(frame, told).to_dict("records") == [
        {"column": "x", "other column": "s5", "other label": "Triglycerides (log)"}
    ]


def test_q_in_words() -> None:
    assert [q_text(q) for q in (0.0, 0.00099, 0.001, 0.05, 1.0)] == [
        "under 0.001", "under 0.001", "0.001", "0.050", "1.000",
    ]  # fmt: skip


def test_a_matrix_as_rows_whatever_its_names() -> None:
    names = ["column", "strength"]
    matrix = pd.DataFrame([[1.0, 0.5], [0.5, 1.0]], index=names, columns=names)
    assert matrix_table(matrix).to_numpy().tolist() == [
        ["column", "column", 1.0],
        ["column", "strength", 0.5],
        ["strength", "column", 0.5],
        ["strength", "strength", 1.0],
    ]
