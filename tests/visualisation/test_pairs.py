import numpy as np
import pandas as pd
import pytest

from helpers.tables.table import Kind
from helpers.visualisation.drawable import drawable
from helpers.visualisation.pair_cloud import cloud_alt, cloud_points
from helpers.visualisation.pair_grid import Shown, cells, grid_alt, grid_caption, most_divided
from helpers.visualisation.pair_pictures import gain_words, pair_pictures, pair_title
from helpers.visualisation.pairs import pair_candidates, pairs_worth_showing, telling_pairs
from helpers.visualisation.telling import telling_features, trial


@pytest.fixture
def crossed(make_table):
    """Two features that decide together and say nothing alone, among ten that say nothing at all."""
    generator = np.random.default_rng(1)
    columns = {f"x{i}": generator.normal(size=500) for i in range(12)}
    return make_table(columns | {"y": np.where(columns["x9"] * columns["x10"] > 0, "b", "a")}, positive="b")


def test_two_that_decide_together_are_found(crossed):
    tried = trial(crossed, seed=0)
    ranking = telling_features(tried)
    assert {"x9", "x10"} <= set(pair_candidates(tried, ranking, seed=0))
    pairs = telling_pairs(tried, ranking, seed=0)
    best = pairs.iloc[0]
    assert {best["first"], best["second"]} == {"x9", "x10"}
    assert best["certain"]
    assert best["gain"] == pytest.approx(best["together"] - best["alone"])
    assert pairs["certain"].sum() == 1


def test_the_same_seed_gives_the_same_pairs(crossed):
    tried = trial(crossed, seed=0)
    ranking = telling_features(tried)
    one, other = (telling_pairs(tried, ranking, seed=0) for _ in range(2))
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_one_feature_has_no_pair(make_table):
    tried = trial(make_table({"x": np.arange(20.0), "y": ["a", "b"] * 10}), seed=0)
    pairs = telling_pairs(tried, telling_features(tried), seed=0)
    assert pairs.empty
    assert pairs_worth_showing(tried, pairs, limit=2).empty


def test_features_that_are_never_known_together_are_no_pair(make_table):
    half = np.where(np.arange(40) < 20, np.arange(40.0), np.nan)
    table = make_table({"a": half, "b": half[::-1], "y": ["a", "b"] * 20})
    tried = trial(table, seed=0)
    assert telling_pairs(tried, telling_features(tried), seed=0).empty


def test_no_feature_is_drawn_twice_and_none_with_its_twin(crossed):
    tried = trial(crossed, seed=0)
    pairs = pd.DataFrame(
        {"first": ["x1", "x1", "x3"], "second": ["x2", "x3", "x4"], "certain": [True, True, True]}
    )
    assert pairs_worth_showing(tried, pairs, limit=2).index.tolist() == [0, 2]
    mixed = pairs.assign(certain=[False, True, True])
    assert pairs_worth_showing(tried, mixed, limit=2).index.tolist() == [1]
    assert pairs_worth_showing(tried, pairs.assign(certain=False), limit=2).empty


PAIR = {
    "first": "a",
    "second": "b",
    "together": 0.6,
    "alone": 0.5,
    "gain": 0.1,
    "low": 0.02,
    "high": 0.18,
    "certain": True,
}


def test_a_pair_is_said_in_words():
    assert pair_title(PAIR, "A", "B") == "A with B: together they tell 60 %, the better one alone 50 %"
    assert gain_words(PAIR) == (
        "Of the target's variation the two together tell 10 points more than the better one alone (60 % "
        "instead of 50 %; 95 % interval of the difference 2 to 18 points)."
    )
    small = PAIR | {"together": -0.02, "alone": -0.03, "gain": 0.01, "low": -0.01}
    assert gain_words(small) == (
        "Of the target's variation the two together tell 1.0 points more than the better one alone (−2.0 % "
        "instead of −3.0 %; 95 % interval of the difference −1 to 18 points)."
    )


