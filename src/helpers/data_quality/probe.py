"""How well something predicts the target on rows not learnt from: one measure for every task.

The measure is the share of the baseline's squared error that the prediction removes. For classes the error
is that of the probabilities (Brier), for numbers that of the target's ranks, so that a single huge value
decides nothing. 0 is guessing by the mean, 1 is perfect; below 0 it is worse than guessing.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.tree import DecisionTreeRegressor
from threadpoolctl import threadpool_limits

from helpers.data_quality.coding import coded
from helpers.metrics import Task
from helpers.tables.table import Kind, Table

FOLDS = 5
MOST_LEAVES = 64
FEWEST_LEAVES = 4
ROWS_PER_LEAF = 20
LEAF_ROWS = 3
CLASSES = 20
LARGEST = 1e30
NORMAL_95 = 1.96
# With no error in n rows the error rate is below 3/n with 95 % confidence (Hanley and Lippman-Hand 1983).
RULE_OF_THREE = 3.0

LOOKED_UP = frozenset({Kind.CATEGORY, Kind.TEXT, Kind.IDENTIFIER})


@dataclass(frozen=True)
class Skill:
    """A share of the baseline's error removed, with its 95 % interval and the rows it was measured on."""

    value: float
    low: float
    high: float
    rows: int


@dataclass(frozen=True)
class ColumnSkill:
    """How well one column alone predicts the target."""

    column: str
    skill: Skill


def target_matrix(table: Table) -> np.ndarray:
    """Return the target as numbers to predict: a column a class (0/1), or ranks between 0 and 1.

    Of more than 20 classes the 20 largest stand alone and the others together.

    Returns
    -------
    numpy.ndarray of float64, shape (n, classes) or (n, 1)
    """
    if table.task is Task.REGRESSION:
        ranks: np.ndarray = rankdata(table.y.to_numpy(float)) / len(table)
        return ranks[:, None]
    sizes = table.y.value_counts()
    largest = sorted(sizes.index, key=lambda name: (-int(sizes[name]), str(name)))[:CLASSES]
    answers = table.y.to_numpy(object)
    matrix = np.column_stack([answers == name for name in largest]).astype(float)
    rest = 1.0 - matrix.sum(axis=1, keepdims=True)
    return np.hstack([matrix, rest]) if rest.any() else matrix


def folds_of(rows: int, *, seed: int, folds: int = FOLDS) -> np.ndarray:
    """Return the fold of each row, drawn at random, all of nearly the same size."""
    order = np.random.default_rng(seed).permutation(rows)
    numbers = np.empty(rows, dtype=np.int64)
    numbers[order] = np.arange(rows) % folds
    return numbers


def skill_of(errors: np.ndarray, baseline: np.ndarray) -> Skill:
    """Return the share of the baseline's error that is removed.

    Parameters
    ----------
    errors, baseline : numpy.ndarray of float64, shape (n,)
        Squared error of each row, of the prediction and of the baseline.

    Returns
    -------
    Skill
        The interval is that of a ratio of means (delta method), made wider downwards by 3/n, because a
        sample without an error does not prove that there is none.
    """
    rows, scale = len(errors), float(baseline.mean())
    if rows < 2 or scale == 0:
        return Skill(0.0, -np.inf, np.inf, rows)
    ratio = float(errors.mean()) / scale
    half = NORMAL_95 * float(np.std(errors - ratio * baseline, ddof=1)) / (np.sqrt(rows) * scale)
    value = 1.0 - ratio
    return Skill(value, value - half - RULE_OF_THREE / rows, min(1.0, value + half), rows)


