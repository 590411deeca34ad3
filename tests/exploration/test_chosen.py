from collections.abc import Callable

import pandas as pd

from helpers.exploration.chosen import columns_drawn
from helpers.tables.table import Kind, Table

MakeTable = Callable[..., Table]


def test_the_first_of_each_kind_takes_the_place_of_what_matters_least(make_table: MakeTable) -> None:
    numbers = {f"n{place}": (Kind.NUMBER, [1.0, 2.0]) for place in range(7)}
    day = {"day": (Kind.DATE, pd.to_datetime(["2020-01-01", "2020-01-02"]))}
    note = {"note": (Kind.TEXT, pd.Series(["a b", "c d"], dtype="str"))}
    table = make_table({**numbers, **day, **note}, ["x", "y"])
    ranked = [*numbers, "day", "note"]
    assert [column.name for column in columns_drawn(table, ranked)] == ["n0", "n1", "n2", "n3", "day", "note"]
    assert [column.name for column in columns_drawn(table, ["note", "n1"])] == ["note", "n1"]
