import numpy as np
import pandas as pd
import pytest

from helpers.data_quality.cheap_model import at_random, inputs, mean_errors, price, row_errors


def test_price_by_hand():
    # The error of guessing is 1 a row; random folds leave 0.2, honest ones 0.6 in each.
    target = np.array([[-1.0], [1.0], [-1.0], [1.0]])
    found = price(np.full(4, 0.2), np.full(4, 0.6), target, np.arange(4))
    assert (found.random, found.honest, found.loss) == pytest.approx((0.8, 0.4, 0.4))
    assert (found.low, found.high, found.rows) == (pytest.approx(0.4), pytest.approx(0.4), 4)


def test_rows_that_belong_together_count_as_one():
    target = np.array([[-1.0], [1.0], [-1.0], [1.0]])
    honest = np.array([1.0, 1.0, 0.0, 0.0])
    alone = price(np.zeros(4), honest, target, np.arange(4))
    together = price(np.zeros(4), honest, target, np.array([0, 0, 1, 1]))
    # Sums of the residuals ±0.5: four of them, or two of ±1.
    assert alone.high - alone.loss == pytest.approx(1.96 * 1.0 / 4)
    assert together.high - together.loss == pytest.approx(1.96 * np.sqrt(2) / 4)


def test_rows_that_were_not_judged_are_left_out():
    found = price(
        np.full(3, 0.0), np.array([np.nan, 1.0, 1.0]), np.array([[9.0], [0.0], [2.0]]), np.arange(3)
    )
    assert (found.rows, found.loss) == (2, 1.0)
    assert price(np.zeros(2), np.zeros(2), np.ones((2, 1)), np.arange(2)).low == -np.inf


def test_levels_are_numbered_by_alphabet_not_by_place(make_table):
    table = make_table([1.0, 2.0, 3.0], {"c": ["z", "a", None], "x": [5.0, 7.0, 9.0]})
    assert inputs(table, ["c", "x"]).tolist() == [[1.0, -2.0], [0.0, 0.0], [-1.0, 2.0]]
    assert inputs(table, []).shape == (3, 1)


def test_errors_are_the_same_every_time_and_missing_where_nothing_was_tested():
    rng = np.random.default_rng(0)
    values, target = rng.normal(size=(60, 2)), rng.normal(size=(60, 1))
    first = mean_errors(values, target, at_random(60), seed=1)
    assert (first == mean_errors(values, target, at_random(60), seed=1)).all()
    part = row_errors(values, target, iter([(np.arange(50), np.arange(50, 60))]), seed=0)
    assert np.isnan(part[:50]).all()
    assert not np.isnan(part[50:]).any()


def test_missing_numbers_are_allowed():
    values = np.array([[np.nan], [1.0]] * 30)
    target = np.array([[0.0], [1.0]] * 30)
    assert mean_errors(values, target, at_random(60), seed=0).max() < 0.1
    assert pd.isna(values).any()
