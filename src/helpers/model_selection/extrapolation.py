"""What twice the rows would give: a learning curve continued, where its shape allows.

The loss is taken to fall as a power of the rows towards a floor, ``loss(n) = c + a · n^(−b)``, the form that
Viering and Loog (The shape of learning curves: a review, IEEE TPAMI 45, 2023) find to fit best among those
of three numbers. About one curve in seven does not behave so (LCDB 1.1), so the shape is tested before the
curve is continued: it may not get credibly worse with more rows, not steepen credibly, and the smaller sizes
must have foretold the largest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from helpers.metrics import Metric, bounds
from helpers.model_selection.comparison import corrected_error, distance
from helpers.results import Estimate, LearningPoint
from helpers.wording import count

FEWEST_SIZES = 4
FEWEST_FOLDS = 3
FACTOR = 2.0
RESAMPLES = 200
CONFIDENCE = 0.95
# The powers that are tried: 1/2 is the rate of most averages, 1 that of a correct model of few numbers.
STEP = 0.05
POWERS: tuple[float, ...] = tuple(STEP * step for step in range(2, 31))
# A shape is at fault when it is so improbable that the true curve has it.
FAULT = 0.025
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MoreRows:
    """What twice the rows would give.

    Attributes
    ----------
    gain : Estimate
        By how much the loss falls, in the metric's unit; None where the curve cannot be continued.
    rows : int
        The rows of the largest part, which is doubled.
    why_not : str
        Why the curve cannot be continued; empty where it can.
    """

    gain: Estimate
    rows: int
    why_not: str = ""


def more_rows_gain(curve: pd.DataFrame, *, metric: Metric, share: float, seed: int) -> MoreRows:
    """Return how much the loss would fall with twice the rows.

    Parameters
    ----------
    curve : pandas.DataFrame
        What `learning_curve` returns.
    metric : Metric
        What it was scored with.
    share : float
        Validation rows over the training rows of the whole.
    seed : int
        Of the resamples.

    Notes
    -----
    The interval comes from drawing the folds anew, widened for what a draw of few folds misses: the folds
    share rows, and their number is small.
    """
    losses = distance_table(curve, metric=metric)
    sizes = np.array([curve.loc[curve["share"] == size, "rows"].mean() for size in losses.columns])
    rows = round(float(sizes[-1])) if len(sizes) else 0
    unknown = Estimate(value=None)
    if why := shape_fault(losses.to_numpy(), sizes, share=share):
        return MoreRows(unknown, rows, why)
    values = losses.to_numpy()
    mean = values.mean(axis=0)[None, :]
    gain, power = (float(found[0]) for found in (gains(mean, sizes), fitted(mean, sizes)[2]))
    # The power is known to a step at best, however little the folds differ.
    steps = [float(gains(mean, sizes, powers=(near,))[0]) for near in (max(STEP, power - STEP), power + STEP)]
    folds = len(values)
    draws = np.random.default_rng(seed).integers(0, folds, size=(RESAMPLES, folds))
    spread = gains(values[draws].mean(axis=1), sizes) - gain
    # A draw of J folds has the variance (J - 1)/J² of their spread; the corrected one is (1/J + share).
    wider = np.sqrt((1 / folds + share) * folds**2 / (folds - 1))
    wider *= stats.t.ppf((1 + CONFIDENCE) / 2, folds - 1) / stats.norm.ppf((1 + CONFIDENCE) / 2)
    low, high = np.quantile(wider * spread, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    # No gain lies below nought, so that the draws bunch there: upwards it may err by as much as downwards.
    low, high = min(gain + float(low), *steps), max(gain + max(float(high), -float(low)), *steps)
    if low <= 0:
        # A flat fit has no spread to draw; still the next doubling may bring what the last one may have.
        high = max(high, _last_doubling_at_most(values, sizes, share))
    return MoreRows(Estimate(value=gain, low=max(0.0, min(gain, low)), high=max(gain, high)), rows)


def score_ahead(
    found: MoreRows, points: Sequence[LearningPoint], *, metric: Metric
) -> tuple[int, Estimate] | None:
    """Return how many rows twice the rows are and the score expected of them; None where it is not known.

    Parameters
    ----------
    found : MoreRows
        What `more_rows_gain` returns.
    points : sequence of LearningPoint
        The curve; the error of its last point is not part of the interval.
    metric : Metric
        What it was scored with.
    """
    gain = found.gain
    last = points[-1].validation if points else Estimate(value=None)
    if last.value is None or gain.value is None or gain.low is None or gain.high is None:
        return None
    sign = 1.0 if metric.higher_is_better else -1.0
    ends = sorted(last.value + sign * step for step in (gain.low, gain.value, gain.high))
    low, value, high = (float(end) for end in np.clip(ends, *bounds(metric)))
    return round(FACTOR * found.rows), Estimate(value=value, low=low, high=high)


def _last_doubling_at_most(losses: Floats, sizes: Floats, share: float) -> float:
    """Return the upper end of the 95 % interval of what the last doubling of the rows brought."""
    half = int(np.argmin(np.abs(sizes - sizes[-1] / FACTOR)))
    steps = losses[:, half] - losses[:, -1]
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(steps) - 1))
    return float(steps.mean()) + reach * corrected_error(steps, share=share)


def distance_table(curve: pd.DataFrame, *, metric: Metric) -> pd.DataFrame:
    """Return the losses, folds down and sizes across, of the folds that define all."""
    table = curve.pivot_table(index="fold", columns="share", values="validation", dropna=False)
    return distance_of(table, metric).dropna()


def distance_of(table: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Return each score's distance from the best that the metric can reach."""
    return table.map(lambda value: distance(value, metric=metric))


