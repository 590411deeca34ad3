"""The figures of a regression's errors: predicted against observed, and residuals."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.scoring.weighted import Floats
from helpers.style import ACCENT, BAD, LETTERING, SOFT, heading, house_style, new_figure, short, title

MOST_POINTS = 2_000


def draw_predicted(truth: Floats, predicted: Floats, *, target: str, seed: int) -> Figure:
    """Draw the observed value of each row against the predicted one; at most 2,000 rows, drawn at random.

    Parameters
    ----------
    truth, predicted : numpy.ndarray
        One number a row.
    target : str
        The target's title with its unit.
    seed : int
        Seed of the sample.
    """
    kept = _sampled(len(truth), seed)
    with house_style():
        figure, axis = new_figure(width=5.6, height=4.6)
        low, high = float(min(truth.min(), predicted.min())), float(max(truth.max(), predicted.max()))
        axis.plot(
            [low, high], [low, high], color=SOFT, linestyle="--", linewidth=1.2, label="predicted = observed"
        )
        look = {"s": 18, "alpha": _opacity(len(kept)), "color": ACCENT, "linewidth": 0}
        axis.scatter(predicted[kept], truth[kept], label="holdout row", **look)
        title(
            axis,
            "Observed against predicted",
            x=f"Predicted {short(target, 40)}",
            y=f"Observed {short(target, 40)}",
        )
        axis.legend(loc="upper left")
        return figure


def draw_residuals(
    truth: Floats, predicted: Floats, table: pd.DataFrame, *, target: str, seed: int
) -> Figure:
    """Draw the residuals against the prediction, with their mean and its 95 % interval by size of prediction.

    Parameters
    ----------
    truth, predicted : numpy.ndarray
        One number a row; at most 2,000 are drawn, at random.
    table : pandas.DataFrame
        As from `errors.residual_table`.
    target : str
        The target's title with its unit.
    seed : int
        Seed of the sample.
    """
    kept = _sampled(len(truth), seed)
    with house_style():
        figure, axis = new_figure()
        axis.axhline(0, color=SOFT, linewidth=1.2, linestyle="--")
        look = {"s": 16, "alpha": _opacity(len(kept)), "color": ACCENT, "linewidth": 0}
        axis.scatter(predicted[kept], (truth - predicted)[kept], label="holdout row", **look)
        middle = (table["from"] + table["to"]) / 2
        reach = np.nan_to_num(
            np.clip([table["residual"] - table["low"], table["high"] - table["residual"]], 0, None)
        )
        axis.errorbar(middle, table["residual"], yerr=reach, fmt="s", color=BAD, capsize=4, markersize=6,
                      label="mean with 95 % interval")  # fmt: skip
        title(axis, "Residuals: where predictions lean to one side", x=f"Predicted {short(target, 40)}",
              y="Observed minus predicted")  # fmt: skip
        axis.legend()
        return figure


def draw_residuals_by(table: pd.DataFrame, *, unit: str) -> Figure:
    """Draw the mean residual of each group of each column with its 95 % interval, a panel a column.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `residuals_by.residuals_by`, of the columns to draw; full dots lean to one side.
    unit : str
        The target's unit; may be empty.
    """
    names = list(dict.fromkeys(table["column"]))
    sizes = [int((table["column"] == name).sum()) for name in names]
    with house_style():
        figure, axes = new_figure(
            len(names), 1, height=1.0 + sum(0.5 + 0.3 * size for size in sizes), squeeze=False, sharex=True,
            height_ratios=[1 + size for size in sizes],
        )  # fmt: skip
        for axis, name in zip(axes[:, 0], names, strict=True):
            part = table[table["column"] == name].iloc[::-1]
            places = np.arange(len(part))
            reach = np.clip([part["residual"] - part["low"], part["high"] - part["residual"]], 0, None)
            axis.axvline(0, color=SOFT, linewidth=1.2, linestyle="--")
            axis.errorbar(part["residual"], places, xerr=np.nan_to_num(reach), fmt="none", ecolor=ACCENT,
                          capsize=3)  # fmt: skip
            inks = [BAD if leans else "white" for leans in part["leans"]]
            axis.scatter(part["residual"], places, c=inks, edgecolors=ACCENT, s=40, zorder=3)
            axis.set_yticks(places, [short(group, 56) for group in part["group"]])
            axis.set_ylim(-0.6, len(part) - 0.4)
            axis.grid(visible=False, axis="y")
        said = f"Observed minus predicted ({unit})" if unit else "Observed minus predicted"
        figure.supxlabel(said, fontsize=LETTERING)
        heading(figure, "Where residuals lean, by column")
        return figure


def _sampled(rows: int, seed: int) -> np.ndarray:
    if rows <= MOST_POINTS:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, size=MOST_POINTS, replace=False))


def _opacity(points: int) -> float:
    return 0.75 if points <= 200 else 0.35
