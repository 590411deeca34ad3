"""The score of another table: hand-worked ends, and a simulation of how often it lies between them."""

from functools import partial

import numpy as np
import pytest

from helpers.another_table import on_another_table
from helpers.bootstrap import interval, resamples
from helpers.results import Estimate

ANY = (-np.inf, np.inf)


def _mean(losses, weights):
    return (weights @ losses) / weights.sum(axis=1)


def test_each_end_has_both_kinds_of_luck():
    estimate = Estimate(value=5.0, low=2.0, high=5.5)
    # Half below: 3 and 4/3 of 3 make 5; above: 0.5 and 4/3 of 0.5.
    found = on_another_table(estimate, rows=160, new_rows=90, limits=ANY)
    assert (found.value, found.low, found.high) == (5.0, 0.0, pytest.approx(5 + 0.5 * 5 / 3))
    part = Estimate(value=7.0, low=4.0, high=7.0)
    found = on_another_table(estimate, rows=160, new_rows=90, limits=ANY, by_rows=part)
    assert (found.low, found.high) == (0.0, 5.5)
    assert on_another_table(estimate, rows=160, new_rows=90, limits=(1.0, 5.6)).low == 1.0
    assert on_another_table(estimate, rows=160, new_rows=90, limits=(1.0, 5.6)).high == 5.6


def test_without_an_interval_nothing_is_known():
    whole = Estimate(value=1.0, low=0.0, high=2.0)
    for estimate, part in (
        (Estimate(value=1.0), None),
        (Estimate(value=None), None),
        (whole, Estimate(value=1.0)),
        (whole, Estimate(value=None)),
    ):
        found = on_another_table(estimate, rows=1, new_rows=1, limits=ANY, by_rows=part)
        assert (found.value, found.low, found.high) == (estimate.value, None, None)


def test_the_next_score_lies_between_the_ends_as_often_as_promised():
    held = 0
    for repetition in range(400):
        rng = np.random.default_rng(repetition)
        losses, others = rng.exponential(size=200), rng.exponential(size=100)
        draws = resamples(200, seed=repetition, draws=400)
        drawn = draws.values(partial(_mean, losses))[:, 0]
        estimate = interval(float(losses.mean()), drawn, units=200, within=(0.0, np.inf))
        found = on_another_table(estimate, rows=200, new_rows=100, limits=(0.0, np.inf))
        held += found.low <= others.mean() <= found.high
    # Binomial: 95 % of 400, and three standard errors of it, one more below for the skew of 200 rows.
    assert 362 <= held <= 393
