"""Further metrics of a predicted number, each from truth and answers to a function of row weights."""

from collections.abc import Callable

import numpy as np

from helpers.scoring.weighted import Floats, Rows, Weighted, divided, tie_starts, weighted_mean

_NO_VARIATION = 1e-20


def bias(rows: Rows) -> Weighted:
    """Return the mean of predicted minus observed."""
    return weighted_mean(rows.answer - rows.truth)


def percent_error(rows: Rows) -> Weighted:
    """Return the mean of error over true value; not defined where a true value is 0."""
    if (rows.truth == 0).any():
        return _undefined
    return weighted_mean(np.abs((rows.answer - rows.truth) / rows.truth))


def total_error(rows: Rows) -> Weighted:
    """Return the sum of the errors over the sum of the true values' sizes."""
    sizes, truth = np.abs(rows.answer - rows.truth), np.abs(rows.truth)
    return lambda weights: divided(weights @ sizes, weights @ truth)


def log_error(rows: Rows) -> Weighted:
    """Return the RMSE of log(1 + value); not defined from -1 downwards."""
    if min(rows.truth.min(), rows.answer.min()) <= -1:
        return _undefined
    mean = weighted_mean((np.log1p(rows.answer) - np.log1p(rows.truth)) ** 2)
    return lambda weights: np.sqrt(mean(weights))


def poisson_deviance(rows: Rows) -> Weighted:
    """Return the mean Poisson deviance; not defined for true values below 0 or predictions up to 0."""
    if rows.truth.min() < 0 or rows.answer.min() <= 0:
        return _undefined
    ratio = np.where(rows.truth > 0, rows.truth / rows.answer, 1.0)
    return weighted_mean(2 * (rows.truth * np.log(ratio) - rows.truth + rows.answer))


def pearson(rows: Rows) -> Weighted:
    """Return Pearson's correlation of predicted with observed."""

    def correlation(weights: Floats) -> Floats:
        return _correlation(weights, rows.truth[None, :], rows.answer[None, :])

    return correlation


def spearman(rows: Rows) -> Weighted:
    """Return Spearman's correlation of predicted with observed, equal values at their middle rank."""
    truth, answer = _ranked(rows.truth), _ranked(rows.answer)
    return lambda weights: _correlation(weights, truth(weights), answer(weights))


def _ranked(values: Floats) -> Callable[[Floats], Floats]:
    """Return a function from weights to each row's middle rank among the rows drawn."""
    order = np.argsort(values, kind="stable")
    starts = tie_starts(values[order])
    run = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(values)]))
    place = np.empty(len(values), dtype=np.intp)
    place[order] = run

    def ranks(weights: Floats) -> Floats:
        size = np.add.reduceat(weights[:, order], starts, axis=1)
        return np.asarray((np.cumsum(size, axis=1) - size / 2)[:, place])

    return ranks


def _correlation(weights: Floats, one: Floats, other: Floats) -> Floats:
    total = weights.sum(axis=1, keepdims=True)
    parts = []
    for values in (one, other):
        deviations = values - (weights * values).sum(axis=1, keepdims=True) / total
        spread = (weights * deviations**2).sum(axis=1)
        # What is left over from rounding around a constant is no variation.
        spread[spread <= _NO_VARIATION * (weights * values**2).sum(axis=1)] = 0.0
        parts.append((deviations, spread))
    product = (weights * parts[0][0] * parts[1][0]).sum(axis=1)
    return divided(product, np.sqrt(parts[0][1] * parts[1][1]))


def absolute_skill(rows: Rows) -> Weighted:
    """Return the part of the errors around the median that is saved (D²; Koenker and Machado 1999)."""
    sizes = weighted_mean(np.abs(rows.answer - rows.truth))
    around = weighted_mean(np.abs(rows.truth - np.median(rows.truth)))
    return lambda weights: 1.0 - divided(sizes(weights), around(weights))


def _undefined(weights: Floats) -> Floats:
    return np.full(len(weights), np.nan)
