"""The score of each metric on predictions.

A score that the rows do not define (an area under the curve of rows of a single class, for one) is NaN, never
an error and never a made-up number.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from helpers.metrics import Metric
from helpers.scoring.prediction import Prediction
from helpers.scoring.truth import Truth
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


def score(metric: Metric, truth: Truth, prediction: Prediction) -> float:
    """Return the metric's value for the predictions.

    Parameters
    ----------
    metric : Metric
        What to compute.
    truth : Truth
        What really was, and how much each row counts.
    prediction : Prediction
        What the model said of the same rows.

    Returns
    -------
    float
        NaN where the rows do not define the metric.

    Notes
    -----
    F1 is that of the positive class for two classes, else the mean over the classes. Balanced accuracy
    averages over the classes that occur. The log loss clips probabilities at 1e-15. A weight that is a
    whole number gives what as many copies of the row would.
    """
    counted = len(truth.y) if truth.weights is None else truth.weights.sum()
    if not counted > 0:
        return float("nan")
    return float(weighted_metric(metric, truth, prediction)(np.ones((1, len(truth.y))))[0])
