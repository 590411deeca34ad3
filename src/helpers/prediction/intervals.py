"""Intervals and sets that hold the truth nine times of ten, from what models said of rows they had not seen.

Conformal: the error that is exceeded by one in ten of the out-of-fold predictions is put on either side of a
new prediction (the K-fold form of the jackknife; Barber, Candès, Ramdas and Tibshirani 2021, Predictive
inference with the jackknife+, Annals of Statistics 49). The jackknife+ itself would keep all K models of the
folds to predict with; from the chosen model alone the promise rests on its saying about the same as they do,
which `05_evaluation` holds against the holdout. Widths follow the expected size of the error where that
makes the intervals clearly better (normalised scores; Lei and others 2018, Journal of the American
Statistical Association 113). Sets of classes hold every class whose probability is high enough (Sadinle, Lei
and Wasserman 2019, the same journal 114), the most probable one always.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from helpers.prediction.encoded import Encoding, Floats, learn_encoding
from helpers.scoring.stored import stated_columns
from helpers.tables.table import Kind

LEVEL = 0.9
# Fewer rows than this do not tell which errors are to be expected larger than others.
ROWS_FOR_WIDTHS = 200
# Widths of their own are taken if they lower the mean interval score by this share, and clearly …
WORTH_IT = 0.02
# … by so many standard errors.
CLEARLY = 2.0
MOST_ROWS = 20_000
# An expected error is never taken for smaller than this share of the median one.
LEAST_WIDTH = 0.1


@dataclass(frozen=True)
class Widths:
    """The expected size of the error, by the row's values and by what is predicted.

    Attributes
    ----------
    encoding : Encoding
        How the columns become numbers.
    estimator : HistGradientBoostingRegressor
        Predicts the absolute error.
    least : float
        No expected error is smaller.
    """

    encoding: Encoding
    estimator: HistGradientBoostingRegressor
    least: float

    def expected(self, frame: pd.DataFrame, predicted: Floats) -> Floats:
        """Return the expected absolute error of each row."""
        features = np.column_stack([self.encoding.encode(frame).features, predicted])
        with threadpool_limits(1):
            return np.asarray(np.maximum(self.estimator.predict(features), self.least))


@dataclass(frozen=True)
class Intervals:
    """How far on either side of a prediction the truth lies, nine times of ten.

    Attributes
    ----------
    level : float
        The share that is promised.
    reach : float
        For a regression the half-width, in the target's unit, or in expected errors where there are widths;
        for classes the probability from which on a class is in the set. NaN where the rows are too few.
    rows : int
        How many predictions it was taken from.
    widths : Widths or None
        Expected errors; None gives all rows intervals of the same width.
    """

    level: float
    reach: float
    rows: int
    widths: Widths | None = None

    def around(self, predicted: Floats, frame: pd.DataFrame) -> tuple[Floats, Floats]:
        """Return the lower and upper end of each predicted number's interval; the frame is typed."""
        half = self.reach if self.widths is None else self.reach * self.widths.expected(frame, predicted)
        return predicted - half, predicted + half

    def sets(self, probabilities: pd.DataFrame) -> pd.DataFrame:
        """Return for each row and class whether it is in the set; the most probable one always is."""
        stated = probabilities.to_numpy(dtype=float)
        inside = stated >= self.reach
        inside[np.arange(len(stated)), stated.argmax(axis=1)] = True
        return pd.DataFrame(inside, index=probabilities.index, columns=probabilities.columns)

    def to_plain(self) -> dict[str, Any]:
        """Return what `from_plain` reads; the estimator stays one."""
        widths = self.widths
        return {
            "level": self.level,
            "reach": self.reach,
            "rows": self.rows,
            "encoding": None if widths is None else widths.encoding.to_plain(),
            "estimator": None if widths is None else widths.estimator,
            "least": 0.0 if widths is None else widths.least,
        }

    @classmethod
    def from_plain(cls, content: Mapping[str, Any]) -> "Intervals":
        """Return what `to_plain` gave."""
        widths = None
        if content["estimator"] is not None:
            encoding = Encoding.from_plain(content["encoding"])
            widths = Widths(encoding, content["estimator"], float(content["least"]))
        return cls(float(content["level"]), float(content["reach"]), int(content["rows"]), widths)


