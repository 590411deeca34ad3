"""A search over settings on the same folds: good configurations first, then those of the best families.

Trials are made in batches of a fixed size, whatever the machine, so that with the same seed they are the same
on any number of cores. What an earlier run had finished is read by `evaluate` and takes no time.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from helpers.metrics import Metric
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.comparison import best_of, ranked
from helpers.model_selection.cross_validation import STOPPED, CandidateResult, Deadline, Evaluate, evaluate
from helpers.model_selection.nested import nested
from helpers.model_selection.proper import proper_metric, turned
from helpers.model_selection.racing import Entry, Margin, Run, no_margin, raced, stopped_early
from helpers.model_selection.searched import batch, still_possible, to_search
from helpers.tables.folds import Folds
from helpers.tables.table import Table

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

    def run(entries: Sequence[Entry], part: Folds) -> list[CandidateResult]:
        if evaluate_all is not None:
            return [turned(each) for each in evaluate_all(table, list(entries), part, **options)]
        found = [evaluate(table, each, part, settings=settings, **options) for each, settings in entries]
        return [turned(each) for each in found]

    by, given = proper_metric(metric), math.ceil(trials * GIVEN)
    races = _Races(table, folds, by, run, trials, known=[turned(each) for each in results])
    races.given(starts[:given])
    searches = to_search(table, races.known, trials=races.left, metric=by, seed=seed, sampler=sampler)
    anything = bool(searches)
    while searches and races.left:
        searches = still_possible(searches, races.known, races.tried, by)
        searches = batch(searches, min(BATCH, races.left), races.best, by, races.race)
    # Where there is nothing more to ask for, those given have the trials that are left.
    races.given(starts[given:][: races.left])
    used_up = anything and not searches and len(races.tried) < trials
    best = tuple(turned(nested(table, each, folds, metric=by)) for each in _of_each(races.tried, by))
    return SearchResult(tuple(turned(each) for each in races.tried), best, trials, used_up)


@dataclass
class _Races:
    """Trials raced against the best before them, and what is known after each race.

    Attributes
    ----------
    table : Table
        The development rows.
    folds : Folds
        All of them.
    metric : Metric
        What the trials are compared by.
    run : callable
        Gives the results of entries on some of the folds.
    trials : int
        How many may be begun.
    known : list of CandidateResult
        The candidates with their own settings, and every trial.
    tried : list of CandidateResult
        Every trial, in order.
    """

    table: Table
    folds: Folds
    metric: Metric
    run: Run
    trials: int
    known: list[CandidateResult]
    tried: list[CandidateResult] = field(default_factory=list)

    @property
    def best(self) -> CandidateResult | None:
        """The best result so far."""
        return best_of(self.known, self.metric)

    @property
    def left(self) -> int:
        """How many trials may still be begun; none after the seconds ended."""
        return 0 if any(found.failed == STOPPED for found in self.tried) else self.trials - len(self.tried)

    def race(self, entries: Sequence[Entry], *, margin: Margin = no_margin) -> list[CandidateResult]:
        """Return the results of trials that run side by side."""
        found = raced(
            self.table,
            entries,
            self.folds,
            reference=self.best,
            metric=self.metric,
            run=self.run,
            margin=margin,
        )
        self.known.extend(found)
        self.tried.extend(_one_stopped(found))
        return found

    def given(self, entries: Sequence[Entry]) -> None:
        """Race configurations given, so many at once as the seconds allow."""
        at_once = BATCH if quick(self.table) else FEW_AT_ONCE
        for place in range(0, len(entries), at_once):
            if self.left:
                self.race(entries[place : place + at_once], margin=self._elsewhere)

    def _elsewhere(self, candidate: Candidate) -> float:
        best = self.best
        if best is None or best.candidate.family == candidate.family:
            return 0.0
        return ELSEWHERE if quick(self.table) else ELSEWHERE_OF_MANY


def _of_each(tried: Sequence[CandidateResult], metric: Metric) -> list[list[CandidateResult]]:
    """Return the whole trials of each candidate, the candidate with the best of them first."""
    found: dict[str, list[CandidateResult]] = {}
    for each in ranked([each for each in tried if not each.failed and each.settings], metric):
        found.setdefault(each.candidate.name, []).append(each)
    return list(found.values())


def quick(table: Table) -> bool:
    """Tell whether fits on the table take less than seconds; boosting grows a tree a class and round."""
    return len(table) <= QUICK_ROWS and len(table) * len(table.classes) <= QUICK_ANSWERS


def _one_stopped(found: Sequence[CandidateResult]) -> list[CandidateResult]:
    """Return the results with the first of those that the seconds stopped; the others were not begun."""
    stopped = [each for each in found if each.failed == STOPPED]
    return [each for each in found if each.failed != STOPPED] + stopped[:1]
