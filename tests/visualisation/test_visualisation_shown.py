import pandas as pd

from helpers.visualisation.shown import PAIRS_CAPTION, pairs_table, ranking_table
from helpers.visualisation.words import gain_texts

RANKING = pd.DataFrame(
    {
        "column": ["a", "b"], "title": ["Area", "b"], "form": ["number", "date"],
        "told": [0.61, -0.02], "low": [0.5, -0.1], "high": [0.72, 0.06], "certain": [True, False],
    }
)  # fmt: skip
PAIRS = pd.DataFrame(
    {
        "first": ["a"], "second": ["b"], "together": [0.6], "alone": [0.5], "gain": [0.1], "low": [0.02],
        "high": [0.18], "certain": [True],
    }
)  # fmt: skip


def test_what_is_told_stands_directly_after_the_names(make_table):
    columns = {"a": [1.0, 2], "b": [1.0, 2], "y": ["u", "v"]}
    shown = ranking_table(RANKING, make_table(columns, labels={"a": "Area"}))
    assert shown.columns.tolist() == [
        "column", "label", "told", "low", "high", "beyond chance, corrected", "form",
    ]  # fmt: skip
    assert shown["label"].tolist() == ["Area", "b"]
    assert shown["beyond chance, corrected"].tolist() == ["yes", "no"]
    assert "label" not in ranking_table(RANKING, make_table(columns))


def test_pairs_are_shown_by_their_labels(make_table):
    table = make_table({"a": [1.0, 2], "b": [1.0, 2], "y": ["u", "v"]}, labels={"a": "Area"})
    assert pairs_table(PAIRS, table).to_dict("records") == [
        {
            "first": "Area", "second": "b", "points more": 10.0, "together": 0.6, "alone": 0.5, "low": 2.0,
            "high": 18.0, "beyond chance, corrected": "yes",
        }
    ]  # fmt: skip
    assert PAIRS_CAPTION == (
        "Pairs of features: the share of the target's variation that both tell together, that the better "
        "one tells alone, and how many percentage points lie between, with the 95 % interval. 'beyond "
        "chance, corrected': yes where chance would give such a lead for any of them in at most 5 % of tables; an "
        "interval above 0 alone does not say that."
    )


def test_the_points_are_the_difference_of_what_is_said():
    assert gain_texts({"together": 0.826, "alone": 0.704, "gain": 0.122}) == ("83 %", "70 %", "13 points")
    assert gain_texts({"together": 0.03, "alone": -0.03, "gain": 0.06}) == ("3 %", "−3 %", "6 points")
    assert gain_texts({"together": 0.705, "alone": 0.7, "gain": 0.005}) == ("70.5 %", "70.0 %", "0.5 points")
