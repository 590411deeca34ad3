"""The figures of classes: confusion matrix, ROC and precision-recall curves."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from helpers.style import LETTERING, SOFT, colours, house_style, new_figure, short, title

MOST_CLASSES = 20
LINES: tuple[str, ...] = ("-", "--", "-.", ":")


def draw_confusion(counts: pd.DataFrame) -> Figure:
    """Draw how often each class was called what: counts, and shares of the class's rows as colour.

    Parameters
    ----------
    counts : pandas.DataFrame
        Truth down, answer across, as from `classes.confusion`; at most 20 classes.
    """
    size = len(counts)
    matrix = counts.to_numpy()
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    names = [short(name, 18) for name in counts.columns]
    lettering = LETTERING if size <= 8 else 7
    with house_style():
        figure, axis = new_figure(width=min(7.2, 3.2 + 0.8 * size), height=min(7.0, 2.0 + 0.62 * size))
        image = axis.imshow(shares, vmin=0, vmax=1, cmap="Blues", aspect="auto")
        for row in range(size):
            for column in range(size):
                text = f"{matrix[row, column]:,}" + (f"\n{shares[row, column]:.0%}" if size <= 8 else "")
                ink = "white" if shares[row, column] > 0.55 else "black"
                axis.text(column, row, text, ha="center", va="center", color=ink, fontsize=lettering)
        axis.set_xticks(
            range(size), names, rotation=45 if size > 4 else 0, ha="right" if size > 4 else "center"
        )
        axis.set_yticks(range(size), names)
        axis.grid(visible=False)
        title(axis, "Truth against answer", x="Answer of the model", y="Truth")
        figure.colorbar(image, ax=axis, format=PercentFormatter(1.0), label="Share of the true class's rows")
        return figure


def draw_curves(curves: Mapping[str, pd.DataFrame], *, shares: Mapping[str, float]) -> Figure:
    """Draw ROC and precision-recall curves of each class beside what guessing gives.

    Parameters
    ----------
    curves : mapping of str to pandas.DataFrame
        Class to its table, as from `curves.class_curves`.
    shares : mapping of str to float
        Class to the share of rows of it: the precision of guessing.
    """
    with house_style():
        figure, (left, right) = new_figure(1, 2, height=3.9)
        for place, ((name, table), colour) in enumerate(
            zip(curves.items(), colours(len(curves)), strict=True)
        ):
            look = {"color": colour, "linestyle": LINES[place % len(LINES)], "label": short(name, 18)}
            left.plot(table["false_alarm"], table["found"], **look)
            right.plot(table["found"], table["right"], drawstyle="steps-pre", **look)
            right.axhline(shares[name], color=colour, linestyle=":", linewidth=1)
        left.plot([0, 1], [0, 1], color=SOFT, linestyle=":", linewidth=1.2, label="guessing")
        title(left, "ROC", x="False alarms, share of the others", y="Found, share of the class")
        title(right, "Precision and recall", x="Found, share of the class", y="Right, share of those named")
        for axis in (left, right):
            _unit_square(axis)
        left.legend(loc="lower right")
        return figure


def _unit_square(axis: Axes) -> None:
    axis.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.04))
    axis.xaxis.set_major_formatter(PercentFormatter(1.0))
    axis.yaxis.set_major_formatter(PercentFormatter(1.0))
    axis.xaxis.set_major_locator(mpl.ticker.MultipleLocator(0.25))
