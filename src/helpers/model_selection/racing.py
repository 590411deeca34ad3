"""Trials through the folds in stages: one that cannot win any more is stopped, and says after how many folds.

Which ones go on is decided at folds that follow from the scores alone, against a result that was whole before
the first of them was fitted, by the same corrected test of paired differences that compares whole results. So
it does not depend on how many are fitted at a time, nor in which order.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from helpers.metrics import Metric
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.comparison import Difference, difference, distance, validation_share
from helpers.model_selection.cross_validation import CandidateResult, Settings, in_order_of_rows, notes_of
from helpers.tables.folds import Folds
from helpers.tables.table import Table

# After so many folds the trials are looked at; one that runs alone not before it has done so many more, or
# a second core would have nothing to do.
LOOKS = (2, 3, 5, 10, 20)
ALONE = 2
# A trial goes on while the probability that it is better than the best is at least this.
STILL_POSSIBLE = 0.05
EARLY = "stopped early after"
Entry = tuple[Candidate, Settings]
Run = Callable[[Sequence[Entry], Folds], list[CandidateResult]]
Margin = Callable[[Candidate], float]


def no_margin(_candidate: Candidate) -> float:
    """Let no candidate go on that is credibly worse."""
    return 0.0


def stopped_early(found: CandidateResult) -> bool:
    """Tell whether the trial was stopped because it could not win any more; it keeps its folds' scores."""
    return found.failed.startswith(EARLY)


def raced(
    table: Table,
    entries: Sequence[Entry],
    folds: Folds,
    *,
    reference: CandidateResult | None,
    metric: Metric,
    run: Run,
    margin: Margin = no_margin,
    hopeless: float | None = None,
) -> list[CandidateResult]:
    """Return a result for each entry, in order: whole, failed, or stopped early.

    Parameters
    ----------
    table : Table
        The development rows.
    entries : sequence of (Candidate, settings)
        The trials.
    folds : Folds
        All of them.
    reference : CandidateResult or None
        The best so far, on the same folds; without one nothing is stopped.
    metric : Metric
        What is scored.
    run : callable
        Gives the results of entries on some of the folds.
    margin : callable
        Gives a share for a candidate: a trial of it that loses at most so much more than the reference goes
        on, however sure that is.
    hopeless : float, optional
        One that loses more than this share more on the first fold is stopped there; for folds of many rows.
    """
    ends = _ends(folds, reference, looks=LOOKS if hopeless is None else (1, *LOOKS))
    results: dict[int, CandidateResult] = {}
    running = list(range(len(entries)))
    start = 0
    for end in ends:
        if len(running) == 1 and end - start < ALONE and end < len(folds):
            continue
        part, upto = (replace(folds, parts=folds.parts[first:end]) for first in (start, 0))
        start = end
        found = run([entries[place] for place in running], part)
        for place, result in zip(running, found, strict=True):
            results[place] = _joined(table, results.get(place), result, upto, metric)
            if reference is not None and end < len(folds):
                results[place] = (
                    _hopeless(results[place], reference, len(folds), metric, hopeless)
                    if end == 1 and hopeless is not None
                    else _judged(results[place], reference, len(folds), metric, margin(entries[place][0]))
                )
        running = [place for place in running if not results[place].failed]
        if not running:
            break
    return [results[place] for place in range(len(entries))]


def against(found: CandidateResult, reference: CandidateResult, *, metric: Metric) -> Difference:
    """Return `found` minus `reference`, more is better, on the folds that `found` has got to."""
    sign = 1.0 if metric.higher_is_better else -1.0
    values = sign * (found.validation - reference.validation[: len(found.folds)])
    return difference(values[np.isfinite(values)], share=validation_share(found.folds))


def _ends(folds: Folds, reference: CandidateResult | None, *, looks: Sequence[int]) -> list[int]:
    """Return after which folds the trials are looked at, the last included.

    In each stage some fold must define the metric, or a trial would fail for the folds' sake.
    """
    ends: list[int] = []
    if reference is not None:
        defined = np.isfinite(reference.validation)
        for look in looks:
            start = ends[-1] if ends else 0
            if look < len(folds) and defined[start:look].any() and defined[look:].any():
                ends.append(look)
    return [*ends, len(folds)]


def _judged(
    found: CandidateResult, reference: CandidateResult, folds: int, metric: Metric, margin: float
) -> CandidateResult:
    if found.failed:
        return found
    gap = against(found, reference, metric=metric)
    best = float(np.nanmean(reference.validation[: len(found.folds)]))
    if not gap.better < STILL_POSSIBLE or -gap.mean <= margin * distance(best, metric=metric):
        return found
    reason = f"{EARLY} {len(found.folds)} of {folds} folds: credibly worse than the best before it"
    return replace(found, failed=reason, out_of_fold=None, by_fold=())


def _hopeless(
    found: CandidateResult, reference: CandidateResult, folds: int, metric: Metric, share: float
) -> CandidateResult:
    """Return the result, stopped where it loses more than the share above the reference on its first fold."""
    if found.failed:
        return found
    best, own = float(reference.validation[0]), float(found.validation[0])
    lost = (best - own) * (1.0 if metric.higher_is_better else -1.0)
    if not lost > share * distance(best, metric=metric):
        return found
    reason = f"{EARLY} 1 of {folds} folds: much worse than the best before it"
    return replace(found, failed=reason, out_of_fold=None, by_fold=())


def _joined(
    table: Table, before: CandidateResult | None, after: CandidateResult, folds: Folds, metric: Metric
) -> CandidateResult:
    """Return the result over the folds of both stages; `folds` are those up to the end of the second."""
    if before is None:
        return after
    scores = (*before.folds, *after.folds)
    if after.failed or before.out_of_fold is None or after.out_of_fold is None:
        return replace(after, folds=scores, out_of_fold=None, by_fold=())
    return replace(
        after,
        folds=scores,
        out_of_fold=in_order_of_rows(table, before.out_of_fold, after.out_of_fold),
        notes=notes_of(scores, folds, metric),
        by_fold=(*before.by_fold, *after.by_fold),
    )
