import numpy as np
import pytest

from helpers.visualisation.classes import shown_classes
from helpers.visualisation.target import class_counts, quantile_table, target_picture


def test_classes_are_counted(make_table):
    table = make_table({"y": ["a", "b", "b", "c", "d"]})
    counts = class_counts(shown_classes(table, limit=2))
    assert counts.to_dict("list") == {
        "class": ["b", "a", "2 other classes"], "rows": [2, 1, 2], "share": [0.4, 0.2, 0.4]
    }  # fmt: skip


def test_the_figure_of_classes_says_what_it_shows(make_table):
    picture = target_picture(make_table({"y": ["no one", "b", "b", "b"]}, labels={"y": "Answer, short"}))
    assert picture.name == "03_target"
    assert picture.figure.get_suptitle() == "b is the most common answer: 75\N{NO-BREAK SPACE}% of the rows"
    assert picture.alt == (
        "Bars: how 4 rows fall into the classes of “Answer, short”: b 3 (75 %) and no one 1 (25 %)."
    )
    assert picture.caption == (
        "Whoever always answers b is right in 75 % of the rows; a model must do better than that."
    )


def test_the_figure_of_a_number_says_what_it_shows(make_table):
    picture = target_picture(make_table({"y": np.arange(0.0, 101.0)}))
    assert picture.figure.get_suptitle() == "y: half of the rows lie between 25 and 75"
    assert picture.alt == (
        "Histogram and cumulative shares of y over 101 rows: the median is 50, the middle half lies "
        "between 25 and "
        "75, and nine of ten rows between 5 and 95."
    )
    assert picture.table["rows"].sum() == 101
    assert picture.more["03_target_quantiles"]["value"].tolist() == pytest.approx(list(range(101)))


def test_far_values_are_told(make_table):
    picture = target_picture(make_table({"y": np.append(np.linspace(-1, 1, 999), 500.0)}))
    assert picture.caption.endswith(" 1 row far away from the rest lies outside.")
    skewed = target_picture(make_table({"y": 10.0 ** np.linspace(-3, 3, 50)}))
    assert "The horizontal axis is logarithmic." in skewed.caption
    skewed.figure.canvas.draw()


def test_a_number_that_never_changes_has_a_figure(make_table):
    picture = target_picture(make_table({"y": [5.0, 5.0]}))
    picture.figure.canvas.draw()
    assert quantile_table(make_table({"y": [5.0, 5.0]}).y)["value"].unique().tolist() == [5.0]
