"""The candidates whose settings are searched: which they are, whose turn it is, and who gets no more trials.

All of them are asked for a batch before the first of it is known, and told its scores after.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.metrics import Metric
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.comparison import best_of, compare, ranked
from helpers.model_selection.cross_validation import CandidateResult
from helpers.model_selection.racing import STILL_POSSIBLE, Entry, against, stopped_early
from helpers.model_selection.space import varied
from helpers.tables.table import Table

if TYPE_CHECKING:
    from helpers.model_selection.suggestions import Asked, Suggestions

FAMILIES = 2
# After so many trials a candidate that is credibly worse than the best gets no more of them.
SHARED = 3


@dataclass(frozen=True)
class Searched:
    """A candidate whose settings are searched, and what suggests them."""

    candidate: Candidate
    suggestions: "Suggestions"


def to_search(
    table: Table,
    known: Sequence[CandidateResult],
    *,
    trials: int,
    metric: Metric,
    seed: int,
    sampler: str,
) -> list[Searched]:
    """Return the best candidate of each of the best families, with what suggests its settings.

    Parameters
    ----------
    table : Table
        The development rows.
    known : sequence of CandidateResult
        The candidates with their own settings, and the trials so far: suggestions begin from what they say.
    trials : int
        The trials left, shared by how many settings each has to vary; 0 searches nothing.
    metric : Metric
        What the results are compared by.
    seed : int
        The suggestions follow from it.
    sampler : str
        ``tpe`` or ``genetic``, as `Suggestions` says.
    """
    if trials == 0:
        return []
    from helpers.model_selection.suggestions import Suggestions  # it brings optuna

    chosen = []
    for best in _best_of_families(known, table, metric):
        own = best.candidate.build(table.task, table, seed).get_params()
        chosen.append((best, own, best.candidate.space_for(table.task, {**own, **best.settings})))
    in_all = sum(varied(space) for _, _, space in chosen)
    searches = []
    for best, own, space in chosen:
        name = best.candidate.name
        scored = [
            ({key: found.settings.get(key, own.get(key)) for key in space}, found.mean)
            for found in known
            # What differs in something else than the search varies says nothing about what it varies.
            if found.candidate.name == name and not found.failed and set(found.settings) <= set(space)
        ]
        share = trials * varied(space) // in_all
        suggestions = Suggestions(
            space, scored, name=name, trials=share, metric=metric, sampler=sampler, seed=seed
        )
        searches.append(Searched(best.candidate, suggestions))
    return searches


def batch(
    searches: Sequence[Searched],
    wanted: int,
    reference: CandidateResult | None,
    metric: Metric,
    race: Callable[[Sequence[Entry]], list[CandidateResult]],
) -> list[Searched]:
    """Ask for a batch in turns, try it and tell the scores; return the searches that have more to ask."""
    left = list(searches)
    asked: list[tuple[Searched, Asked]] = []
    while left and len(asked) < wanted:
        turn = min(left, key=lambda each: each.suggestions.due)
        found = turn.suggestions.ask()
        if found is None:
            left.remove(turn)
        else:
            asked.append((turn, found))
    results = race([(turn.candidate, found.settings) for turn, found in asked]) if asked else []
    for (turn, found), result in zip(asked, results, strict=True):
        turn.suggestions.tell(found, _told(result, reference, metric))
    return [turn for turn in searches if turn in left]


def _told(found: CandidateResult, reference: CandidateResult | None, metric: Metric) -> float | None:
    """Return the score for the search: of a trial stopped early what its folds say beside the best's."""
    if not found.failed:
        return found.mean
    if reference is None or not stopped_early(found):
        return None
    sign = 1.0 if metric.higher_is_better else -1.0
    return reference.mean + sign * against(found, reference, metric=metric).mean


def still_possible(
    searches: Sequence[Searched],
    known: Sequence[CandidateResult],
    tried: Sequence[CandidateResult],
    metric: Metric,
) -> list[Searched]:
    """Return the searches without those whose best is credibly worse than the best of all."""
    best = best_of(known, metric)

    def hopeless(turn: Searched) -> bool:
        if sum(found.candidate.name == turn.candidate.name for found in tried) < SHARED:
            return False
        own = best_of([found for found in known if found.candidate.name == turn.candidate.name], metric)
        if own is None or best is None or own is best:
            return False
        return compare(own, best, metric=metric).better < STILL_POSSIBLE

    kept = [turn for turn in searches if not hopeless(turn)]
    return kept or list(searches)


def _best_of_families(
    results: Sequence[CandidateResult], table: Table, metric: Metric
) -> list[CandidateResult]:
    """Return the best result of each of the best families."""
    able = [found for found in results if not found.failed and found.candidate.space_for(table.task)]
    families: dict[str, CandidateResult] = {}
    for found in ranked(able, metric):
        families.setdefault(found.candidate.family, found)
    return list(families.values())[:FAMILIES]
