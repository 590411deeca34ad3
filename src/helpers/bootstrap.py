"""Intervals by resampling rows, the same draws for every model, so that gains are paired.

With groups whole groups are drawn: rows of one group resemble each other, and drawing them singly would
promise more than the rows hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from helpers.results import Estimate
from helpers.scoring.weighted import Floats, Weighted

DRAWS = 2_000
LEAST_DRAWS = 400
# Draws × rows: bounds the work on large holdouts, where fewer draws do.
MOST_WORK = 80_000_000
CHUNK = 4_000_000
CONFIDENCE = 0.95
# An interval needs most draws to define the value; a draw without a rare class does not define every metric.
LEAST_DEFINED = 0.9
# Below so many rows or groups, percentiles of the draws say too little.
FEW_UNITS = 10


@dataclass(frozen=True)
class Resamples:
    """Draws of the holdout rows with replacement, the same each time they are asked for.

    Attributes
    ----------
    rows : int
        How many rows there are.
    seed : int
        Seed of the draws.
    draws : int
        How many draws.
    units : numpy.ndarray
        For each row the number of the unit (row or group) that is drawn; from 0 without gaps.
    """

    rows: int
    seed: int
    draws: int
    units: npt.NDArray[np.intp]

    @property
    def unit_count(self) -> int:
        """How many units are drawn: groups where there are some, else rows."""
        return int(self.units.max()) + 1 if self.rows else 0

    @property
    def grouped(self) -> bool:
        """Whether whole groups are drawn."""
        return self.unit_count < self.rows

    def weights(self) -> Iterator[Floats]:
        """Yield the draws as weights (some draws × rows): how often each row was drawn."""
        for often in self.unit_weights():
            yield often[:, self.units] if self.grouped else often

    def unit_weights(self) -> Iterator[Floats]:
        """Yield the same draws as weights (some draws × units): how often each row or group was drawn."""
        rng = np.random.default_rng(self.seed)
        size = self.unit_count
        step = max(1, CHUNK // max(self.rows, 1))
        for first in range(0, self.draws, step):
            some = min(step, self.draws - first)
            drawn = rng.integers(0, size, size=(some, size), dtype=np.int64)
            drawn += np.arange(some)[:, None] * size
            yield np.bincount(drawn.ravel(), minlength=some * size).reshape(some, size).astype(float)

    def as_they_are(self, *statistics: Weighted) -> Floats:
        """Return each statistic on the rows as they are, each row once."""
        once = np.ones((1, self.rows))
        return np.array([float(statistic(once)[0]) for statistic in statistics])

    def values(self, *statistics: Weighted) -> Floats:
        """Return each statistic on each draw: draws × statistics."""
        return np.concatenate(
            [np.column_stack([statistic(weights) for statistic in statistics]) for weights in self.weights()]
        )


def resamples(rows: int, *, seed: int, groups: pd.Series | None = None, draws: int = DRAWS) -> Resamples:
    """Return the draws for so many rows; whole groups where groups are given, a missing one a group alone.

    Parameters
    ----------
    rows : int
        How many rows there are; at least 1.
    seed : int
        The same seed gives the same draws.
    groups : pandas.Series, optional
        A value a row; rows with equal values are drawn together.
    draws : int
        How many; fewer are made, at least 400, where there are many rows.
    """
    some = int(np.clip(MOST_WORK // max(rows, 1), min(LEAST_DRAWS, draws), draws))
    return Resamples(rows, seed, some, np.arange(rows) if groups is None else _unit_numbers(groups))


def interval(
    value: float, drawn: Floats, *, units: int, within: tuple[float, float] = (-np.inf, np.inf)
) -> Estimate:
    """Return the value with its 95 % interval from its values on the draws.

    Parameters
    ----------
    value : float
        On the rows as they are.
    drawn : numpy.ndarray
        On each draw; NaN where a draw does not define it.
    units : int
        How many rows or groups were drawn.
    within : pair of float
        The lowest and the highest value that there can be.

    Notes
    -----
    The expanded percentile interval of Hesterberg (2015), "What Teachers Should Know About the Bootstrap":
    percentiles a little further out than 2.5 and 97.5, because percentile intervals from few units are too
    narrow. From fewer than ten units, whose draws are too few different ones for percentiles, Student's
    interval with the draws' standard deviation. No interval is given from a single unit, nor where fewer
    than nine of ten draws define the value.
    """
    if not np.isfinite(value):
        return Estimate(value=None)
    defined = drawn[np.isfinite(drawn)]
    if units < 2 or len(defined) < LEAST_DEFINED * len(drawn):
        return Estimate(value=float(value))
    if units < FEW_UNITS:
        reach = -student(units) * float(defined.std())
        low, high = np.clip([value - reach, value + reach], *within)
    else:
        share = float(stats.norm.cdf(student(units)))
        low, high = np.quantile(defined, [share, 1 - share])
    return Estimate(value=float(value), low=float(min(low, value)), high=float(max(high, value)))


def student(units: int) -> float:
    """Return the lower limit of a 95 % interval in the draws' standard deviations."""
    return float(np.sqrt(units / (units - 1)) * stats.t.ppf((1 - CONFIDENCE) / 2, units - 1))


def _unit_numbers(groups: pd.Series) -> npt.NDArray[np.intp]:
    codes: npt.NDArray[Any] = pd.factorize(groups)[0].astype(np.intp)
    missing = codes < 0
    codes[missing] = codes.max(initial=-1) + 1 + np.arange(int(missing.sum()))
    return codes
