"""Several models together: picked greedily for their out-of-fold predictions, judged on other folds.

Caruana and others, Ensemble selection from libraries of models (ICML 2004): the model that improves the mean
most is added, again and again, and may be added twice; of all mixes on the way the best is taken. Picks go
by the log loss, or for numbers by the squared (for metrics of absolute errors the absolute) error: proper
scores, which overfit least. The score of a fold comes from picks made on all other folds, so that it flatters
as little as that of a single model.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.pipeline import Pipeline

from helpers.metrics import Metric, Task
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.comparison import Difference, compare
from helpers.model_selection.cross_validation import CandidateResult, out_of_fold
from helpers.model_selection.early_stopping import rounds_parameter
from helpers.model_selection.fitted import stated_as
from helpers.model_selection.fitting import MODEL, FoldScore, at, proper_score
from helpers.model_selection.nested import nested as nested_best
from helpers.model_selection.proper import proper_metric, turned
from helpers.model_selection.weighted_ensemble import WeightedEnsemble
from helpers.scoring import LEAST_PROBABILITY, Prediction, score
from helpers.tables.folds import Folds
from helpers.tables.table import Table
from helpers.wording import joined, percent

NAME = "ensemble"
COMPLEXITY = 100
PICKS = 25
# So many models are looked at: the best of each kind, then the best of all. Kinds that err elsewhere help
# each other more than one kind with a dozen settings.
MEMBERS = 30
# A model that is picked for less than this is left out of the fitted ensemble.
LEAST_WEIGHT = 0.05
# How probable it must be that the ensemble is truly better than the best single model, picked on the same
# folds. Simulated (`python -m benchmarks choosing --only mixing --times 5000`) with six models, 300 rows
# and five folds: a mix that gains nothing is taken in 8 of 100 cases (at 0.5 in 11, at 0.75 in 3), which
# costs 0.09 % of the loss; one that gains 1 % in 77 (79, 65), and with 3,000 rows in all.
CREDIBLE = 0.55
# Past so many rows each model is fitted once: there a seed matters little, and a fit takes long.
COPIED_ROWS = 50_000
ABSOLUTE = ("mae", "median_absolute_error")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Together:
    """What several models gave together.

    Attributes
    ----------
    result : CandidateResult or None
        The ensemble after cross-validation; None where there was nothing to put together.
    taken : bool
        Whether it is a contender: whether its gain over the best single model is more than noise.
    parts : tuple of (CandidateResult, float)
        The models that it holds with their weights, the heaviest first.
    gain : Difference or None
        The ensemble minus the best single model, picked in the same way, by the proper score of
        `proper_metric`; more is better.
    reason : str
        What came of it, as a sentence.
    """

    result: CandidateResult | None
    taken: bool
    parts: tuple[tuple[CandidateResult, float], ...]
    gain: Difference | None
    reason: str

    @property
    def contenders(self) -> tuple[CandidateResult, ...]:
        """The ensemble where it is taken, to stand beside the single models."""
        return (self.result,) if self.result is not None and self.taken else ()


def together(table: Table, results: Sequence[CandidateResult], folds: Folds, *, metric: Metric) -> Together:
    """Return the ensemble of the results, and whether it is better than the best of them.

    Parameters
    ----------
    table : Table
        The development rows.
    results : sequence of CandidateResult
        Candidates and trials on the same folds; failed ones and the baseline are left out.
    folds : Folds
        The same as for `results`.
    metric : Metric
        What the ensemble and the models are compared by.
    """
    members = _members(results, metric)
    if len(members) < 2 or len(folds) < 2:
        return Together(None, False, (), None, "There are too few models, or folds, to put some together.")
    losses = _Losses(table, members, folds, metric)
    weights = losses.weights(range(len(folds)))
    if np.count_nonzero(weights) < 2:
        alone = members[int(weights.argmax())].label
        return Together(None, False, (), None, f"No mix of models is better than {alone} alone.")
    nested = [losses.weights([k for k in range(len(folds)) if k != left]) for left in range(len(folds))]
    parts = tuple((members[place], float(weights[place])) for place in np.argsort(-weights) if weights[place])
    result = _result(table, parts, members, nested, folds, metric)
    by = proper_metric(metric)
    gain = _over_single(table, turned(result), [turned(found) for found in members], folds, by)
    taken = gain.mean > 0 and gain.better >= CREDIBLE
    ahead = taken and (by is metric or _over_single(table, result, members, folds, metric).mean > 0)
    return Together(replace(result, ahead=ahead), taken, parts, gain, _reason(parts, gain, by, taken))


def _over_single(
    table: Table, result: CandidateResult, members: Sequence[CandidateResult], folds: Folds, metric: Metric
) -> Difference:
    """Return the ensemble minus the best single model, picked in the same way."""
    return compare(result, nested_best(table, members, folds, metric=metric), metric=metric)


def _members(results: Sequence[CandidateResult], metric: Metric) -> list[CandidateResult]:
    """Return the models to put together, the best by the proper score first; of equals the first."""
    scored = [found for found in results if found.by_fold and found.candidate.family != "baseline"]
    ranked = sorted(scored, key=lambda found: _loss_of(found, metric))
    of_each: dict[str, CandidateResult] = {}
    for found in ranked:
        of_each.setdefault(found.candidate.name, found)
    rest = [found for found in ranked if of_each[found.candidate.name] is not found]
    kept = [*of_each.values(), *rest][:MEMBERS]
    return sorted(kept, key=lambda found: _loss_of(found, metric))


def _loss_of(found: CandidateResult, metric: Metric) -> float:
    sign = -1.0 if proper_metric(metric).higher_is_better else 1.0
    return sign * float(np.nanmean(turned(found).validation))


class _Losses:
    """What each mix of members loses on each fold's validation rows."""

    def __init__(
        self, table: Table, members: Sequence[CandidateResult], folds: Folds, metric: Metric
    ) -> None:
        self.regression = table.task is Task.REGRESSION
        self.absolute = metric.name in ABSOLUTE
        truth = [table.y.iloc[validation] for _, validation in folds]
        weights = np.ones(len(table)) if table.weights is None else table.weights.to_numpy()
        self.row_weights = [weights[validation] for _, validation in folds]
        if self.regression:
            self.truth = [part.to_numpy(dtype=float) for part in truth]
            self.stated = [np.stack([found.by_fold[k] for found in members]) for k in range(len(folds))]
            return
        classes = pd.Index(table.classes, dtype=object)
        codes = [classes.get_indexer(pd.Index(part, dtype=object)) for part in truth]
        # The log loss reads no more than the probability of what happened.
        self.stated = [
            np.stack([found.by_fold[k][np.arange(len(at)), at] for found in members])
            for k, at in enumerate(codes)
        ]
        self.truth = [np.empty(0) for _ in codes]

    def weights(self, used: Sequence[int]) -> Floats:
        """Return the weight of each member, picked on the validation rows of these folds."""
        stated = np.concatenate([self.stated[k] for k in used], axis=1)
        truth = np.concatenate([self.truth[k] for k in used])
        counted = np.concatenate([self.row_weights[k] for k in used])
        total = np.zeros(stated.shape[1])
        picks: list[int] = []
        reached: list[float] = []
        for number in range(1, PICKS + 1):
            losses = self._loss((total + stated) / number, truth) @ counted
            picks.append(int(losses.argmin()))
            reached.append(float(losses.min()))
            total = total + stated[picks[-1]]
        best = picks[: int(np.argmin(reached)) + 1]
        return _without_light(np.bincount(best, minlength=len(stated)) / len(best))

    def _loss(self, mixes: Floats, truth: Floats) -> Floats:
        """Return mixes × rows."""
        if not self.regression:
            return np.asarray(-np.log(np.clip(mixes, LEAST_PROBABILITY, 1.0)))
        errors = np.abs(mixes - truth)
        return np.asarray(errors if self.absolute else errors**2)


