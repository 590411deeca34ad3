"""A small forest, the same for every table, that prices a way of splitting: errors row by row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesRegressor
from threadpoolctl import threadpool_limits

from helpers.data_quality.probe import LOOKED_UP, as_numbers, folds_of, for_trees
from helpers.tables.table import Table

TREES = 16
# On few rows one draw of folds decides too much.
REPEATED_BELOW = 1_500
REPEATS = 3
LEAF_ROWS = 2
NORMAL_95 = 1.96

Split = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Price:
    """What one way of splitting scores against another, on the same rows.

    Attributes
    ----------
    random, honest : float
        Share of the error of guessing removed, with rows drawn at random and with the split in question.
    loss : float
        Their difference; positive where the random split flatters.
    low, high : float
        95 % interval of the loss.
    rows : int
        Rows it was measured on.
    """

    random: float
    honest: float
    loss: float
    low: float
    high: float
    rows: int


def inputs(table: Table, names: Sequence[str]) -> np.ndarray:
    """Return the features as numbers for trees; levels in alphabetical order.

    Not in order of appearance: in a file sorted by the target that would tell the answer.

    Returns
    -------
    numpy.ndarray of float64, shape (n, features)
        NaN for missing numbers; -1 for missing levels.
    """
    columns = [table.columns[name] for name in names]
    parts = [
        pd.factorize(table.frame[column.name].astype(object), sort=True)[0].astype(float)
        if column.kind in LOOKED_UP
        else for_trees(as_numbers(table.frame[column.name]))
        for column in columns
    ]
    return np.column_stack(parts) if parts else np.zeros((len(table), 1))


def mean_errors(
    values: np.ndarray, target: np.ndarray, splits: Callable[[int], Iterator[Split]], *, seed: int
) -> np.ndarray:
    """Return each row's squared error, averaged over several draws where there are few rows.

    Parameters
    ----------
    values : numpy.ndarray of float64, shape (n, features)
    target : numpy.ndarray of float64, shape (n, k)
    splits : callable
        Takes a seed and yields the splits of one draw.
    seed : int
        Seed of the first draw and its forests.
    """
    draws = REPEATS if len(values) < REPEATED_BELOW else 1
    errors = [row_errors(values, target, splits(seed + draw), seed=seed + draw) for draw in range(draws)]
    found: np.ndarray = np.mean(errors, axis=0)
    return found


def row_errors(values: np.ndarray, target: np.ndarray, splits: Iterator[Split], *, seed: int) -> np.ndarray:
    """Return each row's squared error by a forest that had not seen it; NaN for rows in no test part."""
    errors = np.full(len(target), np.nan)
    with threadpool_limits(1):
        for train, test in splits:
            forest = ExtraTreesRegressor(
                n_estimators=TREES, min_samples_leaf=LEAF_ROWS, max_features=0.5, random_state=seed, n_jobs=1
            )
            answers = target[train]
            forest.fit(values[train], answers[:, 0] if target.shape[1] == 1 else answers)
            predicted = forest.predict(values[test]).reshape(-1, target.shape[1])
            errors[test] = ((target[test] - predicted) ** 2).sum(axis=1)
    return errors


def at_random(rows: int) -> Callable[[int], Iterator[Split]]:
    """Return what yields folds drawn at random for a seed."""
    return lambda seed: by_folds(folds_of(rows, seed=seed))


def by_folds(folds: np.ndarray) -> Iterator[Split]:
    """Yield for each fold the places of the rows outside and inside it."""
    for fold in np.unique(folds):
        yield np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)


def price(random: np.ndarray, honest: np.ndarray, target: np.ndarray, clusters: np.ndarray) -> Price:
    """Return the difference of two sets of errors on the same rows, in units of the error of guessing.

    Parameters
    ----------
    random, honest : numpy.ndarray of float64, shape (n,)
        Squared errors; rows where `honest` is NaN are left out.
    target : numpy.ndarray of float64, shape (n, k)
    clusters : numpy.ndarray of int64, shape (n,)
        Rows that are not independent of each other share a number; the interval rests on their sums.
    """
    judged = ~np.isnan(honest)
    answers = target[judged]
    scale = float(((answers - answers.mean(axis=0)) ** 2).sum(axis=1).mean())
    rows = int(judged.sum())
    if scale == 0:
        return Price(0.0, 0.0, 0.0, -np.inf, np.inf, rows)
    difference = (honest - random)[judged] / scale
    loss = float(difference.mean())
    numbers = np.unique(clusters[judged], return_inverse=True)[1]
    sums = np.bincount(numbers, weights=difference - loss)
    half = NORMAL_95 * float(np.sqrt((sums**2).sum())) / rows
    first, second = float(random[judged].mean()) / scale, float(honest[judged].mean()) / scale
    return Price(1 - first, 1 - second, loss, loss - half, loss + half, rows)