def baseline_squares(target: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Return each row's squared error, a column a class, of predicting the mean outside its fold."""
    squares = np.empty(target.shape)
    for fold in np.unique(folds):
        inside = folds == fold
        squares[inside] = (target[inside] - target[~inside].mean(axis=0)) ** 2
    return squares


def lookup_squares(codes: np.ndarray, target: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Return each row's squared error, a column a class, of predicting the mean of the rows with its code.

    The mean is of rows outside the row's fold, drawn towards the overall mean as if by one more row, and a
    code that was not seen gets the overall mean: a column of many rare values earns nothing by learning them
    by heart.
    """
    squares = np.empty(target.shape)
    positions = codes + 1
    size = int(positions.max(initial=0)) + 1
    for fold in np.unique(folds):
        inside = folds == fold
        known, prior = positions[~inside], target[~inside].mean(axis=0)
        seen = np.bincount(known, minlength=size)
        sums = np.column_stack(
            [np.bincount(known, weights=part, minlength=size) for part in target[~inside].T]
        )
        means = (sums + prior) / (seen + 1)[:, None]
        squares[inside] = (target[inside] - means[positions[inside]]) ** 2
    return squares


def tree_squares(
    values: np.ndarray, target: np.ndarray, folds: np.ndarray, *, most_leaves: int = MOST_LEAVES
) -> np.ndarray:
    """Return each row's squared error, a column a class, of a small tree on one column of numbers.

    NaN is allowed among the values; the tree has not seen the row's fold.
    """
    squares = np.empty(target.shape)
    inputs = for_trees(values)[:, None]
    leaves = max(FEWEST_LEAVES, min(most_leaves, len(values) // ROWS_PER_LEAF))
    for fold in np.unique(folds):
        inside = folds == fold
        tree = DecisionTreeRegressor(max_leaf_nodes=leaves, min_samples_leaf=LEAF_ROWS, random_state=0)
        tree.fit(inputs[~inside], target[~inside])
        predicted = tree.predict(inputs[inside]).reshape(-1, target.shape[1])
        squares[inside] = (target[inside] - predicted) ** 2
    return squares


def lookup_skill(codes: np.ndarray, target: np.ndarray, folds: np.ndarray) -> Skill:
    """Return how well the mean target of the rows with the same code predicts the rows of another fold."""
    return _skill(lookup_squares(codes, target, folds), target, folds)


def tree_skill(
    values: np.ndarray, target: np.ndarray, folds: np.ndarray, *, most_leaves: int = MOST_LEAVES
) -> Skill:
    """Return how well a small tree on one column of numbers (NaN allowed) predicts rows of another fold."""
    return _skill(tree_squares(values, target, folds, most_leaves=most_leaves), target, folds)


def _skill(squares: np.ndarray, target: np.ndarray, folds: np.ndarray) -> Skill:
    return skill_of(squares.sum(axis=1), baseline_squares(target, folds).sum(axis=1))


def column_skills(table: Table, *, seed: int) -> tuple[ColumnSkill, ...]:
    """Return how well each feature alone predicts the target, best first."""
    if len(table) < 2 * FOLDS or not table.features:
        return ()
    return skills_for(table, target_matrix(table), seed=seed)


def skills_for(table: Table, target: np.ndarray, *, seed: int) -> tuple[ColumnSkill, ...]:
    """Return how well each feature alone predicts any numbers, such as a row's place, best first."""
    folds = folds_of(len(table), seed=seed)
    with threadpool_limits(1):
        found = [
            ColumnSkill(column.name, values_skill(table.frame[column.name], column.kind, target, folds))
            for column in table.features
        ]
    return tuple(sorted(found, key=lambda item: -item.skill.value))


def values_skill(values: pd.Series, kind: Kind, target: np.ndarray, folds: np.ndarray) -> Skill:
    """Return how well one column's values predict the target: by looking up, or by a tree."""
    if kind in LOOKED_UP:
        return lookup_skill(coded(values, kind), target, folds)
    return tree_skill(as_numbers(values), target, folds)


def as_numbers(values: pd.Series) -> np.ndarray:
    """Return numbers, booleans or dates as float64 with NaN for missing; dates become seconds."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        seconds: np.ndarray = (values - values.min()).dt.total_seconds().to_numpy(float)
        return seconds
    return values.to_numpy(dtype=float, na_value=np.nan)


def for_trees(values: np.ndarray) -> np.ndarray:
    """Return the numbers counted from their median, so that 32 bits, which trees use, keep what differs."""
    known = values[np.isfinite(values)]
    middle = float(np.median(known)) if len(known) else 0.0
    return np.clip(values - middle, -LARGEST, LARGEST)
