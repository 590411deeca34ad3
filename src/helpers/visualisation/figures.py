"""What these figures share beyond the house style: headlines, plain ticks, labels."""

import math
import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.dates as mdates
import matplotlib.patheffects as effects
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, Locator, MaxNLocator, NullLocator

from helpers.style import ACCENT, INK, short

HEADLINE = 14.5
HEADLINE_CHARACTERS = 56
NAME_CHARACTERS = 40
BLANK = "(blank)"  # for names that show nothing
LEVEL_CHARACTERS = 22
ACROSS_CHARACTERS = 46  # of names under a grid's columns, when they stand side by side
TICKS = 5
DATE_TICKS = 7  # fewer, and matplotlib finds no interval for some ranges
LINE_HEIGHT = 0.5  # inches a line of a figure with one thing a line
MILLISECONDS_A_DAY = 86_400_000


def headline(figure: Figure, text: str) -> None:
    """Write the figure's title over its whole width, wrapped; a number keeps its percent sign."""
    kept = short(text, 400).replace(" %", "\N{NO-BREAK SPACE}%")
    figure.suptitle(
        textwrap.fill(kept, HEADLINE_CHARACTERS),
        x=0.012,
        ha="left",
        fontsize=HEADLINE,
        fontweight="bold",
        color=INK,
        linespacing=1.25,
    )


def tick_text(value: float) -> str:
    """Return a tick's value without trailing zeros or powers of ten.

    >>> tick_text(0.30000000000000004), tick_text(12000.0), tick_text(-2500000.0), tick_text(0.00001)
    ('0.3', '12,000', '−2.5 M', '1e−05')
    """
    size = abs(value)
    if size >= 1e15:
        text = f"{value:.0e}"
    elif size >= 1e9:
        text = f"{value / 1e9:,.6g} G"
    elif size >= 1e6:
        text = f"{value / 1e6:,.6g} M"
    elif size >= 1e5:
        text = f"{value:,.0f}"
    elif 0 < size < 1e-4:
        text = f"{value:.0e}"
    else:
        text = f"{value:,.5g}"
    return text.replace("-", "−")


class LogTicks(Locator):
    """Few ticks on a log scale: powers of ten, and 2 and 5 times them where there are few of these."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self) -> Sequence[float]:
        """Return the ticks between the limits of the axis."""
        axis: Any = self.axis  # matplotlib sets it before it asks
        return self.tick_values(*axis.get_view_interval())

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        """Return the ticks between two positive numbers."""
        powers = range(math.floor(math.log10(vmin)), math.ceil(math.log10(vmax)) + 1)
        inside = [10.0**power for power in powers if vmin <= 10.0**power <= vmax]
        if len(inside) >= self.most - 2:
            return inside[:: math.ceil(len(inside) / self.most)]
        steps = (1.0, 3.0) if len(inside) == self.most - 3 else (1.0, 2.0, 5.0)
        ticks = [step * 10.0**power for power in powers for step in steps]
        found = [tick for tick in ticks if vmin <= tick <= vmax]
        return found or [vmin, vmax]


def plain_ticks(axis: Axis, *, log: bool = False, most: int = TICKS) -> None:
    """Give the axis a few ticks with plain numbers; the style draws no formulas, so powers would show raw."""
    if log:
        (axis.axes.set_xscale if axis is axis.axes.xaxis else axis.axes.set_yscale)("log")
        axis.set_major_locator(LogTicks(most))
        axis.set_minor_locator(NullLocator())
    else:
        axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10], min_n_ticks=4))
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick_text(value)))


def share_ticks(axis: Axis) -> None:
    """Show shares between 0 and 1 as percentages."""
    axis.set_major_locator(MaxNLocator(TICKS, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{tick_text(round(value * 100, 6))} %"))


def date_numbers(dates: pd.Series) -> np.ndarray:
    """Return dates, none missing, as matplotlib's date numbers: days since 1970."""
    days = dates.to_numpy().astype("datetime64[ms]").astype(np.int64) / MILLISECONDS_A_DAY
    return np.asarray(days, dtype=float)


def date_text(days: float) -> str:
    """Return a date number as text.

    >>> date_text(1.5)
    '1970-01-02'
    """
    return str(np.datetime64(math.floor(days), "D"))


def date_ticks(axis: Axis) -> None:
    """Show matplotlib's date numbers as dates."""
    locator = mdates.AutoDateLocator(minticks=2, maxticks=DATE_TICKS)  # type: ignore[no-untyped-call]
    axis.set_major_locator(locator)
    axis.set_major_formatter(mdates.ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def halo(width: float = 3.0) -> list[effects.AbstractPathEffect]:
    """Return the white rim that keeps letters readable over points."""
    return [effects.withStroke(linewidth=width, foreground="white")]


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Return the positions moved apart so that neighbours are at least `gap` apart; the order stays.

    >>> spread([1.0, 1.0, 5.0], 1.0)
    [0.5, 1.5, 5.0]
    """
    order = np.argsort(np.asarray(positions, dtype=float), kind="stable")
    runs: list[list[float]] = []  # each run of labels that touch: centre and how many
    for position in np.asarray(positions, dtype=float)[order]:
        runs.append([float(position), 1.0])
        while len(runs) > 1 and runs[-1][0] - runs[-2][0] < gap * (runs[-1][1] + runs[-2][1]) / 2:
            (centre, size), (below, below_size) = runs.pop(), runs.pop()
            total = size + below_size
            runs.append([(centre * size + below * below_size) / total, total])
    moved = [centre + (step - (size - 1) / 2) * gap for centre, size in runs for step in range(int(size))]
    result = np.empty(len(moved))
    result[order] = moved
    return [float(value) for value in result]


def name(text: str) -> str:
    """Return a column's title as figures show it."""
    return short(text, NAME_CHARACTERS).strip() or BLANK


def level(text: str) -> str:
    """Return a category's or class's name as figures show it."""
    return short(text, LEVEL_CHARACTERS).strip() or BLANK


def cell_scale() -> Colormap:
    """Return the scale of cells that hold their value as text: darker for more."""
    return LinearSegmentedColormap.from_list("house_cells", ["#f1f5f8", ACCENT])


def cross_labels(axes: Axes, texts: Sequence[str]) -> None:
    """Turn the labels of a grid's columns where side by side they would run into each other."""
    axes.tick_params(axis="y", labelrotation=0, length=0, labelcolor=INK)
    axes.tick_params(axis="x", labelrotation=0, length=0, labelcolor=INK)
    if len(texts) * (max(map(len, texts)) + 2) > ACROSS_CHARACTERS:
        for label in axes.get_xticklabels():
            label.set(rotation=30, ha="right", rotation_mode="anchor")


def value_scale() -> Colormap:
    """Return cividis without its darkest and brightest ends: growing in lightness, so readable in grey."""
    whole = mpl.colormaps["cividis"]
    return LinearSegmentedColormap.from_list("house_values", whole(np.linspace(0.05, 0.95, 128)))
