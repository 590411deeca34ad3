"""The figures of the selection, each drawn from its table, each with the sentence that stands for it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from helpers.metrics import Metric, bounds
from helpers.model_selection.fitted import BASELINE
from helpers.results import Estimate, LearningPoint
from helpers.style import ACCENT, BAD, GOOD, INK, MID, SOFT, house_style, new_figure, short, title, wrapped
from helpers.wording import capital, count, joined, number

ROW_HEIGHT = 0.42
PANEL_CHARACTERS = 16  # a line of them is as wide as one of two panels that stand side by side
AXIS_ROOM = 0.2
HAIR = 0.04

# How many rows, and the score that is to be expected with so many.
Ahead = tuple[int, Estimate]

_CHOSEN: Mapping[str, Any] = MappingProxyType({"marker": "D", "markersize": 8, "linestyle": "none"})
_OTHER: Mapping[str, Any] = MappingProxyType({"marker": "o", "markersize": 8, "linestyle": "none"})
_TRAINING: Mapping[str, Any] = MappingProxyType({"marker": "|", "markersize": 11, "linestyle": "none"})


def leaderboard_figure(
    board: pd.DataFrame, gaps: pd.DataFrame, *, metric: Metric, chosen: str, unit: str = ""
) -> Figure:
    """Draw each model's score as a dot with its interval, and beside it its difference from the best one.

    Parameters
    ----------
    board : pandas.DataFrame
        What `comparison.leaderboard` returns.
    gaps : pandas.DataFrame
        What `record.against_best` returns.
    metric : Metric
        What the scores are.
    chosen : str
        The chosen model's name; its dot is marked and its name bold.
    unit : str
        The unit of the scores, empty for one without.
    """
    scored = board[~board["failed"]].iloc[::-1].reset_index(drop=True)
    with house_style():
        figure, (axes, beside) = new_figure(1, 2, height=2.6 + ROW_HEIGHT * len(scored), sharey=True)
        for place, row in scored.iterrows():
            mark = row["model"] == chosen
            colour = GOOD if mark else MID if row["model"] == BASELINE else ACCENT
            axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=3 if mark else 1.8)
            axes.plot(row["score"], place, color=colour, **(_CHOSEN if mark else _OTHER))
            axes.plot(row["train_score"], place, color=SOFT, **_TRAINING)
        for score in scored.loc[scored["model"] == BASELINE, "score"]:
            axes.axvline(score, color=BAD, linestyle="--", linewidth=1.2)
        axes.set_yticks(range(len(scored)), [short(label) for label in scored["label"]])
        for label, name in zip(axes.get_yticklabels(), scored["model"], strict=True):
            label.set_fontweight("bold" if name == chosen else "normal")
            label.set_color(INK)
        axes.set_ylim(-0.6, len(scored) - 0.4)
        _limit_to_scores(axes, scored, metric)
        axes.grid(axis="y", visible=False)
        _narrow_title(axes, f"{capital(metric.label)} on unseen rows", x=_axis_label(metric, unit))
        _draw_gaps(beside, scored, gaps, chosen=chosen)
        difference = f"difference{f' ({unit})' if unit else ''}, more is better"
        _narrow_title(beside, "Difference from the best", x=difference)
        figure.legend(handles=_leaderboard_legend(), loc="outside lower center", ncols=2)
    return figure


def _narrow_title(axes: Axes, text: str, *, x: str) -> None:
    """Set title and label in lines that fit over and under a panel beside another one."""
    axes.set_title(wrapped(text, PANEL_CHARACTERS))
    axes.set_xlabel(wrapped(x, PANEL_CHARACTERS))


def _draw_gaps(axes: Axes, scored: pd.DataFrame, gaps: pd.DataFrame, *, chosen: str) -> None:
    """Draw the differences from the best; those nearer to it than to the baseline decide the axis."""
    known = scored.merge(
        gaps.rename(columns={"model": "label"})[["label", "difference", "from", "to"]], on="label", how="left"
    )
    known = known.astype(dict.fromkeys(("difference", "from", "to"), float))
    # The best one itself has no row in the table of differences.
    known[["difference", "from", "to"]] = known[["difference", "from", "to"]].fillna(0.0)
    axes.axvline(0, color=SOFT, linewidth=1.2)
    for place, row in enumerate(known.to_dict("records")):
        mark = row["model"] == chosen
        colour = GOOD if mark else MID if row["model"] == BASELINE else ACCENT
        if np.isfinite([row["from"], row["to"]]).all():
            axes.plot([row["from"], row["to"]], [place, place], color=colour, linewidth=3 if mark else 1.8)
        axes.plot(row["difference"], place, color=colour, **(_CHOSEN if mark else _OTHER))
    low, high = _gap_limits(known)
    axes.set_xlim(low, high)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)
    for place, gap in enumerate(known["difference"]):
        if gap < low:
            axes.text(low, place, f" ← {number(gap)}", va="center", ha="left", color=SOFT)


def _gap_limits(known: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the axis of differences: the near models with their intervals, and some room."""
    reference = known.loc[known["model"] == BASELINE, "difference"].to_numpy(dtype=float)
    models = known[known["model"] != BASELINE]
    half = reference[0] / 2 if len(reference) and reference[0] < 0 else -np.inf
    near = models[models["difference"] >= half]
    near = near if len(near) > 1 else known
    ends = near[["from", "difference", "to"]].replace([-np.inf, np.inf], np.nan)
    low, high = float(ends.min().min()), float(ends.max().max())
    # An unsure model's interval may leave the axis on the left; on it are at least all near dots.
    low = max(low, 2 * float(near["difference"].min()) - high) if high > low else low
    room = AXIS_ROOM * (high - low) or AXIS_ROOM
    return low - room, high + room


