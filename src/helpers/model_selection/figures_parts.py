"""The figure of what the squared error is made of, drawn from its table."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.style import ACCENT, LINE, MID, house_style, new_figure, short, title
from helpers.wording import joined, number

ROW_HEIGHT = 0.5


def parts_figure(parts: pd.DataFrame, *, measure: str) -> Figure:
    """Draw each model's squared error as a bar: surely variance, perhaps variance, bias or noise.

    Parameters
    ----------
    parts : pandas.DataFrame
        What `bias_variance.parts_table` returns.
    measure : str
        What the error is, with its unit.
    """
    shown = parts.iloc[::-1].reset_index(drop=True)
    places = np.arange(len(shown))
    with house_style():
        figure, axes = new_figure(height=2.2 + ROW_HEIGHT * len(shown))
        left = np.zeros(len(shown))
        kinds = (
            ("variance, at least", shown["least"], {"color": ACCENT}),
            (
                "variance, perhaps",
                shown["most"] - shown["least"],
                {"color": "white", "edgecolor": ACCENT, "hatch": "///"},
            ),
            ("bias or noise", shown["error"] - shown["most"], {"color": LINE, "edgecolor": MID}),
        )
        for label, width, look in kinds:
            axes.barh(places, width, left=left, height=0.6, label=label, **look)
            left = left + width.to_numpy()
        axes.set_yticks(places, [short(label) for label in shown["model"]])
        axes.grid(axis="y", visible=False)
        title(axes, "What the error is made of", x=measure)
        figure.legend(loc="outside lower center", ncols=3)
    return figure


def parts_alt(parts: pd.DataFrame, *, measure: str) -> str:
    """Return what `parts_figure` shows."""
    said = [
        f"{row['model']} {number(row['error'])}, of which variance {number(row['least'])} to "
        f"{number(row['most'])}"
        for row in parts.to_dict("records")
    ]
    return f"Bars of the {measure}: {joined(said)}."


def measure_of(*, classes: bool, unit: str) -> str:
    """Return the name of the squared error, with its unit."""
    if classes:
        return "mean squared error of the stated probabilities"
    return f"mean squared error ({unit}²)" if unit else "mean squared error"
