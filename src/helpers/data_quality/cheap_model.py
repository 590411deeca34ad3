"""A small forest, the same for every table, that prices a column or a way of splitting."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesRegressor
from threadpoolctl import threadpool_limits

from helpers.data_quality.probe import LOOKED_UP, as_numbers, folds_of, for_trees, target_matrix
from helpers.tables.table import Table

# What the forest sees at most, whatever is priced.
PRICED_ROWS = 3_000
PRICED_FEATURES = 20
TREES = 24
# On few rows one draw of folds decides too much.
REPEATED_BELOW = 1_500
REPEATS = 3
LEAF_ROWS = 2

Split = tuple[np.ndarray, np.ndarray]
Splits = Callable[[int], Iterator[Split]]


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


def predictions(values: np.ndarray, target: np.ndarray, splits: Splits, *, seed: int) -> list[np.ndarray]:
    """Return what forests that had not seen a row predict for it: one array a draw, several for few rows.

    Parameters
    ----------
    values : numpy.ndarray of float64, shape (n, features)
    target : numpy.ndarray of float64, shape (n, k)
    splits : callable
        Takes a seed and yields the splits of one draw.
    seed : int
        Seed of the first draw and its forests.

    Returns
    -------
    list of numpy.ndarray of float64, shape (n, k)
        NaN for rows in no test part.
    """
    draws = REPEATS if len(values) < REPEATED_BELOW else 1
    with threadpool_limits(1):
        return [_predicted(values, target, splits(seed + draw), seed=seed + draw) for draw in range(draws)]


def _predicted(values: np.ndarray, target: np.ndarray, splits: Iterator[Split], *, seed: int) -> np.ndarray:
    found = np.full(target.shape, np.nan)
    for train, test in splits:
        forest = small_forest(seed).fit(values[train], _flat(target[train]))
        found[test] = forest.predict(values[test]).reshape(-1, target.shape[1])
    return found


def small_forest(seed: int) -> ExtraTreesRegressor:
    """Return the forest, not fitted."""
    return ExtraTreesRegressor(
        n_estimators=TREES, min_samples_leaf=LEAF_ROWS, max_features=0.5, random_state=seed, n_jobs=1
    )


def importances(values: np.ndarray, target: np.ndarray, *, seed: int) -> np.ndarray:
    """Return how much each column brings to a forest on all rows; they add up to 1."""
    with threadpool_limits(1):
        found: np.ndarray = small_forest(seed).fit(values, _flat(target)).feature_importances_
    return found


def most_used(table: Table, names: Sequence[str], *, at_most: int, seed: int) -> list[str]:
    """Return the features that a forest on all rows uses most, the most used first."""
    used = importances(inputs(table, names), target_matrix(table), seed=seed)
    order = np.argsort(-used, kind="stable")
    return [names[place] for place in order[:at_most]]


def _flat(target: np.ndarray) -> np.ndarray:
    return target[:, 0] if target.shape[1] == 1 else target


def at_random(rows: int) -> Splits:
    """Return what yields folds drawn at random for a seed."""
    return lambda seed: by_folds(folds_of(rows, seed=seed))


def by_folds(folds: np.ndarray) -> Iterator[Split]:
    """Yield for each fold the places of the rows outside and inside it."""
    for fold in np.unique(folds):
        yield np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
