"""What is remembered of the last accepted table: sizes, shares and counts, never a row."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

import helpers.files as files
from helpers.contracts.delivered import Delivered
from helpers.tables.kinds import Typed
from helpers.tables.table import Kind

# Levels are counted one by one in columns that have at most so many.
MOST_LEVELS = 200
# Numbers are counted between the tenths of the accepted table.
BINS = 10


class _Kept(BaseModel):
    # What an older version wrote under other names is no description any more.
    model_config = ConfigDict(extra="ignore", frozen=True)


class ColumnDescription(_Kept):
    """One column of an accepted table.

    Attributes
    ----------
    kind : Kind
        As it was read.
    missing : int
        Rows without a value.
    levels : dict of str to int, or None
        Rows of each level, for categories with at most 200 of them.
    edges, counts : list, or None
        For numbers the nine tenths, fewer where several are equal, and the rows between them: below the
        first, then from each on.
    """

    kind: Kind
    missing: int
    levels: dict[str, int] | None = None
    edges: list[float] | None = None
    counts: list[int] | None = None


class Description(_Kept):
    """An accepted table.

    Attributes
    ----------
    fingerprint : str
        As in `Look`.
    rows : int
        Its rows.
    time : str or None
        The column of time.
    newest : str, float or None
        Its newest value: a date in ISO form, or a number.
    columns : dict of str to ColumnDescription
        In the table's order.
    """

    fingerprint: str
    rows: int
    time: str | None = None
    newest: str | float | None = None
    columns: dict[str, ColumnDescription]


def described(table: Delivered) -> Description:
    """Return the description of a table."""
    return Description(
        fingerprint=table.fingerprint,
        rows=table.rows,
        time=table.time,
        newest=_newest(table),
        columns={name: _column(column) for name, column in table.columns.items()},
    )


def read_accepted(path: Path) -> Description | None:
    """Return what is remembered; None where nothing is, or where it cannot be understood."""
    try:
        return Description.model_validate(files.read_json(path))
    except (OSError, ValueError, ValidationError):
        return None


def in_bins(values: pd.Series, edges: list[float]) -> list[int]:
    """Return the rows below the first edge and from each edge on; missing values are not counted."""
    known = _known(values)
    counted = np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1)
    return [int(each) for each in counted]


def levels_in(column: Typed) -> dict[str, int]:
    """Return the rows of each level of a column of words."""
    # Counted before they are turned into text: a million rows have few levels.
    return {str(level): int(rows) for level, rows in column.series.value_counts().items() if rows}


def _column(column: Typed) -> ColumnDescription:
    missing = int(column.series.isna().sum())
    if column.kind is Kind.CATEGORY:
        levels = levels_in(column)
        return ColumnDescription(
            kind=column.kind, missing=missing, levels=levels if len(levels) <= MOST_LEVELS else None
        )
    if column.kind in (Kind.NUMBER, Kind.BOOLEAN):
        edges = _edges(_known(column.series))
        counts = in_bins(column.series, edges)
        return ColumnDescription(kind=column.kind, missing=missing, edges=edges, counts=counts)
    return ColumnDescription(kind=column.kind, missing=missing)


def _edges(known: NDArray[np.float64]) -> list[float]:
    if not len(known):
        return []
    tenths = np.quantile(known, np.arange(1, BINS) / BINS, method="inverted_cdf")
    return [float(edge) for edge in np.unique(tenths)]


def _known(values: pd.Series) -> NDArray[np.float64]:
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    known: NDArray[np.float64] = numbers[~np.isnan(numbers)]
    return known


def _newest(table: Delivered) -> str | float | None:
    column = table.columns.get(table.time) if table.time is not None else None
    values = column.series.dropna() if column is not None else pd.Series(dtype="float64")
    if column is None or not len(values):
        return None
    newest = values.max()
    return str(newest.isoformat()) if column.kind is Kind.DATE else float(newest)
