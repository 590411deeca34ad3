"""The contract that a table suggests: exact ranges and levels, and a table that keeps it."""

import pandas as pd
import pytest

from helpers.contracts.inference import header, inferred_schema
from helpers.contracts.schema_file import written
from helpers.contracts.violations import violations


def test_a_small_table_word_by_word(deliver):
    table = deliver(
        id="key", key=["k1", "k2", "k3", "k4"], age=[20, 70, 33, 41], cold=[-1.0, 1.0, None, 0.5],
        when=["2024-01-01", "2024-01-31", "2024-01-03", "2024-01-04"], flag=["yes", "no", "no", "yes"],
        colour=["<b>", "No", "<b>", "No"], rare=["a", "b", "c", "c"], nothing=[None] * 4,
        declared={"key": "identifier"},
    )  # fmt: skip
    assert written(inferred_schema(table), header=["Of a test."]) == (
        """# Of a test.
schema_type: dataframe
api: pandas
columns:
  key:
    description: identifier
    dtype: string[pyarrow]
    unique: true
  age:
    description: seen 20 to 70
    dtype: float64
    in_range:
      min_value: 0.0
      max_value: 120.0
      include_min: true
      include_max: true
  cold:
    description: seen −1 to 1; 25.0 % missing
    dtype: float64
    nullable: true
    in_range:
      min_value: -3.0
      max_value: 3.0
      include_min: true
      include_max: true
  when:
    description: seen 2024-01-01 to 2024-01-31
    dtype: datetime64[ns]
    in_range:
      min_value: "2023-12-02 00:00:00"
      max_value: "2029-02-04 00:00:00"
      include_min: true
      include_max: true
  flag:
    description: boolean
    dtype: boolean
  colour:
    description: seen 2 levels
    dtype: category
    isin:
    - "<b>"
    - 'No'
  rare:
    description: 'seen 3 levels, 2 of them in one row alone: new ones are to be expected'
    dtype: category
  nothing:
    description: all missing
    nullable: true
"""
    )
    assert violations(table, inferred_schema(table)) == []


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([-3.0, -2.0], -4.0, -1.0), ([0.1, 0.3], 0.0, 0.5),
        ([1e15, 3e15], 0.0, 5e15), ([-12345.0, 0.5], -24700.0, 12400.0), ([1e99, 2e99], 0.0, 3e99),
    ],
)  # fmt: skip
def test_ranges_have_a_margin_and_never_cross_zero_on_their_own(deliver, values, low, high):
    (check,) = inferred_schema(deliver(x=values, declared={"x": "number"})).columns["x"].checks
    assert (check.statistics["min_value"], check.statistics["max_value"]) == (low, high)


@pytest.mark.parametrize(
    ("dates", "low", "high"),
    [
        (["1990-01-01", "9999-12-31"], "1000-01-01", "9999-12-31"),
        (["2000-01-01", "2020-01-01"], "1980-01-01", "2040-01-02"),
    ],
)
def test_ranges_of_dates_stay_within_the_calendar(deliver, dates, low, high):
    (check,) = inferred_schema(deliver(x=dates, declared={"x": "date"})).columns["x"].checks
    said = check.statistics
    assert (said["min_value"], said["max_value"]) == (pd.Timestamp(low), pd.Timestamp(high))


def test_one_value_alone_tells_no_range(deliver):
    column = inferred_schema(deliver(x=[5.5, 5.5])).columns["x"]
    assert (column.checks, column.description) == ([], "seen 5.50 only")


def test_too_many_levels_are_not_listed(deliver):
    column = inferred_schema(deliver(x=[f"l{i % 101}" for i in range(404)])).columns["x"]
    assert (column.checks, column.description) == ([], "seen 101 levels, too many to list")


def test_the_file_says_how_it_was_made(deliver):
    said = header(deliver(x=[1.0, 2.0]), command="nightbook contract e")
    assert said[0] == "The contract of a table of 2 rows × 1 column, written by `nightbook contract e`."
    assert all(len(line) < 110 for line in said)
