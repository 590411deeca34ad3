"""The figures of metrics, calibration, costs and importance, each drawn from the table that it is given."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from helpers.metrics import METRICS
from helpers.style import ACCENT, BAD, LETTERING, LINE, MID, SOFT, house_style, new_figure, short, title

MOST_BARS = 15


def draw_metrics(table: pd.DataFrame, *, model: str) -> Figure:
    """Draw each metric of model and baseline with its interval, on a scale of its own.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `comparison.comparison_frame`.
    model : str
        The chosen model's name for people.
    """
    rows = (len(table) + 1) // 2
    with house_style():
        figure, axes = new_figure(rows, 2, height=0.6 + 1.3 * rows, squeeze=False)
        for place, axis in enumerate(axes.ravel()):
            if place >= len(table):
                axis.set_axis_off()
                continue
            record = table.iloc[place]
            metric = METRICS[record["metric"]]
            _dot(axis, record, "baseline", 0, colour=SOFT, marker="s")
            _dot(axis, record, "chosen", 1, colour=ACCENT, marker="o")
            axis.set_yticks([0, 1], ["baseline", short(model, 22)])
            axis.set_ylim(-0.6, 1.6)
            axis.xaxis.set_major_locator(MaxNLocator(3))
            axis.grid(visible=False, axis="y")
            axis.set_title(f"{metric.label} {'↑' if metric.higher_is_better else '↓'}", fontsize=LETTERING)
        return figure


def draw_calibration(table: pd.DataFrame, *, event: str) -> Figure:
    """Draw the observed share against the stated probability, with 95 % intervals.

    Parameters
    ----------
    table : pandas.DataFrame
        As from `calibration.reliability`.
    event : str
        What the probability is of.
    """
    with house_style():
        figure, axis = new_figure(width=5.4, height=4.6)
        axis.plot([0, 1], [0, 1], color=SOFT, linestyle="--", linewidth=1.2, label="perfectly calibrated")
        reach = [table["observed"] - table["low"], table["high"] - table["observed"]]
        axis.errorbar(
            table["stated"],
            table["observed"],
            yerr=np.clip(reach, 0, None),
            fmt="o-",
            color=ACCENT,
            ecolor=MID,
            capsize=3,
            label="holdout rows",
        )
        axis.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
        _percent_axes(axis)
        title(axis, "What was stated, and what happened", x=f"Stated probability of {short(event, 40)}",
              y="Share that was so")  # fmt: skip
        axis.legend(loc="upper left")
        return figure


def draw_cost_curve(
    curve: pd.DataFrame, *, threshold: float, unit: str, positive: str, rows: str = "out-of-fold predictions"
) -> Figure:
    """Draw the cost per 100 rows against the threshold, with its 95 % interval; `rows` says of which rows."""
    with house_style():
        figure, axis = new_figure(height=4.6)
        axis.fill_between(curve["threshold"], curve["low"], curve["high"], color=LINE, label="95 % interval")
        axis.plot(curve["threshold"], curve["cost"], color=ACCENT, label=f"cost on {rows}")
        axis.axvline(threshold, color=BAD, label=f"chosen: {threshold:.3g}")
        axis.axvline(0.5, color=SOFT, linestyle=":", label="without costs: 0.5")
        axis.set_ylim(bottom=0)
        axis.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if abs(value) >= 10 else f"{value:g}")
        per = f"Cost per 100 rows ({unit})" if unit else "Cost per 100 rows"
        title(axis, "What each threshold would have cost",
              x=f"Named “{short(positive, 30)}” from this probability on", y=per)  # fmt: skip
        figure.legend(loc="outside lower center", ncols=2)
        return figure


def draw_importance(table: pd.DataFrame, *, metric: str) -> Figure:
    """Draw how much worse the metric gets without each column, the most important at the top.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``label``, ``worse_by``, ``low``, ``high``, most important first; the first 15 are drawn.
    metric : str
        The headline metric's label.
    """
    shown = table.head(MOST_BARS).iloc[::-1]
    with house_style():
        figure, axis = new_figure(height=1.3 + 0.38 * len(shown))
        places = np.arange(len(shown))
        axis.barh(places, shown["worse_by"], color=ACCENT, height=0.6)
        reach = np.clip([shown["worse_by"] - shown["low"], shown["high"] - shown["worse_by"]], 0, None)
        axis.errorbar(
            shown["worse_by"], places, xerr=np.nan_to_num(reach), fmt="none", ecolor=SOFT, capsize=3
        )
        axis.axvline(0, color=SOFT, linewidth=1)
        axis.set_yticks(places, [short(label, 30) for label in shown["label"]])
        axis.grid(visible=False, axis="y")
        axis.xaxis.set_major_locator(MaxNLocator(4))
        title(axis, "What the model leans on", x=f"{metric} worse by, once shuffled")
        return figure


def _dot(axis: Axes, record: pd.Series, name: str, place: int, *, colour: str, marker: str) -> None:
    value, low, high = (record[f"{name}{end}"] for end in ("", "_low", "_high"))
    if np.isfinite(low) and np.isfinite(high):
        axis.plot([low, high], [place, place], color=colour, linewidth=2.5, alpha=0.6, solid_capstyle="butt")
    if np.isfinite(value):
        axis.plot([value], [place], color=colour, marker=marker, markersize=7, linestyle="none")


def _percent_axes(axis: Axes) -> None:
    axis.xaxis.set_major_formatter(PercentFormatter(1.0))
    axis.yaxis.set_major_formatter(PercentFormatter(1.0))
