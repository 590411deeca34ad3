import pandas as pd
import pytest

from helpers.tables.levels import levels_of
from helpers.tables.missing import is_code_list, missing_among_categories, missing_among_values


def levels(*texts):
    return levels_of(pd.Series(texts, dtype="str"))


@pytest.mark.parametrize(
    "text", ["", " ", "NA", "n/a", "NaN", "null", "?", "-", " - ", "None", "unknown", "#N/A", "\\N"]
)
def test_markers_among_numbers(text):
    assert missing_among_values(levels(text)).tolist() == [True]


@pytest.mark.parametrize("text", ["0", "-1", "low", "N", "x?"])
def test_values_among_numbers(text):
    assert missing_among_values(levels(text)).tolist() == [False]


@pytest.mark.parametrize("text", ["", "  ", "NA", "null", "?"])
def test_markers_among_categories(text):
    assert missing_among_categories(levels(text, "red")).tolist() == [True, False]


@pytest.mark.parametrize("text", ["None", "none", "unknown", "no"])
def test_words_are_kept_among_categories(text):
    assert missing_among_categories(levels(text, "red")).tolist() == [False, False]


def test_na_is_namibia_in_a_list_of_countries():
    countries = levels("NA", "DE", "FR", "US", "GB", "IT", "ES", "PT", "NL", "BE")
    assert is_code_list(countries)
    assert not missing_among_categories(countries).any()
    assert missing_among_categories(levels("NA", "DE", "FR")).tolist() == [True, False, False]


def test_minus_is_a_level_beside_plus():
    assert missing_among_categories(levels("+", "-")).tolist() == [False, False]
    assert missing_among_categories(levels("a", "-")).tolist() == [False, True]
