"""The steps on further metrics, on ranking, and on recalibrated probabilities."""

import numpy as np
import pandas as pd

from helpers.bootstrap import resamples
from helpers.errors import shortened
from helpers.evaluation.case import Case
from helpers.evaluation.comparison import paired_gain
from helpers.evaluation.figures_ranking import draw_gains
from helpers.evaluation.gains import gains_table
from helpers.evaluation.more_metrics import MORE_METRICS, more_metrics
from helpers.evaluation.recalibration import fit_recalibration, why_not_recalibrated
from helpers.evaluation.steps import Picture, Step, first_of, on_holdout, sampled_words, sentences
from helpers.evaluation.words import between, ranged
from helpers.metrics import METRICS, Task
from helpers.results import Estimate, MetricResult, RecalibrationResult
from helpers.tables.table import Table
from helpers.wording import count, number, percent

# The part of the ranking that the sentence speaks of; the first that rows are enough for, if they are few.
NAMED_SHARE = 0.1
DRAWS = 1_000
# With fewer mistakes the interval of a gain in log loss does not see what one more of them would cost.
LEAST_MISTAKES = 5
_LOSS, _BRIER = METRICS["log_loss"], METRICS["brier_score"]
_METHODS = {
    "platt": "a logistic curve (Platt)",
    "isotonic": "a rising curve of steps (isotonic regression)",
    "temperature": "one temperature for all classes",
}


@on_holdout
def more_metrics_step(case: Case) -> Step[list[MetricResult]]:
    """Return the metrics that fields ask for beside those that select models."""
    part = case.part
    draws = resamples(len(part.rows), seed=case.seed, groups=part.rows.groups, draws=DRAWS)
    results = more_metrics(part.rows, part.chosen, part.baseline, draws)
    known = {metric.name: metric for metric in MORE_METRICS}
    defined = [result for result in results if result.chosen.value is not None]
    undefined = [known[result.metric].label for result in results if result.chosen.value is None]
    ways = {True: "higher", False: "lower", None: "near 0"}
    table = pd.DataFrame(
        {
            "metric": [known[result.metric].label for result in defined],
            "better": [ways[known[result.metric].higher_is_better] for result in defined],
            "chosen": [result.chosen.value for result in defined],
            "95 % interval": [between(result.chosen) for result in defined],
            "baseline": [result.baseline.value for result in defined],
            "interval of the gain": [between(result.gain) for result in defined],
            "what it says": [known[result.metric].plain for result in defined],
        }
    ).astype({"chosen": float, "baseline": float})
    said = sentences(
        f"{count(len(defined), 'further metric')}; none of them has chosen the model.",
        f"Not defined for these rows: {', '.join(undefined)}." if undefined else "",
        sampled_words(case),
    )
    return Step(defined, said, table, "Further metrics on the holdout; the gain is paired.")


@on_holdout
def gains_step(case: Case) -> Step[pd.DataFrame]:
    """Return what acting on the first part of the ranking finds: gains and lift."""
    if case.task is not Task.BINARY or case.rows.positive is None:
        return Step(
            None, ("Gains and lift rank rows by the probability of one class to find; there is none here.",)
        )
    part, positive = case.part, case.rows.positive
    happened = part.rows.y.to_numpy(dtype=object) == positive
    if happened.all() or not happened.any():
        return Step(None, ("The holdout rows are of one class, so there is nothing to rank.",))
    base = float(np.mean(happened))
    table = gains_table(happened, part.stated(positive), draws=part.draws)
    name = shortened(positive, limit=40)
    readable = pd.DataFrame(
        {
            "first part of the ranking": table["share"],
            "rows": table["rows"],
            "found": table["found"],
            "found, interval": [_ends(row, "found") for _, row in table.iterrows()],
            "right among them": table["right"],
            "lift": table["lift"],
            "lift, interval": [_ends(row, "lift", share=False) for _, row in table.iterrows()],
        }
    )
    tenth = next(row for _, row in table.iterrows() if row["share"] >= NAMED_SHARE)
    said = sentences(
        f"The first {percent(tenth['share'])} of the ranking hold {percent(tenth['found'])} "
        f"({_ends(tenth, 'found')}) of “{name}”, {number(tenth['lift'])} times as many as as many rows "
        f"picked at random; {percent(base)} of all rows are so.",
        sampled_words(case),
    )
    steps = [
        f"first {percent(row['share'])}: {percent(row['found'])} found, lift {number(row['lift'])}"
        for _, row in table.iterrows()
    ]
    picture = Picture(
        lambda: draw_gains(table, positive=positive, base=base),
        alt=f"Gains and lift of “{name}”: {first_of(steps, 6)}.",
        caption="Bands are 95 % intervals, each on its own.",
    )
    formats = dict.fromkeys(["first part of the ranking", "found", "right among them"], ".0%")
    caption = f"What acting on the first rows of the ranking finds of “{name}”."
    return Step(table, said, readable, caption, formats=formats, pictures=(picture,))


