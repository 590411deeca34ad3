"""Intervals of shares and of sums of shares, right for few rows and for shares of 0 and 1."""

from collections.abc import Sequence

import numpy as np

from helpers.intervals import wilson
from helpers.results import Estimate


def share_of(count: float, rows: float) -> Estimate:
    """Return the share with Wilson's 95 % interval (Wilson 1927); nothing where there are no rows.

    >>> share_of(0, 0)
    Estimate(value=None, low=None, high=None)
    """
    if rows <= 0:
        return Estimate(value=None)
    low, high = wilson(np.asarray(count), np.asarray(rows))
    return Estimate(value=count / rows, low=float(low), high=float(high))


def weighted_sum(parts: Sequence[tuple[float, Estimate]]) -> Estimate:
    """Return the sum of factor × share with an interval made of the shares' own intervals.

    Parameters
    ----------
    parts : sequence of (float, Estimate)
        Factors, below zero too, and the shares of rows of kinds that no row belongs to twice.

    Notes
    -----
    The method of variance estimates recovery (Zou and Donner 2008): the distances of the parts' limits from
    their values add in squares. A sum whose parts were never seen keeps an honest upper limit.
    """
    value = sum(factor * (share.value or 0.0) for factor, share in parts)
    below = above = 0.0
    for factor, share in parts:
        down = (factor * ((share.value or 0.0) - (share.low or 0.0))) ** 2
        up = (factor * ((share.high or 0.0) - (share.value or 0.0))) ** 2
        below += down if factor > 0 else up
        above += up if factor > 0 else down
    low = value - float(np.sqrt(below))
    every_factor_positive = all(factor >= 0 for factor, _ in parts)
    return Estimate(
        value=value, low=max(0.0, low) if every_factor_positive else low, high=value + float(np.sqrt(above))
    )


def widest(one: Estimate, other: Estimate) -> Estimate:
    """Return the first value with the wider of the two intervals on each side."""
    lows = [limit for limit in (one.low, other.low) if limit is not None]
    highs = [limit for limit in (one.high, other.high) if limit is not None]
    return Estimate(value=one.value, low=min(lows, default=None), high=max(highs, default=None))
