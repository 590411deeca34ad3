"""The figure of gains and lift, drawn from its table."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator, PercentFormatter

from helpers.style import ACCENT, LINE, SOFT, house_style, new_figure, short, title


def draw_gains(table: pd.DataFrame, *, positive: str, base: float) -> Figure:
    """Draw what the first part of the ranking finds, and how much richer it is than all rows.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `gains.gains_table`.
    positive : str
        The class to find.
    base : float
        Its share among all rows: a perfect ranking finds all within that share.
    """
    name = short(positive, 24)
    with house_style():
        figure, (left, right) = new_figure(1, 2, height=3.9)
        shares = [0.0, *table["share"]]
        left.fill_between(shares, [0.0, *table["found_low"]], [0.0, *table["found_high"]], color=LINE)
        left.plot(shares, [0.0, *table["found"]], color=ACCENT, marker="o", markersize=4, label="model")
        left.plot([0, base, 1], [0, 1, 1], color=SOFT, linestyle="--", linewidth=1.2, label="perfect")
        left.plot([0, 1], [0, 1], color=SOFT, linestyle=":", linewidth=1.2, label="at random")
        title(left, "Gains", x="First part of the ranking", y=f"Found of “{name}”")
        left.legend(loc="lower right")
        right.fill_between(table["share"], table["lift_low"], table["lift_high"], color=LINE)
        right.plot(table["share"], table["lift"], color=ACCENT, marker="o", markersize=4)
        right.axhline(1, color=SOFT, linestyle=":", linewidth=1.2)
        right.set_ylim(bottom=0)
        title(right, "Lift", x="First part of the ranking", y=f"Times as many “{name}”")
        left.yaxis.set_major_formatter(PercentFormatter(1.0))
        for axis in (left, right):
            axis.xaxis.set_major_formatter(PercentFormatter(1.0))
            axis.xaxis.set_major_locator(MultipleLocator(0.25))
        return figure
