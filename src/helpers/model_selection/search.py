"""A search over settings on the same folds: good configurations first, then those of the best families.

Trials are made in batches of a fixed size, whatever the machine, so that with the same seed they are the same
on any number of cores. What an earlier run had finished is read by `evaluate` and takes no time.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.metrics import Metric
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.comparison import compare
from helpers.model_selection.cross_validation import STOPPED, CandidateResult, Deadline, Evaluate, evaluate
from helpers.model_selection.nested import nested
from helpers.model_selection.proper import proper_metric, turned
from helpers.model_selection.racing import STILL_POSSIBLE, Entry, against, raced, stopped_early
from helpers.model_selection.space import varied
from helpers.tables.folds import Folds
from helpers.tables.table import Table

if TYPE_CHECKING:
    from helpers.model_selection.suggestions import Asked, Suggestions

FAMILIES = 2
# So many trials are asked for before the first of them is known; never "as many as there are cores".
BATCH = 4
# Up to so many rows, and rows times classes, a fit is quick. Past them it takes seconds: of the
# configurations given so few are tried at once that the first are done before the seconds end, and not all of
# them begun.
QUICK_ROWS, QUICK_ANSWERS, FEW_AT_ONCE = 5_000, 20_000, 2
# A configuration given of another family than the best has all its folds while it loses no more than this
# share, a smaller one where fits take long: networks 17 % and 3 % behind made ensembles that lose 0.8 % and
# 2 % less.
ELSEWHERE, ELSEWHERE_OF_MANY = 0.2, 0.05
# Of the trials at most this share goes to the configurations given; the rest adapts to the table.
GIVEN = 0.5
# After so many trials a candidate that is credibly worse than the best gets no more of them.
SHARED = 3
EvaluateAll = Callable[..., list[CandidateResult]]


@dataclass(frozen=True)
class SearchResult:
    """What a search tried.

    Attributes
    ----------
    trials : tuple of CandidateResult
        Every trial that was begun, in order, failed ones included. One that was stopped early has the reason
        in `failed` and the scores of the folds that it had got to.
    best : tuple of CandidateResult
        The best trial of each candidate searched, the ones that compete for the choice; scored as `nested`
        does, so that the best of many trials has no advantage over a model that was tried once.
    asked : int
        How many trials the budget asked for.
    used_up : bool
        Whether it ended because every configuration had been tried.
    """

    trials: tuple[CandidateResult, ...] = ()
    best: tuple[CandidateResult, ...] = ()
    asked: int = 0
    used_up: bool = False

    @property
    def stopped(self) -> bool:
        """Whether the seconds ended it before the trials did."""
        return any(found.failed == STOPPED for found in self.trials)

    @property
    def broken(self) -> tuple[CandidateResult, ...]:
        """The trials that have no score for another reason than that they were stopped early."""
        return tuple(found for found in self.trials if found.failed and not stopped_early(found))


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
    sampler: str = "tpe",
    starts: Sequence[Entry] = (),
    evaluate: Evaluate = evaluate,
    evaluate_all: EvaluateAll | None = None,
) -> SearchResult:
    """Try `trials` configurations: those given first, then settings of the best of the best two families.

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
    sampler : str
        ``tpe`` or ``genetic``, as `Suggestions` says.
    starts : sequence of (Candidate, settings)
        Good configurations to begin with; they count as trials, and have at most half of them where there is
        something to search.
    evaluate : callable
        What gives one result; a `TrialStore` gives those from disk that were done before. The configurations
        are the same whatever it has.
    evaluate_all : callable, optional
        What gives the results of several (candidate, settings) at once, fits side by side; without it they
        are evaluated one after the other.

    Notes
    -----
    A metric of ranking or of labels does not see whether probabilities are true: then trials are compared by
    the log loss (`proper`), and keep their scores by the metric. A trial that is credibly worse than the best
    so far is stopped between folds (`racing`), but for what `ELSEWHERE` lets go on. A candidate has trials in
    proportion to how many settings it has to vary: a penalty alone is found in few. One that is credibly
    worse after three of its own gets none any more.
    """
    if trials == 0:
        return SearchResult()
    options = {"metric": metric, "seed": seed, "deadline": deadline}

    by = proper_metric(metric)

    def run(entries: Sequence[Entry], part: Folds) -> list[CandidateResult]:
        if evaluate_all is not None:
            return [turned(each) for each in evaluate_all(table, list(entries), part, **options)]
        found = [evaluate(table, each, part, settings=settings, **options) for each, settings in entries]
        return [turned(each) for each in found]

    known, tried = [turned(each) for each in results], list[CandidateResult]()

    def race(
        entries: Sequence[Entry], margin: Callable[[Candidate], float] = lambda _candidate: 0.0
    ) -> list[CandidateResult]:
        best = _best(known, by)
        found = raced(table, entries, folds, reference=best, metric=by, run=run, margin=margin)
        known.extend(found)
        tried.extend(_one_stopped(found))
        return found

    def elsewhere(candidate: Candidate) -> float:
        best = _best(known, by)
        if best is None or best.candidate.family == candidate.family:
            return 0.0
        return ELSEWHERE if quick(table) else ELSEWHERE_OF_MANY

    def race_all(entries: Sequence[Entry]) -> None:
        at_once = BATCH if quick(table) else FEW_AT_ONCE
        for place in range(0, len(entries), at_once):
            if not _stopped(tried):
                race(entries[place : place + at_once], elsewhere)

    given = math.ceil(trials * GIVEN)
    race_all(starts[:given])
    left = 0 if _stopped(tried) else trials - len(tried)
    searches = _searches(table, known, left, metric=by, seed=seed, sampler=sampler)
    anything = bool(searches)
    while searches and len(tried) < trials and not _stopped(tried):
        searches = _still_possible(searches, known, tried, by)
        searches = _batch(searches, min(BATCH, trials - len(tried)), _best(known, by), by, race)
    # Where there is nothing more to ask for, those given have the trials that are left.
    race_all(starts[given:][: trials - len(tried)])
    used_up = anything and not searches and len(tried) < trials
    best = tuple(turned(nested(table, each, folds, metric=by)) for each in _of_each(tried, by))
    return SearchResult(tuple(turned(each) for each in tried), best, trials, used_up)


@dataclass(frozen=True)
class _Search:
    """A candidate whose settings are searched, and what suggests them."""

    candidate: Candidate
    suggestions: "Suggestions"


def _searches(
    table: Table,
    known: Sequence[CandidateResult],
    trials: int,
    *,
    metric: Metric,
    seed: int,
    sampler: str,
) -> list[_Search]:
    """Return the searches over the best candidate of each of the best families."""
    if trials == 0:
        return []
    from helpers.model_selection.suggestions import Suggestions  # it brings optuna

    chosen = []
    for best in _to_search(known, table, metric):
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
        searches.append(_Search(best.candidate, suggestions))
    return searches


def _batch(
    searches: Sequence[_Search],
    wanted: int,
    reference: CandidateResult | None,
    metric: Metric,
    race: Callable[[Sequence[Entry]], list[CandidateResult]],
) -> list[_Search]:
    """Ask for a batch in turns, try it and tell the scores; return the searches that have more to ask."""
    left = list(searches)
    asked: list[tuple[_Search, Asked]] = []
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


def _still_possible(
    searches: Sequence[_Search],
    known: Sequence[CandidateResult],
    tried: Sequence[CandidateResult],
    metric: Metric,
) -> list[_Search]:
    """Return the searches without those whose best is credibly worse than the best of all."""
    best = _best(known, metric)

    def hopeless(turn: _Search) -> bool:
        if sum(found.candidate.name == turn.candidate.name for found in tried) < SHARED:
            return False
        own = _best([found for found in known if found.candidate.name == turn.candidate.name], metric)
        if own is None or best is None or own is best:
            return False
        return compare(own, best, metric=metric).better < STILL_POSSIBLE

    kept = [turn for turn in searches if not hopeless(turn)]
    return kept or list(searches)


def _to_search(results: Sequence[CandidateResult], table: Table, metric: Metric) -> list[CandidateResult]:
    """Return the best result of each of the best families."""
    able = [found for found in results if not found.failed and found.candidate.space_for(table.task)]
    families: dict[str, CandidateResult] = {}
    for found in ranked(able, metric):
        families.setdefault(found.candidate.family, found)
    return list(families.values())[:FAMILIES]


def _best(results: Sequence[CandidateResult], metric: Metric) -> CandidateResult | None:
    return next(iter(ranked([found for found in results if not found.failed], metric)), None)


def _of_each(tried: Sequence[CandidateResult], metric: Metric) -> list[list[CandidateResult]]:
    """Return the whole trials of each candidate, the candidate with the best of them first."""
    found: dict[str, list[CandidateResult]] = {}
    for each in ranked([each for each in tried if not each.failed and each.settings], metric):
        found.setdefault(each.candidate.name, []).append(each)
    return list(found.values())


def quick(table: Table) -> bool:
    """Tell whether fits on the table take less than seconds; boosting grows a tree a class and round."""
    return len(table) <= QUICK_ROWS and len(table) * len(table.classes) <= QUICK_ANSWERS


def ranked(results: Sequence[CandidateResult], metric: Metric) -> list[CandidateResult]:
    """Return the results with the best mean score first; equals keep their order."""
    if not results:
        return []
    return sorted(results, key=lambda found: -compare(found, results[0], metric=metric).mean)


def _stopped(tried: Sequence[CandidateResult]) -> bool:
    return any(found.failed == STOPPED for found in tried)


def _one_stopped(found: Sequence[CandidateResult]) -> list[CandidateResult]:
    """Return the results with the first of those that the seconds stopped; the others were not begun."""
    stopped = [each for each in found if each.failed == STOPPED]
    return [each for each in found if each.failed != STOPPED] + stopped[:1]