def reach_of(scores: Floats, *, level: float = LEVEL) -> float:
    """Return the smallest score that a new one stays below with at least the probability asked for.

    It is the score of rank ⌈(n + 1) · level⌉ among the n given; NaN where there are too few for that rank.
    """
    rank = rank_of(len(scores), level)
    return float(np.sort(scores)[rank - 1]) if 0 < rank <= len(scores) else float("nan")


def rank_of(rows: int, level: float) -> int:
    """Return which of so many scores, from the smallest on, a new one stays below with the probability."""
    return int(np.ceil((rows + 1) * level - 1e-9))


def class_intervals(unseen: pd.DataFrame, classes: Sequence[str], *, level: float = LEVEL) -> Intervals:
    """Return the sets' threshold from out-of-fold predictions.

    Parameters
    ----------
    unseen : pandas.DataFrame
        Columns `truth` and `probability:<class>`.
    classes : sequence of str
        All classes.
    level : float
        The share of rows whose set shall hold the truth.
    """
    stated = unseen[stated_columns(classes)].to_numpy(dtype=float)
    codes = pd.Index(list(classes), dtype=object).get_indexer(pd.Index(unseen["truth"], dtype=object))
    reach = reach_of(1 - stated[np.arange(len(stated)), codes], level=level)
    return Intervals(level, 1 - reach, len(unseen))


def number_intervals(
    unseen: pd.DataFrame,
    X: pd.DataFrame,
    kinds: Mapping[str, Kind],
    folds: npt.NDArray[np.int64],
    *,
    seed: int,
    level: float = LEVEL,
) -> Intervals:
    """Return intervals of predicted numbers from out-of-fold predictions.

    Parameters
    ----------
    unseen : pandas.DataFrame
        Columns `truth` and `prediction`.
    X : pandas.DataFrame
        The same rows' features, in the same order.
    kinds : mapping of str to Kind
        The kind of each feature.
    folds : int array
        For each row in which fold it was predicted; expected errors are judged on folds that they were not
        learnt from.
    seed : int
        Seed of the sample of large tables.
    level : float
        The share of rows whose interval shall hold the truth.
    """
    predicted = unseen["prediction"].to_numpy(dtype=float)
    errors = np.abs(unseen["truth"].to_numpy(dtype=float) - predicted)
    even = Intervals(level, reach_of(errors, level=level), len(errors))
    if len(errors) < ROWS_FOR_WIDTHS or len(np.unique(folds)) < 2 or float(np.median(errors)) == 0.0:
        return even
    if len(errors) > MOST_ROWS:
        chosen = np.sort(np.random.default_rng(seed).choice(len(errors), MOST_ROWS, replace=False))
        X, predicted, errors, folds = X.iloc[chosen], predicted[chosen], errors[chosen], folds[chosen]
    expected = np.empty(len(errors))
    for fold in np.unique(folds):
        out = folds == fold
        widths = _widths(X.loc[~out], kinds, predicted[~out], errors[~out])
        expected[out] = widths.expected(X.loc[out], predicted[out])
    reach = reach_of(errors / expected, level=level)
    gained = _score(even.reach, errors, level) - _score(reach * expected, errors, level)
    enough = gained.mean() >= WORTH_IT * _score(even.reach, errors, level).mean()
    if not enough or gained.mean() < CLEARLY * gained.std(ddof=1) / np.sqrt(len(gained)):
        return even
    return Intervals(level, reach, len(errors), _widths(X, kinds, predicted, errors))


def _score(half: Floats | float, errors: Floats, level: float) -> Floats:
    """Return each row's interval score (Gneiting and Raftery 2007): the width, and a price for a miss."""
    return np.asarray(2 * half + 2 / (1 - level) * np.maximum(errors - half, 0.0))


def _widths(
    X: pd.DataFrame,
    kinds: Mapping[str, Kind],
    predicted: Floats,
    errors: Floats,
) -> Widths:
    encoding = learn_encoding(X, kinds)
    features = np.column_stack([encoding.encode(X).features, predicted])
    estimator = HistGradientBoostingRegressor(
        max_iter=60, learning_rate=0.1, max_leaf_nodes=6, min_samples_leaf=30, l2_regularization=10.0,
        early_stopping=False, random_state=0,
    )  # fmt: skip
    with threadpool_limits(1):
        estimator.fit(features, errors)
    return Widths(encoding, estimator, LEAST_WIDTH * float(np.median(errors)))
