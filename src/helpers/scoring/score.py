"""The score of each metric on predictions.

A score that the rows do not define (an area under the curve of rows of a single class, for one) is NaN, never
an error and never a made-up number.
"""

import numpy as np

from helpers.metrics import Metric
from helpers.scoring.prediction import Prediction
from helpers.scoring.truth import Truth
from helpers.scoring.weighted import weighted_metric


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
