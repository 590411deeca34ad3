"""Metrics as functions of row weights, so that thousands of resamples are a few array operations.

A resample is a weight for each row: how often it was drawn. `weighted_metric` sorts and compares the rows
once and returns a function from weights (draws × rows) to values (draws). Tests hold the values against
scikit-learn's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.metrics import Metric
from helpers.scoring.prediction import LEAST_PROBABILITY, Prediction
from helpers.scoring.truth import Truth

Floats = npt.NDArray[np.float64]
Weighted = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Rows:
    """Truth and answers as numbers: codes of classes (-1 as `positive` where none is named), or values."""

    truth: npt.NDArray[Any]
    answer: npt.NDArray[Any]
    probabilities: Floats | None
    classes: int
    positive: int


def weighted_metric(metric: Metric, truth: Truth, prediction: Prediction) -> Weighted:
    """Return the metric of these predictions as a function of row weights.

    Parameters
    ----------
    metric : Metric
        What to compute.
    truth : Truth
        What really was; a row counts by its weight each time that it is drawn.
    prediction : Prediction
        What the model said of the same rows.

    Returns
    -------
    callable
        Takes weights of at least 0 (draws × rows), gives one value a draw; NaN where the draw does not
        define the metric.
    """
    found = _BUILDERS[metric.name](as_numbers(truth, prediction))
    if truth.weights is None:
        return found
    each = truth.weights.to_numpy(dtype=float)
    return lambda weights: found(weights * each)


def weighted_quantile(values: Floats, share: float) -> Weighted:
    """Return the quantile of the values as a function of row weights.

    The quantile is the smallest value that at least `share` of the weight does not exceed; where the weight
    below is exactly `share`, the mean of it and the next one, so that a half gives the usual median.
    """
    order = np.argsort(values, kind="stable")
    in_order = values[order]

    def quantile(weights: Floats) -> Floats:
        reached = np.cumsum(weights[:, order], axis=1)
        wanted = share * reached[:, -1:]
        # Sums of whole weights are exact; the product with the share may be off in its last digit.
        slack = 1e-9 * reached[:, -1:]
        lower = np.argmax(reached >= wanted - slack, axis=1)
        upper = np.argmax(reached > wanted + slack, axis=1)
        return np.asarray((in_order[lower] + in_order[upper]) / 2)

    return quantile


def weighted_mean(values: Floats) -> Weighted:
    """Return the mean of the values as a function of row weights."""

    def mean(weights: Floats) -> Floats:
        return np.asarray(weights @ values / weights.sum(axis=1))

    return mean


def as_numbers(truth: Truth, prediction: Prediction) -> Rows:
    """Return truth and answers as numbers, classes as their places in the truth's `classes`."""
    classes, positive = truth.classes, truth.positive
    if not classes:
        return Rows(np.asarray(truth.y, dtype=float), np.asarray(prediction.values, dtype=float), None, 0, -1)
    stated = prediction.probabilities
    return Rows(
        _codes(truth.y, classes),
        _codes(prediction.values, classes),
        None if stated is None else stated[list(classes)].to_numpy(dtype=float),
        len(classes),
        classes.index(positive) if positive is not None else -1,
    )


def _codes(labels: Any, classes: tuple[str, ...]) -> npt.NDArray[np.intp]:
    names = pd.Index(classes, dtype=object)
    codes = names.get_indexer(pd.Index(np.asarray(labels, dtype=object), dtype=object))
    if (codes < 0).any():
        raise ValueError(f"a class that is not among {list(classes)}")
    return np.asarray(codes)


def stated_of(rows: Rows) -> Floats:
    """Return the probabilities (rows × classes) that the model stated."""
    if rows.probabilities is None:
        raise ValueError("this metric reads probabilities, and the prediction holds none")
    return rows.probabilities


def tie_starts(in_order: Floats) -> npt.NDArray[np.intp]:
    """Return where each run of equal values starts."""
    return np.flatnonzero(np.r_[True, np.diff(in_order) != 0])


