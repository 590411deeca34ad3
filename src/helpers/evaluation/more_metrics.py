"""The metrics that some fields ask for beside those that select models, as functions of row weights.

They never choose a model; the report shows them in a table of their own. Whatever the rows do not define
(an error in percent of a true 0, for one) is NaN.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import helpers.evaluation.more_class_metrics as of_classes
import helpers.evaluation.more_number_metrics as of_numbers
from helpers.bootstrap import Resamples, interval
from helpers.evaluation.classes import share_among
from helpers.metrics import Task
from helpers.results import Estimate, MetricResult
from helpers.scoring import Prediction
from helpers.scoring.weighted import Floats, Rows, Weighted, as_numbers
from helpers.tables.table import Table


@dataclass(frozen=True)
class MoreMetric:
    """A metric that is shown and selects nothing.

    Attributes
    ----------
    name, label : str
        In records, and for people.
    tasks : tuple of Task
        What it is for.
    higher_is_better : bool or None
        None where it is best near 0.
    plain : str
        What it says.
    build : callable
        From truth and answers to a function of row weights.
    within : pair of float
        The lowest and highest value that there can be.
    """

    name: str
    label: str
    tasks: tuple[Task, ...]
    higher_is_better: bool | None
    plain: str
    build: Callable[[Rows], Weighted]
    within: tuple[float, float] = (0.0, 1.0)


_TWO, _MORE, _CLASSES = (Task.BINARY,), (Task.MULTICLASS,), (Task.BINARY, Task.MULTICLASS)
_NUMBERS = (Task.REGRESSION,)
_OPEN: Any = (0.0, np.inf)
_SIGNED: Any = (-1.0, 1.0)
_BELOW_ONE: Any = (-np.inf, 1.0)

MORE_METRICS: tuple[MoreMetric, ...] = (
    MoreMetric(
        "precision",
        "precision",
        _TWO,
        True,
        "share of the rows named positive that are",
        of_classes.share("precision"),
    ),
    MoreMetric(
        "recall",
        "recall",
        _TWO,
        True,
        "share of the positive rows that are named so",
        of_classes.share("recall"),
    ),
    MoreMetric(
        "specificity",
        "specificity",
        _TWO,
        True,
        "share of the other rows that are left alone",
        of_classes.share("specificity"),
    ),
    MoreMetric(
        "negative_predictive_value",
        "negative predictive value",
        _TWO,
        True,
        "share of the rows not named positive that are not",
        of_classes.share("negative_predictive_value"),
    ),
    MoreMetric(
        "brier_skill",
        "Brier skill",
        _TWO,
        True,
        "share of the Brier score of the class shares that is saved",
        of_classes.brier_skill,
        _BELOW_ONE,
    ),
    MoreMetric(
        "ks_distance",
        "KS distance",
        _TWO,
        True,
        "largest distance between both classes' shares above a threshold",
        of_classes.largest_gap,
    ),
    MoreMetric(
        "lift_top_10",
        "lift of the top 10 %",
        _TWO,
        True,
        "how many times as frequent positive rows are in the top tenth of the ranking",
        of_classes.lift_of_top,
        _OPEN,
    ),
    MoreMetric(
        "roc_auc_ovr",
        "ROC AUC, each class against the rest",
        _MORE,
        True,
        "mean over the classes of how often a row of it is ranked above another",
        of_classes.one_against_rest,
    ),
    MoreMetric(
        "brier_of_classes",
        "Brier score of all classes",
        _MORE,
        False,
        "mean of the summed squared distances between stated and true",
        of_classes.brier_of_classes,
        (0.0, 2.0),
    ),
    MoreMetric(
        "top_3_accuracy",
        "among the first 3",
        _MORE,
        True,
        "share of the rows whose class is among the three likeliest",
        of_classes.among_first,
    ),
    MoreMetric(
        "macro_precision",
        "macro precision",
        _MORE,
        True,
        "share of right names within each class, averaged",
        of_classes.macro_precision,
    ),
    MoreMetric(
        "weighted_f1",
        "weighted F1",
        _MORE,
        True,
        "F1 averaged over the rows' classes",
        of_classes.weighted_f1,
    ),
    MoreMetric(
        "cohen_kappa", "Cohen's kappa", _CLASSES, True, "agreement beyond chance", of_classes.kappa, _SIGNED
    ),
    MoreMetric(
        "bias", "bias", _NUMBERS, None, "mean of predicted minus observed", of_numbers.bias, (-np.inf, np.inf)
    ),
    MoreMetric(
        "mape",
        "mean error in percent",
        _NUMBERS,
        False,
        "mean of error over true value, as a share (MAPE)",
        of_numbers.percent_error,
        _OPEN,
    ),
    MoreMetric(
        "wape",
        "error over the total",
        _NUMBERS,
        False,
        "sum of the errors over the sum of the true values (WAPE)",
        of_numbers.total_error,
        _OPEN,
    ),
    MoreMetric(
        "rmsle",
        "RMSE of logarithms",
        _NUMBERS,
        False,
        "error of log(1 + value): relative errors count alike (RMSLE)",
        of_numbers.log_error,
        _OPEN,
    ),
    MoreMetric(
        "poisson_deviance",
        "Poisson deviance",
        _NUMBERS,
        False,
        "mean deviance of counts or rates from the prediction",
        of_numbers.poisson_deviance,
        _OPEN,
    ),
    MoreMetric(
        "d2_absolute",
        "D² of absolute errors",
        _NUMBERS,
        True,
        "share of the absolute errors around the median that is saved",
        of_numbers.absolute_skill,
        _BELOW_ONE,
    ),
    MoreMetric(
        "pearson",
        "correlation",
        _NUMBERS,
        True,
        "Pearson's, of predicted with observed",
        of_numbers.pearson,
        _SIGNED,
    ),
    MoreMetric(
        "spearman",
        "rank correlation",
        _NUMBERS,
        True,
        "Spearman's, of predicted with observed",
        of_numbers.spearman,
        _SIGNED,
    ),
)


def more_metrics(
    rows: Table, chosen: Prediction, baseline: Prediction, draws: Resamples
) -> list[MetricResult]:
    """Return each further metric of the task for both predictions, with 95 % intervals and the paired gain.

    Parameters
    ----------
    rows : Table
        The holdout rows; at least one.
    chosen, baseline : Prediction
        What the two models said of them.
    draws : Resamples
        Of the same rows; the gain is paired. Of a metric that is best near 0 the gain is in its distance
        from 0.
    """
    # The metrics of other fields count each row once.
    once = replace(rows.truth, weights=None)
    both = [as_numbers(once, said) for said in (chosen, baseline)]
    metrics = more_metrics_for(rows.task, len(rows.classes))
    statistics = [metric.build(one) for metric in metrics for one in both]
    values = draws.as_they_are(*statistics)
    drawn = draws.values(*statistics)
    return [
        _result(metric, both, values[2 * place : 2 * place + 2], drawn[:, 2 * place : 2 * place + 2], draws)
        for place, metric in enumerate(metrics)
    ]


def more_metrics_for(task: Task, classes: int) -> list[MoreMetric]:
    """Return the further metrics of the task; "among the first 3" only where there are more classes."""
    return [
        metric
        for metric in MORE_METRICS
        if task in metric.tasks and (metric.name != "top_3_accuracy" or classes > of_classes.FIRST_ANSWERS)
    ]


def _result(
    metric: MoreMetric, both: list[Rows], values: Floats, drawn: Floats, draws: Resamples
) -> MetricResult:
    ends = [
        _estimate(metric, rows, float(value), column, draws)
        for rows, value, column in zip(both, values, drawn.T, strict=True)
    ]
    # What is best near 0 is judged by its distance from it.
    near_zero = metric.higher_is_better is None
    towards, on_draws = (np.abs(values), np.abs(drawn)) if near_zero else (values, drawn)
    direction = 1.0 if metric.higher_is_better else -1.0
    gains = direction * (on_draws[:, 0] - on_draws[:, 1])
    gain = _with_spread(float(direction * (towards[0] - towards[1])), gains, draws)
    return MetricResult(metric=metric.name, chosen=ends[0], baseline=ends[1], gain=gain)


def _estimate(metric: MoreMetric, rows: Rows, value: float, drawn: Floats, draws: Resamples) -> Estimate:
    """Return the value with its interval: of a share Wilson's, with groups the wider of both."""
    parts = of_classes.share_parts(metric.name, rows) if rows.positive >= 0 else None
    if parts is not None:
        return share_among(*parts, draws)
    return _with_spread(value, drawn, draws, within=metric.within)


def _with_spread(
    value: float, drawn: Floats, draws: Resamples, *, within: tuple[float, float] = (-np.inf, np.inf)
) -> Estimate:
    """Return the value with its interval; draws that do not vary say nothing of how sure it is."""
    estimate = interval(value, drawn, units=draws.unit_count, within=within)
    return Estimate(value=estimate.value) if estimate.low == estimate.high else estimate
