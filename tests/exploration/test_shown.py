from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.exploration.associations import associations
from helpers.exploration.describe import describe
from helpers.exploration.effects import against_target
from helpers.exploration.shown import (
    effect_table,
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
    overview = overview_table(description, effects)
    assert overview["column"].tolist() == ["y", "x", "2x", "one"]
    assert overview["strength"].round(6).isna().tolist() == [True, False, False, True]
    assert effect_table(effects)["column"].tolist() == ["x", "2x"]
    assert effect_table(effects)["q"].tolist() == ["under 0.001"] * 2
    assert "99 %" not in number_table(description).columns
    pairs = pair_table(associations(table, effects.ranked, seed=0))
    assert pairs["what it says"].tolist() == ["rises with ‘2x’"]


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
