"""How much the best of many cross-validated scores flatters itself.

Whoever takes the best of many also takes the luckiest. The choice is made over and over on scores that are
drawn anew around the models' means: by how much the winner's drawn score lies above its own mean is the
optimism. It is the bootstrap correction of Tsamardinos, Greasidou and Borboudakis (Bootstrapping the
out-of-sample predictions for efficient and accurate cross-validation, Machine Learning 107, 2018), with the
folds in the place of the rows, so that it holds for metrics that are no mean over rows. Two things keep it
from being too small. The draws have the variance that knows of the rows shared by folds: choosing without
each fold in turn misses that part, about half of the optimism. And the means that they are drawn around are
pulled together by the share of their spread that is error, since observed means lie further apart than true
ones. Where the best model is steadier than the others, or less steady, its optimism is scaled so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from helpers.metrics import Metric
from helpers.model_selection.comparison import validation_share
from helpers.model_selection.cross_validation import CandidateResult
from helpers.results import Estimate
from helpers.wording import count, number, with_unit

LEAST_FOLDS = 3
DRAWS = 1_000
CONFIDENCE = 0.95
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


def optimism(tried: Sequence[CandidateResult], *, metric: Metric, seed: int, unit: str = "") -> Optimism:
    """Return how much the best mean score of all that was tried flatters itself.

    Parameters
    ----------
    tried : sequence of CandidateResult
        Those that may be chosen, with scores on the same folds; failed ones play no part. What the best of a
        search owes to its trials is off its score already (`nested`).
    metric : Metric
        What they were scored with.
    seed : int
        Of the draws.
    unit : str
        The unit of the scores, empty for one without.
    """
    models = [found for found in tried if not found.failed and found.candidate.family != "baseline"]
    if len(models) < 2:
        return Optimism(Estimate(value=None), len(models), "There was nothing to choose between.")
    shared = min(len(found.folds) for found in models)
    sign = 1.0 if metric.higher_is_better else -1.0
    scores = sign * np.array([found.validation[:shared] for found in models])
    scores = scores[:, np.isfinite(scores).all(axis=0)]
    if scores.shape[1] < LEAST_FOLDS:
        few = f"{count(scores.shape[1], 'fold')} with all scores are too few; {LEAST_FOLDS} are needed."
        return Optimism(Estimate(value=None), len(models), few)
    drawn = drawn_flattery(scores, share=validation_share(models[0].folds), seed=seed)
    value = float(drawn.mean())
    # The variance is itself known from a few folds, as a t interval allows for.
    end = (1 + CONFIDENCE) / 2
    wider = float(stats.t.ppf(end, scores.shape[1] - 1) / stats.norm.ppf(end))
    low, high = value + wider * (np.quantile(drawn, [1 - end, end]) - value)
    found = Estimate(value=value, low=float(low), high=float(high))
    return Optimism(found, len(models), _said(found, len(models), metric, unit))


def drawn_flattery(scores: Floats, *, share: float, seed: int) -> Floats:
    """Return, for each draw of the scores, how far the best one lies above its own mean.

    Parameters
    ----------
    scores : numpy.ndarray
        Models × folds, more is better, none missing.
    share : float
        Validation rows over training rows.
    seed : int
        Of the draws.
    """
    models, folds = scores.shape
    # How hard a fold is strikes all models alike and does not bear on the choice.
    apart = scores - scores.mean(axis=0)
    means = apart.mean(axis=1)
    noise = (apart - means[:, None]) * np.sqrt(models / (models - 1) * (1 / folds + share) / (folds - 1))
    errors = (noise**2).sum(axis=1)
    error = float(errors.mean())
    spread = float(means.var(ddof=1))
    real = max(0.0, 1 - error / spread) if spread > 0 else 0.0
    half = np.random.default_rng(seed).normal(size=(DRAWS // 2, folds))
    steps = np.concatenate([half, -half]) @ noise.T
    drawn = real * means + steps
    picked = drawn.argmax(axis=1)
    # A steady model flatters itself less than the others would; its own error is known from few folds.
    own = (float(errors[means.argmax()]) + error) / 2
    scale = np.sqrt(own / error) if error > 0 else 1.0
    return np.asarray(scale * steps[np.arange(len(steps)), picked])


def _said(found: Estimate, tried: int, metric: Metric, unit: str) -> str:
    value, low, high = (float("nan") if end is None else end for end in (found.value, found.low, found.high))
    return (
        f"The best of {count(tried, 'configuration')} looks better by about {with_unit(number(value), unit)} "
        f"in {metric.label} than it is (95 % interval {number(low)} to {number(high)}); so much is taken off "
        "a model's reported score."
    )
