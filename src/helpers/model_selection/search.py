"""A small random search over the settings of the best two families, on the same folds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.metrics import Metric
from helpers.model_selection.comparison import compare
from helpers.model_selection.cross_validation import STOPPED, CandidateResult, Deadline, Evaluate, evaluate
from helpers.model_selection.space import draw
from helpers.tables.folds import Folds
from helpers.tables.table import Table

FAMILIES = 2


@dataclass(frozen=True)
class SearchResult:
    """What a search tried.

    Attributes
    ----------
    trials : tuple of CandidateResult
        Every trial that was begun, in order, failed ones included.
    best : tuple of CandidateResult
        The best trial of each candidate searched, the ones that compete for the choice.
    asked : int
        How many trials the budget asked for.
    """

    trials: tuple[CandidateResult, ...] = ()
    best: tuple[CandidateResult, ...] = ()
    asked: int = 0

    @property
    def stopped(self) -> bool:
        """Whether the seconds ended it before the trials did."""
        return any(found.failed == STOPPED for found in self.trials)


def why_no_trials(searched: SearchResult) -> str:
    """Return why nothing was tried, or an empty text where something was."""
    if searched.trials:
        return ""
    if searched.asked == 0:
        return "No trials were asked for: each candidate keeps its own settings."
    return "Nothing could be searched: no candidate with a score has settings to vary."


def search(
    table: Table,
    results: Sequence[CandidateResult],
    folds: Folds,
    *,
    metric: Metric,
    seed: int,
    trials: int,
    deadline: Deadline,
    evaluate: Evaluate = evaluate,
) -> SearchResult:
    """Try `trials` random configurations, in turns over the best candidate of each of the best two families.

    Parameters
    ----------
    table : Table
        The development rows.
    results : sequence of CandidateResult
        The candidates with their own settings, the baseline among them.
    folds : Folds
        The same as for `results`.
    metric : Metric
        What to score with.
    seed : int
        The configurations and the estimators follow from it.
    trials : int
        Configurations to try; 0 tries none.
    deadline : Deadline
        Looked at between fits.
    evaluate : callable
        What gives one result; a `TrialStore` gives those from disk that were done before. The configurations
        are drawn the same whatever it has.
    """
    searched = _to_search(results, metric)
    rng = np.random.default_rng(seed)
    tried: list[CandidateResult] = []
    for number in range(trials if searched else 0):
        candidate = searched[number % len(searched)].candidate
        settings = draw(candidate.space, rng)
        found = evaluate(
            table, candidate, folds, metric=metric, seed=seed, deadline=deadline, settings=settings
        )
        tried.append(found)
        if found.failed == STOPPED:
            break
    return SearchResult(tuple(tried), _best_of_each(tried, metric), trials)


def _to_search(results: Sequence[CandidateResult], metric: Metric) -> list[CandidateResult]:
    ranked = _ranked([found for found in results if not found.failed and found.candidate.space], metric)
    families: dict[str, CandidateResult] = {}
    for found in ranked:
        families.setdefault(found.candidate.family, found)
    return list(families.values())[:FAMILIES]


def _best_of_each(tried: Sequence[CandidateResult], metric: Metric) -> tuple[CandidateResult, ...]:
    best: dict[str, CandidateResult] = {}
    for found in _ranked([found for found in tried if not found.failed], metric):
        best.setdefault(found.candidate.name, found)
    return tuple(best.values())


def _ranked(results: Sequence[CandidateResult], metric: Metric) -> list[CandidateResult]:
    """Return the results with the best mean score first; equals keep their order."""
    if not results:
        return []
    return sorted(results, key=lambda found: -compare(found, results[0], metric=metric).mean)
