import pytest

from helpers.data_quality.rules_units import units_as_text
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
