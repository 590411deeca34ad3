"""What twice the trials would find, against how exactly the trials can be told apart.

A search is worth going on with while the best that further trials would find is better by more than the error
with which scores are estimated (Makarova, Shen, Perrone and others, Automatic termination for hyperparameter
optimization, AutoML 2022). The gain is read off the trials themselves in two ways, of which the smaller
counts: what the last doubling brought, the best of all trials less the best of a random half; and how far
beyond the best one the scores reach, by how fast their number thins out. The first is large where the best
one is a rare find, the second where it is not: only what both foretell is foretold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from helpers.metrics import Metric
from helpers.model_selection.comparison import corrected_error, validation_share
from helpers.model_selection.cross_validation import CandidateResult
from helpers.results import Estimate

FEWEST_TRIALS = 10
# The best third of the scores, and not fewer than five, tell how they thin out.
TOP_SHARE = 1 / 3
LEAST_TOP = 5
# Scores end somewhere: below 0 is a law with an end, as the values around a smooth optimum have it (-2/d with
# d settings that matter; this is eight).
SHAPE = -0.25
# The interval allows for laws that end at once, as with two settings, and for those that hardly end.
SHAPES = (-1.0, -0.1)
POINTS = 201
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MoreTrials:
    """What twice the trials would find.

    Attributes
    ----------
    gain : Estimate
        In the metric's unit, more is better; None where it cannot be told.
    error : float
        Standard error of the difference between the best trials on the same folds; NaN where unknown.
    trials : int
        Those with a score.
    why_not : str
        Why it cannot be told; empty where it can.
    """

    gain: Estimate
    error: float
    trials: int
    why_not: str = ""


def more_trials_gain(trials: Sequence[CandidateResult], *, metric: Metric) -> MoreTrials:
    """Return what twice the trials would find.

    Parameters
    ----------
    trials : sequence of CandidateResult
        All trials of the search. Those stopped early count as trials that were not the best.
    metric : Metric
        What they were scored with.

    Notes
    -----
    Scores are better at the top partly by luck. Only the share of their variance that is not error is taken
    to be real, which for normal scores and errors is what the best ones keep on new rows.
    """
    unknown = Estimate(value=None)
    scored = [found for found in trials if not found.failed]
    if not trials:
        why = "no trials were made; budget: {trials: 30} asks for a search"
        return MoreTrials(unknown, float("nan"), 0, why)
    if len(scored) < FEWEST_TRIALS:
        why = f"{len(scored)} finished trials are too few; {FEWEST_TRIALS} are needed"
        return MoreTrials(unknown, float("nan"), len(scored), why)
    sign = 1.0 if metric.higher_is_better else -1.0
    values = sign * np.array([np.nanmean(found.validation) for found in scored])
    # The worst there is stands for a trial stopped early: it was not the best, whatever its score.
    values = np.concatenate([values, np.full(len(trials) - len(scored), values.min())])
    error = error_between(scored, values[: len(scored)])
    real, gain = real_share(values, error), expected_gain(values)
    # The error is itself known from a few folds; the upper end takes the least that it can be.
    freedom = max(1, len(scored[0].folds) - 1)
    least = real_share(values, error * np.sqrt(freedom / stats.chi2.ppf(0.975, freedom)))
    ends = [part * (end or 0.0) for part, end in ((real, gain.value), (real, gain.low), (least, gain.high))]
    return MoreTrials(Estimate(value=ends[0], low=ends[1], high=ends[2]), error, len(scored))


def expected_gain(values: Floats) -> Estimate:
    """Return by how much the largest of as many values again is expected to exceed the largest of these.

    It is the smaller of two: the largest of all less that of a random half; and what follows from the excess
    of the best third over the next value, which is taken to follow a generalised Pareto law of shape
    `SHAPE`, whose scale is fitted. The interval is that of the scale, over all shapes within `SHAPES`.

    Parameters
    ----------
    values : numpy.ndarray
        At least ten, more is better.
    """
    top = max(LEAST_TOP, round(len(values) * TOP_SHARE))
    ordered = np.sort(values)[::-1][: top + 1]
    excess = ordered[:-1] - ordered[-1]
    if excess[0] <= 0:
        return Estimate(value=0.0, low=0.0, high=0.0)
    # Twice the sum of exponential excesses over their scale follows the chi-squared law.
    narrow, wide = (2 * top / stats.chi2.ppf(end, 2 * top) for end in (0.975, 0.025))
    kinds = ((SHAPE, 1.0), (SHAPES[0], narrow), (SHAPES[1], wide))
    value, low, high = (_beyond(excess, shape=shape, factor=factor) for shape, factor in kinds)
    value = min(value, last_doubling(values))
    return Estimate(value=value, low=min(low, value), high=max(high, value))


def last_doubling(values: Floats) -> float:
    """Return the largest value less the mean of the largest of a random half, over all halves.

    >>> last_doubling(np.array([0.0, 0.0, 0.0, 1.0]))
    0.5
    """
    ordered = np.sort(values)[::-1]
    half, total = len(ordered) // 2, len(ordered)
    # The i-th largest is the largest of a half that holds it and none of the i before it.
    found, left = 0.0, 1.0
    for place in range(total - half + 1):
        chance = half / (total - place)
        found += left * chance * float(ordered[place])
        left *= 1 - chance
    return float(ordered[0]) - found


def _beyond(excess: Floats, *, shape: float, factor: float) -> float:
    """Return the expected excess over the largest of the largest of as many values again.

    It is the integral, from the largest on, of the probability that at least one new value lies above; the
    scale is that which the mean excess implies, times `factor`.
    """
    scale = factor * (1 - shape) * float(excess.mean())
    best = float(excess.max())
    places = np.linspace(best, max(best, -scale / shape), POINTS)
    above = len(excess) * np.maximum(1 + shape * places / scale, 0.0) ** (-1 / shape)
    return float(np.trapezoid(1 - np.exp(-above), places))


def real_share(values: Floats, error: float) -> float:
    """Return the share of the scores' variance that is no error; `error` is that of a difference of two."""
    spread = float(np.var(values, ddof=1))
    if not np.isfinite(error) or spread == 0:
        return 1.0
    return max(0.0, 1 - error**2 / 2 / spread)


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
