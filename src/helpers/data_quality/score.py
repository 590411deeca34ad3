"""How good a prediction is in a measure that people know, with its interval and what each row adds to it.

AUC for two classes, accuracy for several, R² of the target's ranks for numbers. The intervals rest on each
row's influence, so that two predictions of the same rows can be compared pair by pair, and rows that are
not independent of each other count as one (DeLong et al. 1988 for the AUC; a linear approximation for
R²).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from helpers.data_quality.probe import RULE_OF_THREE
from helpers.metrics import Task

MEASURES = {Task.BINARY: "AUC", Task.MULTICLASS: "accuracy", Task.REGRESSION: "R² of ranks"}
# Two decimals, and three where two would say 1.
DIGITS, FINE_DIGITS, FINE_FROM = 2, 3, 0.995


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Write it as people read it, for instance ``0.95 (0.94 to 0.96)``; NaN is a dash."""
        values = (self.value, self.low, self.high)
        digits = FINE_DIGITS if any(FINE_FROM <= value < 1 for value in values) else DIGITS
        value, low, high = (shown(each, digits=digits) for each in values)
        return f"{value} ({low} to {high})"


def shown(value: float, *, digits: int = DIGITS) -> str:
    """Return a measure with so many decimals, never a false 1.

    >>> shown(0.8), shown(0.9996, digits=3), shown(-0.031), shown(1.0)
    ('0.80', '0.999', '−0.03', '1.00')
    """
    if not np.isfinite(value):
        return "–"
    most = 1 - 10.0**-digits
    text = f"{min(value, most) if value < 1 else value:.{digits}f}"
    return text.replace("-0." + "0" * digits, "0." + "0" * digits).replace("-", "−")


@dataclass(frozen=True)
class Measured:
    """A measure of one prediction.

    Attributes
    ----------
    value : float
        The measure; 1 is perfect.
    influence : numpy.ndarray of float64, shape (n,)
        What each row adds to the measure's error; its mean is 0.
    """

    value: float
    influence: np.ndarray


def measured(predicted: np.ndarray, target: np.ndarray, task: Task) -> Measured:
    """Return the task's measure of a prediction.

    Parameters
    ----------
    predicted, target : numpy.ndarray of float64, shape (n, k)
        As `target_matrix` gives the target: a column a class, or one of ranks.
    task : Task
        Which measure to take.
    """
    if task is Task.BINARY:
        return _auc(predicted[:, 0], target[:, 0] > 0.5)
    if task is Task.MULTICLASS:
        right = (predicted.argmax(axis=1) == target.argmax(axis=1)).astype(float)
        return Measured(float(right.mean()), right - right.mean())
    errors, guessing = (predicted - target)[:, 0] ** 2, (target - target.mean())[:, 0] ** 2
    scale = float(guessing.mean())
    if scale == 0:
        return Measured(0.0, np.zeros(len(target)))
    ratio = float(errors.mean()) / scale
    return Measured(1 - ratio, (ratio * guessing - errors) / scale)


def _auc(scores: np.ndarray, positive: np.ndarray) -> Measured:
    """Return the area under the ROC curve with each row's structural component (DeLong et al. 1988)."""
    ones, others = int(positive.sum()), int((~positive).sum())
    if not ones or not others:
        return Measured(0.5, np.zeros(len(scores)))
    ranks = stats.rankdata(scores)
    above = np.empty(len(scores))
    above[positive] = (ranks[positive] - stats.rankdata(scores[positive])) / others
    above[~positive] = 1 - (ranks[~positive] - stats.rankdata(scores[~positive])) / ones
    value = float(above[positive].mean())
    weight = np.where(positive, len(scores) / ones, len(scores) / others)
    return Measured(value, (above - value) * weight)


def interval(found: Measured, clusters: np.ndarray) -> Interval:
    """Return the measure with its 95 % interval; rows of the same cluster count as one.

    A prediction without a mistake gets a lower end that its number of rows allows.
    """
    half = half_width(found.influence, clusters)
    low = found.value - half
    if half == 0:
        low -= RULE_OF_THREE / len(np.unique(clusters))
    return Interval(found.value, low, min(1.0, found.value + half))


def half_width(influence: np.ndarray, clusters: np.ndarray) -> float:
    """Return half the width of the 95 % interval of a mean of rows that depend on each other in clusters."""
    numbers = np.unique(clusters, return_inverse=True)[1]
    sums = np.bincount(numbers, weights=influence)
    if len(sums) < 2:
        return float("inf")
    spread = np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1))
    return float(stats.t.ppf(0.975, len(sums) - 1) * spread / len(influence))