def _without_light(weights: Floats) -> Floats:
    kept = np.where(weights >= LEAST_WEIGHT, weights, 0.0)
    return np.asarray(kept / kept.sum())


def _result(
    table: Table,
    parts: Sequence[tuple[CandidateResult, float]],
    members: Sequence[CandidateResult],
    nested: Sequence[Floats],
    folds: Folds,
    metric: Metric,
) -> CandidateResult:
    predictions, scores, by_fold = [], [], []
    for k, (_, validation) in enumerate(folds):
        mix = sum(weight * found.by_fold[k] for weight, found in zip(nested[k], members, strict=True))
        rows = at(table, validation)
        stated = np.asarray(mix, dtype=float)
        if table.task is Task.REGRESSION:
            prediction = Prediction(stated, None)
        else:
            prediction = stated_as(stated, seen=table.classes, classes=table.classes, index=rows.frame.index)
        found = score(metric, rows.truth, prediction)
        predictions.append(prediction)
        by_fold.append(stated)
        scores.append(_fold_score(parts, k, found, proper_score(metric, rows, prediction)))
    return CandidateResult(
        ensemble_candidate(parts),
        folds=tuple(scores),
        out_of_fold=out_of_fold(table, folds, predictions),
        by_fold=tuple(by_fold),
    )


