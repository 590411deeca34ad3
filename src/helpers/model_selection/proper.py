"""Scores that see whether stated probabilities are true, beside metrics that do not.

A metric of ranking, or of labels, is the same for a model whose probabilities are all too near to one half.
What costs, thresholds and readers of probabilities need is seen by a proper score: settings are searched by
it, and among models that are practically as good by the metric it decides (Gneiting and Raftery, Strictly
proper scoring rules, prediction, and estimation, Journal of the American Statistical Association 102, 2007).
"""

from dataclasses import replace

from helpers.metrics import METRICS, Metric
from helpers.model_selection.cross_validation import CandidateResult
from helpers.model_selection.fitting import IMPROPER

PROPER = METRICS["log_loss"]


def proper_metric(metric: Metric) -> Metric:
    """Return the log loss for a metric of ranking or of labels, else the metric itself."""
    return PROPER if metric.name in IMPROPER else metric


def turned(result: CandidateResult) -> CandidateResult:
    """Return the result with its proper score in the place of the metric's; turned again it is as before.

    Where the metric is proper itself it is returned as it is.
    """
    if any(fold.proper is None for fold in result.folds):
        return result
    folds = tuple(
        replace(fold, validation=fold.proper, proper=fold.validation)
        for fold in result.folds
        if fold.proper is not None
    )
    return replace(result, folds=folds)
