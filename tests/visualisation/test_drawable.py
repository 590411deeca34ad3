import numpy as np
import pandas as pd

from helpers.tables.table import Kind
from helpers.visualisation.drawable import Form, drawable, gathered, unused


def test_numbers_lose_what_cannot_be_drawn(make_table):
    table = make_table({"x": [1.0, np.inf, -np.inf, np.nan, 1e200], "y": list("ababa")})
    feature = drawable(table, table.columns["x"])
    assert feature.form is Form.NUMBER
    assert feature.series.dropna().tolist() == [1.0]
    assert (feature.missing, feature.varies) == (4, False)


def test_booleans_are_yes_and_no(make_table):
    table = make_table({"x": [0.0, 1.0, np.nan], "y": list("aba")}, kinds={"x": Kind.BOOLEAN})
    assert drawable(table, table.columns["x"]).series.tolist() == ["no", "yes", "missing"]


def test_free_text_is_its_length(make_table):
    table = make_table({"x": ["abc", None, ""], "y": list("aba")}, kinds={"x": Kind.TEXT})
    feature = drawable(table, table.columns["x"])
    assert feature.title == feature.label == "length of x (characters)"
    assert feature.series.tolist()[::2] == [3.0, 0.0]
    assert feature.missing == 1


def test_dates_lose_their_zone(make_table):
    dates = pd.Series(pd.to_datetime(["2024-01-01 23:00", "NaT", "2024-02-01 00:00"]))
    dates = dates.dt.tz_localize("America/New_York")
    table = make_table({"x": dates, "y": list("aba")}, kinds={"x": Kind.DATE})
    feature = drawable(table, table.columns["x"])
    assert feature.form is Form.DATE
    assert feature.series[0] == pd.Timestamp("2024-01-02 04:00")
    assert feature.missing == 1


def test_rare_categories_are_gathered_and_missing_ones_stay_apart():
    values = pd.Series(["a", "a", "b", "b", "c", "d", None], dtype=object)
    assert gathered(values, limit=2).tolist() == ["a", "a", "b", "b", *["2 other categories"] * 2, "missing"]


def test_equally_common_categories_go_by_name():
    assert gathered(pd.Series(["b", "a"]), limit=1).tolist() == ["1 other category", "a"]


def test_a_category_called_missing_is_not_mixed_up():
    assert gathered(pd.Series(["missing", None], dtype=object)).tolist() == ["missing", "(missing)"]
    assert unused("x", {"x", "(x)"}) == "((x))"
