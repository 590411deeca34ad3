"""Several models together: picked greedily for their out-of-fold predictions, judged on other folds.

Caruana and others, Ensemble selection from libraries of models (ICML 2004): the model that improves the mean
most is added, again and again, and may be added twice; of all mixes on the way the best is taken. Picks go
by the log loss, or for numbers by the squared (for metrics of absolute errors the absolute) error: proper
scores, which overfit least. The weights are the mean of those picked without one of the folds, each in turn:
picks of few rows are a matter of luck. The score of a fold comes from picks made on all other folds, so that
it flatters as little as that of a single model.
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
from helpers.model_selection.comparison import Difference, compare, distance
from helpers.model_selection.cross_validation import CandidateResult, out_of_fold
from helpers.model_selection.early_stopping import rounds_parameter
from helpers.model_selection.fitted import stated_as
from helpers.model_selection.fitting import MODEL, FoldScore, at, built, proper_score
from helpers.model_selection.known_gain import CREDIBLE, known_sentence, probability
from helpers.model_selection.nested import nested as nested_best
from helpers.model_selection.proper import proper_metric, turned
from helpers.model_selection.weighted_ensemble import WeightedEnsemble
from helpers.scoring import LEAST_PROBABILITY, Prediction, score
from helpers.tables.folds import Folds
from helpers.tables.table import Table
from helpers.wording import joined, number, percent

NAME = "ensemble"
COMPLEXITY = 100
PICKS = 25
# So many models are looked at: the best of each kind, then the best of all. Kinds that err elsewhere help
# each other more than one kind with a dozen settings.
MEMBERS = 30
# A model that is picked for less than this is left out of the fitted ensemble.
LEAST_WEIGHT = 0.03
# Of more rows, or folds, picks are much the same with one fold less, and take long.
AVERAGED_ROWS, AVERAGED_FOLDS = 20_000, 10
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
    better : float
        The probability that it is truly better, by these folds and by other tables (`known_gain`).
    reason : str
        What came of it, as a sentence.
    """

    result: CandidateResult | None
    taken: bool
    parts: tuple[tuple[CandidateResult, float], ...]
    gain: Difference | None
    reason: str
    better: float = 0.0

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
    everything = tuple(range(len(folds)))
    weights = losses.weights(everything)
    if np.count_nonzero(weights) < 2:
        alone = members[int(weights.argmax())].label
        return Together(None, False, (), None, f"No mix of models is better than {alone} alone.")
    nested = [losses.weights(_without(everything, left)) for left in everything]
    parts = tuple((members[place], float(weights[place])) for place in np.argsort(-weights) if weights[place])
    result = _result(table, parts, members, nested, folds, metric)
    by = proper_metric(metric)
    gain = _over_single(table, turned(result), [turned(found) for found in members], folds, by)
    scores = turned(result).validation
    better = probability(
        gain, loss=distance(float(np.nanmean(scores)), metric=by), folds=int(np.isfinite(scores).sum())
    )
    taken = better >= CREDIBLE
    ahead = taken and (by is metric or _over_single(table, result, members, folds, metric).mean > 0)
    reason = _reason(parts, gain, better, by)
    return Together(replace(result, ahead=ahead), taken, parts, gain, reason, better)


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
    return sign * turned(found).mean


class _Losses:
    """What each mix of members loses on each fold's validation rows."""

    def __init__(
        self, table: Table, members: Sequence[CandidateResult], folds: Folds, metric: Metric
    ) -> None:
        self.regression = table.task is Task.REGRESSION
        self.absolute = metric.name in ABSOLUTE
        self.averaged = len(table) <= AVERAGED_ROWS and 3 <= len(folds) <= AVERAGED_FOLDS
        self._picked: dict[tuple[int, ...], Floats] = {}
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

    def weights(self, used: tuple[int, ...]) -> Floats:
        """Return the weight of each member, picked on the validation rows of these folds."""
        if not self.averaged:
            return _without_light(self._picks(used))
        return _without_light(np.mean([self._picks(_without(used, left)) for left in used], axis=0))

    def _picks(self, used: tuple[int, ...]) -> Floats:
        """Return the share of the picks that each member has, on these folds."""
        if used not in self._picked:
            self._picked[used] = self._pick(used)
        return self._picked[used]

    def _pick(self, used: tuple[int, ...]) -> Floats:
        stated = np.concatenate([self.stated[k] for k in used], axis=1)
        truth = np.concatenate([self.truth[k] for k in used])
        counted = np.concatenate([self.row_weights[k] for k in used])
        total = np.zeros(stated.shape[1])
        picks: list[int] = []
        reached: list[float] = []
        for turn in range(1, PICKS + 1):
            losses = self._loss((total + stated) / turn, truth) @ counted
            picks.append(int(losses.argmin()))
            reached.append(float(losses.min()))
            total = total + stated[picks[-1]]
        best = picks[: int(np.argmin(reached)) + 1]
        return np.asarray(np.bincount(best, minlength=len(stated)) / len(best))

    def _loss(self, mixes: Floats, truth: Floats) -> Floats:
        """Return mixes × rows."""
        if not self.regression:
            return np.asarray(-np.log(np.clip(mixes, LEAST_PROBABILITY, 1.0)))
        errors = np.abs(mixes - truth)
        return np.asarray(errors if self.absolute else errors**2)


def _without(folds: tuple[int, ...], left: int) -> tuple[int, ...]:
    return tuple(fold for fold in folds if fold != left)


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
    model = WeightedEnsemble(
        [_part(found, table, seed) for found, _ in parts],
        [weight for _, weight in parts],
        [found.candidate.rows for found, _ in parts],
        seed=seed,
        classifier=task is not Task.REGRESSION,
    )
    return Pipeline([(MODEL, model)])


def _part(found: CandidateResult, table: Table, seed: int) -> Pipeline:
    """Return one part unfitted, with the settings and the rounds of its folds."""
    pipeline = built(found.candidate, table, seed=seed, fold_rows=found.fold_rows)
    pipeline.set_params(**found.settings)
    model = pipeline.steps[-1][1]
    parameter = rounds_parameter(model)
    if parameter is not None and found.rounds:
        model.set_params(**{parameter: found.rounds})
    return pipeline


def parts_table(found: Together, *, metric: Metric) -> pd.DataFrame:
    """Return the ensemble's models, the heaviest first: columns `model`, `weight` and the metric."""
    return pd.DataFrame(
        [
            {
                "model": part.label,
                "weight": weight,
                metric.label: part.mean,
            }
            for part, weight in found.parts
        ]
    )


def _listed(parts: Sequence[tuple[CandidateResult, float]]) -> str:
    return joined([f"{found.label} ({percent(weight)})" for found, weight in parts])


def _reason(
    parts: Sequence[tuple[CandidateResult, float]], gain: Difference, better: float, by: Metric
) -> str:
    """Return what came of it; the threshold in the words is that of the code."""
    came = "the mix is a contender" if better >= CREDIBLE else "the mix is left out"
    return (
        f"By {by.label} {_listed(parts)} together gain {number(gain.mean)} (95 % interval "
        f"{number(gain.low)} to {number(gain.high)}) on the best single model, each picked on the other "
        f"folds. {known_sentence()} By both, they are truly better with probability {better:.2f}; "
        f"{CREDIBLE:g} is what it takes: {came}."
    )
