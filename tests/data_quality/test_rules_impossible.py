import numpy as np
import pytest

from helpers.data_quality.rules_impossible import impossible_value, wrong_encoding
from helpers.findings import Severity

TARGET = [0.0, 1.0] * 100


def test_a_negative_among_positive_numbers_is_doubtful(make_table, ask):
    ages = np.linspace(20, 70, 200)
    ages[3] = -20.0
    found = ask(impossible_value, make_table(TARGET, {"age": ages}))
    assert (found.severity, found.message) == (
        Severity.NOTE,
        "1 column holds values that the others make doubtful: 'age'. In 'age' 1 row is negative, all others not, "
        "for instance −20.",
    )
    assert found.remedy == "If they are, let them count as missing: clean: {limits: {age: [0, null]}}."


@pytest.mark.parametrize(
    ("limit", "words"), [(1.0, "above 1, as no share"), (100.0, "above 100, as no percentage")]
)
def test_a_few_shares_above_their_limit_are_doubtful(make_table, ask, limit, words):
    shares = np.linspace(0.2, 1.1, 200).clip(0, 1) * limit
    shares[-4:] = 1.1 * limit
    found = ask(impossible_value, make_table(TARGET, {"done": shares}))
    assert f"In 'done' 4 rows are {words} can be, for instance" in found.message


@pytest.mark.parametrize(
    "values",
    [
        np.linspace(-1, 100, 200),  # the tail of a column that goes below zero
        np.linspace(0, 130, 200),  # amounts that happen to be around 100
        np.concatenate([np.linspace(0, 0.5, 196), [1.5, 1.6, 1.7, 1.8]]),  # nothing near the limit
        np.linspace(0.2, 1.02, 200),  # nothing gathers at it
        np.repeat([0.0, 1.0, 2.0], [100, 95, 5]),  # counts
    ],
)
def test_tails_pass(make_table, ask, values):
    found = ask(impossible_value, make_table(TARGET, {"x": values}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "In none of 2 columns do a few numbers break a sign or a limit that all others keep.",
    )


def test_few_numbers_do_not_apply(make_table, ask):
    assert ask(impossible_value, make_table([0.0, 1.0], {"x": [1.0, 2.0]})).message == (
        "No column of numbers has at least 50 values."
    )


def test_letters_that_came_out_wrong(make_table, ask):
    found = ask(wrong_encoding, make_table([0.0] * 4, {"place": ["CafÃ©", "CafÃ©", "ZÃ¼rich", "Bern"]}))
    assert (found.severity, found.message) == (
        Severity.NOTE,
        "1 column holds texts that seem to have been read in a wrong encoding: 'place'; for instance 'CafÃ©'.",
    )
    assert found.evidence[0]["rows"] == 3
    right = ask(wrong_encoding, make_table([0.0] * 2, {"place": ["Café Âme", "SÃO PAULO"]}))
    assert right.severity is Severity.PASS
    assert (
        ask(wrong_encoding, make_table([0.0] * 2, {"x": [1.0, 2.0]})).message
        == "There is no column of words."
    )
