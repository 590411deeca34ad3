import numpy as np
import pandas as pd
import pytest

from helpers.findings import Severity
from helpers.tables.clean import (
    Change,
    cleaning_finding,
    cleaning_log,
    missing_change,
    rare_class_finding,
    rare_classes,
    rows_change,
    target_missing_finding,
    within,
    without_markers,
)
from helpers.tables.kinds import cells_of, typed


def emptied(values, markers, dtype="str"):
    cells, changed = without_markers(cells_of(pd.Series(values, dtype=dtype)), markers)
    return typed(cells, name="x").series.tolist(), changed


@pytest.mark.parametrize(
    ("values", "markers", "dtype", "expected", "changed"),
    [
        (["1", "-200", "-200.0", "3"], [-200], "str", [1, np.nan, np.nan, 3], 2),
        (["a", " x ", "b"], ["x"], "str", ["a", np.nan, "b"], 1),
        ([1.5, 99.0], [99], "float64", [1.5, np.nan], 1),
        ([1, 99], ["99"], "int64", [1, np.nan], 1),
        ([None, "x", "y", "z"], ["z"], object, [np.nan, "x", "y", np.nan], 1),
        (["a", "b"], ["c"], "str", ["a", "b"], 0),
    ],
)
def test_declared_values_become_missing(values, markers, dtype, expected, changed):
    found, number = emptied(values, markers, dtype)
    np.testing.assert_array_equal(
        pd.Series(found, dtype=object).fillna("-"), pd.Series(expected, dtype=object).fillna("-")
    )
    assert number == changed


def test_values_outside_limits_become_missing():
    values = pd.Series([1, 5, 9])
    assert within(values, (2, 8))[0].isna().tolist() == [True, False, True]
    assert within(values, (None, 8))[1] == 1
    assert within(values, (1, None)) == (values, 0) or within(values, (1, None))[0] is values
    assert within(values, (1, 9))[1] == 0


def test_the_log_counts_each_change():
    log = cleaning_log([missing_change("limits", "a", 3, 10), rows_change("duplicates", 2, 1_000)])
    assert log.to_dict("records") == [
        {"step": "limits", "column": "a", "changed": 3, "before": "10 missing", "after": "13 missing"},
        {"step": "duplicates", "column": "", "changed": 2, "before": "1,000 rows", "after": "998 rows"},
    ]
    assert list(cleaning_log([]).columns) == ["step", "column", "changed", "before", "after"]


def test_rare_classes():
    values = pd.Series(["a"] * 10 + ["b"] * 9 + ["c"] * 2)
    assert rare_classes(values) == {"c": 2, "b": 9}
    finding = rare_class_finding("y", {"c": 2, "b": 9})
    assert (finding.kind, finding.severity) == ("rare_class", Severity.WARN)
    assert finding.message == (
        "2 classes of y (c, b; 11 rows) left out, with fewer than 10 rows each: too few to "
        "learn and to check."
    )
    assert finding.evidence == ({"class": "c", "rows": 2}, {"class": "b", "rows": 9})
    assert rare_classes(values[:10]) == {}


@pytest.mark.parametrize(("missing", "severity"), [(50, Severity.NOTE), (51, Severity.WARN)])
def test_missing_targets(missing, severity):
    finding = target_missing_finding("y", missing, 1_000)
    assert finding.severity is severity
    assert finding.message == f"{missing} rows of 1,000 without a value of the target y left out."


def test_declared_steps_are_a_finding():
    finding = cleaning_finding(
        [Change("limits", "a", 3, "10 missing", "13 missing"), Change("types", "b", 0, "number", "number")]
    )
    assert finding.message == "2 declared cleaning steps applied; the cleaning log says what each changed."
    assert finding.remedy == "Steps that changed nothing can go from the params file."
    assert finding.columns == ("a", "b")
    assert cleaning_finding([]) is None
