"""How much the best of many cross-validated scores flatters itself.

Whoever takes the best of many also takes the luckiest. Each fold in turn is kept out of the choice: the model
that is best on the other folds of the same cut is scored on it. That score is not flattered; what the overall
best has more on the same folds is the optimism. It is the nested estimate with the choice as its inner step,
at no further fits: with the bootstrap of out-of-fold predictions (Tsamardinos, Greasidou and Borboudakis,
Bootstrapping the out-of-sample predictions for efficient and accurate cross-validation, Machine Learning 107,
2018) it shares that whole configurations are chosen anew, and it needs fold scores alone, so that metrics
that are no mean over rows, weights and dropped rows are treated as in the leaderboard.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpers.metrics import Metric
from helpers.model_selection.comparison import corrected_interval, validation_share
from helpers.model_selection.cross_validation import CandidateResult
from helpers.results import Estimate
from helpers.scoring import bounds
from helpers.wording import count, number, with_unit

LEAST_FOLDS = 3
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Optimism:
    """How much the best score flatters itself.

    Attributes
    ----------
    flattery : Estimate
        In the metric's unit, above 0 where the best score is too good; None where it cannot be told.
    tried : int
        Configurations that the best is the best of.
    reason : str
        A sentence: what was done, or why nothing was.
    """

    flattery: Estimate
    tried: int
    reason: str

    @property
    def correction(self) -> float:
        """What is taken off a reported score; never below 0, since the best of many is not unlucky."""
        return max(0.0, self.flattery.value or 0.0)


def optimism(tried: Sequence[CandidateResult], *, folds: int, metric: Metric, unit: str = "") -> Optimism:
    """Return how much the best mean score of all that was tried flatters itself.

    Parameters
    ----------
    tried : sequence of CandidateResult
        Every configuration with a score on the same folds, trials of a search included; those that failed or
        were stopped early play no part, since they could not win.
    folds : int
        Folds of one cut; of several cuts each is treated by itself.
    metric : Metric
        What they were scored with.
    unit : str
        The unit of the scores, empty for one without.
    """
    # The best of a search stands both among the contenders and among the trials.
    unique = {id(found): found for found in tried}.values()
    models = [found for found in unique if not found.failed and found.candidate.family != "baseline"]
    shared = min((len(found.folds) for found in models), default=0)
    if len(models) < 2:
        return Optimism(Estimate(value=None), len(models), "There was nothing to choose between.")
    if folds < LEAST_FOLDS:
        few = f"With {count(folds, 'fold')} the choice cannot be made without one; {LEAST_FOLDS} are needed."
        return Optimism(Estimate(value=None), len(models), few)
    sign = 1.0 if metric.higher_is_better else -1.0
    scores = sign * np.array([found.validation[:shared] for found in models])
    extra = flattery_by_fold(scores, folds=folds)
    known = extra[np.isfinite(extra)]
    found = corrected_interval(known, share=validation_share(models[0].folds))
    if found.value is None:
        return Optimism(found, len(models), f"No fold defines {metric.label} for all models.")
    return Optimism(found, len(models), _said(found, len(models), metric, unit))


def flattery_by_fold(scores: Floats, *, folds: int) -> Floats:
    """Return, for each fold, the score of the overall best less that of the best without the fold.

    Parameters
    ----------
    scores : numpy.ndarray
        Models × fits, more is better; the fits of one cut stand together.
    folds : int
        Fits of one cut.

    Returns
    -------
    numpy.ndarray
        One value a fit; NaN where a score is not defined.
    """
    found = np.full(scores.shape[1], np.nan)
    for start in range(0, scores.shape[1], folds):
        cut = scores[:, start : start + folds]
        defined = np.isfinite(cut).all(axis=0)
        cut = cut[:, defined]
        number = cut.shape[1]
        if number < LEAST_FOLDS:
            continue
        best = int(np.argmax(cut.mean(axis=1)))
        without = (cut.sum(axis=1, keepdims=True) - cut) / (number - 1)
        picked = np.argmax(without, axis=0)
        found[start + np.flatnonzero(defined)] = cut[best] - cut[picked, np.arange(number)]
    return found


def corrected_score(result: CandidateResult, optimism: Optimism, *, metric: Metric) -> Estimate:
    """Return a result's mean validation score with its interval, moved by the optimism towards the worse."""
    limits = bounds(metric)
    score = corrected_interval(result.validation, share=validation_share(result.folds), limits=limits)
    step = -optimism.correction if metric.higher_is_better else optimism.correction
    moved = [None if end is None else float(np.clip(end + step, *limits)) for end in
             (score.value, score.low, score.high)]  # fmt: skip
    return Estimate(value=moved[0], low=moved[1], high=moved[2])


def corrected_sentence(score: Estimate, *, metric: Metric, unit: str = "") -> str:
    """Say what the chosen model's score is after the correction."""
    value, low, high = (float("nan") if end is None else end for end in (score.value, score.low, score.high))
    return (
        f"To be expected on new rows: {metric.label} {with_unit(number(value), unit)} "
        f"(95 % interval {number(low)} to {number(high)})."
    )


def _said(found: Estimate, tried: int, metric: Metric, unit: str) -> str:
    value, low, high = (float("nan") if end is None else end for end in (found.value, found.low, found.high))
    text = (
        f"The best of {count(tried, 'configuration')} looks better by {with_unit(number(value), unit)} in "
        f"{metric.label} than it is (95 % interval {number(low)} to {number(high)}), as choosing without "
        "each fold in turn shows"
    )
    if value <= 0:
        return f"{text}: nothing is taken off."
    return f"{text}; so much is taken off the reported score."
