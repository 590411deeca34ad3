import numpy as np
import pandas as pd
import pytest

from helpers.metrics import METRICS, Task, metrics_for
from helpers.scoring import Prediction, Truth, score
from helpers.scoring.weighted import weighted_mean, weighted_metric, weighted_quantile

ROWS = 50


def _predicted(task: Task) -> tuple[pd.Series, Prediction, tuple[str, ...]]:
    rng = np.random.default_rng(5)
    if task is Task.REGRESSION:
        truth = pd.Series(rng.normal(size=ROWS).round(1))
        return truth, Prediction((truth + rng.normal(size=ROWS)).round(1).to_numpy(), None), ()
    classes = ("a", "b") if task is Task.BINARY else ("a", "b", "c")
    stated = rng.dirichlet(np.ones(len(classes)), ROWS).round(1) + 0.01
    table = pd.DataFrame(stated / stated.sum(axis=1, keepdims=True), columns=list(classes))
    answers = np.array(classes, dtype=object)[table.to_numpy().argmax(axis=1)]
    return pd.Series(rng.choice(classes, ROWS)), Prediction(answers, table), classes


@pytest.mark.parametrize(("task", "name"), [(task, m.name) for task in Task for m in metrics_for(task)])
def test_weights_count_as_often_as_the_row_is_repeated(task: Task, name: str) -> None:
    truth, said, classes = _predicted(task)
    weights = np.random.default_rng(1).multinomial(ROWS, np.full(ROWS, 1 / ROWS), size=4).astype(float)
    weights = np.vstack([np.ones(ROWS), weights])
    found = weighted_metric(METRICS[name], Truth(truth, classes, "a"), said)(weights)
    for row, value in zip(weights.astype(int), found, strict=True):
        taken = np.repeat(np.arange(ROWS), row)
        stated = None if said.probabilities is None else said.probabilities.iloc[taken]
        part = Prediction(said.values[taken], stated)
        expected = score(METRICS[name], Truth(truth.iloc[taken], classes, "a"), part)
        assert value == pytest.approx(expected, abs=1e-12)


def test_a_draw_of_one_class_defines_no_area_under_the_curve() -> None:
    said = Prediction(np.array(["a", "b"], dtype=object), pd.DataFrame({"a": [0.9, 0.2], "b": [0.1, 0.8]}))
    area = weighted_metric(METRICS["roc_auc"], Truth(pd.Series(["a", "b"]), ("a", "b"), "a"), said)
    assert np.isnan(area(np.array([[2.0, 0.0]]))[0])
    assert area(np.array([[1.0, 1.0]]))[0] == 1.0


def test_quantiles_of_weighted_values() -> None:
    median = weighted_quantile(np.array([3.0, 1.0, 2.0, 10.0]), 0.5)
    assert median(np.array([[1.0, 1, 1, 1], [1, 1, 1, 0], [0, 0, 0, 2]])).tolist() == [2.5, 2.0, 10.0]
    nine = weighted_quantile(np.arange(1.0, 11.0), 0.9)
    assert nine(np.ones((1, 10)))[0] == 9.5


def test_mean_of_weighted_values() -> None:
    assert weighted_mean(np.array([1.0, 4.0]))(np.array([[2.0, 1.0], [0.0, 3.0]])).tolist() == [2.0, 4.0]


def test_a_metric_of_probabilities_refuses_a_prediction_without() -> None:
    said = Prediction(np.array(["a", "b"], dtype=object), None)
    with pytest.raises(ValueError, match="this metric reads probabilities, and the prediction holds none"):
        weighted_metric(METRICS["roc_auc"], Truth(pd.Series(["a", "b"]), ("a", "b"), "a"), said)
