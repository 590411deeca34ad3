"""What a search tried: its table, the figure of scores and times drawn from it, and the words for both."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from helpers.errors import shortened
from helpers.metrics import Metric
from helpers.model_selection.cross_validation import CandidateResult
from helpers.model_selection.proper import proper_metric
from helpers.model_selection.racing import stopped_early
from helpers.model_selection.search import SearchResult
from helpers.style import INK, MARKERS, SOFT, colours, house_style, new_figure, short, title
from helpers.wording import count, joined, number, percent

WHOLE, EARLY, FAILED = "whole", "stopped early", "failed"
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "++", "oo", "--")
# Of so many scores the worst twentieth is left to the edge of the figure.
WORST_SHOWN = 0.95
SHOWN_SETTINGS = 200


def trials_table(
    searched: SearchResult, results: Sequence[CandidateResult], *, metric: Metric
) -> pd.DataFrame:
    """Return the trials in their order.

    Parameters
    ----------
    searched : SearchResult
        What was tried.
    results : sequence of CandidateResult
        The candidates with their own settings, which the first trial had to beat.
    metric : Metric
        What the scores are.

    Returns
    -------
    pandas.DataFrame
        `trial` from 1, `model`, `score` (mean over the folds that the trial got to; NaN for none), `best`
        (the best mean score of a whole result until then), `folds`, `seconds` (fitting and predicting, all
        folds together), `state` (whole, stopped early, failed), `settings`, `remark`.
    """
    better = max if metric.higher_is_better else min
    best = better((found.mean for found in results if not found.failed), default=float("nan"))
    rows = []
    for place, found in enumerate(searched.trials, start=1):
        if not found.failed:
            best = found.mean if np.isnan(best) else better(best, found.mean)
        rows.append(
            {
                "trial": place,
                "model": found.candidate.label,
                "score": found.mean,
                "best": best,
                "folds": len(found.folds),
                "seconds": sum(fold.fit_seconds + fold.predict_seconds for fold in found.folds),
                "state": WHOLE if not found.failed else EARLY if stopped_early(found) else FAILED,
                "settings": _settings(found),
                "remark": found.failed or "; ".join(found.notes),
            }
        )
    return pd.DataFrame(rows)


def shown_trials(trials: pd.DataFrame, *, metric: Metric) -> pd.DataFrame:
    """Return the trials with headings for people."""
    names = {
        "trial": "trial", "model": "model", "score": metric.label, "folds": "folds", "seconds": "time (s)",
        "settings": "settings", "remark": "remark",
    }  # fmt: skip
    return trials[list(names)].rename(columns=names)


def search_sentence(searched: SearchResult, trials: pd.DataFrame, *, metric: Metric) -> str:
    """Say how many trials were made and by what, how many were stopped early, and what ended the search."""
    early, failed = int((trials["state"] == EARLY).sum()), int((trials["state"] == FAILED).sum())
    made = f"{count(len(trials), 'trial')} of the {searched.asked:,} asked for"
    parts = []
    if early:
        saved = 1 - trials["folds"].sum() / (len(trials) * trials["folds"].max())
        were = "was" if early == 1 else "were"
        parts.append(
            f"{early:,} {were} stopped early, being credibly worse than the best, so that "
            f"{percent(saved)} of the fits were spared"
        )
    if failed:
        parts.append(f"{failed:,} {'has' if failed == 1 else 'have'} no score")
    if searched.used_up:
        parts.append("then every configuration had been tried")
    if searched.stopped:
        parts.append("the seconds of the budget ended the search")
    said = f"{made}: {joined(parts)}." if parts else f"{made}, each on all folds."
    by = proper_metric(metric)
    if by is metric:
        return said
    why = f"{metric.label} does not see whether probabilities are true"
    return f"{said} They were compared by {by.label}: {why}."


def search_figure(trials: pd.DataFrame, *, metric: Metric, unit: str = "") -> Figure:
    """Draw each trial's score with the best so far, and under it the time that the trial took.

    Parameters
    ----------
    trials : pandas.DataFrame
        What `trials_table` returns.
    metric : Metric
        What the scores are.
    unit : str
        The unit of the scores, empty for one without.
    """
    models = list(dict.fromkeys(trials["model"]))
    looks = {
        model: {"colour": colour, "marker": MARKERS[at % len(MARKERS)], "hatch": HATCHES[at % len(HATCHES)]}
        for at, (model, colour) in enumerate(zip(models, colours(len(models)), strict=True))
    }
    name = f"{metric.label} ({unit})" if unit else metric.label
    with house_style():
        figure, (scores, times) = new_figure(2, 1, height=6.2, sharex=True, height_ratios=(2, 1))
        _draw_scores(scores, trials, looks)
        _limit(scores, trials, metric)
        title(scores, "Score of each trial, and the best so far", y=name)
        for model, look in looks.items():
            rows = trials[trials["model"] == model]
            style = {"facecolor": look["colour"], "edgecolor": "white", "hatch": look["hatch"]}
            times.bar(rows["trial"], rows["seconds"], width=0.8, linewidth=0, **style)
        times.xaxis.set_major_locator(MaxNLocator(integer=True))
        title(times, "Time that it took", x="trial, in order (count)", y="time (s)")
        figure.legend(handles=_legend(trials, looks), loc="outside lower center", ncols=2)
    return figure


def _draw_scores(axes: Axes, trials: pd.DataFrame, looks: Mapping[str, Mapping[str, Any]]) -> None:
    axes.step(trials["trial"], trials["best"], where="post", color=INK, linewidth=1.6)
    for model, look in looks.items():
        for state, filled in ((WHOLE, True), (EARLY, False)):
            rows = trials[(trials["model"] == model) & (trials["state"] == state)]
            axes.plot(rows["trial"], rows["score"], **_dot(look, filled=filled))


def _dot(look: Mapping[str, Any], *, filled: bool) -> dict[str, Any]:
    return {
        "linestyle": "none", "marker": look["marker"], "markersize": 7, "color": look["colour"],
        "markerfacecolor": look["colour"] if filled else "white",
    }  # fmt: skip


def _limit(axes: Axes, trials: pd.DataFrame, metric: Metric) -> None:
    """Keep a few very bad trials from squeezing the others together."""
    values = trials[["score", "best"]].to_numpy(dtype=float)
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return
    far = float(np.quantile(values, 1 - WORST_SHOWN if metric.higher_is_better else WORST_SHOWN))
    best = float(values.max() if metric.higher_is_better else values.min())
    room = 0.08 * abs(far - best) or 0.05
    axes.set_ylim(min(far, best) - room, max(far, best) + room)
    low, high = axes.get_ylim()
    beyond = int(((trials["score"] < low) | (trials["score"] > high)).sum())
    if beyond:
        top = not metric.higher_is_better
        axes.text(
            0.99, 0.98 if top else 0.02, f"worse, beyond this edge: {beyond}",
            ha="right", va="top" if top else "bottom", transform=axes.transAxes, color=SOFT,
        )  # fmt: skip


def _legend(trials: pd.DataFrame, looks: Mapping[str, Mapping[str, Any]]) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], label=short(model), **_dot(look, filled=True)) for model, look in looks.items()
    ]
    handles.append(Line2D([], [], color=INK, linewidth=1.6, label="best so far"))
    if (trials["state"] == EARLY).any():
        look = {"colour": SOFT, "marker": "o"}
        handles.append(
            Line2D([], [], label="stopped early: its first folds alone", **_dot(look, filled=False))
        )
    return handles


def search_alt(trials: pd.DataFrame, *, metric: Metric, unit: str = "") -> str:
    """Return what `search_figure` shows."""
    name = f"{metric.label} ({unit})" if unit else metric.label
    parts = [
        f"{model} {count(len(rows), 'trial')}, {_best_words(rows, metric)}, {_seconds(rows)} in all"
        for model, rows in trials.groupby("model", sort=False)
    ]
    early = int((trials["state"] == EARLY).sum())
    stopped = (
        f" {early:,} of them, hollow, stopped early: the score is that of their first folds alone."
        if early
        else ""
    )
    first, last = trials["best"].iloc[0], trials["best"].iloc[-1]
    if first == last:
        line = f"The best so far stays at {number(last)}"
    else:
        line = f"The best so far goes from {number(first)} to {number(last)}"
    return (
        f"Dots of {name} of {count(len(trials), 'trial')} in their order, bars of the time that each took "
        f"under them: {'; '.join(parts)}.{stopped} {line}."
    )


def _best_words(rows: pd.DataFrame, metric: Metric) -> str:
    scores = rows.loc[rows["state"] == WHOLE, "score"]
    if scores.empty:
        return "none of them whole"
    return f"the best {number(scores.max() if metric.higher_is_better else scores.min())}"


def _seconds(rows: pd.DataFrame) -> str:
    return f"{number(float(rows['seconds'].sum()), digits=2)} s"


def _settings(found: CandidateResult) -> str:
    # Which step of the pipeline a parameter belongs to is of no interest here.
    parts = (f"{name.rpartition('__')[2]} = {_short(value)}" for name, value in found.settings.items())
    return shortened(", ".join(parts), limit=SHOWN_SETTINGS)


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
