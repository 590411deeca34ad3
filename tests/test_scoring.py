import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as oracle

from helpers.metrics import METRICS, Task, bounds, metrics_for
from helpers.scoring import LEAST_PROBABILITY, Prediction, Truth, score

CLASSES = ("a", "b", "c")


def of_classes(probabilities, classes):
    table = pd.DataFrame(probabilities, columns=list(classes), dtype=float)
    return Prediction(np.asarray(classes, dtype=object)[table.to_numpy().argmax(axis=1)], table)


def binary(truth, positive_probabilities):
    stated = np.asarray(positive_probabilities, dtype=float)
    return pd.Series(truth, dtype=object), of_classes(np.column_stack([1 - stated, stated]), ("no", "yes"))


def value(name, y, prediction, classes=("no", "yes"), positive="yes"):
    return score(METRICS[name], Truth(y, classes, positive), prediction)


def test_binary_metrics_by_hand():
    # Ranked by probability: yes .9, no .7, yes .6, no .2. Of the four pairs (yes, no) three stand right.
    y, prediction = binary(["yes", "no", "yes", "no"], [0.9, 0.7, 0.6, 0.2])
    assert value("roc_auc", y, prediction) == 0.75
    # Precision 1 at the first hit and 2/3 at the second, each gaining half of the recall.
    assert value("average_precision", y, prediction) == pytest.approx((1 + 2 / 3) / 2)
    assert value("brier_score", y, prediction) == pytest.approx((0.01 + 0.49 + 0.16 + 0.04) / 4)
    assert value("log_loss", y, prediction) == pytest.approx(-np.log([0.9, 0.3, 0.6, 0.8]).mean())
    # Named yes: the first three. Right: 3 of 4; found 2 of 2 and 1 of 2.
    assert value("accuracy", y, prediction) == 0.75
    assert value("balanced_accuracy", y, prediction) == 0.75
    assert value("f1", y, prediction) == pytest.approx(0.8)
    assert value("mcc", y, prediction) == pytest.approx((2 * 1 - 1 * 0) / np.sqrt(3 * 2 * 2 * 1))


def test_regression_metrics_by_hand():
    y, prediction = pd.Series([1.0, 2.0, 3.0, 6.0]), Prediction(np.array([1.0, 3.0, 3.0, 2.0]), None)
    errors = {"rmse": np.sqrt(17 / 4), "mae": 5 / 4, "median_absolute_error": 0.5, "r2": 1 - 17 / 14}
    for name, expected in errors.items():
        assert score(METRICS[name], Truth(y), prediction) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_scores_agree_with_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    y, prediction = binary(rng.choice(["no", "yes"], 200), rng.integers(0, 12, 200) / 12)
    stated = prediction.probabilities["yes"]
    assert value("roc_auc", y, prediction) == pytest.approx(oracle.roc_auc_score(y == "yes", stated))
    assert value("average_precision", y, prediction) == pytest.approx(
        oracle.average_precision_score(y == "yes", stated)
    )
    several = of_classes(rng.dirichlet(np.ones(3), 200), CLASSES)
    y = pd.Series(rng.choice(CLASSES, 200), dtype=object)
    options = {"classes": CLASSES, "positive": None}
    assert value("f1", y, several, **options) == pytest.approx(
        oracle.f1_score(y, several.values, average="macro")
    )
    assert value("mcc", y, several, **options) == pytest.approx(oracle.matthews_corrcoef(y, several.values))
    assert value("balanced_accuracy", y, several, **options) == pytest.approx(
        oracle.balanced_accuracy_score(y, several.values)
    )
    assert value("log_loss", y, several, **options) == pytest.approx(
        oracle.log_loss(y, several.probabilities, labels=list(CLASSES))
    )


def test_a_score_that_the_rows_do_not_define_is_nan():
    y, prediction = binary(["yes", "yes"], [0.9, 0.2])
    assert np.isnan(value("roc_auc", y, prediction))
    y, prediction = binary(["no", "no"], [0.9, 0.2])
    assert np.isnan(value("average_precision", y, prediction))
    assert np.isnan(
        score(METRICS["r2"], Truth(pd.Series([2.0, 2.0])), Prediction(np.array([1.0, 3.0]), None))
    )
    assert np.isnan(score(METRICS["rmse"], Truth(pd.Series([], dtype=float)), Prediction(np.array([]), None)))


