"""Regression: how large the errors are, and where the predictions lean to one side."""

import numpy as np
import pandas as pd

from helpers.bootstrap import Resamples, interval
from helpers.results import ErrorResult, Estimate
from helpers.scoring.weighted import Floats, divided, weighted_mean, weighted_quantile

NINE_OF_TEN = 0.9
TARGET_RANGE = (0.05, 0.95)
MOST_BINS = 8
ROWS_PER_BIN = 10


def error_result(truth: Floats, predicted: Floats, baseline: Floats, *, draws: Resamples) -> ErrorResult:
    """Return the sizes of the errors in the target's unit, with 95 % intervals, beside the baseline's.

    Parameters
    ----------
    truth, predicted, baseline : numpy.ndarray
        One number a holdout row, at least one row.
    draws : Resamples
        Draws of the same rows.
    """
    sizes, simple = np.abs(predicted - truth), np.abs(baseline - truth)
    statistics = (weighted_quantile(sizes, 0.5), weighted_mean(sizes), weighted_quantile(sizes, NINE_OF_TEN))
    drawn = draws.values(*statistics)
    as_they_are = [float(statistic(np.ones((1, len(truth))))[0]) for statistic in statistics]
    typical, mean, nine = (
        interval(value, drawn[:, place], units=draws.unit_count, within=(0.0, np.inf))
        for place, value in enumerate(as_they_are)
    )
    low, high = np.quantile(truth, TARGET_RANGE)
    return ErrorResult(
        typical=typical,
        mean=mean,
        nine_of_ten=nine,
        baseline_typical=float(np.median(simple)),
        baseline_mean=float(simple.mean()),
        target_low=float(low),
        target_high=float(high),
    )


def residual_table(truth: Floats, predicted: Floats, *, draws: Resamples) -> pd.DataFrame:
    """Return how far predictions are off, by the size of the prediction.

    Returns
    -------
    pandas.DataFrame
        Columns ``from``, ``to`` (predictions in the bin), ``rows``, ``residual`` (mean of observed minus
        predicted, above 0 where it predicts too low) with ``low`` and ``high``, ``error`` (mean absolute
        error); all in the target's unit, ascending.
    """
    bins = int(np.clip(len(predicted) // ROWS_PER_BIN, 1, MOST_BINS))
    edges = np.unique(np.quantile(predicted, np.linspace(0, 1, bins + 1)[1:-1]))
    numbers = np.unique(np.searchsorted(edges, predicted, side="left"), return_inverse=True)[1]
    inside = (numbers[:, None] == np.arange(numbers.max() + 1)).astype(float)
    residuals = truth - predicted

    def means(weights: Floats) -> Floats:
        rows = weights @ inside
        return divided(weights @ (inside * residuals[:, None]), rows)

    values = means(np.ones((1, len(truth))))[0]
    drawn = np.concatenate([means(weights) for weights in draws.weights()])
    records = []
    for place, value in enumerate(values):
        mask = inside[:, place] > 0
        estimate: Estimate = interval(float(value), drawn[:, place], units=draws.unit_count)
        records.append(
            {
                "from": predicted[mask].min(),
                "to": predicted[mask].max(),
                "rows": int(mask.sum()),
                "residual": value,
                "low": estimate.low,
                "high": estimate.high,
                "error": np.abs(residuals[mask]).mean(),
            }
        )
    return pd.DataFrame(records).astype({"low": float, "high": float})
