"""What twice the trials would find, and how likely that would be noticed.

A search is worth going on with while what further trials would find would be noticed (Makarova, Shen,
Perrone and others, Automatic termination for hyperparameter optimization, AutoML 2022). How far beyond the
best one the scores reach is read off the best third of them: near an optimum their number thins out as a
generalised Pareto law with an end, of shape -2 / d with d settings that matter (de Haan, Estimation of the
minimum of a function using order statistics, Journal of the American Statistical Association 76, 1981), and
few settings do (Bergstra and Bengio, Random search for hyper-parameter optimization, Journal of Machine
Learning Research 13, 2012). Neither shape nor scale is known: all that the scores leave possible are weighed
by their likelihood.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpers.metrics import Metric
from helpers.model_selection.comparison import corrected_error, validation_share
from helpers.model_selection.cross_validation import CandidateResult
from helpers.results import Estimate

FEWEST_TRIALS = 10
# The best third of the scores, and not fewer than five, tell how they thin out.
TOP_SHARE = 1 / 3
LEAST_TOP = 5
# How many settings may matter, all as likely.
SETTINGS = (2, 3, 4, 6)
# Scales reach so many times what the mean excess implies.
WIDEST = 6.0
SCALES = 60
POINTS = 101
DRAWS = 4_000
CONFIDENCE = 0.95
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MoreTrials:
    """What twice the trials would find.

    Attributes
    ----------
    gain : Estimate
        In the metric's unit, more is better, at least 0; None where it cannot be told.
    noticed : float
        Probability that the gain is larger than what counts as practically equal; NaN where unknown.
    trials : int
        Those with a score.
    why_not : str
        Why it cannot be told; empty where it can.
    """

    gain: Estimate
    noticed: float
    trials: int
    why_not: str = ""


@dataclass(frozen=True)
class Laws:
    """Laws by which the scores may thin out, one a place.

    Attributes
    ----------
    gain : numpy.ndarray
        Expected excess over the largest score of the largest of as many scores again.
    found : numpy.ndarray
        Probability that as many scores again hold a larger one.
    weight : numpy.ndarray
        How likely each law is; they sum to 1.
    """

    gain: Floats
    found: Floats
    weight: Floats


def more_trials_gain(
    trials: Sequence[CandidateResult], *, metric: Metric, margin: float, seed: int
) -> MoreTrials:
    """Return what twice the trials would find.

    Parameters
    ----------
    trials : sequence of CandidateResult
        All trials of the search. Those stopped early count as trials that were not the best.
    metric : Metric
        What they were scored with.
    margin : float
        What counts as practically equal, in the metric's unit.
    seed : int
        Of the draws from what is possible.
    """
    scored = [found for found in trials if not found.failed]
    if not trials:
        return _unknown(0, "no trials were made; budget: {trials: 30} asks for a search")
    if len(scored) < FEWEST_TRIALS:
        why = f"{len(scored)} finished trials are too few; {FEWEST_TRIALS} are needed"
        return _unknown(len(scored), why)
    sign = 1.0 if metric.higher_is_better else -1.0
    values = sign * np.array([found.mean for found in scored])
    error = error_between(scored, values)
    # The worst there is stands for a trial stopped early: it was not the best, whatever its score.
    values = np.concatenate([values, np.full(len(trials) - len(scored), values.min())])
    freedom = max(1, len(scored[0].folds) - 1)
    drawn = possible_gains(values, error, freedom=freedom, rng=np.random.default_rng(seed))
    return MoreTrials(_estimate(drawn), float(np.mean(drawn > margin)), len(scored))


def _unknown(trials: int, why: str) -> MoreTrials:
    return MoreTrials(Estimate(value=None), float("nan"), trials, why)


def _estimate(drawn: Floats) -> Estimate:
    """Return the median and the interval; where the gain may be none, the interval begins with it."""
    value, low = np.quantile(drawn, [0.5, (1 - CONFIDENCE) / 2])
    high = np.quantile(drawn, CONFIDENCE if low <= 0 else (1 + CONFIDENCE) / 2)
    ends = [max(0.0, float(end)) for end in (value, low, high)]
    return Estimate(value=ends[0], low=ends[1], high=ends[2])


def possible_gains(values: Floats, error: float, *, freedom: int, rng: np.random.Generator) -> Floats:
    """Return draws of what as many trials again gain on new rows, which may be less than nothing.

    Parameters
    ----------
    values : numpy.ndarray
        Scores of at least ten trials, more is better.
    error : float
        Standard error of the difference of two scores; NaN where unknown, which counts as none.
    freedom : int
        Degrees of freedom with which the error is known.
    rng : numpy.random.Generator
        Of the draws.

    Notes
    -----
    Scores are better at the top partly by luck. Only the share of their variance that is not error is taken
    to be real, which for normal scores and errors is what the best ones keep on new rows. The best so far may
    be luckier or unluckier than that.
    """
    laws = possible_laws(values)
    picked = rng.choice(len(laws.weight), size=DRAWS, p=laws.weight)
    errors = (error if np.isfinite(error) else 0.0) * np.sqrt(freedom / rng.chisquare(freedom, size=DRAWS))
    real = real_share(values, errors)
    luck = np.sqrt(real / 2) * errors * rng.normal(size=DRAWS)
    return np.asarray(real * laws.gain[picked] + laws.found[picked] * luck)


def possible_laws(values: Floats) -> Laws:
    """Return the laws of all shapes and scales by which the best third of the values may thin out.

    Parameters
    ----------
    values : numpy.ndarray
        At least ten, more is better.
    """
    top = max(LEAST_TOP, round(len(values) * TOP_SHARE))
    ordered = np.sort(values)[::-1][: top + 1]
    excess = ordered[:-1] - ordered[-1]
    if excess[0] <= 0:
        return Laws(np.zeros(1), np.zeros(1), np.ones(1))
    shapes = [-2 / settings for settings in SETTINGS]
    scales = [_scales(excess, shape) for shape in shapes]
    parts = [of_shape(excess, *law) for law in zip(shapes, scales, strict=True)]
    gain, found, likelihood = (np.concatenate(part) for part in zip(*parts, strict=True))
    # All scales are as likely by their logarithm, however densely they are tried.
    before = np.concatenate([np.gradient(scale) / scale for scale in scales])
    weight = before * np.exp(likelihood - likelihood.max())
    return Laws(gain, found, weight / weight.sum())


def _scales(excess: Floats, shape: float) -> Floats:
    """Return scales from that whose law ends at the largest value, densely there, to the widest."""
    least = -shape * excess[0] * (1 + 1e-6)
    widest = max(2 * least, WIDEST * (1 - shape) * float(excess.mean()))
    return np.asarray(least + np.geomspace(1e-3, 1, SCALES) * (widest - least))


def of_shape(excess: Floats, shape: float, scale: Floats) -> tuple[Floats, Floats, Floats]:
    """Return gain, probability of any gain and log-likelihood of generalised Pareto laws of one shape.

    Parameters
    ----------
    excess : numpy.ndarray
        Of the best values over the next one, the largest first.
    shape : float
        Below 0.
    scale : numpy.ndarray
        At least as large as puts the end of the law beyond the largest value.
    """
    inside = 1 + shape * excess / scale[:, None]
    likelihood = -len(excess) * np.log(scale) - (1 + 1 / shape) * np.log(inside).sum(axis=1)
    # From the largest value to the end: the probability that at least one of as many new values lies above.
    ends = -scale / shape
    places = excess[0] + np.linspace(0, 1, POINTS) * (ends - excess[0])[:, None]
    above = len(excess) * np.maximum(1 + shape * places / scale[:, None], 0.0) ** (-1 / shape)
    any_above = 1 - np.exp(-above)
    return np.trapezoid(any_above, places, axis=1), any_above[:, 0], likelihood


def real_share(values: Floats, errors: Floats) -> Floats:
    """Return the share of the scores' variance that is no error, for each standard error of a difference."""
    spread = float(np.var(values, ddof=1))
    return np.asarray(np.maximum(0.0, 1 - errors**2 / 2 / spread) if spread > 0 else np.ones(len(errors)))


def error_between(scored: Sequence[CandidateResult], values: Floats) -> float:
    """Return the corrected standard error of the difference between the best trial and the next four.

    The mean of their variances is taken: any two of the best differ by as much only through luck.
    """
    order = np.argsort(-values, kind="stable")[:5]
    best, others = scored[order[0]], [scored[place] for place in order[1:]]
    share = validation_share(best.folds)
    errors = []
    for other in others:
        both = min(len(best.folds), len(other.folds))
        gaps = best.validation[:both] - other.validation[:both]
        errors.append(corrected_error(gaps[np.isfinite(gaps)], share=share))
    known = np.array(errors)[np.isfinite(errors)]
    return float(np.sqrt(np.mean(known**2))) if len(known) else float("nan")
