import numpy as np
import pytest
from sklearn.metrics import r2_score, roc_auc_score

from helpers.data_quality.score import Interval, half_width, interval, measured, shown
from helpers.metrics import Task


def two(probabilities):
    return np.column_stack([probabilities, 1 - np.asarray(probabilities)])


def test_the_area_under_the_curve_by_hand():
    # Of the four pairs of one positive and one other three are in order: 0.75.
    predicted, target = two([0.9, 0.4, 0.6, 0.1]), two([1.0, 1.0, 0.0, 0.0])
    found = measured(predicted, target, Task.BINARY)
    assert found.value == 0.75
    # Components: positives beat 1.0 and 0.5 of the others, others are beaten by 0.5 and 1.0 of the positives.
    assert found.influence.tolist() == [0.5, -0.5, -0.5, 0.5]


def test_measures_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    truth = rng.random(200) < 0.3
    score = rng.normal(size=200) + truth
    assert measured(two(score), two(1.0 * truth), Task.BINARY).value == pytest.approx(
        roc_auc_score(truth, score)
    )
    y = rng.normal(size=(200, 1))
    predicted = y + rng.normal(size=(200, 1))
    assert measured(predicted, y, Task.REGRESSION).value == pytest.approx(r2_score(y, predicted))
    three = np.eye(3)[[0, 1, 2, 0]]
    assert measured(np.eye(3)[[0, 1, 0, 1]], three, Task.MULTICLASS).value == 0.5


@pytest.mark.parametrize("task", [Task.BINARY, Task.REGRESSION])
def test_intervals_cover_the_truth_about_as_often_as_they_say(task):
    rng = np.random.default_rng(1)
    values, widths = [], []
    for _ in range(300):
        if task is Task.BINARY:
            truth = rng.random(150) < 0.4
            found = measured(two(rng.normal(size=150) + truth), two(1.0 * truth), task)
        else:
            y = rng.normal(size=(150, 1))
            found = measured(y / 2 + rng.normal(size=(150, 1)) / 4, y, task)
        values.append(found.value)
        widths.append(half_width(found.influence, np.arange(150)))
    covered = np.mean(np.abs(np.asarray(values) - np.mean(values)) <= widths)
    assert 0.92 <= covered <= 0.98


def test_rows_that_belong_together_count_as_one():
    influence = np.array([0.5, 0.5, -0.5, -0.5])
    # Four rows: t(3) * sqrt(4 * 0.25 * 4/3) / 4; two pairs: t(1) * sqrt(2 * 1 * 2) / 4.
    assert half_width(influence, np.arange(4)) == pytest.approx(3.182446 * np.sqrt(4 / 3) / 4)
    assert half_width(influence, np.array([0, 0, 1, 1])) == pytest.approx(12.706205 * 2 / 4)
    assert half_width(influence, np.zeros(4)) == np.inf


def test_a_prediction_without_a_mistake_is_not_sure():
    found = interval(
        measured(two([1.0] * 5 + [0.0] * 5), two([1.0] * 5 + [0.0] * 5), Task.BINARY), np.arange(10)
    )
    assert found == Interval(1.0, 0.7, 1.0)


def test_digits_never_say_a_false_one():
    assert str(Interval(0.9, 0.85, 0.951)) == "0.90 (0.85 to 0.95)"
    assert str(Interval(0.9961, 0.98, 1.0)) == "0.996 (0.980 to 1.000)"
    assert str(Interval(-0.001, -0.2, 0.1)) == "0.00 (−0.20 to 0.10)"
    assert shown(float("nan")) == "–"