def test_cells_hold_shares_and_hide_what_rests_on_few_rows():
    down = pd.Series([0.0] * 6 + [1.0] * 2 + [np.nan])
    across = pd.Series([0.0] * 8 + [0.0])
    shown = Shown(pd.Series([1.0, 1, 1, 0, 0, 0, 1, 1, 1]), "b", is_share=True)
    table = cells(down, across, shown)
    assert table["rows"].tolist() == [6, 2]
    assert table["value"].tolist()[0] == 0.5
    assert np.isnan(table["value"][1])


def test_the_class_that_the_cells_divide_most_is_shown():
    down, across = pd.Series([0.0, 0, 1, 1]), pd.Series([0.0] * 4)
    indicators = {"a": pd.Series([1.0, 0, 1, 0]), "b": pd.Series([1.0, 1, 0, 0])}
    assert most_divided(indicators, down, across) == "b"


def test_a_grid_is_said_in_words(make_table):
    table = make_table({"p": [1.0, 2], "q": [1.0, 2], "y": ["a", "b"]})
    first, second = (drawable(table, table.columns[name]) for name in ("p", "q"))
    frame = pd.DataFrame({"rows": [9, 9, 1], "value": [0.25, 0.5, np.nan]})
    share = Shown(table.y, "b", is_share=True)
    assert (
        grid_alt(frame, first, second, share) == "Grid of p and q in 3 cells: share of b, from 25 % to 50 %."
    )
    assert grid_alt(frame.tail(1), first, second, share) == (
        "Grid of p and q in 1 cell: share of b; no cell has 5 rows, so none is coloured."
    )
    assert grid_caption(share, fine=False) == (
        "Each cell shows the share of its rows that are b, darker for more; cells with fewer than 5 rows "
        "stay blank."
    )


def test_a_cloud_of_classes_is_said_in_words(make_table):
    table = make_table({"p": [1.0, 2, 5, 6, np.nan], "q": [1.0, 1, 3, 4, 9], "y": ["a", "a", "b", "b", "b"]})
    first, second = (drawable(table, table.columns[name]) for name in ("p", "q"))
    points = cloud_points(table, first, second)
    assert points["x"].tolist() == [1.0, 2, 5, 6]
    assert cloud_alt(points, first, second, target="y") == (
        "Cloud of 4 points, p across and q up, by y. Medians: a p 1.50, q 1; b p 5.50, q 3.50."
    )


def test_a_cloud_of_values_is_said_in_words(make_table):
    table = make_table({"p": [1.0, 2, 5, 6], "q": [1.0, 1, 3, 4], "y": [10.0, 11, 20, 21]})
    first, second = (drawable(table, table.columns[name]) for name in ("p", "q"))
    points = cloud_points(table, first, second)
    assert cloud_alt(points, first, second, target="y") == (
        "Cloud of 4 points, p across and q up, by y. Medians: rows above the median p 5.50, q 3.50; the "
        "others "
        "p 1.50, q 1."
    )


@pytest.mark.parametrize("target", ["binary", "several", "number"])
@pytest.mark.parametrize("columns", [("number", "date"), ("number", "category"), ("category", "flag")])
@pytest.mark.parametrize("rows", [40, 2_500])
def test_every_kind_of_pair_has_its_picture(make_table, target, columns, rows):
    generator = np.random.default_rng(2)
    values = {
        "number": generator.lognormal(0, 3, rows),
        "date": pd.Timestamp("2020-01-01") + pd.to_timedelta(generator.integers(0, 900, rows), unit="D"),
        "category": pd.Categorical(generator.choice([f"<b>{i}</b>$" for i in range(12)], rows)),
        "flag": generator.integers(0, 2, rows).astype(float),
        "y": {
            "binary": generator.choice(["a", "b"], rows),
            "several": generator.choice(["a", "b", "c"], rows),
            "number": generator.normal(size=rows),
        }[target],
    }
    kinds = {"date": Kind.DATE, "category": Kind.CATEGORY, "flag": Kind.BOOLEAN}
    pairs = pd.DataFrame([PAIR | {"first": columns[0], "second": columns[1]}])
    (picture,) = pair_pictures(make_table(values, kinds=kinds), pairs, seed=0)
    assert picture.name == "03_pair_1"
    assert len(picture.table) > 1
    picture.figure.canvas.draw()
