"""A feature as figures can draw it: a number, a date or a few categories, whatever kind of column it is."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from helpers.tables.table import Column, Kind, Table

CATEGORY_LIMIT = 8
LARGEST = 1e150  # beyond it squares overflow; such a value, like an infinite one, cannot be drawn
MISSING = "missing"
_BOOLEAN = {0.0: "no", 1.0: "yes"}


class Form(StrEnum):
    """What a feature is drawn as."""

    NUMBER = "number"
    DATE = "date"
    CATEGORY = "category"


@dataclass(frozen=True)
class Drawable:
    """A feature's values, ready for figures.

    Attributes
    ----------
    column : Column
        The column that it shows.
    form : Form
        Number, date or category.
    title : str
        The column's label with its unit; for free text, that it is the text's length.
    series : pandas.Series
        float64 (finite or NaN), datetime64 (or NaT), or str with no missing value: categories past the most
        common ones are gathered under one name, and missing ones have a name of their own.
    """

    column: Column
    form: Form
    title: str
    series: pd.Series

    @property
    def label(self) -> str:
        """The title without the unit."""
        return self.column.label if self.title == self.column.title else self.title

    @property
    def missing(self) -> int:
        """How many rows have no value that can be drawn; a missing category is drawn."""
        return int(self.series.isna().sum())

    @property
    def varies(self) -> bool:
        """Whether there are at least two different values."""
        known = self.series.dropna().to_numpy()
        return bool((known[:1] != known).any())


def drawable(table: Table, column: Column) -> Drawable:
    """Return the column as figures can draw it.

    Booleans become the categories "yes" and "no", free text becomes its length in characters.
    """
    values = table.frame[column.name]
    if column.kind is Kind.DATE:
        return Drawable(column, Form.DATE, column.title, _dates(values))
    if column.kind is Kind.BOOLEAN:
        named = values.map(_BOOLEAN).astype(object)
        return Drawable(column, Form.CATEGORY, column.title, gathered(named))
    if column.kind is Kind.CATEGORY:
        return Drawable(column, Form.CATEGORY, column.title, gathered(values.astype(object)))
    if column.kind is Kind.TEXT or not pd.api.types.is_numeric_dtype(values.dtype):
        length = values.astype(object).map(lambda text: np.nan if pd.isna(text) else float(len(str(text))))
        return Drawable(column, Form.NUMBER, f"length of {column.label} (characters)", _numbers(length))
    return Drawable(column, Form.NUMBER, column.title, _numbers(values))


def gathered(values: pd.Series, *, limit: int = CATEGORY_LIMIT) -> pd.Series:
    """Return categories as text, with at most `limit` of them by name and the rest under one.

    Parameters
    ----------
    values : pandas.Series
        Categories; missing ones are named "missing" and kept apart whatever their number.
    limit : int
        How many of the most common categories keep their names; equally common ones go by name.
    """
    counts = values.dropna().astype(str).value_counts()
    ranked = sorted(counts.index, key=lambda level: (-counts[level], level))
    shown, hidden = set(ranked[:limit]), len(ranked) - limit
    taken = set(ranked)
    other = unused(f"{hidden:,} other categories" if hidden > 1 else "1 other category", taken)
    missing = unused(MISSING, taken)
    text = values.map(lambda value: missing if pd.isna(value) else str(value)).astype(object)
    return text.where(text.isin(shown | {missing}), other).astype(object)


def unused(name: str, taken: set[str]) -> str:
    """Return the name, in brackets if a category is already called so."""
    while name in taken:
        name = f"({name})"
    return name


def _numbers(values: pd.Series) -> pd.Series:
    numbers = values.astype(float)
    return numbers.where(numbers.abs() <= LARGEST)


def _dates(values: pd.Series) -> pd.Series:
    dates = values.dt.tz_convert(None) if isinstance(values.dtype, pd.DatetimeTZDtype) else values
    return dates.where(dates.dt.year.between(1, 9999))
