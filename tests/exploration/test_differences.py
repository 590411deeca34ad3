from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.exploration.differences import all_differences
from helpers.tables.table import Kind, Role, Table

MakeTable = Callable[..., Table]


def test_nothing_is_compared_without_group_and_time(make_table: MakeTable) -> None:
    assert all_differences(make_table({"x": (Kind.NUMBER, np.arange(20.0))}, ["a", "b"] * 10), seed=0) == []


def test_target_and_features_over_group_and_time(make_table: MakeTable) -> None:
    columns = {
        "shop": (Kind.IDENTIFIER, np.repeat([7, 8, 9], [10, 20, 30])),
        "day": (Kind.DATE, pd.date_range("2024-01-01", periods=60)),
        "x": (Kind.NUMBER, np.arange(60.0)),
    }
    table = make_table(columns, ["a", "b"] * 30, roles={"shop": Role.GROUP, "day": Role.TIME})
    group, time = all_differences(table, seed=0)
    assert (group.role, group.title) == ("group", "group ‘shop’")
    assert group.sizes == "3 groups of 10 to 30 rows, half of them up to 20 rows."
    assert group.effects.ranked == ["x", "y"]
    assert group.panel is not None
    assert group.panel.frame["label"].tolist() == ["9", "8", "7"]
    assert (time.role, time.sizes) == ("time", "")
    assert time.effects.frame["reading"][0] == "rises with ‘day’"
    assert time.panel is not None
    assert time.panel.frame["label"].tolist()[0] == "2024-01-01 to 2024-01-08"


def test_one_group_or_none(make_table: MakeTable) -> None:
    roles = {"g": Role.GROUP}
    one = make_table({"g": (Kind.CATEGORY, ["a"] * 12)}, ["n", "y"] * 6, roles=roles)
    found = all_differences(one, seed=0)[0]
    assert (found.panel, found.sizes) == (None, "1 group of 12 to 12 rows, half of them up to 12 rows.")
    none = make_table({"g": (Kind.CATEGORY, [None] * 12)}, ["n", "y"] * 6, roles=roles)
    assert all_differences(none, seed=0)[0].sizes == "There is no group."
