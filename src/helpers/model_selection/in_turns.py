"""The candidates with their own settings: where fits take long, what cannot win is dropped between folds.

What is quick, and what wins most often, is fitted on all folds first. On a small table so is everything else;
on a large one, or one of many classes, the others follow in their turns, each held against the best so far.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from helpers.metrics import Metric
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.comparison import best_of
from helpers.model_selection.cross_validation import NO_SETTINGS, CandidateResult, Deadline
from helpers.model_selection.proper import proper_metric, turned
from helpers.model_selection.racing import Entry, raced
from helpers.model_selection.search import quick
from helpers.tables.folds import Folds
from helpers.tables.table import Table

# These turns are never dropped.
FIRST_TURNS = 2
# What loses no more than this share above the best so far goes on, however sure it is that it loses more:
# together with others it may still help.
MARGIN = 0.1
# Forests take long, and one that loses more than this share helps little: on eight tables of 4,800 to 21,000
# rows the mix lost 0.1 % more without it at most, on seven of them 0.03 %.
FOREST_MARGIN = 0.05
# What loses this much on one fold, which here has hundreds of rows or more, is dropped after it.
HOPELESS = 0.15


def evaluate_in_turns(
    table: Table,
    candidates: Sequence[Candidate],
    folds: Folds,
    *,
    metric: Metric,
    seed: int,
    deadline: Deadline,
    evaluate_all: Callable[..., list[CandidateResult]],
) -> list[CandidateResult]:
    """Return the result of each candidate, in their order.

    Parameters
    ----------
    table : Table
        The development rows.
    candidates : sequence of Candidate
        With their own settings; the baseline among them.
    folds : Folds
        What they are judged on.
    metric : Metric
        What to score with; candidates are dropped by its `proper_metric`.
    seed, deadline, evaluate_all
        What gives the results of several (candidate, settings) at once.

    Notes
    -----
    A dropped candidate has the reason in `failed`, as a trial that `racing.raced` stopped. Which are dropped
    depends on scores and on the numbers of rows and classes alone, so that it is the same on any machine.
    """
    options: dict[str, Any] = {"metric": metric, "seed": seed, "deadline": deadline}
    by = proper_metric(metric)

    def run(entries: Sequence[Entry], part: Folds) -> list[CandidateResult]:
        return [turned(found) for found in evaluate_all(table, list(entries), part, **options)]

    def turn_of(candidate: Candidate) -> int:
        # Where fits are quick every candidate has all its folds, and the leaderboard is whole.
        return FIRST_TURNS if quick(table) else max(FIRST_TURNS, candidate.turn)

    results: dict[str, CandidateResult] = {}
    for turn, group in groupby(sorted(candidates, key=turn_of), key=turn_of):
        entries: list[Entry] = [(candidate, NO_SETTINGS) for candidate in group]
        best = best_of(list(results.values()), by)
        reference = None if turn == FIRST_TURNS else best
        how: dict[str, Any] = {"metric": by, "run": run, "margin": _margin, "hopeless": HOPELESS}
        for found in raced(table, entries, folds, reference=reference, **how):
            results[found.candidate.name] = turned(found)
    return [results[candidate.name] for candidate in candidates]


def _margin(candidate: Candidate) -> float:
    return FOREST_MARGIN if candidate.family == "bagging" else MARGIN
