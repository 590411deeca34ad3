"""Intervals from the same draws for metrics whose distribution leans to one side on few rows.

Percentiles of draws are too narrow for these: an RMSE of 30 rows or an average precision of 10 positive ones
is drawn too small, or too large, again and again. Two mends, both from the literature and both measured in
``python -m benchmarks coverage``: for means of losses (RMSE, R², MAE, Brier score, log loss) the studentised
interval on a log scale (Hall 1988), for all others, gains too, the wider of the percentiles' and the
bias-corrected and accelerated one (Efron 1987). Where one row carries the loss the studentised interval has
no end: it is cut at what rare losses of that size can come to by chance (Fay and Feuer 1997).
"""

import numpy as np
from scipy import stats

from helpers.bootstrap import FEW_UNITS, LEAST_DEFINED, Resamples, interval, student
from helpers.evaluation.losses import Losses
from helpers.evaluation.shares import widest
from helpers.results import Estimate
from helpers.scoring.weighted import Floats, divided

# From so many units on, percentiles are right to within what a report shows.
MANY_UNITS = 1_000
# Beyond so many standard deviations the share of draws below the value says nothing of the bias.
MOST_BIAS = 3.0
# A draw of hardly any spread would count without bounds: its standard error is taken as this part of the
# rows' own at least.
LEAST_SPREAD = 1 / 3
ROUNDING = 1e-12


def corrected(
    value: float,
    drawn: Floats,
    draws: Resamples,
    *,
    within: tuple[float, float] = (-np.inf, np.inf),
    losses: Losses | None = None,
) -> Estimate:
    """Return the value with a 95 % interval that allows for a leaning distribution.

    Parameters
    ----------
    value : float
        On the rows as they are.
    drawn : numpy.ndarray
        On each of the draws; NaN where a draw does not define it.
    draws : Resamples
        The draws themselves.
    within : pair of float
        The lowest and the highest value that there can be.
    losses : Losses, optional
        Of the rows, where the value is made of their mean: then the studentised interval is given.

    Notes
    -----
    With fewer than 10 or more than 1,000 units, and where draws do not vary, it is `interval`'s.
    """
    plain = interval(value, drawn, units=draws.unit_count, within=within)
    if plain.low is None or not FEW_UNITS <= draws.unit_count <= MANY_UNITS or np.ptp(drawn) == 0:
        return plain
    ends = None if losses is None else _studentised(losses, draws)
    low, high = np.clip(_accelerated(value, drawn, draws) if ends is None else ends, *within)
    estimate = Estimate(value=value, low=float(min(low, value)), high=float(max(high, value)))
    return widest(estimate, plain) if ends is None else estimate


def _accelerated(value: float, drawn: Floats, draws: Resamples) -> tuple[float, float]:
    """Return the BCa limits; the acceleration is the skewness of the units' pulls on the draws.

    A unit's pull is the covariance, over the draws, of how often it was drawn and the value (Efron 2014).
    """
    defined = np.isfinite(drawn)
    known = drawn[defined]
    # Draws of the same rows in other shares may differ in the last digit: such ties count half.
    tied = np.abs(known - value) < ROUNDING
    below = np.mean((known < value) & ~tied) + np.mean(tied) / 2
    bias = float(np.clip(stats.norm.ppf(below), -MOST_BIAS, MOST_BIAS))
    pulls = np.zeros(draws.unit_count)
    deviations, start = np.where(defined, drawn - known.mean(), 0.0), 0
    for often in draws.unit_weights():
        pulls += deviations[start : start + len(often)] @ often
        start += len(often)
    pulls -= pulls.mean()
    spread = float((pulls**2).sum())
    acceleration = float((pulls**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
    reach = student(draws.unit_count)
    shares = [_moved(bias, acceleration, end) for end in (reach, -reach)]
    low, high = np.quantile(known, shares)
    return float(low), float(high)


def _moved(bias: float, acceleration: float, end: float) -> float:
    room = max(1 - acceleration * (bias + end), LEAST_SPREAD)
    return float(stats.norm.cdf(bias + (bias + end) / room))


def _studentised(losses: Losses, draws: Resamples) -> tuple[float, float] | None:
    """Return the limits of the value, from the draws' distances in standard errors of their own.

    None where one draw in ten or more has no loss or no spread.
    """
    top, bottom = (
        np.bincount(draws.units, weights=part, minlength=draws.unit_count).astype(float)
        for part in (losses.top, losses.bottom)
    )
    own, error = _ratio(np.ones((1, draws.unit_count)), top, bottom)
    if not np.isfinite(own[0]) or not error[0] > 0:
        return None
    parts = [_ratio(often, top, bottom) for often in draws.unit_weights()]
    ratios, errors = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    distances = (ratios - own[0]) / np.maximum(errors, LEAST_SPREAD * error[0])
    known = distances[np.isfinite(distances)]
    if len(known) < LEAST_DEFINED * len(distances):
        return None
    # A little further out than 2.5 %, as in `interval`: distances from few units are drawn too short.
    tail = float(stats.norm.cdf(student(draws.unit_count)))
    least, most = np.exp(own[0] - np.quantile(known, [1 - tail, tail]) * error[0])
    most = min(most, rare_limit(top, tail=tail) / bottom.sum())
    low, high = sorted(losses.finish(np.array([least, most])))
    return float(low), float(high)


def rare_limit(losses: Floats, *, tail: float) -> float:
    """Return the upper limit of a sum of losses, each of which has come by chance and could have come again.

    Parameters
    ----------
    losses : numpy.ndarray
        One for each unit; one at least is above 0.
    tail : float
        The probability that the true sum is above the limit, at most.

    Notes
    -----
    The gamma limit of a weighted sum of Poisson counts (Fay and Feuer, Confidence intervals for directly
    standardized rates, Statistics in Medicine 16, 1997). It holds what it promises or more.
    """
    total, squares, largest = float(losses.sum()), float((losses**2).sum()), float(losses.max())
    mean, variance = total + largest, squares + largest**2
    return variance / (2 * mean) * float(stats.chi2.ppf(1 - tail, 2 * mean**2 / variance))


def _ratio(often: Floats, top: Floats, bottom: Floats) -> tuple[Floats, Floats]:
    """Return for each draw the log of the ratio of both sums, and its standard error over units."""
    units, below = often.sum(axis=1), often @ bottom
    ratio = divided(often @ top, below)
    squares = often @ top**2 - 2 * ratio * (often @ (top * bottom)) + ratio**2 * (often @ bottom**2)
    spread = np.sqrt(np.maximum(squares, 0.0) * units / np.maximum(units - 1, 1))
    error = divided(spread, below)
    return np.log(ratio, out=np.full_like(ratio, np.nan), where=ratio > 0), divided(error, ratio)
