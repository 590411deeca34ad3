"""The variance of the noise, as a share of the model's squared error, and how exactly it is known.

Each answer is in the pairs of its own row, in those of the rows that it is near to, and in the model's error
as well. So the terms of the ratio are not independent, and a bootstrap of rows gives an interval of the wrong
width. The variance of a sum of terms that share rows is the sum of the products of all terms that share one
(Fafchamps and Gubert, The formation of risk sharing networks, Journal of Development Economics 83, 2007;
Aronow, Samii and Assenova, Cluster-robust variance estimation for dyadic data, Political Analysis 23, 2015).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import stats

from helpers.results import Estimate

CONFIDENCE = 0.95
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Errors:
    """The model's squared errors of the rows, and how much each row counts.

    Attributes
    ----------
    squared, weights : numpy.ndarray
        One of each a row; the weights sum to more than 0.
    """

    squared: Floats
    weights: Floats

    @property
    def mean(self) -> float:
        """The mean squared error."""
        return float(np.average(self.squared, weights=self.weights))

    @property
    def parts(self) -> Floats:
        """What each row adds to the mean's distance from its expectation, as a share of the mean."""
        mean = self.mean
        return np.asarray(self.weights * (self.squared - mean) / (self.weights.sum() * mean))


@dataclass(frozen=True)
class Neighbours:
    """Near rows of each row: rows × neighbours, the nearest first.

    Attributes
    ----------
    far : numpy.ndarray
        Squared distances.
    apart : numpy.ndarray
        Half the squared differences of the answers.
    others : numpy.ndarray
        Positions of the near rows.
    weights : numpy.ndarray
        How much each row counts; a pair counts as both its rows do.
    """

    far: Floats
    apart: Floats
    others: Places
    weights: Floats

    @cached_property
    def shares(self) -> Floats:
        """How much each pair counts among those of the same rank: they sum to 1, or are all 0."""
        counted = self.weights[:, None] * self.weights[self.others]
        totals = counted.sum(axis=0)
        return np.asarray(counted / np.where(totals > 0, totals, 1.0))

    def means(self, values: Floats) -> Floats:
        """Return the mean of each neighbour's values, which are rows × neighbours."""
        return np.asarray((self.shares * values).sum(axis=0))


def line_to_nought(far: Floats, apart: Floats) -> tuple[float, float, Floats]:
    """Return height and slope at the distance nought of the straight line through points, and what counts.

    Parameters
    ----------
    far, apart : numpy.ndarray
        Means for each neighbour.

    Returns
    -------
    height, slope : float
        At least 0: answers of nearer rows cannot be less alike, and a falling line is taken to be level.
    parts : numpy.ndarray
        What a unit of each point adds to the height of the line that may fall. They sum to 1.
    """
    centre = far - far.mean()
    spread = float((centre**2).sum()) or 1.0
    parts = 1 / len(far) - far.mean() * centre / spread
    slope = max(0.0, float(centre @ apart) / spread)
    return max(0.0, float(apart.mean() - slope * far.mean())), slope, parts


def ratio_of_neighbours(near: Neighbours, errors: Errors) -> Estimate:
    """Return the ratio of noise and squared error, from near rows followed to the distance nought.

    Parameters
    ----------
    near : Neighbours
        Of each row.
    errors : Errors
        Of the same rows; the mean is above 0.
    """
    height, slope, parts = line_to_nought(near.means(near.far), near.means(near.apart))
    value = height / errors.mean
    # The line that may fall is less exact than one that is held level, and which it is, is luck.
    beside = near.apart - height - slope * near.far
    pairs = parts * near.shares * beside / errors.mean
    return _estimate(value, _variance(pairs, near.others, -value * errors.parts), freedom=len(pairs) - 1)


def _variance(pairs: Floats, others: Places, single: Floats) -> float:
    """Return the variance of the sum of all pairs' and all single rows' terms, each of expectation 0."""
    size = len(single)
    by_row = pairs.sum(axis=1) + single
    np.add.at(by_row, others.ravel(), pairs.ravel())
    first, second = np.repeat(np.arange(size), pairs.shape[1]), others.ravel()
    _, same = np.unique(np.minimum(first, second) * size + np.maximum(first, second), return_inverse=True)
    # The products of a pair with itself are in the sums of both its rows.
    twice = float((np.bincount(same, pairs.ravel()) ** 2).sum())
    total = float((by_row**2).sum())
    # The difference can fall below 0 by chance; the sum is then an upper bound.
    return total - twice if total > twice else total


def ratio_of_repeats(
    answers: Floats, sets: Places, counted: npt.NDArray[np.bool_], errors: Errors
) -> Estimate:
    """Return the ratio of noise and squared error, from rows that are alike in all columns.

    Parameters
    ----------
    answers : numpy.ndarray
        Rows × numbers.
    sets : numpy.ndarray
        The set of each row: whole numbers from 0. Different sets are independent.
    counted : numpy.ndarray
        Rows whose answers count; all count in the error.
    errors : Errors
        Of the same rows; the mean is above 0.
    """
    size = np.bincount(sets, counted)
    safe = np.maximum(size, 1)
    weight = np.bincount(sets, errors.weights * counted) / safe
    within = np.zeros(len(size))
    for column in answers.T:
        means = np.bincount(sets, column * counted) / safe
        within += np.bincount(sets, counted * (column - means[sets]) ** 2)
    freedom = weight * np.maximum(size - 1, 0)
    noise = float((weight * within).sum() / freedom.sum())
    value = noise / errors.mean
    own = (weight * within - noise * freedom) / (freedom.sum() * errors.mean)
    by_set = own - value * np.bincount(sets, errors.parts)
    return _estimate(value, float((by_set**2).sum()), freedom=int((freedom > 0).sum()) - 1)


def _estimate(value: float, variance: float, *, freedom: int) -> Estimate:
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, max(1, freedom)) * np.sqrt(variance))
    ends = (value, value - half, value + half)
    value, low, high = (float(np.clip(end, 0.0, 1.0)) for end in ends)
    return Estimate(value=value, low=low, high=high)
