import datetime
import decimal

import numpy as np
import pandas as pd
import pytest

from helpers.findings import Severity
from helpers.tables.kinds import cells_of, typed
from helpers.tables.remarks import findings_of
from helpers.tables.table import Kind


def look(values, dtype="str", **options):
    options.setdefault("name", "x")
    return typed(cells_of(pd.Series(values, dtype=dtype)), **options)


def messages(column):
    return [finding.message for finding in findings_of(column.remarks)]


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        (["1", "2", "5"], Kind.NUMBER, "int64"),
        (["1", "2", ""], Kind.NUMBER, "float64"),
        (["1.5", "2"], Kind.NUMBER, "float64"),
        (["0", "1", "1"], Kind.BOOLEAN, "float64"),
        (["0", "0"], Kind.NUMBER, "int64"),
        (["yes", "No", ""], Kind.BOOLEAN, "float64"),
        (["TRUE", "FALSE"], Kind.BOOLEAN, "float64"),
        (["yes", "yes"], Kind.CATEGORY, "category"),
        (["yes", "no", "maybe"], Kind.CATEGORY, "category"),
        (["2015-01-01", "2015-01-02"], Kind.DATE, "datetime64[us]"),
        (["007", "012"], Kind.CATEGORY, "category"),
        ([f"{n:05d}" for n in range(40)], Kind.IDENTIFIER, "str"),
        ([f"{n}" for n in range(40)], Kind.IDENTIFIER, "int64"),
        ([f"person {n} wrote this" for n in range(60)], Kind.TEXT, "str"),
        ([f"surname{'x' * n}" for n in range(60)], Kind.CATEGORY, "category"),
        (["", " ", "NA"], Kind.EMPTY, "float64"),
        (["None", "None"], Kind.CATEGORY, "category"),
        (["M", "F", "M"], Kind.CATEGORY, "category"),
        (["😀", "<b>", "'\"$["], Kind.CATEGORY, "category"),
    ],
)
def test_kinds_of_text(values, kind, dtype):
    column = look(values)
    assert (column.kind, column.inferred, str(column.series.dtype)) == (kind, kind, dtype)
    assert column.series.index.tolist() == list(range(len(values)))


@pytest.mark.parametrize(
    ("values", "dtype", "kind", "expected"),
    [
        ([1, 2, 5], "int8", Kind.NUMBER, [1, 2, 5]),
        ([1, None, 5], "Int64", Kind.NUMBER, [1, np.nan, 5]),
        ([0.5, 2.0], "float32", Kind.NUMBER, [0.5, 2.0]),
        ([True, False, None], "boolean", Kind.BOOLEAN, [1, 0, np.nan]),
        ([True, False], "bool", Kind.BOOLEAN, [1, 0]),
        ([True, False, None], object, Kind.BOOLEAN, [1, 0, np.nan]),
        ([1, 2.5, None], object, Kind.NUMBER, [1, 2.5, np.nan]),
        ([decimal.Decimal("1.5"), decimal.Decimal(2)], object, Kind.NUMBER, [1.5, 2]),
        ([90_000_000_000, None], "timedelta64[ns]", Kind.NUMBER, [90, np.nan]),
        ([None, None], object, Kind.EMPTY, [np.nan, np.nan]),
    ],
)
def test_kinds_of_values_with_types(values, dtype, kind, expected):
    column = look(values, dtype)
    assert column.kind is kind
    np.testing.assert_array_equal(column.series.to_numpy(), expected)


def test_dates_with_types():
    assert look([datetime.date(2015, 1, 2), None], object).series[0] == pd.Timestamp("2015-01-02")
    zoned = look(pd.to_datetime(["2015-01-01 12:00"]).tz_localize("Europe/Berlin"), None)
    assert zoned.series.tolist() == [pd.Timestamp("2015-01-01 11:00")]
    assert messages(zoned) == [
        "Times in 1 column (x) have offsets from UTC and were turned into UTC; a time without "
        "one counts as UTC."
    ]


def test_lists_and_mappings_are_text():
    assert look([[1, 2], {"a": 1}, None], object).series.dropna().tolist() == ["[1, 2]", '{"a": 1}']


def test_a_parquet_category_of_numbers_is_read_by_its_levels():
    assert look(pd.Series([3, 4, 3]).astype("category"), None).kind is Kind.NUMBER


def test_categories_are_sorted_and_do_not_depend_on_the_order_of_rows():
    values = ["b", "a", "", "c", "b"]
    assert look(values).series.cat.categories.tolist() == ["a", "b", "c"]
    assert look(values[::-1]).series.cat.categories.tolist() == ["a", "b", "c"]
    assert look(values).series.isna().tolist() == [False, False, True, False, False]


def test_markers_in_numbers_are_missing_and_counted():
    column = look(["1", "2", "?", " ", "-", "NA", "", "3.5"])
    np.testing.assert_array_equal(column.series, [1, 2, np.nan, np.nan, np.nan, np.nan, np.nan, 3.5])
    (finding,) = findings_of(column.remarks)
    assert (finding.code, finding.kind, finding.severity) == ("T111", "missing_marker", Severity.NOTE)
    assert (
        finding.message == "In 1 column (x) 4 cells held a marker such as 'NA' or '?' and count as missing."
    )
    assert finding.evidence == (
        {"column": "x", "marker": "'?'", "cells": 1},
        {"column": "x", "marker": "' '", "cells": 1},
        {"column": "x", "marker": "'-'", "cells": 1},
        {"column": "x", "marker": "'NA'", "cells": 1},
    )


