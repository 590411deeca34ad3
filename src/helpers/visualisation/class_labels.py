"""Names of classes in a cloud of points: at the middle of each where there is room, else in a legend."""

import math
from itertools import combinations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from helpers.style import INK, LETTERING
from helpers.visualisation.classes import Look
from helpers.visualisation.figures import halo, level
from helpers.wording import count

CHARACTER = 0.68 * LETTERING / 72  # about the width of a bold character, in inches
LINE = 2.6 * LETTERING / 72  # the height of a label with its mark
LEGEND_LINE = 0.27  # inches
LEGEND_CHARACTERS = 46  # of names in one line of the legend


def label_classes(axes: Axes, points: pd.DataFrame, *, looks: dict[str, Look]) -> None:
    """Name the classes of a scatter diagram, each with its mark.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its points drawn and its limits set.
    points : pandas.DataFrame
        ``x``, ``y`` and ``class`` of each point.
    looks : mapping of str to Look
        How each class is drawn.
    """
    names = [name for name in looks if (points["class"] == name).any()]
    table = points.groupby("class")[["x", "y"]].median()
    middles = {
        str(name): (float(x), float(y)) for name, (x, y) in zip(table.index, table.to_numpy(), strict=True)
    }
    places = {name: _fraction(axes, *middles[name]) for name in names}
    if _crowded(axes, places):
        _legend(axes, points, names, looks)
        return
    for name in names:
        look, middle = looks[name], middles[name]
        axes.plot(
            *middle, look.marker, color=look.colour, markersize=13, markeredgecolor="white",
            markeredgewidth=2, zorder=5, scalex=False, scaley=False,
        )  # fmt: skip
        axes.annotate(
            level(name), middle, xytext=(0, 12), textcoords="offset points", ha="center", va="bottom",
            color=INK, fontweight="bold", path_effects=halo(4.0), zorder=6,
        )  # fmt: skip


def _fraction(axes: Axes, x: float, y: float) -> tuple[float, float]:
    place = axes.transAxes.inverted().transform(axes.transData.transform((x, y)))
    return float(place[0]), float(place[1])


def _crowded(axes: Axes, places: dict[str, tuple[float, float]]) -> bool:
    figure = axes.get_figure(root=True)
    dots = figure.dpi if figure is not None else 100.0
    width, height = axes.bbox.width / dots, axes.bbox.height / dots
    for (one, (x, y)), (other, (u, v)) in combinations(places.items(), 2):
        needed = (len(level(one)) + len(level(other))) / 2 * CHARACTER
        if abs(x - u) * width < needed and abs(y - v) * height < LINE:
            return True
    return False


def _legend(axes: Axes, points: pd.DataFrame, names: list[str], looks: dict[str, Look]) -> None:
    rows = points["class"].value_counts()
    texts = [f"{level(name)} ({count(int(rows[name]), 'row')})" for name in names]
    marks = [
        Line2D([], [], linestyle="", marker=looks[name].marker, color=looks[name].colour, markersize=9)
        for name in names
    ]
    columns = max(1, min(len(names), LEGEND_CHARACTERS // (max(map(len, texts)) + 2)))
    if isinstance(figure := axes.get_figure(root=True), Figure):
        figure.set_figheight(figure.get_figheight() + LEGEND_LINE * math.ceil(len(names) / columns))
    axes.legend(
        marks, texts, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=columns, borderaxespad=0.2,
        handletextpad=0.2, columnspacing=1.2,
    )  # fmt: skip
