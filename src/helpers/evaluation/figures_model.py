"""The figures of what the model does with its columns: partial dependence and SHAP values."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.style import ACCENT, LETTERING, LINE, SOFT, heading, house_style, new_figure, short, title

MOST_BARS = 15


def draw_dependence(table: pd.DataFrame, *, answer: str, numeric: frozenset[str]) -> Figure:
    """Draw the average answer against the values of each column, with the spread of single rows.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `dependence.partial_dependence`, one to four columns.
    answer : str
        What is predicted, with its unit.
    numeric : frozenset of str
        The columns whose values stand on a scale; those of the others stand side by side.
    """
    names = list(dict.fromkeys(table["column"]))
    rows = (len(names) + 1) // 2
    with house_style():
        figure, axes = new_figure(
            rows, min(2, len(names)), height=0.8 + 2.6 * rows, squeeze=False, sharey=True
        )
        for axis, name in zip(axes.ravel(), names, strict=False):
            part = table[table["column"] == name]
            axis.fill_between(part["place"], part["low"], part["high"], color=LINE)
            line = "-" if name in numeric else ":"
            axis.plot(part["place"], part["average"], color=ACCENT, linestyle=line, marker="o", markersize=4)
            if name in numeric:
                axis.xaxis.set_major_locator(MaxNLocator(4))
            else:
                labels = [short(value, 16) for value in part["value"]]
                axis.set_xticks(part["place"], labels, rotation=45, ha="right")
            axis.set_xlabel(short(part["label"].iloc[0], 34))
        for axis in axes.ravel()[len(names) :]:
            axis.set_axis_off()
        figure.supylabel(short(answer, 40), fontsize=LETTERING)
        heading(figure, "What the model says as one column changes")
        return figure


def draw_shap(table: pd.DataFrame, *, unit: str) -> Figure:
    """Draw how much each column moves a prediction on average, most at the top; the first 15.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `shap_values.shap_table`.
    unit : str
        What the values are in.
    """
    shown = table.head(MOST_BARS).iloc[::-1]
    with house_style():
        figure, axis = new_figure(height=1.3 + 0.38 * len(shown))
        places = np.arange(len(shown))
        axis.barh(places, shown["moves"], color=ACCENT, height=0.6)
        reach = np.clip([shown["moves"] - shown["low"], shown["high"] - shown["moves"]], 0, None)
        axis.errorbar(shown["moves"], places, xerr=np.nan_to_num(reach), fmt="none", ecolor=SOFT, capsize=3)
        axis.set_yticks(places, [short(label, 30) for label in shown["label"]])
        axis.grid(visible=False, axis="y")
        axis.xaxis.set_major_locator(MaxNLocator(4))
        title(axis, "What moves single predictions", x=f"Mean size of the SHAP values ({unit})")
        return figure
