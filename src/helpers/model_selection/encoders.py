"""Transformers that scikit-learn and skrub do not have, or that hostile tables need wrapped.

Each reads and returns a DataFrame with plain column names, takes columns that are all missing, and values
that it has never seen.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from skrub import DatetimeEncoder

from helpers.tables.table import Kind

# Larger numbers are cut to this: trees hold float32, and distances square what they read.
LARGEST = 1e30
_NUMBERS = frozenset({Kind.NUMBER.value, Kind.BOOLEAN.value, Kind.EMPTY.value})


class FrameTransformer(TransformerMixin, BaseEstimator):
    """What the transformers share: they know the names of the columns that they return."""

    names_: list[str]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:  # noqa: ARG002
        """Return the names of the columns that `transform` returns."""
        return np.asarray(self.names_, dtype=object)


class PlainColumns(FrameTransformer):
    """Pick the features in their order, name them f0, f1, … and hold each as the type that its kind asks for.

    Later steps, and the libraries under them, then never meet the user's names: XGBoost refuses ``[``, ``]``
    and ``<``, and others stumble over duplicates of their own.

    Parameters
    ----------
    columns : list of str
        The features by their names in the table.
    kinds : list of str
        The kind of each, as in `helpers.tables.table.Kind`.
    """

    def __init__(self, columns: Sequence[str] = (), kinds: Sequence[str] = ()) -> None:
        self.columns = columns
        self.kinds = kinds

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:  # noqa: ARG002
        """Remember the names; nothing is learnt."""
        self.names_ = [f"f{position}" for position in range(len(self.columns))]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the features as float64, datetime64 or object columns."""
        typed = {
            name: _typed(X[column], kind)
            for name, column, kind in zip(self.names_, self.columns, self.kinds, strict=True)
        }
        return pd.DataFrame(typed, index=X.index, columns=self.names_)


def _typed(values: pd.Series, kind: str) -> pd.Series:
    if kind in _NUMBERS:
        numbers = values.astype("float64").replace([np.inf, -np.inf], np.nan)
        return numbers.clip(-LARGEST, LARGEST)
    if kind == Kind.DATE.value:
        dates = pd.to_datetime(values)
        return dates.dt.tz_convert(None) if dates.dt.tz is not None else dates
    texts = values.astype("str").astype(object)
    return texts.where(values.notna(), None)


class Limited(TransformerMixin, BaseEstimator):
    """Cut scaled values to so many standard deviations on either side.

    A network multiplies what it reads: one value far from all that it learnt from gives an absurd answer.

    Parameters
    ----------
    deviations : float
        The largest distance from the mean that is passed on.
    """

    def __init__(self, deviations: float = 6.0) -> None:
        self.deviations = deviations

    def fit(self, X: np.ndarray, y: Any = None) -> Self:  # noqa: ARG002
        """Learn nothing."""
        self.fitted_ = True
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        """Return the values within the limits."""
        return np.asarray(np.clip(X, -self.deviations, self.deviations))


class KnownCategories(FrameTransformer):
    """Turn categories into pandas categories of small whole numbers, for models that take them as they are.

    What was not seen in fitting, or is past the limit of a column's most frequent levels, becomes missing.

    Parameters
    ----------
    limit : int
        Most levels a column may keep; HistGradientBoosting takes at most 255 bins.
    """

    def __init__(self, limit: int = 254) -> None:
        self.limit = limit

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:  # noqa: ARG002
        """Learn the levels of each column, the most frequent first and equals in alphabetical order."""
        self.names_ = list(X.columns)
        self.levels_ = [_frequent(X[name], self.limit) for name in self.names_]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return one categorical column for each column; missing where the level is unknown."""
        columns = {}
        for name, levels in zip(self.names_, self.levels_, strict=True):
            codes = pd.Index(levels, dtype=object).get_indexer(pd.Index(X[name], dtype=object))
            numbers = pd.CategoricalDtype(list(range(max(1, len(levels)))))
            columns[name] = pd.Categorical.from_codes(codes, dtype=numbers)
        return pd.DataFrame(columns, index=X.index, columns=self.names_)


def _frequent(values: pd.Series, limit: int) -> list[str]:
    counted = values.dropna().value_counts()
    ranked = sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    return [str(level) for level, _ in ranked[:limit]]


class LevelCodes(KnownCategories):
    """Turn categories into whole numbers, -1 for what is missing or was not seen in fitting."""

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return one int64 column for each column."""
        levels = super().transform(X)
        codes = {name: levels[name].cat.codes.astype("int64") for name in self.names_}
        return pd.DataFrame(codes, index=X.index, columns=self.names_)


class KnownNumbers(FrameTransformer):
    """Pass numbers on with their gaps; a column without a single value becomes zeros.

    HistGradientBoosting cannot bin a column that holds nothing, and in a fold any column may.
    """

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:  # noqa: ARG002
        """Learn which columns hold no value."""
        self.names_ = list(X.columns)
        self.empty_ = [name for name in self.names_ if X[name].isna().all()]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the same columns as float64."""
        return X.astype("float64").assign(**dict.fromkeys(self.empty_, 0.0))


class DateParts(FrameTransformer):
    """Turn dates into numbers (year, month, day, weekday, hour, seconds since 1970) with skrub."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:  # noqa: ARG002
        """Learn which parts each column has."""
        self.encoders_ = [DatetimeEncoder(add_weekday=True).fit(X[name]) for name in X.columns]
        self.columns_ = list(X.columns)
        self.names_ = [name for encoder in self.encoders_ for name in encoder.all_outputs_]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the parts as float64; missing where the date is."""
        pairs = zip(self.columns_, self.encoders_, strict=True)
        parts: list[pd.DataFrame] = [encoder.transform(X[name]) for name, encoder in pairs]
        return pd.concat(parts, axis=1).astype("float64")


class QuantileBins(FrameTransformer):
    """Turn numbers into 0/1 columns, one a quantile bin; a missing number is in none.

    Counting rows in bins is what makes naive Bayes indifferent to the shape of a distribution.

    Parameters
    ----------
    bins : int
        Most bins a column may have; equal quantiles fall together.
    """

    def __init__(self, bins: int = 10) -> None:
        self.bins = bins

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:  # noqa: ARG002
        """Learn the inner edges of each column's bins."""
        self.columns_ = list(X.columns)
        steps = np.arange(1, self.bins) / self.bins
        self.edges_ = [_edges(X[name].to_numpy(dtype=float), steps) for name in self.columns_]
        self.names_ = [
            f"{name}_{position}"
            for name, edges in zip(self.columns_, self.edges_, strict=True)
            for position in range(len(edges) + 1)
        ]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the 0/1 columns as float64."""
        blocks = []
        for name, edges in zip(self.columns_, self.edges_, strict=True):
            values = X[name].to_numpy(dtype=float)
            block = np.zeros((len(values), len(edges) + 1))
            known = np.flatnonzero(~np.isnan(values))
            block[known, np.searchsorted(edges, values[known], side="right")] = 1.0
            blocks.append(block)
        return pd.DataFrame(np.hstack(blocks), index=X.index, columns=self.names_)


def _edges(values: np.ndarray, steps: np.ndarray) -> np.ndarray:
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return np.empty(0)
    edges = np.unique(np.quantile(known, steps))
    # An edge at the lowest value would open a bin that no row can fall below.
    return np.asarray(edges[edges > known.min()])
