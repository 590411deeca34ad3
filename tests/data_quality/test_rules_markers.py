import numpy as np
import pandas as pd
import pytest

from helpers.data_quality.markers import column_markers
from helpers.data_quality.rules_markers import missing_marker
from helpers.findings import Severity


@pytest.fixture
def ages():
    """A hundred ages from 20 to 69, each twice."""
    return np.repeat(np.arange(20.0, 70.0), 2)


def test_a_repeated_value_far_from_all_others_is_a_marker(make_table, ask, ages):
    ages[:5] = -200
    found = ask(missing_marker, make_table([0.0, 1.0] * 50, {"age": ages}))
    assert found.severity is Severity.WARN
    assert found.message == (
        "1 column holds a repeated value that seems to stand for 'no value': 'age'. In 'age' 5 rows (5.0 %) hold "
        "-200, while 99 % of the others lie between 22 and 68 with 1.98 rows a value."
    )
    assert found.remedy == "If they mean 'no value': clean: {missing: {age: [-200]}}."
    assert found.evidence[0]["value"] == "-200"


@pytest.mark.parametrize("value", [-1.0, -9.0, -999.0, 99.0, 999.0, 99999999.0, 0.0, 1234.5])
def test_values_that_mean_unknown(ages, value):
    ages[40:52] = value
    (marker,) = column_markers(pd.Series(ages), "age")
    assert (marker.value, marker.rows) == (value, 12)


@pytest.mark.parametrize("value", [19.0, 72.0, 80.0])
def test_values_near_the_others_are_none(ages, value):
    ages[40:52] = value
    assert column_markers(pd.Series(ages), "age") == []


def test_a_single_outlier_a_common_zero_and_a_long_tail_are_no_markers(ages):
    ages[0] = 99999.0
    assert column_markers(pd.Series(ages), "age") == []
    rain = np.where(np.arange(100) < 60, 0.0, np.linspace(20, 60, 100))
    assert column_markers(pd.Series(rain), "rain") == []
    tail = np.exp(np.linspace(0, 10, 300))
    assert column_markers(pd.Series(tail), "tail") == []


def test_both_ends_may_hold_one(ages):
    ages[:4], ages[-4:] = -999, 99999999
    assert [marker.value for marker in column_markers(pd.Series(ages), "age")] == [-999.0, 99999999.0]


def test_dates_have_markers_too():
    days = pd.Series(pd.date_range("2020-01-01", periods=100))
    days[:4] = pd.Timestamp("1900-01-01")
    (marker,) = column_markers(days, "day")
    assert (marker.text, marker.rows) == ("1900-01-01", 4)
    assert column_markers(pd.Series(pd.date_range("2020-01-01", periods=100)), "day") == []


def test_clean_numbers_pass_and_words_do_not_apply(make_table, ask, ages):
    clean = ask(missing_marker, make_table([0.0, 1.0] * 50, {"age": ages}))
    assert (clean.severity, clean.message) == (
        Severity.PASS,
        "In none of 2 columns does a repeated value stand apart as if it meant 'no value'.",
    )
    few = ask(missing_marker, make_table([0.0, 1.0], {"age": [1.0, 2.0]}))
    assert (few.severity, few.message) == (
        Severity.NOT_APPLICABLE,
        "No column of numbers or dates has at least 50 values.",
    )