def test_a_class_ruled_out_that_happened_costs_the_most_but_not_infinity():
    y, prediction = binary(["yes"], [0.0])
    assert value("log_loss", y, prediction) == pytest.approx(-np.log(LEAST_PROBABILITY))


def test_a_class_that_does_not_occur_leaves_the_means_alone():
    y = pd.Series(["a", "b", "a"], dtype=object)
    prediction = of_classes([[0.8, 0.2, 0], [0.1, 0.9, 0], [0.4, 0.6, 0]], CLASSES)
    options = {"classes": CLASSES, "positive": None}
    assert value("balanced_accuracy", y, prediction, **options) == 0.75
    assert value("f1", y, prediction, **options) == pytest.approx(2 / 3)


def test_an_unknown_class_is_refused():
    y, prediction = binary(["maybe"], [0.5])
    with pytest.raises(ValueError, match="a class that is not among"):
        value("log_loss", y, prediction)


def test_labels_alone_do_not_do_for_metrics_of_probabilities():
    with pytest.raises(ValueError, match="reads probabilities, and the prediction holds none"):
        value("log_loss", pd.Series(["yes"]), Prediction(np.array(["yes"], dtype=object), None))


def test_every_metric_has_a_score_and_bounds():
    y, prediction = binary(["yes", "no"], [0.9, 0.3])
    for metric in metrics_for(Task.BINARY):
        low, high = bounds(metric)
        assert low <= value(metric.name, y, prediction) <= high
    for metric in metrics_for(Task.REGRESSION):
        assert np.isfinite(
            score(metric, Truth(pd.Series([1.0, 2.0])), Prediction(np.array([1.0, 3.0]), None))
        )


def test_a_weight_counts_as_so_many_copies():
    rng = np.random.default_rng(0)
    copies = pd.Series(rng.integers(0, 4, 60))
    rows = np.repeat(np.arange(60), copies)
    truth, stated = rng.choice(["no", "yes"], 60), rng.integers(0, 12, 60) / 12
    (y, prediction), (many, predictions) = binary(truth, stated), binary(truth[rows], stated[rows])
    known = ("no", "yes"), "yes"
    for metric in metrics_for(Task.BINARY):
        expected = score(metric, Truth(many, *known), predictions)
        found = score(metric, Truth(y, *known, copies), prediction)
        assert found == pytest.approx(expected), metric.name
    truth, answers = rng.normal(size=60), rng.normal(size=60)
    for metric in metrics_for(Task.REGRESSION):
        if metric.name != "median_absolute_error":
            expected = score(metric, Truth(pd.Series(truth[rows])), Prediction(answers[rows], None))
            found = score(metric, Truth(pd.Series(truth), weights=copies), Prediction(answers, None))
            assert found == pytest.approx(expected), metric.name


def test_weighted_scores_that_are_not_defined_and_the_weighted_median():
    y, prediction = binary(["yes", "no"], [0.9, 0.2])
    one, none = (Truth(y, ("no", "yes"), "yes", pd.Series(weights)) for weights in ([0, 1], [0, 0]))
    for name in ("roc_auc", "average_precision"):
        assert np.isnan(score(METRICS[name], one, prediction))
    assert np.isnan(score(METRICS["accuracy"], none, prediction))
    errors = Prediction(np.array([1.0, 3.0, 8.0]), None)
    # The errors 1, 3, 8 with the weights 1, 1, 5: half of the weight is reached at 8.
    median, zeros = METRICS["median_absolute_error"], pd.Series([0.0, 0.0, 0.0])
    assert score(median, Truth(zeros, weights=pd.Series([1, 1, 5])), errors) == 8.0
    assert score(median, Truth(zeros, weights=pd.Series([1, 1, 1])), errors) == 3.0
