from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.exploration.panels import Scale, axis_scale, distribution, relation, stacked
from helpers.exploration.views import View
from helpers.tables.table import Column, Kind, Role, Table

MakeTable = Callable[..., Table]

NAN = float("nan")


def column(kind: Kind, unit: str = "") -> Column:
    return Column("x", kind, Role.FEATURE, "x", unit)


def test_few_values_become_bars_in_their_order() -> None:
    panel = distribution(column(Kind.NUMBER, "cm"), pd.Series([2.0, 1.0, 2.0, NAN, 10.0]))
    assert panel is not None
    assert panel.scale is Scale.LEVELS
    assert panel.frame["label"].tolist() == ["1 cm", "2 cm", "10 cm"]
    assert panel.frame["rows"].tolist() == [1, 2, 1]
    assert panel.frame["share"].tolist() == [0.25, 0.5, 0.25]


def test_levels_are_limited_to_ten_and_the_others() -> None:
    values = pd.Categorical([f"l{number:02d}" for number in range(14) for _ in range(20 - number)])
    panel = distribution(column(Kind.CATEGORY), pd.Series(values))
    assert panel is not None
    assert panel.frame["label"].tolist() == [*[f"l{number:02d}" for number in range(10)], "other levels"]
    assert panel.frame["rows"].tolist() == [20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 34]
    assert panel.frame["share"].sum() == pytest.approx(1)


def test_bins_lie_between_whole_numbers() -> None:
    panel = distribution(column(Kind.NUMBER), pd.Series(np.repeat(np.arange(1.0, 25.0), 5)))
    assert panel is not None
    assert panel.scale is Scale.LINEAR
    assert panel.frame["label"].tolist()[:2] == ["1 to 3", "4 to 6"]
    assert panel.frame["rows"].tolist() == [15] * 8


def test_every_row_is_in_a_bin() -> None:
    panel = distribution(column(Kind.NUMBER), pd.Series(np.random.default_rng(0).normal(size=500)))
    assert panel is not None
    assert panel.frame["rows"].sum() == 500
    assert 8 <= len(panel.frame) <= 30


@pytest.mark.parametrize(
    ("kind", "numbers", "scale"),
    [
        (Kind.NUMBER, np.random.default_rng(0).normal(size=500), Scale.LINEAR),
        (Kind.NUMBER, np.exp(2 * np.random.default_rng(0).normal(size=500)), Scale.LOG),
        (Kind.NUMBER, -np.exp(2 * np.random.default_rng(0).normal(size=500)), Scale.INNER),
        (Kind.NUMBER, np.r_[np.random.default_rng(0).normal(size=500), -1000], Scale.INNER),
        (Kind.NUMBER, np.r_[np.zeros(990), np.arange(20.0)], Scale.LINEAR),
        (Kind.NUMBER, np.tile(np.arange(12.0), 9), Scale.LEVELS),
        (Kind.TEXT, np.arange(1.0, 40.0), Scale.LINEAR),
        (Kind.DATE, np.array([1.0, 2.0, 3.0]), Scale.DATE),
    ],
)
def test_the_axis_fits_the_values(kind: Kind, numbers: np.ndarray, scale: Scale) -> None:
    assert axis_scale(column(kind), View(numbers=numbers)) is scale


def test_outer_values_are_left_out_where_they_stretch_the_axis() -> None:
    values = pd.Series(np.r_[np.linspace(0, 1, 199), 1000.0])
    panel = distribution(column(Kind.NUMBER), values)
    assert panel is not None
    assert panel.frame["to"].max() < 1.1
    assert panel.frame["rows"].sum() == 196


def test_logarithmic_bins_are_positive_and_hold_every_row() -> None:
    panel = distribution(
        column(Kind.NUMBER), pd.Series(np.exp(3 * np.random.default_rng(1).normal(size=400)))
    )
    assert panel is not None
    assert panel.frame["from"].min() > 0
    assert panel.frame["rows"].sum() >= 398  # rounding may put an end just outside


@pytest.mark.parametrize("values", [[NAN, NAN], [1.0, 1.0], [np.inf, 1.0]])
def test_nothing_to_draw(make_table: MakeTable, values: list[float]) -> None:
    assert distribution(column(Kind.NUMBER), pd.Series(values)) is None
    table = make_table({"x": (Kind.NUMBER, values)}, ["a", "b"])
    assert relation(table, table.columns["x"]) is None


def test_share_of_the_positive_class_by_level(make_table: MakeTable) -> None:
    table = make_table(
        {"x": (Kind.CATEGORY, ["a"] * 8 + ["b"] * 6 + [None])},
        ["yes"] * 6 + ["no"] * 2 + ["no"] * 6 + ["yes"],
        positive="yes",
    )
    panel = relation(table, table.columns["x"])
    assert panel is not None
    assert panel.frame[["label", "middle", "rows", "series", "value"]].to_numpy().tolist() == [
        ["a", 0.0, 8, "yes", 0.75],
        ["b", 1.0, 6, "yes", 0.0],
    ]


def test_median_of_the_target_in_parts(make_table: MakeTable) -> None:
    x = np.arange(160.0)
    table = make_table({"x": (Kind.NUMBER, x)}, 2 * x)
    panel = relation(table, table.columns["x"])
    assert panel is not None
    first = panel.frame.iloc[0]
    assert len(panel.frame) == 8
    assert (first["label"], first["middle"], first["rows"], first["value"]) == ("0 to 19", 9.5, 20, 19)
    # Order statistics 10 ± 0.98 · √20: the 6th and the 16th of 0, 2, …, 38.
    assert (first["low"], first["high"]) == (10, 30)


def test_the_most_frequent_of_many_classes_in_the_table_s_order(make_table: MakeTable) -> None:
    target = [f"c{number}" for number in range(9) for _ in range(10 + number)]
    table = make_table({"x": (Kind.NUMBER, np.arange(len(target), dtype=float))}, target)
    panel = relation(table, table.columns["x"])
    assert panel is not None
    assert list(panel.frame["series"].unique()) == ["c3", "c4", "c5", "c6", "c7", "c8"]


def test_stacked_panels_name_their_column() -> None:
    panel = distribution(column(Kind.NUMBER), pd.Series([1.0, 2.0]))
    assert panel is not None
    frame = stacked([panel, panel])
    assert frame["column"].tolist() == ["x"] * 4
    assert frame.columns[0] == "column"


def test_means_where_many_target_values_are_equal(make_table: MakeTable) -> None:
    table = make_table({"x": (Kind.CATEGORY, ["a"] * 8 + ["b"] * 8)}, [0.0] * 7 + [8.0] + [0.0] * 8)
    panel = relation(table, table.columns["x"])
    assert panel is not None
    assert panel.frame[["series", "value"]].to_numpy().tolist() == [["mean", 1.0], ["mean", 0.0]]
    half = 1.959964 * np.sqrt(8) / np.sqrt(8)  # variance (7 · 1 + 49) / 7 = 8
    assert panel.frame[["low", "high"]].to_numpy().tolist() == [
        pytest.approx([1 - half, 1 + half]),
        [0.0, 0.0],
    ]
