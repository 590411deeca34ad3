import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as oracle

from helpers.bootstrap import resamples
from helpers.evaluation.more_metrics import MORE_METRICS, more_metrics, more_metrics_for
from helpers.evaluation.shares import share_of
from helpers.metrics import Task
from helpers.scoring import Prediction, Truth
from helpers.scoring.weighted import as_numbers

NAMES = {metric.name: metric for metric in MORE_METRICS}


def _rows(task, size, seed=0):
    rng = np.random.default_rng(seed)
    if task is Task.REGRESSION:
        truth = pd.Series(rng.integers(1, 9, size).astype(float))
        said = Prediction(np.abs(truth + rng.normal(size=size)).round(1) + 0.1, None)
        return as_numbers(Truth(truth), said)
    classes = ("a", "b") if task is Task.BINARY else ("a", "b", "c", "d")
    stated = rng.dirichlet(np.ones(len(classes)), size).round(1) + 0.01
    table = pd.DataFrame(stated / stated.sum(axis=1, keepdims=True), columns=list(classes))
    answers = np.array(classes, dtype=object)[table.to_numpy().argmax(axis=1)]
    truth = pd.Series(rng.choice(classes, size), dtype=object)
    return as_numbers(Truth(truth, classes, "b" if task is Task.BINARY else None), Prediction(answers, table))


def _value(name, rows):
    return float(NAMES[name].build(rows)(np.ones((1, len(rows.truth))))[0])


@pytest.mark.parametrize("task", list(Task))
def test_weights_count_as_often_as_the_row_is_repeated(task):
    rows = _rows(task, 30)
    often = np.random.default_rng(1).multinomial(30, np.full(30, 1 / 30))
    taken = np.repeat(np.arange(30), often)
    stated = None if rows.probabilities is None else rows.probabilities[taken]
    repeated = type(rows)(rows.truth[taken], rows.answer[taken], stated, rows.classes, rows.positive)
    for metric in more_metrics_for(task, rows.classes):
        if metric.name == "d2_absolute":  # its median is that of the rows as they are
            continue
        found = float(metric.build(rows)(often[None, :].astype(float))[0])
        assert found == pytest.approx(_value(metric.name, repeated), abs=1e-9), metric.name


def test_values_agree_with_scikit_learn():
    two, many, numbers = (_rows(task, 200) for task in (Task.BINARY, Task.MULTICLASS, Task.REGRESSION))
    for name, expected in {
        "precision": oracle.precision_score(two.truth, two.answer),
        "recall": oracle.recall_score(two.truth, two.answer),
        "specificity": oracle.recall_score(two.truth, two.answer, pos_label=0),
        "negative_predictive_value": oracle.precision_score(two.truth, two.answer, pos_label=0),
        "cohen_kappa": oracle.cohen_kappa_score(two.truth, two.answer),
    }.items():
        assert _value(name, two) == pytest.approx(expected), name
    found, alarms, _ = (np.asarray(part) for part in oracle.roc_curve(two.truth, two.probabilities[:, 1]))
    assert _value("ks_distance", two) == pytest.approx(np.max(alarms - found))
    for name, expected in {
        "roc_auc_ovr": oracle.roc_auc_score(many.truth, many.probabilities, multi_class="ovr"),
        "macro_precision": oracle.precision_score(many.truth, many.answer, average="macro"),
        "weighted_f1": oracle.f1_score(many.truth, many.answer, average="weighted"),
        "cohen_kappa": oracle.cohen_kappa_score(many.truth, many.answer),
    }.items():
        assert _value(name, many) == pytest.approx(expected), name
    series = pd.Series(numbers.truth), pd.Series(numbers.answer)
    for name, expected in {
        "mape": oracle.mean_absolute_percentage_error(*series),
        "rmsle": oracle.root_mean_squared_log_error(*series),
        "poisson_deviance": oracle.mean_poisson_deviance(*series),
        "d2_absolute": oracle.d2_absolute_error_score(*series),
        "pearson": series[0].corr(series[1]),
        "spearman": series[0].corr(series[1], method="spearman"),
        "bias": (series[1] - series[0]).mean(),
    }.items():
        assert _value(name, numbers) == pytest.approx(expected), name


def test_values_by_hand():
    stated = pd.DataFrame({"no": [0.1, 0.3, 0.4, 0.8], "yes": [0.9, 0.7, 0.6, 0.2]})
    truth = pd.Series(["yes", "no", "yes", "no"], dtype=object)
    said = Prediction(np.array(["yes", "yes", "yes", "no"], dtype=object), stated)
    rows = as_numbers(Truth(truth, ("no", "yes"), "yes"), said)
    # The first tenth of four rows is a part of the first one, which is so: twice as often as half of all.
    assert _value("lift_top_10", rows) == 2.0
    assert _value("brier_skill", rows) == pytest.approx(1 - (0.01 + 0.49 + 0.16 + 0.04) / 4 / 0.25)
    # In reverse order two classes stand before the true one; of equals the first counts as named before.
    four = pd.DataFrame([[0.1, 0.2, 0.3, 0.4], [0.25] * 4], columns=list("abcd"))
    truth = pd.Series(["a", "c"], dtype=object)
    ranked = as_numbers(Truth(truth, tuple("abcd")), Prediction(np.array(["d", "a"], dtype=object), four))
    assert _value("top_3_accuracy", ranked) == 0.5
    assert _value("brier_of_classes", ranked) == pytest.approx((0.81 + 0.04 + 0.09 + 0.16 + 0.75) / 2)


def test_what_the_rows_do_not_define_is_not_made_up():
    zero = as_numbers(Truth(pd.Series([0.0, 2.0, -3.0])), Prediction(np.array([1.0, 1.0, 1.0]), None))
    for name in ("mape", "rmsle", "poisson_deviance", "pearson", "spearman"):
        assert np.isnan(_value(name, zero)), name
    assert _value("wape", zero) == pytest.approx(6 / 5)


def test_results_have_wilsons_intervals_for_shares_and_none_without_spread(make_table):
    frame = pd.DataFrame({"x": range(40), "y": pd.Series(["a", "a", "b", "b"] * 10, dtype=object)})
    rows = make_table(frame)
    answers = np.array(["a", "a", "b", "a"] * 10, dtype=object)
    stated = pd.DataFrame({"a": np.where(answers == "a", 0.9, 0.1), "b": np.where(answers == "a", 0.1, 0.9)})
    constant = Prediction(np.full(40, "a", dtype=object), stated * 0 + 0.5)
    found = more_metrics(rows, Prediction(answers, stated), constant, resamples(40, seed=0, draws=100))
    by_name = {result.metric: result for result in found}
    assert by_name["recall"].chosen == share_of(10, 20)
    assert by_name["precision"].chosen == share_of(10, 10)
    assert by_name["precision"].baseline.value is None
    assert by_name["recall"].gain.value == 0.5
    assert (by_name["cohen_kappa"].baseline.value, by_name["cohen_kappa"].baseline.low) == (0.0, None)
    assert "top_3_accuracy" not in by_name


def test_a_bias_gains_by_being_nearer_to_0(make_table):
    rows = make_table(pd.DataFrame({"x": range(20), "y": np.arange(20.0)}))
    said, simple = Prediction(rows.y.to_numpy() - 1.0, None), Prediction(rows.y.to_numpy() + 3.0, None)
    found = more_metrics(rows, said, simple, resamples(20, seed=0, draws=50))
    bias = next(result for result in found if result.metric == "bias")
    assert (bias.chosen.value, bias.baseline.value, bias.gain.value) == (-1.0, 3.0, 2.0)
