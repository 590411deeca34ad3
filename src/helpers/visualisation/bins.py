"""How many bins, where they begin, and whether on a logarithmic scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_BINS = 40
CORE = (0.005, 0.995)  # quantiles between which the drawn range lies when far values would squeeze it
FAR = 3.0  # the range is cut when it is more than this many times as wide as the core
LOG_RATIO = 10.0  # positive values are drawn on a log scale when the 99 % quantile is this many medians
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_PERIODS = ("D", "W-MON", "MS", "QS", "YS", "2YS", "5YS", "10YS", "25YS", "100YS", "500YS")
MOST_PERIODS = 24


@dataclass(frozen=True)
class Bins:
    """Where the bins of a histogram begin and end.

    Attributes
    ----------
    edges : numpy.ndarray
        Increasing, one more than there are bins.
    log : bool
        Whether they are of equal width on a logarithmic scale.
    """

    edges: np.ndarray
    log: bool = False

    def outside(self, values: np.ndarray) -> int:
        """Return how many of the values lie outside the bins."""
        return int(((values < self.edges[0]) | (values > self.edges[-1])).sum())

    def counts(self, values: np.ndarray) -> np.ndarray:
        """Return how many of the values lie in each bin; the last one holds its upper edge."""
        return np.histogram(values, self.edges)[0]


def sensible_bins(values: np.ndarray, *, parts: Sequence[np.ndarray] = (), most: int = MOST_BINS) -> Bins:
    """Return bins for a histogram of the values.

    Whole numbers of a small range get a bin each; else the width follows Freedman and Diaconis (1981),
    rounded to a number that people read easily. Positive values that spread over powers of ten are cut on a
    log scale. A few values far away from the rest lie outside the bins; say so with `Bins.outside`.

    Parameters
    ----------
    values : numpy.ndarray
        At least one value, all finite.
    parts : sequence of numpy.ndarray
        The same values by class, where each class gets a histogram of its own in these bins: then the width
        is the median of the widths that fit the classes.
    most : int
        About how many bins there may be.
    """
    values = np.asarray(values, dtype=float)
    low, high = float(values.min()), float(values.max())
    if low == high:
        return Bins(
            np.array([low - 0.5, low + 0.5]) if abs(low) < 1e6 else low + np.array([-1, 1]) * abs(low) * 1e-3
        )
    if spreads_over_powers(values):
        return _log_bins(np.log10(values), [np.log10(part) for part in parts], most)
    low, high = drawn_range(values)
    inside = values[(values >= low) & (values <= high)]
    if high - low < most and bool(np.all(inside == np.floor(inside))):
        return Bins(np.arange(math.floor(low), math.ceil(high) + 2) - 0.5)
    return Bins(_edges(low, high, _width(parts or [inside], high - low, most)))


def spreads_over_powers(values: np.ndarray) -> bool:
    """Return whether positive values reach so far beyond their middle that a log scale shows them better."""
    if not len(values) or values.min() <= 0:
        return False
    middle, tail = np.quantile(values, [0.5, 0.99])
    return bool(tail / middle > LOG_RATIO)


def drawn_range(values: np.ndarray) -> tuple[float, float]:
    """Return the range to draw: all of it, or the core where far values would squeeze the rest."""
    low, high = float(values.min()), float(values.max())
    core_low, core_high = (float(value) for value in np.quantile(values, CORE))
    core = core_high - core_low
    if core <= 0 or high - low <= FAR * core:
        return low, high
    return max(low, core_low - core / 10), min(high, core_high + core / 10)


def quantile_edges(values: np.ndarray, *, bins: int) -> np.ndarray:
    """Return the edges of at most `bins` bins with about equally many values; equal edges fall together."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, bins + 1)))
    return edges if len(edges) > 1 else np.array([edges[0], edges[0]])


def period_edges(dates: pd.Series) -> pd.DatetimeIndex:
    """Return the beginnings of days, weeks, months, quarters or years that cover the dates, and one end.

    Parameters
    ----------
    dates : pandas.Series
        datetime64 without time zone, none missing.
    """
    first, last = dates.min().normalize(), dates.max()
    for period in _PERIODS:
        offset = pd.tseries.frequencies.to_offset(period)
        start = offset.rollback(first)
        edges = pd.date_range(start, last + offset, freq=period)
        if len(edges) - 1 <= MOST_PERIODS:
            break
    return edges


def _width(parts: Sequence[np.ndarray], extent: float, most: int) -> float:
    widths = [
        2 * float(np.subtract(*np.quantile(part, [0.75, 0.25]))) / len(part) ** (1 / 3)
        for part in parts
        if len(part)
    ]
    positive = [width for width in widths if width > 0]
    wanted = extent / float(np.median(positive)) if positive else most / 2
    fewest = min(8, math.ceil(math.sqrt(max(len(part) for part in parts))))
    return extent / min(max(wanted, fewest), most)


def _edges(low: float, high: float, width: float) -> np.ndarray:
    step = nice_step(width)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return np.arange(first, max(last, first + 1) + 1) * step


def nice_step(width: float) -> float:
    """Return the largest of 1, 2, 2.5, 5 times a power of ten that is at most a quarter wider than `width`.

    >>> nice_step(0.31), nice_step(17.0), nice_step(2.0)
    (0.25, 20.0, 2.5)
    """
    power = 10.0 ** math.floor(math.log10(width))
    return max(step * power for step in _STEPS if step * power <= width * 1.25)


def _log_bins(logarithms: np.ndarray, parts: Sequence[np.ndarray], most: int) -> Bins:
    low, high = drawn_range(logarithms)
    inside = logarithms[(logarithms >= low) & (logarithms <= high)]
    bins = max(4, round((high - low) / _width(parts or [inside], high - low, most)))
    edges = 10.0 ** np.linspace(low, high, bins + 1)
    if low == logarithms.min():
        edges[0] *= 1 - 1e-12  # rounding in the power must not put the smallest value outside
    if high == logarithms.max():
        edges[-1] *= 1 + 1e-12
    return Bins(edges, log=True)
