from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.exploration.views import View, counts, days, view
from helpers.tables.table import Column, Kind, Role


def column(kind: Kind, role: Role = Role.FEATURE) -> Column:
    return Column("a", kind, role, "a")


def test_numbers_lose_what_is_not_finite() -> None:
    found = view(column(Kind.NUMBER), pd.Series([1.0, np.inf, np.nan, 3.0]))
    np.testing.assert_array_equal(found.data, [1, np.nan, np.nan, 3])
    assert found.present.tolist() == [True, False, False, True]


def test_integers_dates_and_texts_are_numbers() -> None:
    assert view(column(Kind.NUMBER), pd.Series([1, 2])).data.tolist() == [1.0, 2.0]
    dates = view(
        column(Kind.DATE), pd.Series(pd.DatetimeIndex(["1970-01-02 12:00", pd.NaT, "1970-01-03 00:00"]))
    )
    np.testing.assert_array_equal(dates.data, [1.5, np.nan, 2.0])
    assert dates.how == "date in days"
    texts = view(column(Kind.TEXT), pd.Series(["ab", None, "<b>x</b>"], dtype="str"))
    np.testing.assert_array_equal(texts.data, [2, np.nan, 8])
    assert texts.how == "length in characters"


def test_dates_with_a_time_zone() -> None:
    moments = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-02"]).tz_localize("Europe/Berlin"))
    assert np.diff(days(moments)).tolist() == [1.0]


def test_booleans_are_levels_and_yes_leads() -> None:
    found = view(column(Kind.BOOLEAN), pd.Series([0.0, 0.0, 1.0, np.nan]))
    assert found.levels == ("yes", "no")
    assert found.data.tolist() == [1, 1, 0, -1]


def test_rare_levels_of_a_feature_count_together() -> None:
    values = pd.Series(pd.Categorical(["b"] * 6 + ["a"] * 7 + ["c", "d", None]))
    found = view(column(Kind.CATEGORY), values)
    assert found.levels == ("a", "b", "other levels")
    assert found.how == "2 levels, 2 others as one"
    assert np.bincount(found.data + 1).tolist() == [1, 7, 6, 2]


def test_a_single_rare_level_keeps_its_name() -> None:
    found = view(column(Kind.CATEGORY), pd.Series(pd.Categorical(["a"] * 9 + ["b"])))
    assert (found.levels, found.how) == (("a", "b"), "")


def test_many_levels_are_limited_and_equals_ordered_by_name() -> None:
    values = pd.Series(pd.Categorical([f"l{number:02d}" for number in range(40) for _ in range(5)]))
    found = view(column(Kind.CATEGORY), values)
    assert len(found.levels) == 31
    assert found.levels[:2] == ("l00", "l01")
    assert found.how == "30 levels, 10 others as one"


def test_classes_of_the_target_are_never_pooled() -> None:
    found = view(column(Kind.CATEGORY, Role.TARGET), pd.Series(["a"] * 8 + ["b", "c"], dtype=object))
    assert found.levels == ("a", "b", "c")


@pytest.mark.parametrize(
    ("kind", "values", "reason"),
    [
        (Kind.EMPTY, [np.nan, np.nan], "no value"),
        (Kind.NUMBER, [np.nan, np.nan], "no value"),
        (Kind.NUMBER, [np.inf, np.inf], "one value only"),
        (Kind.NUMBER, [2.0, 2.0], "one value only"),
        (Kind.BOOLEAN, [1.0, np.nan], "one value only"),
        (Kind.IDENTIFIER, [1, 2], "an identifier"),
        (Kind.CATEGORY, ["a", "b"], "no level with 5 rows"),
    ],
)
def test_what_cannot_be_compared(kind: Kind, values: list[Any], reason: str) -> None:
    assert view(column(kind), pd.Series(values)).unusable == reason


def test_a_time_in_words_is_seen_in_its_order() -> None:
    found = view(column(Kind.CATEGORY, Role.TIME), pd.Series(["2024-Q2", "2023-Q1", None, "2024-Q2"]))
    np.testing.assert_array_equal(found.data, [1, 0, np.nan, 1])
    assert found.how == "order of its values"


def test_groups_are_levels_whatever_their_kind() -> None:
    assert view(column(Kind.IDENTIFIER, Role.GROUP), pd.Series([7, 7, 8])).levels == ("7", "8")


def test_rows_drop_levels_that_are_gone() -> None:
    found = View(codes=np.array([0, 1, 2, -1]), levels=("a", "b", "c")).rows(
        np.array([True, False, True, False])
    )
    assert (found.levels, found.data.tolist()) == (("a", "c"), [0, 1])


def test_led_by_moves_a_level_to_the_front() -> None:
    found = View(codes=np.array([0, 1, 2, -1]), levels=("a", "b", "c"))
    led = found.led_by("c")
    assert (led.levels, led.data.tolist()) == (("c", "a", "b"), [1, 2, 0, -1])
    assert found.led_by("x") is found


def test_counts_of_pairs() -> None:
    one = View(codes=np.array([0, 0, 1]), levels=("a", "b"))
    other = View(codes=np.array([2, 2, 0]), levels=("x", "y", "z"))
    assert counts(one, other).tolist() == [[0, 0, 2], [1, 0, 0]]
