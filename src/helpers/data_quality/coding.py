"""Columns as whole numbers, so that values of any kind can be compared, counted and combined fast."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from helpers.tables.spellings import plain_spellings
from helpers.tables.table import Kind, Table

MISSING = -1

Made = TypeVar("Made")


def coded(values: pd.Series, kind: Kind) -> np.ndarray:
    """Return the values as codes 0, 1, … in order of first appearance; missing is -1.

    Categories and texts that differ only in case or spaces get the same code.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
    """
    if kind in (Kind.CATEGORY, Kind.TEXT):
        return _coded_text(values)
    codes, _ = pd.factorize(values, use_na_sentinel=True)
    return np.asarray(codes, dtype=np.int64)


def _coded_text(values: pd.Series) -> np.ndarray:
    codes, levels = pd.factorize(values, use_na_sentinel=True)
    same = plain_spellings(levels).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    lookup = np.append(np.asarray(same, dtype=np.int64), MISSING)
    found: np.ndarray = lookup[codes]
    return found


class PerColumn(Mapping[str, Made]):
    """Something about each column of a table, by name; worked out when it is first asked for.

    Parameters
    ----------
    table : Table
        The rows.
    make : callable
        Takes a column's values and kind.
    """

    def __init__(self, table: Table, make: Callable[[pd.Series, Kind], Made]) -> None:
        self._table = table
        self._make = make
        self._known: dict[str, Made] = {}

    def __getitem__(self, name: str) -> Made:
        """Return what there is about the column."""
        if name not in self._known:
            self._known[name] = self._make(self._table.frame[name], self._table.columns[name].kind)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the columns."""
        return iter(self._table.columns)

    def __len__(self) -> int:
        """Return how many columns there are."""
        return len(self._table.columns)


def level_sizes(values: pd.Series, _kind: Kind) -> pd.Series:
    """Return the rows of each level that occurs, the most frequent first."""
    sizes = values.value_counts()
    return sizes[sizes > 0]


def combined(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Return one code for each combination of the columns' codes, missing counting as a value.

    Parameters
    ----------
    columns : sequence of numpy.ndarray of int64, each of shape (n,)

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Equal where all columns are equal; from 0 without gaps.
    """
    together = np.zeros(len(columns[0]), dtype=np.int64)
    for codes in sorted(columns, key=distinct, reverse=True):
        if distinct(together) == len(together):
            break
        wide = together * (codes.max(initial=MISSING) + 2) + (codes + 1)
        together = np.asarray(pd.factorize(wide)[0], dtype=np.int64)
    return together


def distinct(codes: np.ndarray) -> int:
    """Return how many different values there are, missing left out."""
    return int(codes.max(initial=MISSING)) + 1


def repeated_rows(frame: pd.DataFrame) -> int:
    """Return how many rows repeat an earlier one in every column, missing being equal to missing."""
    if frame.empty:
        return 0
    columns = [np.asarray(pd.factorize(frame[name])[0], dtype=np.int64) for name in frame]
    return len(frame) - distinct(combined(columns))
