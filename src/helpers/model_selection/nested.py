"""What picking the best of several is worth: each fold is scored by the one that is best on all other folds.

The best of many on some folds is also the luckiest there. A fold that had no part in the picking owes it
nothing (the principle of nested cross-validation; Varma and Simon, Bias in error estimation when using
cross-validation for model selection, BMC Bioinformatics 7, 2006).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from helpers.metrics import Metric
from helpers.model_selection.cross_validation import CandidateResult, in_order_of_rows, notes_of
from helpers.tables.folds import Folds
from helpers.tables.table import Table


def nested(
    table: Table, results: Sequence[CandidateResult], folds: Folds, *, metric: Metric
) -> CandidateResult:
    """Return the best of the results with the scores of having picked it.

    Parameters
    ----------
    table : Table
        The development rows.
    results : sequence of CandidateResult
        At least one, each with a score on all the folds.
    folds : Folds
        The same for all.
    metric : Metric
        What is picked by; the folds' `validation` holds it.

    Returns
    -------
    CandidateResult
        Candidate, settings and rounds are those of the best on all folds; the scores and answers of each fold
        are those of the best on the others. With one result, or one fold, it is that result.
    """
    sign = 1.0 if metric.higher_is_better else -1.0
    scores = sign * np.array([found.validation for found in results])
    best = results[_best(scores)]
    if len(results) == 1 or len(folds) == 1:
        return best
    picks = [results[_best(np.delete(scores, fold, axis=1))] for fold in range(len(folds))]
    if all(pick is best for pick in picks):
        return best
    parts = []
    for pick, (_, validation) in zip(picks, folds, strict=True):
        if pick.out_of_fold is not None:
            own = pick.out_of_fold["row"].isin(table.frame.index[validation])
            parts.append(pick.out_of_fold[own])
    scored = tuple(pick.folds[fold] for fold, pick in enumerate(picks))
    return replace(
        best,
        folds=scored,
        out_of_fold=in_order_of_rows(table, *parts) if parts else None,
        by_fold=tuple(pick.by_fold[fold] for fold, pick in enumerate(picks) if pick.by_fold),
        notes=notes_of(scored, folds, metric),
        rounds_to_take=best.rounds,
    )


def _best(scores: np.ndarray) -> int:
    """Return the place of the best mean, of equals the first; a score that no fold defines is the worst."""
    known = np.ma.masked_invalid(scores)
    return int(np.ma.filled(known.mean(axis=1), -np.inf).argmax())