def ranking(
    keys: Floats, is_one: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return rows in the order of their keys, the smallest first.

    Returns
    -------
    order, starts, is_one : numpy.ndarray
        The rows' places, where each run of equal keys starts, and `is_one` in that order.
    """
    order = np.argsort(keys, kind="stable")
    return order, tie_starts(keys[order]), is_one[order]


def positives(rows: Rows) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the probability of the positive class, and whether each row is of it."""
    return stated_of(rows)[:, rows.positive], rows.truth == rows.positive


def divided(top: Floats, bottom: Floats) -> Floats:
    """Return top over bottom, NaN where the bottom is 0."""
    return np.asarray(np.divide(top, bottom, out=np.full(np.shape(bottom), np.nan), where=bottom > 0))


def area_under(stated: Floats, is_one: npt.NDArray[np.bool_]) -> Weighted:
    """Return the area under the ROC curve of one class against the rest; a tie counts half."""
    order, starts, is_one = ranking(stated, is_one)

    def area(weights: Floats) -> Floats:
        drawn = weights[:, order]
        found = np.add.reduceat(drawn * is_one, starts, axis=1)
        rest = np.add.reduceat(drawn * ~is_one, starts, axis=1)
        below = np.cumsum(rest, axis=1) - rest / 2
        return divided((found * below).sum(axis=1), found.sum(axis=1) * rest.sum(axis=1))

    return area


def _roc_auc(rows: Rows) -> Weighted:
    return area_under(*positives(rows))


def _average_precision(rows: Rows) -> Weighted:
    stated, is_positive = positives(rows)
    order, starts, is_positive = ranking(-stated, is_positive)

    def precision(weights: Floats) -> Floats:
        drawn = weights[:, order]
        found = np.add.reduceat(drawn * is_positive, starts, axis=1)
        named = np.cumsum(np.add.reduceat(drawn, starts, axis=1), axis=1)
        right = np.nan_to_num(divided(np.cumsum(found, axis=1), named))
        return divided((right * found).sum(axis=1), found.sum(axis=1))

    return precision


def brier_losses(rows: Rows) -> Floats:
    """Return the squared distance of each row's stated probability from what happened."""
    stated, is_positive = positives(rows)
    return np.asarray((stated - is_positive) ** 2)


def log_losses(rows: Rows) -> Floats:
    """Return the log loss of each row."""
    happened = stated_of(rows)[np.arange(len(rows.truth)), rows.truth]
    return np.asarray(-np.log(np.clip(happened, LEAST_PROBABILITY, 1.0)))


def squared_errors(rows: Rows) -> Floats:
    """Return each row's squared error."""
    return np.asarray((rows.answer - rows.truth) ** 2)


def absolute_errors(rows: Rows) -> Floats:
    """Return the size of each row's error."""
    return np.asarray(np.abs(rows.answer - rows.truth))


def _brier_score(rows: Rows) -> Weighted:
    return weighted_mean(brier_losses(rows))


def _log_loss(rows: Rows) -> Weighted:
    return weighted_mean(log_losses(rows))


def _accuracy(rows: Rows) -> Weighted:
    return weighted_mean((rows.truth == rows.answer).astype(float))


def confusion_counts(rows: Rows) -> Callable[[Floats], Floats]:
    """Return a function from weights to counts: draws × truth × answer."""
    size = rows.classes
    cells = rows.truth * size + rows.answer

    def counts(weights: Floats) -> Floats:
        each = [np.bincount(cells, weights=drawn, minlength=size * size) for drawn in weights]
        return np.asarray(each, dtype=float).reshape(len(weights), size, size)

    return counts


def _balanced_accuracy(rows: Rows) -> Weighted:
    confusion = confusion_counts(rows)

    def balanced(weights: Floats) -> Floats:
        counts = confusion(weights)
        found = divided(np.diagonal(counts, axis1=1, axis2=2), counts.sum(axis=2))
        return np.asarray(np.nanmean(found, axis=1))

    return balanced


def _f1(rows: Rows) -> Weighted:
    confusion = confusion_counts(rows)

    def f1(weights: Floats) -> Floats:
        counts = confusion(weights)
        right = np.diagonal(counts, axis1=1, axis2=2)
        each = divided(2 * right, counts.sum(axis=1) + counts.sum(axis=2))
        if rows.classes == 2 and rows.positive >= 0:
            return np.nan_to_num(each[:, rows.positive])
        return np.asarray(np.nanmean(each, axis=1))

    return f1


def _mcc(rows: Rows) -> Weighted:
    confusion = confusion_counts(rows)

    def correlation(weights: Floats) -> Floats:
        counts = confusion(weights)
        total, right = counts.sum(axis=(1, 2)), np.trace(counts, axis1=1, axis2=2)
        true, named = counts.sum(axis=2), counts.sum(axis=1)
        spread = (total**2 - (named**2).sum(axis=1)) * (total**2 - (true**2).sum(axis=1))
        return np.nan_to_num(
            divided(right * total - (true * named).sum(axis=1), np.sqrt(np.maximum(spread, 0)))
        )

    return correlation


def _rmse(rows: Rows) -> Weighted:
    mean = weighted_mean(squared_errors(rows))
    return lambda weights: np.sqrt(mean(weights))


def _mae(rows: Rows) -> Weighted:
    return weighted_mean(absolute_errors(rows))


def _median_absolute_error(rows: Rows) -> Weighted:
    return weighted_quantile(absolute_errors(rows), 0.5)


def _r2(rows: Rows) -> Weighted:
    squares = squared_errors(rows)
    # Around the middle of the rows, so that large targets lose no digits.
    truth = rows.truth - rows.truth.mean()

    def explained(weights: Floats) -> Floats:
        total = weights.sum(axis=1)
        variation = weights @ truth**2 - (weights @ truth) ** 2 / total
        variation = np.where(variation > 1e-12 * (weights @ truth**2), variation, 0.0)
        return 1.0 - divided(weights @ squares, variation)

    return explained


_BUILDERS: Mapping[str, Callable[[Rows], Weighted]] = MappingProxyType(
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
