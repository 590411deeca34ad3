from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.exploration import texts
from helpers.tables.table import Kind, Table

MakeTable = Callable[..., Table]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("https://example.org/a?b=1", "web address"),
        ("ada@example.org", "e-mail address"),
        ('{"a": 1}', "structured text"),
        ("12.5 kg", "number"),
        ("b-17/x", "single word or code"),
        ("two red apples", "a few words"),
        ("We sat there and waited for the rain.", "sentences"),
    ],
)
def test_the_form_of_a_text(text: str, form: str) -> None:
    assert texts.form(text) == form


def test_words_are_counted_once_a_text_and_compared_with_the_target(make_table: MakeTable) -> None:
    # 'red' stands in every text of class b and in no other; 'apple' in all, in other letters, and twice.
    notes = ["Red apple, APPLE of 7"] * 30 + ["green apple"] * 60 + [None] * 10
    table = make_table({"note": (Kind.TEXT, pd.Series(notes, dtype="str"))}, ["b"] * 30 + ["a"] * 70)
    read, left = texts.words(table, ["note"], seed=0)
    assert left == 0
    found = read[0]
    assert found.frame[["word", "rows"]].to_numpy().tolist() == [
        ["apple", 1.0],
        ["green", pytest.approx(2 / 3)],
        ["red", pytest.approx(1 / 3)],
    ]
    assert found.texts == 90
    shown = texts.word_table(found).set_index("word")
    assert shown.loc["red", "measure"] == "Cramér V"
    assert shown.loc["red", "strength"] > 0.95
    assert shown.loc["apple", "q"] == "–"
    said = texts.text_words(found)
    assert said.startswith(
        "‘note’ holds mostly a few words (100 % of 90 texts); 100 % of the texts stand in more than one row. "
        "Most frequent words: ‘apple’ 100 %, ‘green’ 67 %, ‘red’ 33 %. 2 of 2 words have to do with the target"
    )
    assert set(texts.stored_words(read)["word"]) == {"apple", "green", "red"}
    assert texts.word_alt(read).endswith("‘note’: ‘apple’ 100 %, ‘green’ 67 %, ‘red’ 33 %.")
    figure = texts.word_figure(read)
    assert figure.axes[0].get_xlabel() == "texts with it (%)"
    plt.close(figure)


def test_no_text_no_words_and_too_many_columns_are_said(make_table: MakeTable) -> None:
    columns = {
        name: (Kind.TEXT, pd.Series([f"{name}{row}" for row in range(120)], dtype="str")) for name in "abc"
    }
    table = make_table(columns, ["x", "y"] * 60)
    read, left = texts.words(table, ["a", "b", "c"], seed=0)
    assert texts.read_of(read, left) == (
        "Read were the words of the 2 that matter most to the target, of 3 text columns; more would not be read."
    )
    assert texts.text_words(read[0]) == (
        "‘a’ holds mostly single word or code (100 % of 120 texts); 0 % of the texts stand in more than one "
        "row. No word is in 1 % of them or more."
    )
    assert texts.read_of([], 0) == "No column holds free text."
    plain = make_table({"n": (Kind.NUMBER, np.arange(20.0))}, ["x", "y"] * 10)
    assert texts.words(plain, ["n"], seed=0) == ([], 0)
