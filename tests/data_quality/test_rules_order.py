import re

import numpy as np
import pytest

from helpers.data_quality.rules_order import drift_in_file, row_order_leak
from helpers.findings import Severity


@pytest.fixture
def noise():
    return np.random.default_rng(0)


def test_a_sorted_file_is_told_and_a_row_number_in_it_warns(make_table, ask, noise):
    y = np.sort(noise.normal(size=400))
    alone = ask(row_order_leak, make_table(y.tolist(), {"x": noise.normal(size=400)}))
    assert alone.severity is Severity.NOTE
    assert re.fullmatch(
        r"The file is in order of the target: a row's place removes [\w .]+ % \([\w .]+ % to [\w .]+ "
        r"%\) of the "
        r"error of guessing\.",
        alone.message,
    )
    assert alone.remedy == "Never add a row number, and never take the last rows for a test."
    counted = ask(row_order_leak, make_table(y.tolist(), {"number": np.arange(400.0)}))
    assert counted.severity is Severity.WARN
    assert counted.message.endswith("1 feature follows the order of rows: 'number'.")
    assert counted.remedy == "Leave out what only counts rows: drop: [number]."


def test_a_shuffled_file_passes_and_few_rows_do_not_apply(make_table, ask, noise):
    found = ask(row_order_leak, make_table(noise.normal(size=400).tolist(), {"x": range(400)}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "A row's place in the file tells little of its target: it removes 0.0 % of the error of guessing.",
    )
    few = ask(row_order_leak, make_table(list("ab"), {"x": [1.0, 2.0]}))
    assert (few.severity, few.message) == (
        Severity.NOT_APPLICABLE,
        "Fewer than 30 development rows: order cannot be told from chance.",
    )


def test_a_target_that_changes_along_the_file_is_not_called_sorted(make_table, ask, noise):
    y = np.linspace(0, 3, 400) + noise.normal(size=400)
    found = ask(row_order_leak, make_table(y.tolist(), {"x": noise.normal(size=400)}))
    assert found.severity is Severity.NOTE
    assert found.message.startswith("The target changes along the file: a row's place removes ")
    assert found.plain == "The outcome changes from the first rows of the file to the last."


def test_columns_that_change_along_the_file_are_noted(make_table, ask, noise):
    steps = np.arange(400.0) / 100 + noise.normal(size=400)
    columns = {"steps": steps, "x": noise.normal(size=400), "number": np.arange(400.0)}
    found = ask(drift_in_file, make_table(noise.normal(size=400).tolist(), columns))
    assert (found.severity, found.columns) == (Severity.NOTE, ("steps",))
    assert re.match(
        r"1 feature changes along the file: 'steps'\. Most in 'steps', which removes ", found.message
    )


def test_a_steady_file_passes_and_a_sorted_one_says_nothing_of_drift(make_table, ask, noise):
    columns = {"x": noise.normal(size=400)}
    steady = ask(drift_in_file, make_table(noise.normal(size=400).tolist(), columns))
    assert (steady.severity, steady.message) == (
        Severity.PASS,
        "No feature tells a row's place in the file (none surely removes 10 % of the error of guessing it).",
    )
    in_order = ask(drift_in_file, make_table(np.arange(400.0).tolist(), columns))
    assert (in_order.severity, in_order.message) == (
        Severity.NOT_APPLICABLE,
        "The file is in order of the target, so that columns change along with it.",
    )
