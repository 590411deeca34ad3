import numpy as np
import pandas as pd
import pytest

from helpers.data_quality.rules_units import shifted_part, silent_units, units_as_text
from helpers.findings import Severity
from helpers.tables.table import Kind


def test_amounts_in_two_units_are_told(make_table, ask):
    weights = [f"{number} kg" for number in range(1, 61)] + [f"{number}lbs" for number in range(1, 11)]
    found = ask(
        units_as_text, make_table(["a", "b"] * 35, {"weight": weights}, kinds={"weight": Kind.CATEGORY})
    )
    assert found.severity is Severity.WARN
    assert found.message == (
        "1 column holds amounts in several units, read as words: 'weight'. In 'weight' the units are 'kg' (60) and "
        "'lbs' (10)."
    )


@pytest.mark.parametrize(
    "words",
    [
        [f"N{number}" for number in range(70)],
        ["5 kg", "11 lb"] + ["none"] * 68,
        [f"{number} {unit}" for number, unit in enumerate("abcdefg" * 10)],
    ],
)
def test_codes_and_addresses_pass(make_table, ask, words):
    found = ask(units_as_text, make_table(["a", "b"] * 35, {"w": words}, kinds={"w": Kind.CATEGORY}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "No column of words (2 columns) holds amounts with their units.",
    )


def test_one_unit_behind_all_numbers_is_a_note(make_table, ask):
    words = [f"{number} kg" for number in range(70)]
    found = ask(units_as_text, make_table(["a", "b"] * 35, {"w": words}, kinds={"w": Kind.CATEGORY}))
    assert (found.severity, found.message) == (
        Severity.NOTE,
        "1 column holds amounts with their unit behind them, read as words: 'w'; in 'w' the unit is 'kg'.",
    )


def test_a_known_unit_is_no_slip_even_in_a_single_row(make_table, ask):
    words = [f"{number} kg" for number in range(68)] + ["140 lb", "90 kq"]
    found = ask(units_as_text, make_table(["a", "b"] * 35, {"w": words}, kinds={"w": Kind.CATEGORY}))
    assert found.severity is Severity.WARN
    assert found.message.endswith("In 'w' the units are 'kg' (68) and 'lb' (1).")


def test_without_words_there_are_no_written_units(make_table, ask):
    assert ask(units_as_text, make_table([0.0, 1.0], {"x": [1.0, 2.0]})).message == (
        "There is no column of words that could hold amounts with their units."
    )


@pytest.mark.parametrize("factor", [1000.0, 100.0, 25.4, 12.0])
def test_a_part_a_known_factor_away_is_told(factor):
    rng = np.random.default_rng(0)
    heights = rng.normal(170, 10, 200)
    heights[:12] *= factor
    found = shifted_part(pd.Series(heights), "height")
    assert (found.column, found.rows, found.factor) == ("height", 12, factor)


def test_the_finding_names_the_units(make_table, ask):
    heights = np.linspace(150, 190, 100)
    heights[::10] /= 100
    found = ask(silent_units, make_table([0.0, 1.0] * 50, {"height": heights}))
    assert found.severity is Severity.WARN
    assert found.message == (
        "1 column seems to mix units: 'height'. In 'height' 10 rows from 1.50 to 1.86 stand apart from the rest "
        "(150 to 190) by a factor of about 100, as m and cm, or shares and percentages do."
    )
    assert found.evidence[0]["share"] == "10.0 %"


def test_two_kinds_of_things_and_long_tails_pass(make_table, ask):
    rng = np.random.default_rng(0)
    kinds = np.concatenate([rng.normal(100, 5, 100), rng.normal(700, 200, 100)])
    assert shifted_part(pd.Series(kinds), "x") is None
    assert shifted_part(pd.Series(np.exp(rng.normal(0, 3, 300))), "x") is None
    assert shifted_part(pd.Series([-1.0] + [2.0] * 60), "x") is None
    found = ask(silent_units, make_table([0.0, 1.0] * 100, {"x": kinds}))
    assert found.message == "In none of 2 columns does a part look like the rest in another unit."
    few = ask(silent_units, make_table([0.0, 1.0], {"x": [1.0, 2.0]}))
    assert few.message == "No column of numbers has at least 50 values."
