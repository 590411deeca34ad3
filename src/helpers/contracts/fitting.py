"""A column held against the dtype of a contract: its values in that type, and those that do not fit."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.tables.dates import read_dates
from helpers.tables.kinds import BOOLEAN_PAIRS, Typed
from helpers.tables.levels import levels_of
from helpers.tables.table import Kind

# What a dtype of pandera's begins with, and what kind of column it asks for.
_BEGINNINGS = {
    "float": Kind.NUMBER,
    "int": Kind.NUMBER,
    "uint": Kind.NUMBER,
    "bool": Kind.BOOLEAN,
    "category": Kind.CATEGORY,
    "datetime": Kind.DATE,
    "str": Kind.TEXT,
    "object": Kind.TEXT,
}
KIND_WORDS = {
    Kind.NUMBER: "numbers",
    Kind.BOOLEAN: "two values, true and false",
    Kind.CATEGORY: "categories",
    Kind.DATE: "dates",
    Kind.TEXT: "text",
    Kind.IDENTIFIER: "identifiers",
    Kind.EMPTY: "no value at all",
}
WHOLE = "whole numbers"
_TRUE = {word: bool(pair.index(word)) for pair in (*BOOLEAN_PAIRS, ("0", "1")) for word in pair}
_WORDS = frozenset({Kind.CATEGORY, Kind.TEXT, Kind.IDENTIFIER})


@dataclass(frozen=True)
class Fitted:
    """A column as the contract's dtype asks for it.

    Attributes
    ----------
    series : pandas.Series
        The values, in the type asked for where they fit.
    misfits : pandas.Series of bool
        True in the rows whose value does not fit.
    """

    series: pd.Series
    misfits: pd.Series


def dtype_of(column: Typed) -> str | None:
    """Return the dtype by which a contract asks for columns of this kind; None for an empty column."""
    whole = pd.api.types.is_integer_dtype(column.series.dtype)
    return {
        Kind.NUMBER: "float64",
        Kind.BOOLEAN: "boolean",
        Kind.CATEGORY: "category",
        Kind.DATE: "datetime64[ns]",
        Kind.TEXT: "str",
        Kind.IDENTIFIER: "int64" if whole else "str",
    }.get(column.kind)


def wanted_kind(dtype: str) -> Kind | None:
    """Return the kind that a dtype asks for; None for one that no column is read as.

    >>> wanted_kind("int64"), wanted_kind("string[pyarrow]"), wanted_kind("timedelta64[ns]")
    (<Kind.NUMBER: 'number'>, <Kind.TEXT: 'text'>, None)
    """
    return next((kind for start, kind in _BEGINNINGS.items() if dtype.lower().startswith(start)), None)


def is_whole(dtype: str) -> bool:
    """Tell whether the dtype asks for whole numbers."""
    return dtype.lower().startswith(("int", "uint"))


def fitted(column: Typed, dtype: str) -> Fitted:
    """Return the column as `dtype` asks for it; a column without any value fits every dtype."""
    series, wanted = column.series, wanted_kind(dtype)
    fine = pd.Series(False, index=series.index)
    if column.kind is Kind.EMPTY or not series.notna().any():
        return Fitted(series, fine)
    if wanted is Kind.NUMBER:
        return _numbers(column, whole=is_whole(dtype))
    if wanted is Kind.BOOLEAN:
        return _booleans(column)
    if wanted is Kind.DATE:
        return Fitted(series, fine if column.kind is Kind.DATE else _no_dates(series))
    as_words = column.kind in _WORDS and not pd.api.types.is_numeric_dtype(series.dtype)
    return Fitted(series, fine if as_words else series.notna())


def _numbers(column: Typed, *, whole: bool) -> Fitted:
    series = column.series
    if pd.api.types.is_numeric_dtype(series.dtype):
        odd = series.notna() & (series % 1 != 0) if whole else pd.Series(False, index=series.index)
        exact = whole and pd.api.types.is_integer_dtype(series.dtype)
        return Fitted(series if exact else series.astype("float64"), odd)
    if column.kind is Kind.DATE:
        return Fitted(series, series.notna())
    levels = levels_of(series.astype("str").where(series.notna()))
    odd = pd.Series(levels.spread(np.isnan(levels.plain_values), missing=False), index=series.index)
    return Fitted(series, _or_all(odd, series))


def _booleans(column: Typed) -> Fitted:
    series = column.series
    if pd.api.types.is_numeric_dtype(series.dtype):
        odd = series.notna() & ~series.isin([0, 1])
        return Fitted(series if odd.any() else series.astype("boolean"), odd)
    if column.kind is Kind.DATE:
        return Fitted(series, series.notna())
    values = series.astype("object").str.strip().str.lower().map(_TRUE)
    odd = series.notna() & values.isna()
    return Fitted(series if odd.any() else values.astype("boolean"), odd)


def _no_dates(series: pd.Series) -> pd.Series:
    """Return the rows whose value is no date; all of them where none stands out."""
    if pd.api.types.is_numeric_dtype(series.dtype):
        return series.notna()
    levels = levels_of(series.astype("str").where(series.notna()))
    odd = levels.spread(~read_dates(levels.stripped).ok, missing=False)
    return _or_all(pd.Series(odd, index=series.index), series)


def _or_all(odd: pd.Series, series: pd.Series) -> pd.Series:
    # The column was read as another kind although each of its values could be of the one asked for.
    return odd if odd.any() else series.notna()
