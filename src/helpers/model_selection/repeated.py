"""The finalists once more, on fresh folds: fewer accidents of one cut of the rows in the choice.

Repeating costs fits, and the share of a difference's error that comes from rows being in two folds' training
parts does not shrink. So it ends where further repeats could narrow the intervals by less than a tenth, where
nothing is open any more, or where the selection would spend more than a fifth of its fits on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from helpers.metrics import Metric
from helpers.model_selection.choice import CREDIBLE, RISK, Chosen, as_estimate, choose
from helpers.model_selection.comparison import compare, practical_margin, score_of, validation_share
from helpers.model_selection.cross_validation import (
    CandidateResult,
    Deadline,
    Evaluate,
    evaluate,
    limited,
)
from helpers.model_selection.incumbent import is_incumbent
from helpers.parameters import Parameters
from helpers.results import Estimate, Finalist
from helpers.tables.folds import Folds, folds
from helpers.tables.table import Table
from helpers.wording import count, percent

FINALISTS = 3
# Repeats may take so much of the fits that the selection made before, and of the budget's seconds.
COST_SHARE = 0.2
# Further repeats are not worth their fits when all of them together would narrow intervals by less.
LEAST_NARROWING = 0.1
# Nobody who is worse than the best by more than the margin with this probability is a finalist.
CLEARLY_WORSE = 0.95


@dataclass(frozen=True)
class Repeated:
    """The contenders after the finalists' repeats.

    Attributes
    ----------
    results : tuple of CandidateResult
        All contenders in their order; the finalists with the scores of all their folds, repeat after repeat.
    finalists : tuple of CandidateResult
        Those that compete for the choice, the baseline first.
    answers : mapping of str to tuple of pandas.DataFrame
        By a finalist's name its out-of-fold predictions, one table a repeat, the first cut among them.
    repeats : int
        Fresh cuts of the rows.
    reason : str
        A sentence: what was repeated, or why nothing was.
    """

    results: tuple[CandidateResult, ...]
    finalists: tuple[CandidateResult, ...]
    reason: str
    repeats: int = 0
    answers: Mapping[str, tuple[pd.DataFrame, ...]] = field(default_factory=dict)


def repeat_finalists(
    table: Table,
    contenders: Sequence[CandidateResult],
    cut: Folds,
    params: Parameters,
    *,
    metric: Metric,
    seed: int,
    deadline: Deadline,
    fits: int,
    evaluate: Evaluate = evaluate,
) -> Repeated:
    """Evaluate the finalists on fresh folds and return all contenders for the choice.

    Parameters
    ----------
    table : Table
        The development rows.
    contenders : sequence of CandidateResult
        All that may be chosen, on the folds `cut`, the baseline among them.
    cut : Folds
        Those of `folds(table, params)`, limited; their first repeat is known.
    params : Parameters
        Its validation says how fresh folds are cut: the same that `validation.repeats` would give.
    metric, seed, deadline, evaluate
        What gives one result; a `TrialStore` gives those from disk that were done before.
    fits : int
        How many fits the selection has made so far; repeats may add a fifth of them.
    """
    running = finalists(contenders, metric=metric)
    before = tuple(contenders)
    if why := _why_not(running, cut, params, deadline, fits):
        return Repeated(before, before, why)
    fresh = _fresh(table, cut, params, most=_most_repeats(running, cut, fits))
    if not fresh:
        return Repeated(before, before, "Not repeated: the groups leave no other folds to cut.")
    rounds: list[list[CandidateResult]] = []
    said = f"after {count(len(fresh), 'repeat')}, all that were planned"
    for again in fresh:
        results = [
            evaluate(
                table, found.candidate, again,
                metric=metric, seed=seed, deadline=deadline, settings=found.settings,
            )
            for found in running
        ]  # fmt: skip
        if failed := [found.failed for found in results if found.failed]:
            said = f"after {count(len(rounds), 'repeat')}: the next could not be finished ({failed[0]})"
            break
        rounds.append(results)
        running = [_longer(old, new) for old, new in zip(running, results, strict=True)]
        if _settled(running, metric):
            said = f"after {count(len(rounds), 'repeat')}: nothing was open any more"
            break
    if not rounds:
        return Repeated(before, before, f"Not repeated: {failed[0]}.")
    names = "; ".join(found.label for found in running if found.candidate.family != "baseline")
    longer = {found.name: found for found in running}
    return Repeated(
        tuple(longer.get(found.name, found) for found in contenders),
        tuple(running),
        f"Evaluated on fresh folds, beside the baseline: {names}. That ended {said}.",
        len(rounds),
        _answers([running, *rounds]),
    )


def _longer(old: CandidateResult, new: CandidateResult) -> CandidateResult:
    """Return the result with the folds of one more cut; its out-of-fold answers stay those of the first."""
    return replace(old, folds=(*old.folds, *new.folds))


def _answers(rounds: Sequence[Sequence[CandidateResult]]) -> dict[str, tuple[pd.DataFrame, ...]]:
    """Return the out-of-fold answers by the finalists' names, one table a cut."""
    return {
        found[0].name: tuple(one.out_of_fold for one in found if one.out_of_fold is not None)
        for found in zip(*rounds, strict=True)
    }


