import numpy as np
import pandas as pd
import pytest

from helpers.tables.levels import levels_of
from helpers.tables.numbers import decimal_mark, read_numbers

NAN = float("nan")


def levels(*texts):
    return levels_of(pd.Series(texts, dtype="str"))


def read(*texts, mark="."):
    found = levels(*texts)
    return read_numbers(found, np.zeros(len(found.texts), dtype=bool), mark=mark)


@pytest.mark.parametrize(
    ("texts", "mark", "expected"),
    [
        (("1", "-2.5", "+3", ".5", "4.", "1e3"), ".", [1, -2.5, 3, 0.5, 4, 1000]),
        (("1,5", "2", "-3,25"), ".", [1.5, 2, -3.25]),
        (("1.234", "5.678"), ".", [1.234, 5.678]),
        (("1.234", "5.678"), ",", [1234, 5678]),
        (("1,234", "5,678"), ".", [1234, 5678]),
        (("1,234", "5,678"), ",", [1.234, 5.678]),
        (("1,234.5", "2"), ",", [1234.5, 2]),
        (("1.234,5", "2"), ".", [1234.5, 2]),
        (("0.123", "0.5"), ",", [0.123, 0.5]),
        (("1 234", "12 345,5"), ".", [1234, 12345.5]),
        (("1\u202f234", "1\u00a0234\u00a0567"), ".", [1234, 1234567]),
        (("1'234.50", "1’000"), ".", [1234.5, 1000]),
        (("$1,200", "$ 3.50"), ".", [1200, 3.5]),
        (("12 %", "3.5%"), ".", [12, 3.5]),
        (("5 €", "1.200,50 €"), ".", [5, 1200.5]),
        (("−5", "3"), ".", [-5, 3]),
    ],
)
def test_numbers_are_read_as_they_were_meant(texts, mark, expected):
    found = read(*texts, mark=mark)
    assert found.parsed.tolist() == expected
    assert found.ok.all()


@pytest.mark.parametrize(
    "text", ["abc", "1-2", "1.2.3", "12 kg", "1,23,4", "0x10", "1e", "--1", "", "1 2", "$5 €"]
)
def test_what_is_no_number_stays_none(text):
    found = read(text)
    assert not found.ok.any()
    assert np.isnan(found.parsed).all()


def test_how_they_were_written_is_said():
    found = read("1.234,50 €", "2 €")
    assert (found.mark, found.grouped, found.affix, found.code_like) == (",", True, "€", False)
    assert read("$5", "5 €").affix == ""


def test_percent_signs_at_some_numbers_only_are_not_taken_away():
    assert read("5%", "0.5", "0.7").ok.tolist() == [False, True, True]


@pytest.mark.parametrize("texts", [("007", "12"), ("1234567890123456", "1"), ("00", "1")])
def test_codes_are_told_from_quantities(texts):
    assert read(*texts).code_like


@pytest.mark.parametrize("texts", [("0", "7"), ("0.5", "0"), ("123456789012345",), ("-0",)])
def test_quantities_are_no_codes(texts):
    assert not read(*texts).code_like


@pytest.mark.parametrize(
    ("columns", "likely", "expected"),
    [
        ([("1,5", "2,25"), ("1.234", "2.345")], ".", ","),
        ([("1.5", "2.25"), ("1,234", "2,345")], ",", "."),
        ([("1,234", "2,345")], ",", ","),
        ([("1,234", "2,345")], ".", "."),
        ([("a,b", "c.d"), ("1", "2")], ",", "."),
        ([], ",", "."),
        ([("see 1,5", "2,5 m", "no")], ".", "."),
    ],
)
def test_the_table_decides_the_decimal_mark(columns, likely, expected):
    assert decimal_mark([levels(*texts) for texts in columns], likely=likely) == expected
