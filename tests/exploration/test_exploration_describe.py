from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.exploration.describe import Description, describe, heavy_tail, reading_order
from helpers.tables.table import Kind, Role, Table

MakeTable = Callable[..., Table]

NAN = float("nan")


@pytest.fixture
def described(make_table: MakeTable) -> Description:
    columns = {
        "x": (Kind.NUMBER, [0.0, 1.0, 2.0, 3.0, 4.0, NAN]),
        "c": (Kind.CATEGORY, ["a", "a", "a", "b", None, "c"]),
        "b": (Kind.BOOLEAN, [1.0, 1.0, 0.0, NAN, 1.0, 1.0]),
        "d": (
            Kind.DATE,
            pd.DatetimeIndex(["2024-01-01", "2024-01-03", pd.NaT, "2024-01-03", "2024-01-11", pd.NaT]),
        ),
        "t": (Kind.TEXT, pd.Series(["one two", "a b c", None, "word", "one two", "x y"], dtype="str")),
        "e": (Kind.EMPTY, np.full(6, NAN)),
        "i": (Kind.IDENTIFIER, list("uvwxyz")),
    }
    table = make_table(columns, ["n", "n", "n", "y", "y", "y"], roles={"i": Role.ID, "e": Role.UNUSED})
    return describe(table, reading_order(table, ["c", "x", "b", "d", "t"]))


def test_target_first_then_features_as_ranked_then_the_rest(described: Description) -> None:
    assert described.overview["column"].tolist() == ["y", "c", "x", "b", "d", "t", "e", "i"]
    assert described.overview["role"].tolist() == ["target", *["feature"] * 5, "unused", "id"]


def test_overview_says_what_is_typical(described: Description) -> None:
    frame = described.overview.set_index("column")
    assert frame["typical values"].to_dict() == {
        "y": "mostly ‘n’ (50 %)",
        "c": "mostly ‘a’ (60 %)",
        "x": "about 2, mostly 0.200 to 3.80",
        "b": "mostly ‘yes’ (80 %)",
        "d": "2024-01-01 to 2024-01-11",
        "t": "2 words, up to 7 characters",
        "e": "no value",
        "i": "",
    }
    assert frame["distinct"].to_dict() == {"y": 2, "c": 3, "x": 5, "b": 2, "d": 3, "t": 4, "e": 0, "i": 6}
    assert frame["missing"].round(4).to_dict() == {
        "y": 0, "c": 0.1667, "x": 0.1667, "b": 0.1667, "d": 0.3333, "t": 0.1667, "e": 1, "i": 0,
    }  # fmt: skip


def test_numbers_by_hand(described: Description) -> None:
    row = described.numbers.iloc[0].to_dict()
    expected = {"values": 5, "distinct": 5, "mean": 2, "lowest": 0, "25 %": 1, "median": 2, "highest": 4}
    assert {key: row[key] for key in expected} == expected
    assert row["standard deviation"] == pytest.approx(np.sqrt(2.5))
    assert row["zeros"] == 0.2
    assert row["skewness"] == pytest.approx(0)
    assert row["heavy tail"] == ""


def test_categories_by_hand(described: Description) -> None:
    rows = described.categories.set_index("column")
    assert rows.loc["c", "levels"] == 3
    assert (rows.loc["c", "most frequent"], rows.loc["c", "its share"]) == ("a", 0.6)
    assert (rows.loc["c", "second"], rows.loc["c", "share of second"]) == ("b", 0.2)
    assert rows.loc["c", "rare levels"] == 3
    assert (rows.loc["b", "most frequent"], rows.loc["b", "values"]) == ("yes", 5)


def test_dates_and_texts_by_hand(described: Description) -> None:
    date = described.dates.iloc[0]
    assert (date["earliest"], date["median"], date["latest"]) == ("2024-01-01", "2024-01-03", "2024-01-11")
    assert (date["days"], date["distinct"], date["values"]) == (10, 3, 4)
    text = described.texts.iloc[0]
    assert (text["shortest"], text["median length"], text["longest"], text["median words"]) == (3, 5, 7, 2)


@pytest.mark.parametrize(
    ("numbers", "side"),
    [
        (np.random.default_rng(0).normal(size=5000), ""),
        (np.random.default_rng(0).exponential(size=5000), ""),
        (np.exp(1.3 * np.random.default_rng(0).normal(size=5000)), "upper"),
        (-np.exp(1.3 * np.random.default_rng(0).normal(size=5000)), "lower"),
        (np.random.default_rng(0).standard_cauchy(size=5000), "both"),
        (np.r_[np.zeros(900), np.arange(100.0)], ""),
    ],
)
def test_heavy_tails(numbers: np.ndarray, side: str) -> None:
    shares = (0.01, 0.25, 0.5, 0.75, 0.99)
    assert heavy_tail(dict(zip(shares, np.quantile(numbers, shares), strict=True))) == side


def test_extreme_and_empty_numbers(make_table: MakeTable) -> None:
    columns = {
        "huge": (Kind.NUMBER, [1e308, -1e308, 1e308, 5e307]),
        "infinite": (Kind.NUMBER, [1.0, np.inf, 2.0, -np.inf]),
        "nothing": (Kind.NUMBER, [NAN] * 4),
        "one": (Kind.NUMBER, [NAN, 3.0, NAN, NAN]),
        "whole": (Kind.NUMBER, np.array([1, 2, 2, 3])),
    }
    frame = describe(make_table(columns, [1.0, 2, 3, 4]), list(columns)).numbers.set_index("column")
    assert np.isfinite(frame["mean"]["huge"])
    assert (frame.loc["infinite", "highest"], frame.loc["infinite", "missing"]) == (2, 0)
    assert (frame.loc["nothing", "values"], frame.loc["nothing", "distinct"]) == (0, 0)
    assert (frame.loc["one", "mean"], frame.loc["one", "distinct"]) == (3, 1)
    assert np.isnan(frame["standard deviation"]["one"])
    assert frame.loc["whole", "distinct"] == 3


def test_empty_columns_of_every_kind(make_table: MakeTable) -> None:
    columns = {
        "c": (Kind.CATEGORY, [None, None]),
        "d": (Kind.DATE, pd.DatetimeIndex([pd.NaT, pd.NaT])),
        "t": (Kind.TEXT, pd.Series([None, None], dtype="str")),
        "b": (Kind.BOOLEAN, [NAN, NAN]),
    }
    overview = describe(make_table(columns, [1.0, 2.0]), list(columns)).overview
    assert overview["typical values"].tolist() == ["no value"] * 4
    assert overview["distinct"].tolist() == [0] * 4
