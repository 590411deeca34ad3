"""Metrics that are made of a mean of the rows' losses: for these the draws' own standard errors are known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from helpers.metrics import Metric
from helpers.scoring import Prediction, Truth
from helpers.scoring.weighted import (
    Floats,
    Rows,
    absolute_errors,
    as_numbers,
    brier_losses,
    log_losses,
    squared_errors,
)

Finish = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Losses:
    """A value that is made of a sum over rows divided by another one.

    Attributes
    ----------
    top, bottom : numpy.ndarray
        What each row adds to either sum, never below 0; the bottom is the row's weight for a mean.
    finish : callable
        From the ratio of the sums to the value; rises or falls throughout.
    """

    top: Floats
    bottom: Floats
    finish: Finish


def row_losses(metric: Metric, truth: Truth, prediction: Prediction) -> Losses | None:
    """Return the rows' losses that the metric is made of; None where it is made of none.

    Takes what `helpers.scoring.weighted.weighted_metric` takes.
    """
    loss = _LOSSES.get(metric.name)
    if loss is None:
        return None
    rows = as_numbers(truth, prediction)
    each = np.ones(len(rows.truth)) if truth.weights is None else truth.weights.to_numpy(dtype=float)
    top = each * loss(rows)
    if metric.name == "r2":
        middle = np.average(rows.truth, weights=each)
        return Losses(top, each * (rows.truth - middle) ** 2, _left)
    return Losses(top, each, np.sqrt if metric.name == "rmse" else _as_it_is)


def _as_it_is(ratio: Floats) -> Floats:
    return ratio


def _left(ratio: Floats) -> Floats:
    return 1.0 - ratio


_LOSSES: Mapping[str, Callable[[Rows], Floats]] = MappingProxyType(
    {
        "brier_score": brier_losses,
        "log_loss": log_losses,
        "rmse": squared_errors,
        "mae": absolute_errors,
        "r2": squared_errors,
    }
)
