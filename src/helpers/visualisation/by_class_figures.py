"""The figures of one feature against classes."""

from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.style import INK, house_style, new_figure
from helpers.visualisation.classes import Look
from helpers.visualisation.dots import draw_dots
from helpers.visualisation.figures import (
    LINE_HEIGHT,
    cell_scale,
    cross_labels,
    date_numbers,
    date_ticks,
    halo,
    headline,
    level,
    plain_ticks,
    share_ticks,
    spread,
)
from helpers.wording import count, number

HILL_HEIGHT = 0.92  # inches a class
HILL = 0.68  # height of the highest hill, in rows of the figure
FEW = 12  # with fewer rows a class shows each of them instead of a hill
LINES = 4  # more lines over time than these cannot be told apart


def draw_hills(
    histograms: pd.DataFrame,
    quartiles: pd.DataFrame,
    *,
    looks: dict[str, Look],
    title: str,
    axis: str,
    log: bool,
) -> Figure:
    """Draw a hill a class (its histogram), with its median and its middle half below.

    Parameters
    ----------
    histograms, quartiles : pandas.DataFrame
        What `class_histograms` and `class_quartiles` return; the classes stand in the quartiles' order.
    """
    with house_style():
        figure, axes = new_figure(height=1.7 + HILL_HEIGHT * len(quartiles))
        highest = max(histograms["share"].max(), 1e-12)
        rows = quartiles.to_dict("records")
        for place, row in enumerate(rows):
            look = looks[row["class"]]
            hill = histograms[histograms["class"] == row["class"]]
            if row["rows"] < FEW:
                _draw_each(axes, hill, place, look)
            else:
                _draw_hill(axes, hill, place, look, HILL / highest)
            if row["rows"]:
                _draw_middle(axes, row, place, look)
        names = [f"{level(row['class'])}\n{count(row['rows'], 'row')}" for row in rows]
        axes.set_yticks(np.arange(len(names)) - 0.1, names)
        axes.tick_params(axis="y", labelcolor=INK, length=0)
        axes.set_ylim(len(names) - 0.58, -0.86)
        axes.grid(False, axis="y")
        axes.spines["left"].set_visible(False)
        plain_ticks(axes.xaxis, log=log)
        _horizontal_range(axes, histograms, log=log)
        axes.set_xlabel(axis)
        headline(figure, title)
    return figure


def _horizontal_range(axes: Axes, histograms: pd.DataFrame, *, log: bool) -> None:
    filled = histograms[histograms["rows"] > 0]
    low, high = filled["low"].min(), filled["high"].max()
    margin = 0.0 if log else (high - low) * 0.02
    axes.set_xlim(low - margin, high + margin)


def _draw_each(axes: Axes, hill: pd.DataFrame, place: int, look: Look) -> None:
    places = np.repeat(((hill["low"] + hill["high"]) / 2).to_numpy(), hill["rows"])
    heights = np.full(len(places), place - 0.1)
    axes.plot(places, heights, "|", color=look.colour, markersize=22, markeredgewidth=2)


def _draw_hill(axes: Axes, hill: pd.DataFrame, place: int, look: Look, scale: float) -> None:
    edges = [*hill["low"], hill["high"].iloc[-1]]
    heights = place - hill["share"] * scale
    axes.stairs(heights, edges, baseline=place, fill=True, color=look.colour, alpha=0.85)
    axes.hlines(place, edges[0], edges[-1], color=look.colour, linewidth=0.8)


def _draw_middle(axes: Axes, row: dict[Any, Any], place: int, look: Look) -> None:
    below, median = place + 0.17, row["median"]
    axes.hlines(below, row["lower"], row["upper"], color=look.colour, linewidth=5, alpha=0.55)
    axes.plot(median, below, look.marker, color=look.colour, markersize=9, markeredgecolor="white")
    axes.annotate(
        number(median), (median, below), xytext=(0, -8), textcoords="offset points", ha="center", va="top",
        color=INK, fontweight="bold", path_effects=halo(),
    )  # fmt: skip


def draw_shares(shares: pd.DataFrame, *, overall: float, title: str, axis: str, up: str) -> Figure:
    """Draw one class's share in each category as a dot with its interval, beside the share over all rows.

    Parameters
    ----------
    shares : pandas.DataFrame
        Rows of one class of what `shares_by_category` returns.
    overall : float
        The class's share over all rows.
    """
    labels = [f"{level(row['category'])} ({row['of']:,})" for row in shares.to_dict("records")]
    lines = pd.DataFrame({"label": labels, "value": shares["share"].to_numpy()})
    lines = lines.assign(low=shares["low"].to_numpy(), high=shares["high"].to_numpy())
    limits = (0.0, min(1.0, float(lines["high"].max())))
    return draw_dots(lines, title=title, across=axis, up=up, shares=True, limits=limits, overall=overall)


def draw_share_grid(
    shares: pd.DataFrame, *, order: tuple[str, ...], title: str, down: str, across: str
) -> Figure:
    """Draw each class's share in each category as a grid of cells with their percentages."""
    grid = shares.set_index(["category", "class"])["share"].unstack()[list(order)]  # noqa: PD010 (one value a cell)
    grid = grid.loc[list(dict.fromkeys(shares["category"]))]
    of = shares.drop_duplicates("category").set_index("category")["of"]
    with house_style():
        figure, axes = new_figure(height=2.2 + LINE_HEIGHT * len(grid))
        texts = np.vectorize(lambda share: f"{share * 100:.0f}")(grid.to_numpy())
        sns.heatmap(
            grid, ax=axes, annot=texts, fmt="", cmap=cell_scale(), cbar=False, linewidths=1.5, vmin=0,
            vmax=1,
            xticklabels=[level(text) for text in grid.columns],
            yticklabels=[f"{level(text)} ({of[text]:,})" for text in grid.index],
        )  # fmt: skip
        cross_labels(axes, [level(text) for text in grid.columns])
        axes.set_xlabel(across)
        axes.set_ylabel(down)
        headline(figure, title)
    return figure


def draw_shares_over_time(
    shares: pd.DataFrame, *, names: list[str], looks: dict[str, Look], title: str, axis: str
) -> Figure:
    """Draw the classes' shares over time as lines with their intervals, each labelled at its end.

    Parameters
    ----------
    shares : pandas.DataFrame
        What `shares_over_time` returns.
    names : list of str
        The classes to draw, at most `LINES`.
    """
    with house_style():
        figure, axes = new_figure(height=4.2)
        ends = []
        for text in names:
            part = shares[shares["class"] == text]
            dates = date_numbers(part["start"])
            look = looks[text]
            axes.fill_between(dates, part["low"], part["high"], color=look.colour, alpha=0.16, linewidth=0)
            marked = {"marker": look.marker, "markersize": 6, "markeredgecolor": "white"}
            axes.plot(dates, part["share"], color=look.colour, linestyle=look.line, **marked)
            ends.append(float(part["share"].iloc[-1]))
        top = float(shares.loc[shares["class"].isin(names), "high"].max()) * 1.05
        axes.set_ylim(0, top)
        for text, height in zip(names, spread(ends, top * 0.08), strict=True):
            axes.annotate(
                f" {level(text)}", (1.0, height), xycoords=("axes fraction", "data"), va="center",
                color=looks[text].colour, fontweight="bold", annotation_clip=False,
            )  # fmt: skip
        share_ticks(axes.yaxis)
        axes.xaxis_date()
        date_ticks(axes.xaxis)
        axes.set_xlabel(axis)
        axes.set_ylabel("share of the rows")
        headline(figure, title)
    return figure
