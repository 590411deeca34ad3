"""The figures of one feature against a number to predict."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.style import ACCENT, MID, house_style, new_figure
from helpers.visualisation.bins import spreads_over_powers
from helpers.visualisation.dots import draw_dots
from helpers.visualisation.drawable import Drawable, Form
from helpers.visualisation.feature_axis import axis_limits, positions, prepare_axis
from helpers.visualisation.figures import date_numbers, headline, level, plain_ticks

MOST_POINTS = 2_000  # more are drawn as hexagons, darker where there are more


def draw_medians(
    summary: pd.DataFrame, feature: Drawable, target: pd.Series, *, title: str, across: str, up: str
) -> Figure:
    """Draw the target's median and middle half along a number or a date, over the rows themselves.

    Parameters
    ----------
    summary : pandas.DataFrame
        What `binned_medians` or `medians_over_time` returns.
    feature, target
        The rows' values, for the points or, past `MOST_POINTS`, the hexagons in the background.
    title, across, up : str
        The headline and the labels of the axes.
    """
    dated = feature.form is Form.DATE
    known = feature.series.notna()
    places, heights = positions(feature)[known].to_numpy(), target[known].to_numpy(dtype=float)
    with house_style():
        figure, axes = new_figure(height=4.8)
        log = (not dated and spreads_over_powers(places), spreads_over_powers(heights))
        prepare_axis(axes, feature, pd.Series(places), across=True, log=log[0])
        plain_ticks(axes.yaxis, log=log[1])
        axes.set_ylim(*axis_limits(heights, log=log[1]))
        _draw_rows(axes, places, heights, log=log)
        at = date_numbers(summary["at"]) if dated else summary["at"].to_numpy(dtype=float)
        axes.fill_between(at, summary["lower"], summary["upper"], color=ACCENT, alpha=0.2, linewidth=0)
        errors = [summary["median"] - summary["low"], summary["high"] - summary["median"]]
        axes.errorbar(
            at, summary["median"], yerr=errors, color=ACCENT, marker="o", markersize=7,
            markeredgecolor="white", linewidth=2.2, elinewidth=2, capsize=0,
        )  # fmt: skip
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        headline(figure, title)
    return figure


def _draw_rows(axes: Axes, places: np.ndarray, heights: np.ndarray, *, log: tuple[bool, bool]) -> None:
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    inside = (places >= left) & (places <= right) & (heights >= low) & (heights <= high)
    places, heights = places[inside], heights[inside]
    if len(places) <= MOST_POINTS:
        axes.plot(places, heights, "o", color=MID, alpha=0.45, markersize=4.5, markeredgewidth=0)
        return
    scales: list[Any] = ["log" if logged else "linear" for logged in log]
    axes.hexbin(
        places, heights, gridsize=(30, 18), bins="log", mincnt=1, cmap="Greys", alpha=0.55, xscale=scales[0],
        yscale=scales[1], linewidths=0.1,
    )  # fmt: skip
    axes.set(xlim=(left, right), ylim=(low, high))
    for axis, logged in ((axes.xaxis, log[0]), (axes.yaxis, log[1])):
        if logged:
            plain_ticks(axis, log=True)  # hexbin sets the scales anew, and with them the ticks


def draw_category_medians(
    summary: pd.DataFrame, *, overall: float, title: str, across: str, up: str
) -> Figure:
    """Draw the target's median in each category with its interval and the middle half of its rows.

    Parameters
    ----------
    summary : pandas.DataFrame
        What `medians_by_category` returns.
    overall : float
        The median over all rows.
    """
    labels = [f"{level(row['category'])} ({row['rows']:,})" for row in summary.to_dict("records")]
    lines = summary[["low", "high", "lower", "upper"]].assign(label=labels, value=summary["median"])
    low = float(lines[["lower", "low"]].min().min())
    high = float(lines[["upper", "high"]].max().max())
    margin = (high - low) * 0.05 or max(abs(low) * 0.05, 0.5)
    limits = (low - margin, high + margin)
    return draw_dots(lines, title=title, across=across, up=up, shares=False, limits=limits, overall=overall)