def finalists(contenders: Sequence[CandidateResult], *, metric: Metric) -> list[CandidateResult]:
    """Return the baseline, then at most three, the best first: who may still be the choice.

    The best by its mean, the one that the first folds would choose, the model in use, and the next best,
    but for those that are worse than the best by more than the margin with a probability of 0.95.
    """
    scored = [found for found in contenders if not found.failed]
    chosen = choose(scored, metric=metric)
    baseline = [found for found in scored if found.candidate.family == "baseline"]
    models = [found for found in scored if found.candidate.family != "baseline"]
    if not models:
        return baseline
    margin = practical_margin(chosen.best, metric=metric)
    near = [
        found
        for found in models
        if found is not chosen.best
        and not compare(found, chosen.best, metric=metric, margin=margin).worse >= CLEARLY_WORSE
    ]
    near.sort(key=lambda found: -compare(found, chosen.best, metric=metric).mean)
    # A stable sort: the first folds' choice and the model in use go before those that are merely near.
    near.sort(key=lambda found: found is not chosen.result and not is_incumbent(found))
    return [*baseline, chosen.best, *near[: FINALISTS - 1]]


def _why_not(
    running: Sequence[CandidateResult], cut: Folds, params: Parameters, deadline: Deadline, fits: int
) -> str:
    """Return why nothing is repeated, empty where something is."""
    models = [found for found in running if found.candidate.family != "baseline"]
    if cut.strategy == "time":
        return "Not repeated: folds by time leave nothing to draw."
    if params.validation.repeats > 1:
        return f"Not repeated: the params ask for {count(cut.repeats, 'repeat')} of all models already."
    if len(models) < 2:
        return "Not repeated: all others are clearly worse than the best, or have no score."
    needed = len(models) * cut.folds
    if needed > COST_SHARE * fits:
        return (
            f"Not repeated: once more for {count(len(models), 'finalist')} is {count(needed, 'fit')}, more "
            f"than {percent(COST_SHARE)} of the {fits:,} made so far; validation: {{repeats: 2}} asks for it."
        )
    seconds = _seconds_a_repeat(models)
    if deadline.passed or seconds > COST_SHARE * deadline.seconds:
        return (
            f"Not repeated: once more for the finalists would take about {count(round(seconds), 'second')}, "
            f"more than {percent(COST_SHARE)} of the budget or than is left of it."
        )
    return ""


def _seconds_a_repeat(models: Sequence[CandidateResult]) -> float:
    return sum(fold.fit_seconds + fold.predict_seconds for found in models for fold in found.folds)


def _most_repeats(running: Sequence[CandidateResult], cut: Folds, fits: int) -> int:
    """Return how many repeats the fits allow and the intervals can use."""
    models = len(running) - 1
    allowed = int(COST_SHARE * fits / (models * cut.folds))
    # The error is that of (1/fits + share): from here on all further repeats narrow it by less than a tenth.
    share = validation_share(running[0].folds)
    enough = 1 / (share * ((1 - LEAST_NARROWING) ** -2 - 1))
    return max(1, min(allowed, int(np.ceil(enough / cut.folds)) - 1))


def _fresh(table: Table, cut: Folds, params: Parameters, *, most: int) -> list[Folds]:
    """Return the folds of the next repeats, without those that cut the rows like one before."""
    drawn = params.validation.model_copy(update={"repeats": most + 1})
    whole = limited(folds(table, params.model_copy(update={"validation": drawn})), seed=params.seed)
    seen = {_as_set(cut)}
    found = []
    for number in range(1, most + 1):
        parts = whole.parts[number * cut.folds : (number + 1) * cut.folds]
        again = replace(cut, parts=parts, repeats=1)
        if _as_set(again) not in seen:
            seen.add(_as_set(again))
            found.append(again)
    return found


def _as_set(cut: Folds) -> frozenset[bytes]:
    return frozenset(validation.tobytes() for _, validation in cut.parts[: cut.folds])


def _settled(running: Sequence[CandidateResult], metric: Metric) -> bool:
    """Return whether each finalist is either clearly worse than the best or practically as good as it."""
    chosen = choose(running, metric=metric)
    others = [found for found in running if found is not chosen.best and found.candidate.family != "baseline"]
    if not chosen.beats_baseline or chosen.gain.better < CREDIBLE:
        return False
    for found in others:
        worse = compare(found, chosen.best, metric=metric, margin=chosen.margin).worse
        if RISK < worse < CLEARLY_WORSE:
            return False
    return True


def finalists_of(final: Repeated, chosen: Chosen, *, metric: Metric) -> list[Finalist]:
    """Return those that competed for the choice, on all their folds, the best first."""
    rows = []
    for found in final.finalists:
        if found.failed:
            continue
        gap = compare(chosen.best, found, metric=metric, margin=chosen.margin)
        behind = Estimate(value=0.0) if found is chosen.best else as_estimate(gap)
        # The best one is behind itself by nothing: its probability of being worse is not asked.
        worse = None if found is chosen.best or pd.isna(gap.better) else gap.better
        score = score_of(found, metric=metric)
        rows.append(Finalist(model=found.name, label=found.label, score=score, behind=behind, p_worse=worse))
    return sorted(rows, key=lambda row: row.behind.value or 0.0)
