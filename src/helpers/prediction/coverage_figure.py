"""The figure of how often intervals or sets hold the truth, by group of rows."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from helpers.style import ACCENT, SOFT, house_style, new_figure, short, title


def draw_coverage(table: pd.DataFrame, *, level: float) -> Figure:
    """Draw the share of rows whose truth is inside, with its 95 % interval, a line a group.

    Parameters
    ----------
    table : pandas.DataFrame
        As `coverage_frame` gives it.
    level : float
        The share that is promised.
    """
    with house_style():
        figure, axis = new_figure(width=6.4, height=1.2 + 0.34 * len(table))
        places = np.arange(len(table))[::-1]
        low = table["low"].astype(float).fillna(table["covered"])
        high = table["high"].astype(float).fillna(table["covered"])
        axis.hlines(places, low, high, color=ACCENT, linewidth=2)
        axis.plot(table["covered"], places, "o", color=ACCENT)
        axis.axvline(level, color=SOFT, linestyle="--", linewidth=1.2)
        axis.set_yticks(places, [short(name, 34) for name in table["group"]])
        axis.set_ylim(-0.6, len(table) - 0.4)
        axis.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
        axis.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axis.grid(visible=False, axis="y")
        title(axis, "Is the truth inside?", x="Share of rows with the truth inside")
        return figure
