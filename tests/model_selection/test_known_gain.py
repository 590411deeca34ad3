"""What is known from other tables, and the folds of this one: the extremes, and what a formula gives."""

import numpy as np
import pytest
from scipy import stats

from helpers.model_selection.comparison import Difference, difference
from helpers.model_selection.known_gain import KNOWN_MEAN, KNOWN_SPREAD, probability


def gain(mean, error, folds):
    """Return a difference with this mean and standard error."""
    half = error * stats.t.ppf(0.975, folds - 1)
    return Difference(mean, mean - half, mean + half, np.nan, np.nan, np.nan)


def test_folds_that_say_nothing_leave_what_is_known():
    known = stats.norm.cdf(KNOWN_MEAN / KNOWN_SPREAD)
    assert probability(gain(-3.0, 1_000.0, 5), loss=1.0, folds=5) == pytest.approx(known, abs=1e-3)


@pytest.mark.parametrize(("mean", "expected"), [(0.001, 1.0), (-0.001, 0.0)])
def test_folds_that_are_sure_decide_alone(mean, expected):
    assert probability(gain(mean, 1e-5, 5), loss=1.0, folds=5) == pytest.approx(expected, abs=1e-6)


def test_with_many_folds_both_are_weighed_by_their_precision():
    """The t distribution is then a normal one, and the normal posterior has a formula."""
    mean, error, loss = -0.02, 0.04, 2.0
    precisions = np.array([KNOWN_SPREAD, error / loss]) ** -2.0
    centre = precisions @ [KNOWN_MEAN, mean / loss] / precisions.sum()
    expected = stats.norm.cdf(centre * np.sqrt(precisions.sum()))
    assert probability(gain(mean, error, 10_000), loss=loss, folds=10_000) == pytest.approx(
        expected, abs=1e-3
    )


def test_without_error_the_sign_decides_and_one_fold_decides_nothing():
    assert probability(difference(np.array([0.1, 0.1]), share=0.5), loss=1.0, folds=2) == 1.0
    assert probability(difference(np.array([-0.1, -0.1]), share=0.5), loss=1.0, folds=2) == 0.0
    assert probability(difference(np.array([0.1]), share=0.5), loss=1.0, folds=1) == 0.0
