"""The table of metrics."""

import pytest

from helpers.metrics import METRICS, Task, chosen_metric, metrics_for


@pytest.mark.parametrize(
    ("task", "name"), [(Task.BINARY, "roc_auc"), (Task.MULTICLASS, "log_loss"), (Task.REGRESSION, "rmse")]
)
def test_auto_fits_the_task(task, name):
    assert chosen_metric("auto", task).name == name
    assert chosen_metric(name, task) is METRICS[name]


def test_every_metric_fits_some_task_and_is_explained():
    assert {metric.name for task in Task for metric in metrics_for(task)} == set(METRICS)
    assert all(len(metric.plain) > 20 for metric in METRICS.values())


def test_better_goes_the_metrics_way():
    assert METRICS["roc_auc"].better(0.9, 0.8) and not METRICS["roc_auc"].better(0.8, 0.8)
    assert METRICS["rmse"].better(0.8, 0.9)