def test_the_word_none_is_kept_among_categories_and_said():
    column = look(["None", "garage", "None"])
    assert column.series.tolist() == ["None", "garage", "None"]
    assert messages(column) == [
        "In 1 column (x) the word 'None' or 'NA' stands in 2 cells and was kept as a level of its own."
    ]


def test_a_few_texts_among_numbers_are_missing_with_a_warning():
    column = look([*map(str, range(0, 200, 2)), "low"])
    assert column.kind is Kind.NUMBER
    assert column.series.isna().sum() == 1
    (finding,) = findings_of(column.remarks)
    assert (finding.code, finding.severity) == ("T112", Severity.WARN)
    assert (
        finding.message
        == "In 1 column (x) 1 cell could not be read as the column's kind and count as missing."
    )
    assert finding.evidence == ({"column": "x", "value": "low", "cells": 1},)


def test_many_texts_among_numbers_make_words():
    column = look([*map(str, range(60)), *["1 - 2"] * 40])
    assert column.kind is Kind.CATEGORY
    assert messages(column) == [
        "Numbers with 40 cells of other text among them were read as words: 1 column (x)."
    ]


def test_codes_and_infinity_are_said():
    assert messages(look(["007", "12"])) == [
        "Digits with leading zeros, or more than 15 of them, were read as codes: 1 column (x)."
    ]
    column = look([1.0, np.inf, -np.inf], "float64")
    assert column.series.isna().tolist() == [False, True, True]
    assert messages(column) == ["In 1 column (x) 2 cells held infinity and count as missing."]


def test_how_numbers_and_dates_were_written_is_said():
    assert messages(look(["1,5", "2"])) == [
        "Numbers in 1 column (x) were written with a decimal comma, thousands marks, or a "
        "currency or percent sign."
    ]
    assert messages(look(["13/2/2015", "1/2/2015"])) == [
        "Dates in 1 column (x) were read day first, as the whole column says."
    ]
    (finding,) = findings_of(look(["3/1/2015", "1/2/2015", "2/3/2015"]).remarks)
    assert (finding.code, finding.severity) == ("T116", Severity.WARN)
    assert finding.evidence[0]["order"] == "undecidable"
    assert finding.evidence[0]["read"] == "month first"


def test_digits_run_together_are_dates_if_all_are_days():
    days = [f"201501{day:02d}" for day in range(1, 21)]
    for column in (look(days), look([int(day) for day in days], "int64")):
        assert column.kind is Kind.DATE
        assert column.series[0] == pd.Timestamp("2015-01-01")
    assert look([*days, "20150199"]).kind is Kind.NUMBER
    assert look(days[:5]).kind is Kind.NUMBER


def test_dates_need_nearly_all_rows():
    days = [f"2015-01-{day:02d}" for day in range(1, 31)]
    column = look([*days, "soon"])
    assert column.kind is Kind.DATE
    assert column.series.isna().sum() == 1
    assert look([*days, *["soon", "later"] * 3]).kind is Kind.CATEGORY


def test_seconds_since_1970_are_dates_only_if_named_as_the_time_or_declared():
    seconds = ["1400269500", "1362683700"]
    assert look(seconds).kind is Kind.NUMBER
    assert look(seconds, is_time=True).series[0] == pd.Timestamp("2014-05-16 19:45:00")
    assert look(seconds, declared="date").series[1] == pd.Timestamp("2013-03-07 19:15:00")
    assert look(["2001", "2002"], is_time=True).kind is Kind.NUMBER


@pytest.mark.parametrize(
    ("values", "declared", "expected"),
    [
        (["1", "x", "2"], "number", [1, np.nan, 2]),
        (["1", "0", "maybe"], "boolean", [1, 0, np.nan]),
        (["yes", "No", "t"], "boolean", [1, 0, 1]),
        (["1", "NA", ""], "category", ["1", "NA", np.nan]),
        (["1", "NA", ""], "text", ["1", "NA", np.nan]),
        (["1", "2", "2"], "identifier", ["1", "2", "2"]),
        (["20150131", "x"], "date", [pd.Timestamp("2015-01-31"), pd.NaT]),
        (["2015-01-31", "x"], "date", [pd.Timestamp("2015-01-31"), pd.NaT]),
    ],
)
def test_declared_kinds_stand(values, declared, expected):
    column = look(values, declared=declared)
    assert column.kind == Kind(declared)
    pd.testing.assert_series_equal(
        column.series.astype(object), pd.Series(expected, dtype=object), check_names=False
    )


def test_declared_kinds_of_values_with_types():
    assert look([1, 2], "int64", declared="category").series.tolist() == ["1", "2"]
    assert look([1.0, 2.0], "float64", declared="identifier").series.tolist() == ["1", "2"]


def test_findings_gather_columns():
    remarks = [*look(["1", "?"], name="a").remarks, *look(["1", "?", "?"], name="<b>\n").remarks]
    (finding,) = findings_of(remarks)
    assert finding.columns == ("a", "<b>\n")
    assert finding.message == (
        "In 2 columns (a, <b> ) 3 cells held a marker such as 'NA' or '?' and count as missing."
    )
