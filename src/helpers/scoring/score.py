"""The score of each metric on predictions.

A score that the rows do not define (an area under the curve of rows of a single class, for one) is NaN, never
an error and never a made-up number.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.metrics import Metric
from helpers.scoring.prediction import Prediction
from helpers.scoring.weighted import weighted_metric

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
    whole number gives what as many copies of the row would.
    """
    counted = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    if not counted.sum() > 0:
        return float("nan")
    found = weighted_metric(metric, y, prediction, classes=classes, positive=positive)
    return float(found(counted[None, :])[0])
