import pandas as pd

from helpers.findings import Severity
from helpers.parameters.check import checked
from helpers.tables.kinds import cells_of
from helpers.tables.prepare import load_development
from helpers.tables.spellings import (
    folded_finding,
    plain_spelling,
    plain_spellings,
    rare_variants_finding,
    ways_of,
)


def texts(*values):
    return cells_of(pd.Series(values, dtype="str"))


def test_a_word_is_plain_without_case_and_spaces():
    assert plain_spelling("  Not\u00a0 Benign ") == "not benign"
    assert plain_spelling("  New\tYork ") == plain_spelling("new york")


def test_many_spellings_at_once_are_the_same_as_one_by_one():
    texts = [
        "  New\tYork ",
        "ﬁne",
        "Straße",
        "\u00a0x\u2003y\u00a0",
        "",
        " ",
        "😀 A",
        "\u202eabc",
        "É",
        "a\n\nb",
        "٣",
    ]
    assert plain_spellings(texts).to_pylist() == [plain_spelling(text) for text in texts]
    assert plain_spellings([1.5, "a"]).to_pylist() == ["1.5", "a"]


def test_ways_of_writing_yes_and_no():
    assert ways_of(texts("Yes", "Yes", " yes ", "No", "YES", None)) == {"Yes": 2, "YES": 1, "yes": 1}
    assert ways_of(texts("Yes", "No", " No", "")) == {}
    assert ways_of(pd.Series([0, 1])) == {}


def test_columns_that_write_yes_in_several_ways_are_noted():
    (found,) = folded_finding({"churn": {"Yes": 2, "YES": 1}, "paid": {}})
    assert found.message == (
        "Yes or no is written in several ways in 1 column, for instance 'Yes' (2 rows), 'YES' (1 row) in 'churn'; "
        "they were read as the same."
    )
    assert (found.severity, found.columns) == (Severity.NOTE, ("churn",))
    assert found.evidence[1] == {"column": "churn", "text": "YES", "rows": 1}
    assert folded_finding({"paid": {}}) == []


def test_rare_classes_that_are_others_written_differently():
    (found,) = rare_variants_finding("class", {"MALIGNANT": 4, "unclear": 2}, ["malignant", "benign"])
    assert found.message == (
        "Of the classes left out as rare, 1 seems to be another class in capitals or with other spaces (4 rows), for "
        "instance 'MALIGNANT' for 'malignant'."
    )
    assert found.severity is Severity.WARN
    assert found.lines == {"clean": {"replace": {"class": {"MALIGNANT": "malignant"}}}}
    assert rare_variants_finding("class", {"unclear": 2}, ["malignant", "benign"]) == []


def test_both_are_said_when_the_table_is_read(tmp_path):
    rows = 60
    frame = pd.DataFrame(
        {
            "x": range(rows),
            "paid": ["yes", "No", "YES"] * 20,
            "class": ["a"] * 30 + ["b"] * 27 + ["B "] * 3,
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    given = {"experiment": "e", "question": "q", "data": str(tmp_path / "t.csv"), "target": "class"}
    codes = {each.code for each in load_development(checked(given, where="p")).findings}
    assert codes >= {"T124", "T132", "T135"}
