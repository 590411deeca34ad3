import numpy as np
import pytest

from helpers.data_quality.price import price
from helpers.data_quality.score import Interval
from helpers.metrics import Task

TARGET = np.array([[-1.0], [1.0], [-1.0], [1.0]])


def priced(flattered, honest, target=TARGET, clusters=None):
    rows = np.arange(len(target)) if clusters is None else clusters
    return price(flattered, honest, target, rows, task=Task.REGRESSION)


def test_price_by_hand():
    # The error of guessing is 1 a row; the first leaves 0.25, the second 0.81 in each.
    found = priced([TARGET / 2], [TARGET / 10])
    assert (found.known, found.known_honestly, found.loss) == pytest.approx((0.75, 0.19, 0.56))
    assert (found.low, found.high, found.rows, found.told) == pytest.approx((0.56, 0.56, 4, 0.56))
    assert found.is_sure
    assert found.flattered.value == 0.75


def test_draws_are_averaged():
    found = priced([TARGET, np.zeros((4, 1))], [TARGET])
    assert (found.known, found.loss) == (0.5, -0.5)
    assert found.flattered.value == 0.5


def test_rows_that_were_not_judged_are_left_out():
    honest = np.array([[np.nan], [0.0], [0.0]])
    found = priced([np.array([[9.0], [0.0], [2.0]])], [honest], np.array([[9.0], [0.0], [2.0]]))
    assert (found.rows, found.known, found.known_honestly) == (2, 1.0, -1.0)


def test_a_target_of_one_value_has_no_price():
    found = priced([np.zeros((2, 1))], [np.zeros((2, 1))], np.ones((2, 1)))
    assert (found.loss, found.low, found.is_sure) == (0.0, -np.inf, False)
    nothing = priced([np.full((2, 1), np.nan)], [np.zeros((2, 1))], np.ones((2, 1)))
    assert (nothing.rows, str(nothing.flattered)) == (0, "– (– to –)")
    assert isinstance(nothing.honest, Interval)