def shape_fault(losses: Floats, sizes: Floats, *, share: float) -> str:
    """Return why the curve cannot be continued, empty where it can; losses are folds × sizes."""
    folds, points = losses.shape
    if points < FEWEST_SIZES:
        return f"the learning curve has {count(points, 'size')}, and {FEWEST_SIZES} are needed"
    if folds < FEWEST_FOLDS:
        return f"{count(folds, 'fold')} are too few to tell the curve's shape; {FEWEST_FOLDS} are needed"
    if _credibly_above(np.diff(losses, axis=1), share):
        return "the learning curve gets worse with more rows at some place"
    slopes = np.diff(losses, axis=1) / np.diff(np.log(sizes))
    # Over the logarithm of the rows a power law flattens, or falls evenly where its floor is far.
    if _credibly_above(-np.diff(slopes, axis=1), share):
        return "the learning curve steepens where a power law would flatten"
    foretold = continued(losses[:, :-1].mean(axis=0)[None, :], sizes[:-1], float(sizes[-1]))[0]
    missed = losses[:, -1] - foretold
    error = corrected_error(missed, share=share)
    if error > 0 and abs(missed.mean()) / error > stats.t.ppf(1 - FAULT, folds - 1):
        return "the smaller parts of the learning curve do not foretell its end"
    return ""


def _credibly_above(values: Floats, share: float) -> bool:
    """Return whether some column's mean is credibly above zero, corrected for the number of columns."""
    if values.shape[1] == 0:
        return False
    folds = len(values)
    error = np.sqrt((1 / folds + share) * values.var(axis=0, ddof=1))
    limit = stats.t.ppf(1 - FAULT / values.shape[1], folds - 1) * error
    return bool((values.mean(axis=0) > limit).any())


def gains(curves: Floats, sizes: Floats, *, powers: Sequence[float] = POWERS) -> Floats:
    """Return how much each curve's loss falls from its last size to `FACTOR` times that size."""
    _, scale, power = fitted(curves, sizes, powers=powers)
    last = float(sizes[-1])
    return np.asarray(scale * (last**-power - (FACTOR * last) ** -power))


def continued(curves: Floats, sizes: Floats, rows: float) -> Floats:
    """Return each curve's loss at `rows`."""
    least, scale, power = fitted(curves, sizes)
    return np.asarray(least + scale * rows**-power)


def fitted(
    curves: Floats, sizes: Floats, *, powers: Sequence[float] = POWERS
) -> tuple[Floats, Floats, Floats]:
    """Fit floor, scale and power to each curve by least squares, floor and scale not below zero.

    Parameters
    ----------
    curves : numpy.ndarray
        Curves × sizes.
    sizes : numpy.ndarray
        Rows, growing.
    powers : sequence of float
        Those that are tried.

    Returns
    -------
    floor, scale, power : numpy.ndarray
        One value a curve.
    """
    best = np.full(len(curves), np.inf)
    found = np.zeros((3, len(curves)))
    centre = curves.mean(axis=1)
    for power in powers:
        base = sizes**-power
        spread = base - base.mean()
        free = np.maximum((curves @ spread) / (spread @ spread), 0.0)
        # Where the floor would lie below zero it is zero, and the scale alone is fitted.
        alone = np.maximum(curves @ base / (base @ base), 0.0)
        below = centre - free * base.mean() < 0
        scale = np.where(below, alone, free)
        floor = np.where(below, 0.0, centre - free * base.mean())
        error = ((curves - floor[:, None] - scale[:, None] * base) ** 2).sum(axis=1)
        better = error < best
        best = np.where(better, error, best)
        found = np.where(better, np.stack([floor, scale, np.full(len(curves), power)]), found)
    return found[0], found[1], found[2]
