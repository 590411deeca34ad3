import numpy as np
import pandas as pd
import pytest

from helpers.tables.table import Kind, Role
from helpers.visualisation.bins import Bins
from helpers.visualisation.by_class import (
    class_histograms,
    class_quartiles,
    shares_by_category,
    shares_over_time,
)
from helpers.visualisation.by_target import feature_picture, feature_pictures, time_picture
from helpers.visualisation.by_value import binned_medians, medians_by_category, medians_over_time
from helpers.visualisation.classes import shown_classes
from helpers.visualisation.drawable import drawable

HOSTILE = ("<script>alert(1)</script>", "$x_1$", "a\nb", "😀", "index", " ", "x" * 10_000, "{{}} ]]>")


@pytest.fixture
def small(make_table):
    columns = {
        "x": [1.0, 2, 3, 10, 12, np.nan],
        "c": pd.Categorical(["u", "u", "v", "v", "v", "v"]),
        "d": pd.to_datetime(["2020-03-01", "2020-05-01", "2021-01-01", "2021-02-01", "2022-12-01", "NaT"]),
        "y": ["a", "a", "a", "b", "b", "b"],
    }
    return make_table(columns, kinds={"c": Kind.CATEGORY, "d": Kind.DATE}, positive="b")


def test_histograms_count_each_class(small):
    feature, shown = drawable(small, small.columns["x"]), shown_classes(small)
    table = class_histograms(feature, shown, Bins(np.array([0.0, 5.0, 15.0])))
    assert table.to_dict("list") == {
        "class": ["a", "a", "b", "b"], "low": [0.0, 5.0, 0.0, 5.0], "high": [5.0, 15.0, 5.0, 15.0],
        "rows": [3, 0, 0, 2], "share": [1.0, 0.0, 0.0, 1.0],
    }  # fmt: skip


def test_quartiles_leave_out_missing_values(small):
    table = class_quartiles(drawable(small, small.columns["x"]), shown_classes(small))
    assert table.to_dict("list") == {
        "class": ["a", "b"], "rows": [3, 2], "lower": [1.5, 10.5], "median": [2.0, 11.0], "upper": [2.5, 11.5]
    }  # fmt: skip


def test_shares_stand_beside_their_intervals(small):
    table = shares_by_category(drawable(small, small.columns["c"]), shown_classes(small))
    assert table["category"].tolist() == ["v", "v", "u", "u"]
    assert table["class"].tolist() == ["a", "b", "a", "b"]
    assert table["rows"].tolist() == [1, 3, 2, 0]
    assert table["of"].tolist() == [4, 4, 2, 2]
    assert table["share"].tolist() == [0.25, 0.75, 1.0, 0.0]
    assert ((table["low"] <= table["share"]) & (table["share"] <= table["high"])).all()


def test_shares_over_time_leave_out_empty_periods(small):
    table = shares_over_time(drawable(small, small.columns["d"]), shown_classes(small))
    part = table[table["class"] == "b"]
    assert part["of"].sum() == 5
    assert part["rows"].tolist()[-1] == 1
    assert part["start"].is_monotonic_increasing


def test_the_figure_of_a_number_says_where_the_classes_lie(small):
    picture = feature_picture(small, "x", stored="03_feature_1", whole=100)
    assert picture.figure.get_suptitle() == "x: typically 11 in b, 2 in a"
    assert picture.alt == (
        "Histograms of x by class: b median 11 (middle half 10.5 to 11.5, 2 rows) and a median 2 (middle "
        "half 1.50 to "
        "2.50, 3 rows)."
    )
    assert picture.caption == (
        "Each hill shows how the rows of one class spread; all hills have the same area. Below it the "
        "median, which "
        "stands for 'typically', and as a bar the middle half. Drawn from 6 of 100 rows, picked at random, "
        "which moves a share by at most 39.0 points (95 %). 1 row "
        "without a value is left out."
    )
    assert picture.more["03_feature_1_quartiles"]["rows"].tolist() == [3, 2]


def test_the_figure_of_categories_says_their_shares(small):
    picture = feature_picture(small, "c", stored="s", whole=6)
    title = "b: 75\N{NO-BREAK SPACE}% where c is v, 0\N{NO-BREAK SPACE}% where it is u"
    assert picture.figure.get_suptitle() == title
    assert picture.alt == (
        "Share of b by c, with 95 % intervals: v 75 % (30 % to 95 %, 4 rows) and u 0 % (0 % to 66 %, 2 "
        "rows). Over all "
        "rows it is 50 %."
    )


def test_the_figure_of_dates_says_beginning_and_end(small):
    picture = feature_picture(small, "d", stored="s", whole=6)
    assert picture.alt.startswith("Shares by d, 2020-03-01 to 2022-12-01, in ")
    assert picture.alt.endswith("b 0 % in the first and 100 % in the last.")