def _limit_to_scores(axes: Axes, scored: pd.DataFrame, metric: Metric) -> None:
    """Let the scores decide the axis, and name at its edge those too bad to be on it.

    One very bad or very unsure model must not squeeze the others together.
    """
    values = scored[["score", "train_score"]].to_numpy(dtype=float)
    reference = scored.loc[scored["model"] == BASELINE, "score"].to_numpy(dtype=float)
    best = np.nanmax(values) if metric.higher_is_better else np.nanmin(values)
    # The worst that is shown lies as far behind the baseline as the best lies before it.
    worst = 2 * float(reference[0]) - best if len(reference) else np.nan
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if metric.higher_is_better:
        low = np.nanmax([low, worst])
    else:
        high = np.nanmin([high, worst])
    room = AXIS_ROOM * (high - low) or AXIS_ROOM
    least, most = bounds(metric)
    # A hair beyond the metric's range keeps a dot at its end whole.
    hair = HAIR * (high - low + 2 * room)
    low, high = max(low - room, least - hair), min(high + room, most + hair)
    axes.set_xlim(low, high)
    for place, score in enumerate(scored["score"]):
        if score < low:
            axes.text(low, place, f" ← {number(score)}", va="center", ha="left", color=SOFT)
        elif score > high:
            axes.text(high, place, f"{number(score)} → ", va="center", ha="right", color=SOFT)


def _leaderboard_legend() -> list[Line2D]:
    return [
        Line2D([], [], color=GOOD, label="chosen", **_CHOSEN),
        Line2D([], [], color=ACCENT, label="other model", **_OTHER),
        Line2D([], [], color=SOFT, label="on training rows", **_TRAINING),
        Line2D([], [], color=BAD, linestyle="--", linewidth=1.2, label="baseline"),
    ]


def _axis_label(metric: Metric, unit: str) -> str:
    name = f"{metric.label} ({unit})" if unit else metric.label
    return f"{name}, {'more' if metric.higher_is_better else 'less'} is better"


def leaderboard_alt(
    board: pd.DataFrame, gaps: pd.DataFrame, *, metric: Metric, chosen: str, unit: str = ""
) -> str:
    """Return what `leaderboard_figure` shows."""
    scored = board[~board["failed"]]
    parts = [
        f"{row['label']} {number(row['score'])}"
        + (f" ({number(row['low'])} to {number(row['high'])})" if np.isfinite(row["low"]) else "")
        for row in scored.to_dict("records")
    ]
    label = scored.loc[scored["model"] == chosen, "label"]
    picked = f" Chosen: {label.iloc[0]}." if len(label) else ""
    behind = [
        f"{row['model']} {number(row['difference'])}"
        + (f" ({number(row['from'])} to {number(row['to'])})" if np.isfinite(row["from"]) else "")
        for row in gaps.to_dict("records")
    ]
    beside = f" Difference from the best, more is better: {joined(behind)}." if behind else ""
    name = f"{metric.label} ({unit})" if unit else metric.label
    return f"Dots with 95 % intervals of {name}, the best first: {joined(parts)}.{beside}{picked}"