def _ends(row: pd.Series, name: str, *, share: bool = True) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    known = np.isfinite(low) and np.isfinite(high)
    ends = Estimate(value=row[name], low=low if known else None, high=high if known else None)
    return between(ends, share=share)


@on_holdout
def recalibration_step(case: Case) -> Step[RecalibrationResult]:
    """Return whether probabilities moved by a curve from development rows would be better ones."""
    part = case.part
    stated = part.chosen.probabilities
    if case.task is Task.REGRESSION or stated is None:
        return Step(None, ("A regression states no probabilities to recalibrate.",))
    why_not = why_not_recalibrated(case.judged.unseen)
    unseen, groups = case.judged.unseen, case.judged.development.groups
    if unseen is None or why_not:
        return Step(None, (f"{why_not} So no recalibrated alternative is offered.",))
    fitted = fit_recalibration(
        unseen,
        classes=case.rows.classes,
        positive=case.rows.positive,
        seed=case.seed,
        groups=None if groups is None else groups.loc[unseen["row"]],
    )
    moved = fitted.of(part.chosen)
    metrics = [_LOSS, *([_BRIER] if case.task is Task.BINARY else [])]
    gains = [paired_gain(metric, part.rows, moved, part.chosen, part.draws) for metric in metrics]
    mistakes = _mistakes(stated, part.rows)
    worth_it = mistakes >= LEAST_MISTAKES and gains[0].low is not None and gains[0].low > 0
    result = RecalibrationResult(method=fitted.method, rows=fitted.rows, gain=gains[0], worth_it=worth_it)
    table = pd.DataFrame(
        {
            "metric": [metric.label for metric in metrics],
            "better by": [gain.value for gain in gains],
            "95 % interval": [between(gain) for gain in gains],
        }
    )
    said = sentences(_worth(result, _METHODS[fitted.method], mistakes), sampled_words(case))
    caption = "Recalibrated against as it is, on the same holdout rows; above 0 recalibrating is better."
    return Step(result, said, table, caption)


def _mistakes(stated: pd.DataFrame, rows: Table) -> int:
    """Return how often the most probable class is not the true one."""
    return int((stated.idxmax(axis=1).to_numpy(dtype=object) != rows.y.to_numpy(dtype=object)).sum())


def _worth(result: RecalibrationResult, method: str, mistakes: int) -> str:
    fitted = f"fitted on {count(result.rows, 'out-of-fold prediction')}"
    text = f"With {method}, {fitted}, the gain in log loss is {ranged(result.gain)}"
    if result.worth_it:
        return f"{text}: recalibrating is worth it. The stored model is left as it is."
    if result.gain.high is not None and result.gain.high < 0:
        return f"{text}: recalibrating makes it worse; leave the probabilities as they are."
    if mistakes < LEAST_MISTAKES:
        return (
            f"{text}. With {count(mistakes, 'mistake')} among these rows it cannot be told whether "
            "recalibrating is worth it: one more, stated with certainty, could turn that."
        )
    return f"{text}, which may be chance: recalibrating is not worth it."
