import doctest

import numpy as np
import pandas as pd
import pytest

import helpers.visualisation.bins
import helpers.visualisation.classes
import helpers.visualisation.figures
import helpers.visualisation.sample
import helpers.visualisation.words
from helpers.style import house_style, new_figure
from helpers.tables.sample import sampled
from helpers.visualisation.classes import shown_classes
from helpers.visualisation.clouds import draw_class_cloud, value_norm
from helpers.visualisation.figures import (
    LogTicks,
    date_numbers,
    date_ticks,
    headline,
    level,
    name,
    spread,
    tick_text,
)
from helpers.visualisation.words import extremes


@pytest.mark.parametrize("module", ["bins", "classes", "figures", "sample", "words"])
def test_the_examples_in_the_documentation_hold(module):
    assert doctest.testmod(getattr(helpers.visualisation, module)).failed == 0


def test_a_percent_sign_stays_with_its_number():
    with house_style():
        figure, _ = new_figure()
        headline(figure, "word " * 10 + "12 % of the rows")
    assert "12\N{NO-BREAK SPACE}%" in figure.get_suptitle()


def test_lettering_is_large_enough():
    with house_style():
        figure, axes = new_figure()
        axes.set_xlabel("x")
        axes.set_title("title")
        figure.canvas.draw()
        texts = [*axes.get_xticklabels(), *axes.get_yticklabels(), axes.xaxis.label]
    assert min(text.get_fontsize() for text in texts) >= 12


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.8, 9.0, [1, 2, 5]),
        (0.8, 60.0, [1, 3, 10, 30]),
        (0.5, 20_000.0, [1, 10, 100, 1_000, 10_000]),
        (2.2, 4.4, [2.2, 4.4]),
    ],
)
def test_log_ticks_are_few(low, high, expected):
    assert list(LogTicks(5).tick_values(low, high)) == pytest.approx(expected)


def test_log_ticks_of_a_long_scale_skip_powers():
    assert len(LogTicks(5).tick_values(1e-12, 1e12)) <= 6


def test_names_that_show_nothing_are_named():
    assert name(" \n") == level("") == "(blank)"
    assert len(name("x" * 10_000)) == 40


def test_ticks_are_plain_numbers():
    assert [tick_text(value) for value in (0.0, 1e5, 3e9, 1e300)] == ["0", "100,000", "3 G", "1e+300"]


def test_labels_are_moved_apart_and_keep_their_order():
    assert spread([0.0, 0.1, 0.2, 5.0], 1.0) == pytest.approx([-0.9, 0.1, 1.1, 5.0])
    moved = spread([3.0, 1.0, 1.2], 0.5)
    assert moved[1] < moved[2] < moved[0]


@pytest.mark.parametrize("days", [0.1, 3, 40, 400, 4_000, 100_000])
def test_dates_of_any_span_have_ticks(days):
    with house_style():
        figure, axes = new_figure()
        axes.xaxis_date()
        date_ticks(axes.xaxis)
        axes.set_xlim(10_000, 10_000 + days)
        figure.canvas.draw()
    assert len(axes.get_xticks()) >= 2


def test_dates_are_days_since_1970():
    dates = pd.Series(pd.to_datetime(["1970-01-02 00:00", "1969-12-31 12:00"]))
    assert date_numbers(dates).tolist() == [1.0, -0.5]


def test_a_smaller_sample_is_part_of_a_larger_one(make_table):
    table = make_table({"x": np.arange(100.0), "y": ["a", "b"] * 50})
    small, large = sampled(table, seed=1, rows=10), sampled(table, seed=1, rows=40)
    assert set(small.frame.index) < set(large.frame.index)
    assert small.frame.index.is_monotonic_increasing
    assert sampled(table, seed=1, rows=100) is table


def test_extremes_rest_on_enough_rows():
    frame = pd.DataFrame({"rows": [10, 50, 2], "value": [1.0, 2.0, 9.0]})
    top, bottom = extremes(frame, rows="rows", value="value")
    assert (top["value"], bottom["value"]) == (2.0, 1.0)
    top, bottom = extremes(frame.tail(2), rows="rows", value="value")
    assert (top["value"], bottom["value"]) == (9.0, 2.0)


def test_colours_follow_the_middle_of_the_values():
    scale = value_norm(np.arange(0.0, 101.0))
    assert (scale.vmin, scale.vmax) == (5.0, 95.0)
    assert value_norm(np.ones(3)).vmax == 2.0


def test_classes_that_lie_apart_are_named_where_they_are_else_in_a_legend(make_table):
    shown = shown_classes(make_table({"y": ["one", "two"] * 10}))
    for gap, labels in ((10.0, {"one", "two"}), (0.0, set())):
        points = pd.DataFrame(
            {"x": np.arange(20) * 0.01, "y": np.tile([0.0, gap], 10), "class": ["one", "two"] * 10}
        )
        with house_style():
            figure, axes = new_figure()
            axes.set_ylim(-5, 15)
            draw_class_cloud(axes, points, looks=shown.looks)
            figure.canvas.draw()
        assert {text.get_text() for text in axes.texts} == labels
        assert (axes.get_legend() is None) is bool(labels)
