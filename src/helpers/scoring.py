"""Predictions in one shape for every task, and the score of each metric on them.

The scores are written in NumPy because evaluations call them thousands of times on resampled rows; tests
hold them against scikit-learn's. A score that the rows do not define (an area under the curve of rows of a
single class, for one) is NaN, never an error and never a made-up number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import rankdata

from helpers.metrics import Metric

Floats = npt.NDArray[np.float64]

# The smallest probability that the log loss reckons with: a class ruled out that happened costs 34.5.
LEAST_PROBABILITY = 1e-15

_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "roc_auc": (0.0, 1.0),
        "average_precision": (0.0, 1.0),
        "brier_score": (0.0, 1.0),
        "log_loss": (0.0, np.inf),
        "accuracy": (0.0, 1.0),
        "balanced_accuracy": (0.0, 1.0),
        "f1": (0.0, 1.0),
        "mcc": (-1.0, 1.0),
        "rmse": (0.0, np.inf),
        "mae": (0.0, np.inf),
        "median_absolute_error": (0.0, np.inf),
        "r2": (-np.inf, 1.0),
    }
)


@dataclass(frozen=True)
class Prediction:
    """What a model says of some rows.

    Attributes
    ----------
    values : numpy.ndarray
        One answer a row: a class (str) or a number.
    probabilities : pandas.DataFrame or None
        For classes: rows × classes, in the order of ``Table.classes``; None for a regression.
    """

    values: npt.NDArray[Any]
    probabilities: pd.DataFrame | None


def bounds(metric: Metric) -> tuple[float, float]:
    """Return the lowest and highest value that the metric can take."""
    return _BOUNDS[metric.name]


def score(
    metric: Metric,
    y: pd.Series,
    prediction: Prediction,
    *,
    classes: Sequence[str] = (),
    positive: str | None = None,
    weights: npt.ArrayLike | None = None,
) -> float:
    """Return the metric's value for the predictions.

    Parameters
    ----------
    metric : Metric
        What to compute.
    y : pandas.Series
        The truth, in the order of the predictions; the index plays no part.
    prediction : Prediction
        What the model said of the same rows.
    classes : sequence of str
        All classes of the table, as in ``Table.classes``; empty for a regression.
    positive : str, optional
        For two classes the one to find.
    weights : array-like, optional
        How much each row counts, 0 or more, in the order of `y`; without them all count the same.

    Returns
    -------
    float
        NaN where the rows do not define the metric.

    Notes
    -----
    F1 is that of the positive class for two classes, else the mean over the classes. Balanced accuracy
    averages over the classes that occur in `y`. The log loss clips probabilities at 1e-15. A weight that is a
    whole number gives what as many copies of the row would; of two middle errors the smaller one counts then.
    """
    if len(y) == 0:
        return float("nan")
    counted = None if weights is None else np.asarray(weights, dtype=float)
    if counted is not None and not counted.sum() > 0:
        return float("nan")
    case = _Case(np.asarray(y), prediction, tuple(classes), positive, counted)
    return float(_FUNCTIONS[metric.name](case))


@dataclass(frozen=True)
class _Case:
    """The truth and the answers, in the forms that the metrics read."""

    truth: npt.NDArray[Any]
    prediction: Prediction
    classes: tuple[str, ...]
    positive: str | None
    weights: Floats | None = None

    def mean(self, values: npt.NDArray[Any]) -> float:
        """Return the mean over the rows, each counted by its weight."""
        return float(np.mean(values) if self.weights is None else np.average(values, weights=self.weights))

    def total(self, values: npt.NDArray[Any]) -> float:
        """Return the sum over the rows, each counted by its weight."""
        return float(np.sum(values) if self.weights is None else np.sum(values * self.weights))

    @property
    def answers(self) -> npt.NDArray[Any]:
        return np.asarray(self.prediction.values)

    @property
    def is_positive(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.truth == self.positive, dtype=np.bool_)

    @property
    def positive_probability(self) -> Floats:
        return np.asarray(self._probabilities[self.positive], dtype=float)

    @property
    def true_probability(self) -> Floats:
        """The probability that the model gave to what happened."""
        table = self._probabilities[list(self.classes)].to_numpy(dtype=float)
        return np.asarray(table[np.arange(len(self.truth)), self._codes(self.truth)])

    @property
    def confusion(self) -> Floats:
        """Counts: truth down, answer across, in the order of the classes."""
        size = len(self.classes)
        pairs = self._codes(self.truth) * size + self._codes(self.answers)
        counts = np.bincount(pairs, weights=self.weights, minlength=size * size)
        return np.asarray(counts.reshape(size, size), dtype=float)

    @property
    def errors(self) -> Floats:
        return np.asarray(self.answers.astype(float) - self.truth.astype(float))

    def _codes(self, labels: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        codes = pd.Index(self.classes, dtype=object).get_indexer(pd.Index(labels, dtype=object))
        if (codes < 0).any():
            raise ValueError(f"a class that is not among {list(self.classes)}")
        return np.asarray(codes, dtype=np.int64)

    @property
    def _probabilities(self) -> pd.DataFrame:
        if self.prediction.probabilities is None:
            raise ValueError("this metric reads probabilities, and the prediction holds none")
        return self.prediction.probabilities


def _roc_auc(case: _Case) -> float:
    positive = case.is_positive
    if case.weights is not None:
        return _weighted_roc_auc(positive, case.positive_probability, case.weights)
    found, rest = int(positive.sum()), int((~positive).sum())
    if found == 0 or rest == 0:
        return float("nan")
    ranks = rankdata(case.positive_probability)
    return float((ranks[positive].sum() - found * (found + 1) / 2) / (found * rest))


def _weighted_roc_auc(positive: npt.NDArray[np.bool_], stated: Floats, weights: Floats) -> float:
    """Return the share of the weight of all pairs that stands right; a tie counts half."""
    levels, place = np.unique(stated, return_inverse=True)
    found = np.bincount(place[positive], weights=weights[positive], minlength=len(levels))
    rest = np.bincount(place[~positive], weights=weights[~positive], minlength=len(levels))
    pairs = found.sum() * rest.sum()
    below = np.cumsum(rest) - rest / 2
    return float(found @ below / pairs) if pairs > 0 else float("nan")


def _average_precision(case: _Case) -> float:
    positive = case.is_positive
    weights = np.ones(len(positive), dtype=np.int64) if case.weights is None else case.weights
    if not (weights[positive] > 0).any():
        return float("nan")
    stated = case.positive_probability
    order = np.argsort(-stated, kind="stable")
    order = order[weights[order] > 0]
    hits, named = np.cumsum((positive * weights)[order]), np.cumsum(weights[order])
    # Rows with the same probability are named together: read the curve only where the probability changes.
    ends = np.append(np.flatnonzero(np.diff(stated[order])), len(order) - 1)
    precision = hits[ends] / named[ends]
    gained = np.diff(hits[ends], prepend=0) / hits[-1]
    return float(np.sum(precision * gained))


def _brier_score(case: _Case) -> float:
    return case.mean((case.positive_probability - case.is_positive) ** 2)


def _log_loss(case: _Case) -> float:
    return -case.mean(np.log(np.clip(case.true_probability, LEAST_PROBABILITY, 1.0)))


def _accuracy(case: _Case) -> float:
    return case.mean(case.truth == case.answers)


def _balanced_accuracy(case: _Case) -> float:
    counts = case.confusion
    rows = counts.sum(axis=1)
    present = rows > 0
    return float(np.mean(np.diag(counts)[present] / rows[present]))


def _f1(case: _Case) -> float:
    counts = case.confusion
    occurs = counts.sum(axis=0) + counts.sum(axis=1)
    # A class that neither occurs nor is named says nothing.
    each = np.divide(2 * np.diag(counts), occurs, out=np.full(len(counts), np.nan), where=occurs > 0)
    if len(case.classes) == 2 and case.positive is not None:
        return float(np.nan_to_num(each[case.classes.index(case.positive)]))
    return float(np.nanmean(each))


def _mcc(case: _Case) -> float:
    """Matthews correlation (Gorodkin 2004 for several classes); 0 where truth or answers are constant."""
    counts = case.confusion
    total, right = counts.sum(), np.trace(counts)
    true, named = counts.sum(axis=1), counts.sum(axis=0)
    spread = (total**2 - named @ named) * (total**2 - true @ true)
    return float((right * total - true @ named) / np.sqrt(spread)) if spread > 0 else 0.0


def _rmse(case: _Case) -> float:
    return float(np.sqrt(case.mean(case.errors**2)))


def _mae(case: _Case) -> float:
    return case.mean(np.abs(case.errors))


def _median_absolute_error(case: _Case) -> float:
    errors = np.abs(case.errors)
    if case.weights is None:
        return float(np.median(errors))
    order = np.argsort(errors)
    reached = np.cumsum(case.weights[order])
    return float(errors[order][np.searchsorted(reached, reached[-1] / 2)])


def _r2(case: _Case) -> float:
    truth = case.truth.astype(float)
    variation = case.total((truth - case.mean(truth)) ** 2)
    return 1.0 - case.total(case.errors**2) / variation if variation > 0 else float("nan")


_FUNCTIONS: Mapping[str, Callable[[_Case], float]] = MappingProxyType(
    {
        "roc_auc": _roc_auc,
        "average_precision": _average_precision,
        "brier_score": _brier_score,
        "log_loss": _log_loss,
        "accuracy": _accuracy,
        "balanced_accuracy": _balanced_accuracy,
        "f1": _f1,
        "mcc": _mcc,
        "rmse": _rmse,
        "mae": _mae,
        "median_absolute_error": _median_absolute_error,
        "r2": _r2,
    }
)
