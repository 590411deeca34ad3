"""The steps that say what the model leans on and where it is weak."""

from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import listed, shortened
from helpers.evaluation.case import Case
from helpers.evaluation.figures import MOST_BARS, draw_importance
from helpers.evaluation.importance import alike_columns, permutation_importance
from helpers.evaluation.record import NAMED
from helpers.evaluation.slice_tests import Measure
from helpers.evaluation.slices import LEAST_HALF, Slices, weak_slices
from helpers.evaluation.steps import Picture, Step, first_of, on_holdout, sentences
from helpers.evaluation.threshold import EVEN
from helpers.evaluation.words import between, ranged
from helpers.metrics import Task
from helpers.model_selection.record import unit_of, with_unit_of
from helpers.results import ImportanceResult
from helpers.scoring.weighted import Floats
from helpers.wording import count, number, percent

LEAST_ROWS = 2
MOST_ALIKE = 3


@on_holdout
def importance_step(case: Case) -> Step[list[ImportanceResult]]:
    """Return how much worse the headline metric gets when each column is shuffled on the holdout."""
    if len(case.rows) < LEAST_ROWS:
        return Step([], ("With a single row there is nothing to shuffle.",))
    metric = case.judged.metric
    unit = unit_of(metric, case.rows)
    found = permutation_importance(
        case.rows, case.judged.predict, metric=metric, seed=case.seed, groups=case.rows.groups
    )
    alike = alike_columns(case.rows, [result.column for result in found.results])
    table = pd.DataFrame(
        {
            "column": [result.column for result in found.results],
            "label": [result.label for result in found.results],
            "worse_by": [result.worse_by.value for result in found.results],
            "low": [result.worse_by.low for result in found.results],
            "high": [result.worse_by.high for result in found.results],
            "interval": [between(result.worse_by) for result in found.results],
            "alike": [_named(case, alike.get(result.column, [])) for result in found.results],
        }
    ).astype({"worse_by": float, "low": float, "high": float})
    shown = {"label": "column", "worse_by": f"{metric.label} worse by", "interval": "95 % interval",
             "alike": "ranks rows like"}  # fmt: skip
    picture = Picture(
        lambda: draw_importance(table, metric=with_unit_of(metric, case.rows)),
        alt=f"Permutation importance, worse by in {metric.label}: "
        + first_of([f"{shortened(r.label, limit=40)} {ranged(r.worse_by)}" for r in found.results], 8) + ".",
        caption=f"{_drawn(len(table))}; the lines are 95 % intervals.",
    )  # fmt: skip
    sampled = (
        f"Computed on a random sample of {found.rows:,} of {count(found.of, 'row')}."
        if found.rows < found.of
        else ""
    )
    said = sentences(_leans_on(found.results), _shared(len(alike)), sampled)
    in_unit = f" (in {unit})" if unit else ""
    caption = f"How much worse {metric.label} gets when a column is shuffled among the holdout rows{in_unit}."
    return Step(list(found.results), said, table, caption, shown, pictures=(picture,))


def _drawn(columns: int) -> str:
    if columns > MOST_BARS:
        return f"The {MOST_BARS} most important of {columns:,} columns"
    return f"All {columns:,} columns" if columns > 1 else "The only column"


def _named(case: Case, others: list[tuple[str, float]]) -> str:
    names = [
        f"{shortened(case.rows.columns[name].label, limit=40)} ({number(rho, digits=2)})"
        for name, rho in others
    ]
    return first_of(names, MOST_ALIKE)


def _leans_on(results: tuple[ImportanceResult, ...]) -> str:
    clear = [result for result in results if result.worse_by.low is not None and result.worse_by.low > 0]
    columns = count(len(results), "column")
    if not clear:
        return f"For none of {columns} does the 95 % interval (each on its own) lie above 0."
    names = listed([f"“{shortened(result.label, limit=60)}”" for result in clear[:NAMED]])
    most = "most of all " if len(clear) > NAMED else ""
    return f"For {len(clear)} of {columns} the 95 % interval (each on its own) lies above 0: {most}{names}."