def times_figure(board: pd.DataFrame) -> Figure:
    """Draw the seconds that each model takes to fit one fold and to predict its validation rows."""
    scored = board[~board["failed"]].iloc[::-1].reset_index(drop=True)
    places = np.arange(len(scored))
    with house_style():
        figure, axes = new_figure(height=1.5 + ROW_HEIGHT * len(scored))
        axes.barh(places + 0.19, scored["fit_seconds"], height=0.36, color=ACCENT, label="fit")
        look = {"color": "white", "edgecolor": ACCENT, "hatch": "///"}
        axes.barh(places - 0.19, scored["predict_seconds"], height=0.36, label="predict", **look)
        axes.set_yticks(places, [short(label) for label in scored["label"]])
        axes.grid(axis="y", visible=False)
        axes.legend(loc="lower right")
        title(axes, "Time to fit and to predict one fold", x="mean time over the folds (seconds, one core)")
    return figure


def times_alt(board: pd.DataFrame) -> str:
    """Return what `times_figure` shows."""
    scored = board[~board["failed"]].sort_values("fit_seconds", ascending=False, kind="stable")
    parts = [
        f"{label} {number(fit, digits=2)} and {number(predict, digits=2)}"
        for label, fit, predict in scored[["label", "fit_seconds", "predict_seconds"]].itertuples(index=False)
    ]
    return f"Bars of the seconds to fit and to predict one fold, the slowest first: {joined(parts)}."


def learning_curve_figure(
    points: Sequence[LearningPoint], *, metric: Metric, label: str, unit: str = "", ahead: Ahead | None = None
) -> Figure:
    """Draw the score on training and on validation rows over the rows that the model learnt from.

    Where the curve can be continued to more rows, `ahead` says what is expected there.
    """
    rows = [point.rows for point in points]
    with house_style():
        figure, axes = new_figure(height=4.2)
        sides = (
            ("training rows", "train", MID, "s", "--"),
            ("validation rows", "validation", ACCENT, "o", "-"),
        )
        for name, side, colour, marker, line in sides:
            estimates = [getattr(point, side) for point in points]
            values = [_or_nan(estimate.value) for estimate in estimates]
            low = [_or_nan(estimate.low) for estimate in estimates]
            high = [_or_nan(estimate.high) for estimate in estimates]
            axes.fill_between(rows, low, high, color=colour, alpha=0.18, linewidth=0)
            axes.plot(rows, values, color=colour, marker=marker, linestyle=line, label=name)
        if ahead is not None:
            _continue(axes, rows[-1], _or_nan(points[-1].validation.value), ahead)
        axes.set_xlim(left=0)
        axes.legend(loc="best")
        title(
            axes,
            f"Learning curve of {label}",
            x="rows that the model learnt from (count)",
            y=_axis_label(metric, unit),
        )
    return figure


def _continue(axes: Axes, rows: int, value: float, ahead: Ahead) -> None:
    further, expected = ahead
    middle, low, high = (_or_nan(end) for end in (expected.value, expected.low, expected.high))
    axes.plot([rows, further], [value, middle], color=ACCENT, linestyle=":")
    axes.plot(
        further, middle, color=ACCENT, marker="o", markerfacecolor="none", linestyle="none",
        label="expected with twice the rows",
    )  # fmt: skip
    axes.plot([further, further], [low, high], color=ACCENT, linewidth=1.2)


def learning_curve_alt(
    points: Sequence[LearningPoint], *, metric: Metric, label: str, ahead: Ahead | None = None
) -> str:
    """Return what `learning_curve_figure` shows."""
    parts = [
        f"with {count(point.rows, 'row')} {number(_or_nan(point.train.value))} in training and "
        f"{number(_or_nan(point.validation.value))} in validation"
        for point in points
    ]
    if ahead is not None:
        further, expected = ahead
        parts.append(
            f"with {count(further, 'row')} {number(_or_nan(expected.value))} to be expected in validation"
        )
    return f"Lines of {metric.label} of {label}: {joined(parts)}."


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