def test_medians_follow_a_number(make_table):
    x = np.arange(60.0)
    table = make_table({"x": x, "y": x * 2})
    summary = binned_medians(drawable(table, table.columns["x"]), table.y)
    # 60 rows make four bins of 15; the last one holds the largest value too
    assert summary["rows"].tolist() == [15, 15, 15, 15]
    assert summary["median"].tolist() == [14.0, 44.0, 74.0, 104.0]
    assert summary["at"].tolist() == [7.0, 22.0, 37.0, 52.0]
    # ranks 4 and 12 of 15 hold the median with 96 %
    assert (summary["low"][0], summary["high"][0]) == (6.0, 22.0)


def test_thin_bins_between_frequent_values_are_joined(make_table):
    x = np.array([0.0] * 40 + [1.0] * 3 + [2.0] * 40)
    table = make_table({"x": x, "y": np.arange(83.0)})
    summary = binned_medians(drawable(table, table.columns["x"]), table.y)
    assert summary["rows"].min() >= 15
    assert summary["rows"].sum() == 83


def test_medians_of_categories_come_highest_first(make_table):
    table = make_table(
        {"c": pd.Categorical(["u", "u", "v", None]), "y": [1.0, 3, 10, 7]}, kinds={"c": Kind.CATEGORY}
    )
    summary = medians_by_category(drawable(table, table.columns["c"]), table.y)
    assert summary["category"].tolist() == ["v", "missing", "u"]
    assert summary["median"].tolist() == [10.0, 7.0, 2.0]
    picture = feature_picture(table, "c", stored="s", whole=4)
    assert picture.alt == (
        "Median of y by c, with 95 % intervals: v 10 (10 to 10, 1 row), missing 7 (7 to 7, 1 row) and u 2 "
        "(1 to 3, "
        "2 rows). Over all rows it is 5."
    )


def test_medians_follow_time(make_table):
    dates = pd.to_datetime(["2020-01-05", "2020-01-20", "2024-01-03", "2024-02-01"])
    table = make_table({"d": dates, "y": [1.0, 3, 10, 20]}, kinds={"d": Kind.DATE})
    summary = medians_over_time(drawable(table, table.columns["d"]), table.y)
    assert summary["rows"].sum() == 4
    assert summary["median"].tolist()[0] == 2.0
    picture = feature_picture(table, "d", stored="s", whole=4)
    assert picture.alt.startswith("Median of y along d in ")


def test_time_is_drawn_where_there_is_one(make_table, small):
    assert time_picture(small, seed=0) is None
    dates = pd.date_range("2020-01-01", periods=40, freq="D")
    timed = make_table(
        {"d": dates, "x": np.arange(40.0), "y": ["a", "b"] * 20},
        kinds={"d": Kind.DATE},
        roles={"d": Role.TIME},
    )
    picture = time_picture(timed, seed=0)
    assert picture is not None and picture.name == "03_over_time"
    still = make_table(
        {"d": dates[:1].repeat(2), "y": ["a", "b"]}, kinds={"d": Kind.DATE}, roles={"d": Role.TIME}
    )
    assert time_picture(still, seed=0) is None


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")  # boxes stand for characters the font lacks
@pytest.mark.parametrize("target", ["binary", "several", "number", "skewed"])
@pytest.mark.parametrize("rows", [8, 2_500])
def test_hostile_columns_and_values_are_drawn(make_table, target, rows):
    generator = np.random.default_rng(0)
    columns = {
        HOSTILE[0]: generator.normal(size=rows),
        HOSTILE[1]: 10.0 ** generator.uniform(-6, 6, size=rows),
        HOSTILE[2]: pd.Categorical(generator.choice(list(HOSTILE), rows)),
        HOSTILE[6]: pd.Timestamp("1700-01-01")
        + pd.to_timedelta(generator.integers(0, 100_000, rows), unit="D"),
        "y": {
            "binary": np.array(HOSTILE, dtype=object)[generator.integers(0, 2, rows)],
            "several": np.array([f"{name}{i}" for i in range(2) for name in HOSTILE], dtype=object)[
                generator.integers(0, 16, rows)
            ],
            "number": generator.normal(size=rows),
            "skewed": generator.lognormal(0, 4, rows),
        }[target],
    }
    table = make_table(columns, kinds={HOSTILE[2]: Kind.CATEGORY, HOSTILE[6]: Kind.DATE})
    names = [name for name in table.frame if name != "y"]
    for picture in feature_pictures(table, names, seed=0):
        picture.figure.canvas.draw()
        assert "\n" not in picture.alt
        assert len(picture.alt) < 3_000