def _shared(alike: int) -> str:
    if not alike:
        return ""
    return (
        f"{count(alike, 'column')} {'ranks' if alike == 1 else 'rank'} the rows almost like another one. "
        "Shuffling one of a pair makes rows that do not occur. Its importance may be too small, because the "
        "model reads the other one, or too large, because a linear model weighs the two against each other. "
        "Read such a pair as one."
    )


@on_holdout
def slices_step(case: Case) -> Step[Slices]:
    """Return the groups of rows on which the model is worse than on the rest, confirmed or not."""
    measure: Measure = "mean absolute error" if case.task is Task.REGRESSION else "error rate"
    mine = _errors(case, case.answers)
    found = weak_slices(
        case.rows,
        mine,
        measure=measure,
        seed=case.seed,
        groups=case.rows.groups,
        baseline=_errors(case, case.baseline_answers),
    )
    if not found.results:
        return Step(found, (_nothing(found, mine.sum()),), found.table if len(found.table) else None)
    share = measure == "error rate"
    readable = pd.DataFrame(
        {
            "rows with": found.table["description"],
            "rows": found.table["rows"],
            "rows confirming": found.table["rows_confirming"],
            measure: [ranged(result.inside, share=share) for result in found.results],
            "elsewhere": [ranged(result.outside, share=share) for result in found.results],
            "p, corrected": found.table["p_corrected"],
            "confirmed": np.where(found.table["confirmed"], "yes", "no"),
        }
    )
    unit = "" if share else case.rows.target.unit
    measures = f"{measure}s (in {unit})" if unit else f"{measure}s"
    caption = f"The weakest groups of rows; {measures} and p-values are those of the confirming half."
    said = sentences(_found(found, share, unit), _tried(found), _accepted(case))
    return Step(found, said, readable, caption)


def _errors(case: Case, answers: Any) -> Floats:
    """Return each row's error: its size for a regression, else 1 where the answer is wrong."""
    if case.task is Task.REGRESSION:
        return np.asarray(np.abs(np.asarray(answers, dtype=float) - case.rows.y.to_numpy(dtype=float)))
    return np.asarray(case.rows.y.to_numpy(dtype=object) != answers, dtype=float)


def _accepted(case: Case) -> str:
    """Say that a threshold other than 0.5 accepts mistakes of the cheaper kind."""
    threshold = case.judged.threshold
    if threshold is None or threshold.value == EVEN:
        return ""
    return (
        f"Mistakes are counted at the threshold {number(threshold.value)}, which accepts more of the cheaper "
        "kind for fewer of the dearer."
    )


def _nothing(found: Slices, errors: float) -> str:
    if min(found.finding, found.confirming) < LEAST_HALF:
        return f"Too few rows ({found.rows:,}) to look for weak groups: each half needs {LEAST_HALF}."
    if errors == 0:
        return "The model made no mistake, so there is no group in which mistakes gather."
    if not found.examined:
        return "No group has rows enough on both halves, or the errors do not differ; none was looked at."
    return f"None of {count(found.looked_at, 'group')} of rows stood out on the finding half."


def _found(found: Slices, share: bool, unit: str) -> str:
    confirmed = [result for result in found.results if result.confirmed]
    if not confirmed:
        first = found.results[0]
        return (
            f"No weak group is confirmed. The weakest is rows with {first.description}: "
            f"{ranged(first.inside, share=share, unit=unit)} against "
            f"{ranged(first.outside, share=share, unit=unit)} elsewhere. "
            "That may be chance."
        )
    said = [
        f"{r.description}: {ranged(r.inside, share=share, unit=unit)} against "
        f"{ranged(r.outside, share=share, unit=unit)}"
        for r in confirmed
    ]
    return f"The model is weaker on rows with {first_of(said, 3)} elsewhere."


def _tried(found: Slices) -> str:
    sample = (
        f"a random sample of {count(found.rows, 'row')}" if found.rows >= 50_000 else count(found.rows, "row")
    )
    return (
        f"Of {sample}, {found.finding:,} served to find: {count(found.looked_at, 'group')} looked at, "
        f"{len(found.results)} put to the other {found.confirming:,}, p-values corrected for that (Holm). "
        f"Chance alone would confirm one in at most {percent(0.05)} of such searches."
    )
