"""Intervals from the same draws for metrics whose distribution leans to one side on few rows.

Percentiles of draws are too narrow for these: an RMSE of 30 rows or an average precision of 10 positive ones
is drawn too small, or too large, again and again. Two mends, both from the literature and both measured in
``python -m benchmarks coverage``: the bias-corrected and accelerated interval (Efron 1987), and for means of
losses (RMSE, MAE, Brier score, log loss) the studentised one on a log scale (Efron 1979; Hall 1988).
"""

import numpy as np
from scipy import stats

from helpers.evaluation.bootstrap import CONFIDENCE, FEW_UNITS, LEAST_DEFINED, Resamples, interval, student
from helpers.evaluation.weighted import Floats
from helpers.results import Estimate

# From so many units on, percentiles are right to within what a report shows.
MANY_UNITS = 1_000
# Beyond so many standard deviations the share of draws below the value says nothing of the bias.
MOST_BIAS = 3.0
# A draw of hardly any spread would count without bounds: its standard error is taken as this part of the
# rows' own at least.
LEAST_SPREAD = 1 / 3


def corrected(
    value: float,
    drawn: Floats,
    draws: Resamples,
    *,
    within: tuple[float, float] = (-np.inf, np.inf),
    losses: Floats | None = None,
    rooted: bool = False,
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
    losses : numpy.ndarray, optional
        Each row's loss, none below 0, where the value is their mean: then the studentised interval is given.
    rooted : bool
        Whether the value is the root of that mean.

    Notes
    -----
    With fewer than 10 or more than 1,000 units, and where draws do not vary, it is `interval`'s.
    """
    plain = interval(value, drawn, units=draws.unit_count, within=within)
    if plain.low is None or not FEW_UNITS <= draws.unit_count <= MANY_UNITS or np.ptp(drawn) == 0:
        return plain
    ends = None if losses is None else _studentised(losses, draws)
    if ends is not None:
        low, high = np.sqrt(ends) if rooted else ends
    else:
        low, high = _accelerated(value, drawn, draws)
    low, high = np.clip([low, high], *within)
    return Estimate(value=value, low=float(min(low, value)), high=float(max(high, value)))


def _accelerated(value: float, drawn: Floats, draws: Resamples) -> tuple[float, float]:
    """Return the BCa limits; the acceleration is the skewness of the units' pulls on the draws.

    A unit's pull is the covariance, over the draws, of how often it was drawn and the value (Efron 2014).
    """
    defined = np.isfinite(drawn)
    known = drawn[defined]
    below = (np.mean(known < value) + np.mean(known <= value)) / 2
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


def _studentised(losses: Floats, draws: Resamples) -> tuple[float, float] | None:
    """Return the limits of the mean loss, from the draws' distances in their own standard errors of its log.

    None where a draw in ten has no loss or no spread.
    """
    sums = np.bincount(draws.units, weights=losses, minlength=draws.unit_count).astype(float)
    sizes = np.bincount(draws.units, minlength=draws.unit_count).astype(float)
    own, error = _log_mean(np.ones((1, draws.unit_count)), sums, sizes)
    if not np.isfinite(own[0]) or error[0] <= 0:
        return None
    parts = [_log_mean(often, sums, sizes) for often in draws.unit_weights()]
    means, errors = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    distances = (means - own[0]) / np.maximum(errors, LEAST_SPREAD * error[0])
    known = distances[np.isfinite(distances)]
    if len(known) < LEAST_DEFINED * len(distances):
        return None
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(np.exp(own[0] - high * error[0])), float(np.exp(own[0] - low * error[0]))


def _log_mean(often: Floats, sums: Floats, sizes: Floats) -> tuple[Floats, Floats]:
    """Return for each draw the log of the mean loss and its standard error, over units."""
    units = often.sum(axis=1)
    total, rows = often @ sums, often @ sizes
    mean = total / rows
    squares = often @ sums**2 - 2 * mean * (often @ (sums * sizes)) + mean**2 * (often @ sizes**2)
    with np.errstate(divide="ignore"):
        logs = np.where(mean > 0, np.log(np.maximum(mean, np.finfo(float).tiny)), np.nan)
    spread = np.sqrt(np.maximum(squares, 0.0) * units / np.maximum(units - 1, 1))
    return np.asarray(logs), np.asarray(np.divide(spread, total, out=np.zeros_like(total), where=total > 0))