def _fold_score(
    parts: Sequence[tuple[CandidateResult, float]], k: int, found: float, proper: float | None
) -> FoldScore:
    """Return the scores of one fold; that on training rows is the mean of the parts', as an approximation."""
    folds = [(part.folds[k], weight) for part, weight in parts]
    return FoldScore(
        train_rows=max(fold.train_rows for fold, _ in folds),
        validation_rows=folds[0][0].validation_rows,
        train=sum(weight * fold.train for fold, weight in folds),
        validation=found,
        fit_seconds=sum(fold.fit_seconds for fold, _ in folds),
        predict_seconds=sum(fold.predict_seconds for fold, _ in folds),
        proper=proper,
    )


def ensemble_candidate(parts: Sequence[tuple[CandidateResult, float]]) -> Candidate:
    """Return the ensemble of these parts as a candidate, which is fitted and scored like any other."""
    return Candidate(
        NAME,
        "Ensemble",
        f"the weighted mean of what {len(parts)} models say",
        NAME,
        COMPLEXITY,
        partial(_built, parts=tuple(parts)),
        MappingProxyType({}),
        rows=max(found.candidate.rows for found, _ in parts),
    )


def _built(
    task: Task, table: Table, seed: int, *, parts: Sequence[tuple[CandidateResult, float]]
) -> Pipeline:
    fits = [
        (found, weight / _copies(found, table), copy)
        for found, weight in parts
        for copy in range(_copies(found, table))
    ]
    model = WeightedEnsemble(
        [_part(found, task, table, seed, copy) for found, _, copy in fits],
        [weight for _, weight, _ in fits],
        [found.candidate.rows for found, _, _ in fits],
        seed=seed,
        classifier=task is not Task.REGRESSION,
    )
    return Pipeline([(MODEL, model)])


def _copies(found: CandidateResult, table: Table) -> int:
    return found.candidate.copies if len(table) <= COPIED_ROWS else 1


def _part(found: CandidateResult, task: Task, table: Table, seed: int, copy: int) -> Pipeline:
    """Return one part unfitted, with the rounds that its folds found; copies differ in the seed."""
    pipeline = found.candidate.build(task, table, seed).set_params(**found.settings)
    model = pipeline.steps[-1][1]
    parameter = rounds_parameter(model)
    if parameter is not None and found.rounds:
        model.set_params(**{parameter: found.rounds})
    if copy:
        model.set_params(random_state=seed + copy)
    return pipeline


def parts_table(table: Table, found: Together, *, metric: Metric) -> pd.DataFrame:
    """Return the ensemble's models, the heaviest first: columns `model`, `weight`, `fits` and the metric."""
    return pd.DataFrame(
        [
            {
                "model": part.label,
                "weight": weight,
                "fits": _copies(part, table),
                metric.label: float(np.nanmean(part.validation)),
            }
            for part, weight in found.parts
        ]
    )


def _listed(parts: Sequence[tuple[CandidateResult, float]]) -> str:
    return joined([f"{found.label} ({percent(weight)})" for found, weight in parts])


def _reason(
    parts: Sequence[tuple[CandidateResult, float]],
    gain: Difference,
    by: Metric,
    taken: bool,
) -> str:
    """Return what came of it; the threshold in the words is that of the code."""
    how = (
        f"By {by.label} {_listed(parts)} together are better than the best single model, each picked on the "
        f"other folds, with probability {gain.better:.2f}"
    )
    needed = f"{CREDIBLE:g} is what it takes to count as more than noise"
    return f"{how}; {needed}: {'it is a contender' if taken else 'it is left out'}."
