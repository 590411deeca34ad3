import numpy as np
import pandas as pd
import pytest

from helpers.tables.identifiers import name_says_id, numbers_name_rows, texts_name_rows
from helpers.tables.levels import levels_of

N = 100


def texts(values, name="x"):
    levels = levels_of(pd.Series(values, dtype="str"))
    return texts_name_rows(levels, np.zeros(len(levels.texts), dtype=bool), name=name)


@pytest.mark.parametrize(
    "values",
    [
        [f"{n:04d}-VHV" for n in range(N)],
        [f"person{n}@mail.org" for n in range(N)],
        [f"309_{n}" for n in range(N)],
        [f"{n}a1" for n in range(96)] + ["0a1", "1a1", "2a1", "3a1"],
    ],
)
def test_codes_name_rows(values):
    assert texts(values)


@pytest.mark.parametrize(
    "values",
    [
        [f"Person Number {n}" for n in range(N)],
        ["".join("abcdefghij"[int(digit)] for digit in str(n)) for n in range(N)],
        [f"a{n % 50}" for n in range(N)],
        [f"a{n}" for n in range(29)],
        [f"a{n}" + "x" * 64 for n in range(N)],
    ],
)
def test_names_sentences_and_repeated_codes_do_not(values):
    assert not texts(values)


def test_words_name_rows_if_the_name_says_so():
    values = ["".join("abcdefghij"[int(digit)] for digit in str(n)) for n in range(N)]
    assert texts(values, name="customer_id")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (range(N), "x"),
        (reversed(range(500, 500 + N)), "x"),
        ([n for n in range(150) if n % 3], "x"),
        ([(n * 7919) % 100_003 for n in range(N)], "user_id"),
        ([*range(1, 61), *range(1, 41)], "Sample Number"),
    ],
)
def test_row_numbers(values, name):
    assert numbers_name_rows(np.array(list(values), dtype=float), name=name)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (np.arange(N) + 0.5, "x"),
        (np.arange(1900, 1900 + N), "x"),
        (np.arange(29), "x"),
        ([(n * 7919) % 100_003 for n in range(N)], "price"),
        ([*range(1, 61), *range(1, 41)], "day"),
        ([n % 24 for n in range(N)], "hour number"),
        ([*range(N - 1), np.nan], "x"),
        ([n * 3 for n in range(N)], "x"),
    ],
)
def test_measurements_years_and_hours_are_no_row_numbers(values, name):
    assert not numbers_name_rows(np.array(list(values), dtype=float), name=name)


@pytest.mark.parametrize(
    "name", ["id", "ID", "customerID", "customer_id", "Sample Number", "row.no", "UserId", "x Key"]
)
def test_names_that_say_id(name):
    assert name_says_id(name)


@pytest.mark.parametrize(
    "name", ["", "paid", "Number.of.Bags", "humidity", "no_of_workers", "keyboard", "😀"]
)
def test_names_that_do_not(name):
    assert not name_says_id(name)
