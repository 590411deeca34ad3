"""Whether a fault moves a cross-validated score: what an engineer who notices nothing would get.

The table is read back from CSV as pandas reads it, and a gradient boosting with its defaults is judged on
five folds: AUC for two classes, accuracy for several, R² for numbers.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold

from benchmarks.planted.fault import Planted, is_number

FOLDS = 5
MOST_LEVELS = 250  # HistGradientBoosting takes at most 255 as categories; beyond, codes are numbers to it
DATE = r"\d{4}-\d{2}-\d{2}"

Splits = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Score:
    """A cross-validated score.

    Attributes
    ----------
    mean, error : float
        The mean over the folds and its standard error.
    """

    mean: float
    error: float


@dataclass(frozen=True)
class Move:
    """What a fault does to the score.

    Attributes
    ----------
    flattered, honest : Score
        With the fault or naively split, and without it or honestly split.
    by_split : bool
        Whether it is two ways of splitting that are compared: then only a worse honest score is the fault's.
    """

    flattered: Score
    honest: Score
    by_split: bool = False

    @property
    def difference(self) -> float:
        """How much better the score with the fault is."""
        return self.flattered.mean - self.honest.mean

    @property
    def is_beyond_error(self) -> bool:
        """Whether the scores differ by more than the larger of their standard errors."""
        moved = self.difference if self.by_split else abs(self.difference)
        return bool(moved > max(self.flattered.error, self.honest.error))


def move(
    planted: Planted,
    target: str,
    *,
    clean_score: Callable[[tuple[str, ...], bool], Score],
    unseen: Sequence[str],
    seed: int,
) -> Move:
    """Return what the fault does to the score.

    Parameters
    ----------
    planted : Planted
        The table with the fault, and how the fault is priced.
    target : str
        The column to predict.
    clean_score : callable
        The score of the table without it, given the columns that the model does not see and whether it is
        judged by accuracy: many faults are held against the same.
    unseen : sequence of str
        Columns that the model does not see.
    seed : int
        Seed of the folds.
    """
    hidden = [*unseen, *planted.unseen]
    frame = planted.frame[planted.frame[target].notna()]
    if planted.together is not None:
        whole = list(whole_groups(planted.together, seed))
        # By accuracy: folds of whole groups may lack a class, and then have no AUC.
        return Move(
            scored(frame, target, unseen=hidden, seed=seed, accuracy=True),
            scored(frame, target, unseen=hidden, seed=seed, splits=whole, accuracy=True),
            by_split=True,
        )
    if planted.moment is not None:
        order = np.argsort(planted.moment, kind="stable")
        drawn = np.random.default_rng(seed).permutation(len(frame))
        at_random, in_order = (list(earlier_to_later(each)) for each in (drawn, order))
        return Move(
            scored(frame, target, unseen=hidden, seed=seed, splits=at_random, accuracy=True),
            scored(frame, target, unseen=hidden, seed=seed, splits=in_order, accuracy=True),
            by_split=True,
        )
    # An AUC hides what unequal classes do to the usual score, and is none with a third class.
    by_accuracy = target in planted.columns
    honest = (
        clean_score(tuple(hidden), by_accuracy)
        if planted.before is None
        else scored(planted.before, target, unseen=hidden, seed=seed, accuracy=by_accuracy)
    )
    return Move(scored(frame, target, unseen=hidden, seed=seed, accuracy=by_accuracy), honest)


def scored(
    frame: pd.DataFrame,
    target: str,
    *,
    unseen: Sequence[str],
    seed: int,
    splits: Splits | None = None,
    accuracy: bool = False,
) -> Score:
    """Return the score of a gradient boosting with its defaults on the table as pandas reads it."""
    X, categories = inputs(frame.drop(columns=[target, *(name for name in unseen if name in frame)]))
    if is_number(frame, target):
        y, model = frame[target].to_numpy(float), HistGradientBoostingRegressor
    else:
        y, model = pd.factorize(frame[target], sort=True)[0], HistGradientBoostingClassifier
    found = []
    for train, test in splits or list(_at_random(y, seed)):
        fitted = model(categorical_features=categories, random_state=0).fit(X[train], y[train])
        if model is HistGradientBoostingRegressor:
            found.append(r2_score(y[test], fitted.predict(X[test])))
        elif y.max() > 1 or accuracy:
            found.append(accuracy_score(y[test], fitted.predict(X[test])))
        else:
            found.append(roc_auc_score(y[test], fitted.predict_proba(X[test])[:, 1]))
    return Score(float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(len(found))))


def inputs(features: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns as numbers, as plainly read from CSV, and which are categories."""
    read = pd.read_csv(io.StringIO(features.to_csv(index=False)), low_memory=False)
    columns, categories = [], []
    for name in read.columns:
        values = read[name]
        is_category = False
        if not pd.api.types.is_numeric_dtype(values.dtype):
            known = values.dropna().astype(str)
            if len(known) and known.str.fullmatch(DATE).all():
                values = (pd.to_datetime(values) - pd.Timestamp(1970, 1, 1)) / pd.Timedelta(days=1)
            else:
                codes = pd.factorize(values.astype(object), sort=False)[0].astype(float)
                values = pd.Series(codes).mask(codes < 0)
                is_category = values.nunique() <= MOST_LEVELS
        columns.append(values.to_numpy(float))
        categories.append(is_category)
    return np.column_stack(columns), np.array(categories)


def _at_random(y: np.ndarray, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    is_class = np.issubdtype(y.dtype, np.integer)
    # A class of fewer rows than folds cannot be in each of them.
    stratified = is_class and np.bincount(y).min() >= FOLDS
    kind = StratifiedKFold if stratified else KFold
    yield from kind(FOLDS, shuffle=True, random_state=seed).split(np.zeros(len(y)), y)


def whole_groups(groups: np.ndarray, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield five folds that keep the rows of one number together."""
    numbers = np.unique(groups, return_inverse=True)[1]
    folds = np.random.default_rng(seed).permutation(numbers.max() + 1) % FOLDS
    for fold in range(FOLDS):
        inside = folds[numbers] == fold
        yield np.flatnonzero(~inside), np.flatnonzero(inside)


def earlier_to_later(order: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield half to nine tenths of the rows to learn from, in this order, and the next tenth to judge by."""
    for tenth in range(5, 10):
        start, end = tenth * len(order) // 10, (tenth + 1) * len(order) // 10
        yield order[:start], order[start:end]
