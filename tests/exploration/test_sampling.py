from collections.abc import Callable

import numpy as np

from helpers.exploration.sampling import sampled
from helpers.tables.table import Kind, Table

MakeTable = Callable[..., Table]


def test_a_small_table_is_taken_whole(make_table: MakeTable) -> None:
    table = make_table({"x": (Kind.NUMBER, np.arange(10.0))}, ["a", "b"] * 5)
    found = sampled(table, rows=10, seed=0)
    assert found.table is table
    assert found.note == ""


def test_a_sample_says_so_and_keeps_the_order(make_table: MakeTable) -> None:
    table = make_table({"x": (Kind.NUMBER, np.arange(5000.0))}, ["a", "b"] * 2500)
    found = sampled(table, rows=1000, seed=0)
    assert len(found.table) == 1000
    assert found.table.frame["x"].is_monotonic_increasing
    assert found.table.frame["x"].is_unique
    assert found.note == (
        "Computed on a random sample of 1,000 of 5,000 rows, which moves a share by at most 2.8 percentage "
        "points (95 %)."
    )
    again = sampled(table, rows=1000, seed=0)
    assert again.table.frame.equals(found.table.frame)
    assert not sampled(table, rows=1000, seed=1).table.frame.equals(found.table.frame)
