"""The metrics by name: which task each is for, which way is better, and what it says in plain words.

Computing them is in `helpers.scoring`; this table imports nothing heavy, because the checks of a params
file read it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Task(StrEnum):
    """What kind of answer is asked for."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"


@dataclass(frozen=True)
class Metric:
    """One way to score predictions.

    Attributes
    ----------
    name : str
        The name in params and records; scikit-learn's where it has one.
    label : str
        The name in tables and figures.
    tasks : frozenset of Task
        The tasks that it fits.
    higher_is_better : bool
        Whether a larger value is a better one.
    needs_probability : bool
        Whether it reads probabilities rather than labels.
    plain : str
        What it says, for people who do not know it.
    """

    name: str
    label: str
    tasks: frozenset[Task]
    higher_is_better: bool
    needs_probability: bool
    plain: str

    def better(self, one: float, other: float) -> bool:
        """Return whether `one` is strictly better than `other`."""
        return one > other if self.higher_is_better else one < other


_TWO = frozenset({Task.BINARY})
_CLASSES = frozenset({Task.BINARY, Task.MULTICLASS})
_NUMBERS = frozenset({Task.REGRESSION})

_ALL = (
    Metric(
        "roc_auc", "ROC AUC", _TWO, True, True,
        "how often the model ranks a randomly picked positive case above a randomly picked other one; "
        "0.5 is guessing, 1 is perfect",
    ),
    Metric(
        "average_precision", "average precision", _TWO, True, True,
        "how well the positive cases stand at the top of the model's ranking; 1 is perfect",
    ),
    Metric(
        "brier_score", "Brier score", _TWO, False, True,
        "the mean squared distance between the stated probability and what happened; 0 is perfect",
    ),
    Metric(
        "log_loss", "log loss", _CLASSES, False, True,
        "how far the stated probabilities are from what happened, confident mistakes counting most; "
        "0 is perfect",
    ),
    Metric("accuracy", "accuracy", _CLASSES, True, False, "the share of cases that the model gets right"),
    Metric(
        "balanced_accuracy", "balanced accuracy", _CLASSES, True, False,
        "the share that the model gets right within each class, averaged over the classes",
    ),
    Metric(
        "f1", "F1", _CLASSES, True, False,
        "a balance between finding the cases of a class and being right when naming it, averaged over the "
        "classes where there are more than two; 1 is perfect",
    ),
    Metric(
        "mcc", "Matthews correlation", _CLASSES, True, False,
        "the agreement between the model's answers and the truth; 0 is guessing, 1 is perfect",
    ),
    Metric(
        "rmse", "RMSE", _NUMBERS, False, False,
        "the typical size of the model's error, large errors counting more, in the target's unit",
    ),
    Metric("mae", "MAE", _NUMBERS, False, False, "the mean size of the model's error, in the target's unit"),
    Metric(
        "median_absolute_error", "median absolute error", _NUMBERS, False, False,
        "half of the model's errors are smaller than this, in the target's unit",
    ),
    Metric(
        "r2", "R²", _NUMBERS, True, False,
        "the share of the target's variation that the model explains; 0 is no better than the mean, "
        "1 is perfect",
    ),
)  # fmt: skip

METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _ALL})

# Metrics that have the unit of a number to predict.
IN_TARGET_UNITS = frozenset({"mae", "median_absolute_error", "rmse"})

_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "roc_auc": (0.0, 1.0),
        "average_precision": (0.0, 1.0),
        "brier_score": (0.0, 1.0),
        "log_loss": (0.0, math.inf),
        "accuracy": (0.0, 1.0),
        "balanced_accuracy": (0.0, 1.0),
        "f1": (0.0, 1.0),
        "mcc": (-1.0, 1.0),
        "rmse": (0.0, math.inf),
        "mae": (0.0, math.inf),
        "median_absolute_error": (0.0, math.inf),
        "r2": (-math.inf, 1.0),
    }
)

_DEFAULT = {Task.BINARY: "roc_auc", Task.MULTICLASS: "log_loss", Task.REGRESSION: "rmse"}


def default_metric(task: Task) -> Metric:
    """Return the metric that selects models when the params name none."""
    return METRICS[_DEFAULT[task]]


def metrics_for(task: Task) -> list[Metric]:
    """Return every metric that fits the task, in the order of the table."""
    return [metric for metric in METRICS.values() if task in metric.tasks]


def chosen_metric(name: str, task: Task) -> Metric:
    """Return the metric that the params name, or the task's own for ``auto``."""
    return default_metric(task) if name == "auto" else METRICS[name]


def bounds(metric: Metric) -> tuple[float, float]:
    """Return the lowest and highest value that the metric can take."""
    return _BOUNDS[metric.name]
