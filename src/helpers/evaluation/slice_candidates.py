"""Groups of rows that one column describes, in words that follow "rows with": 'Tenure up to 5 months'."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import shortened
from helpers.tables.table import Column, Kind, Table
from helpers.wording import number

Mask = npt.NDArray[np.bool_]

QUANTILES = (0.25, 0.5, 0.75)
MOST_LEVELS = 20


@dataclass(frozen=True)
class Candidate:
    """One group of rows.

    Attributes
    ----------
    column : str
        The column that describes it.
    description : str
        For people, with label and unit.
    inside : numpy.ndarray of bool
        Whether each row is in it.
    """

    column: str
    description: str
    inside: Mask


def candidates(rows: Table, *, seen: Mask) -> Iterator[Candidate]:
    """Yield the groups of rows that single features describe.

    Parameters
    ----------
    rows : Table
        The rows to sort into groups.
    seen : numpy.ndarray of bool
        The rows that limits and levels are taken from; the others play no part in finding groups.

    Yields
    ------
    Candidate
        Levels of categories (the 20 most frequent), yes and no, quarters of numbers and dates, and missing
        values. Text is judged by whether it is missing alone.
    """
    for column in rows.features:
        values = rows.frame[column.name]
        yield from groups_of(column, values, seen=seen)


def groups_of(column: Column, values: pd.Series, *, seen: Mask) -> Iterator[Candidate]:
    """Yield the groups of rows that one column describes; see `candidates`."""
    yield from _by_kind(column, values, seen)
    missing = values.isna().to_numpy()
    if missing.any():
        yield Candidate(column.name, f"{_label(column)} missing", missing)


def _by_kind(column: Column, values: pd.Series, seen: Mask) -> Iterator[Candidate]:
    if column.kind is Kind.CATEGORY:
        yield from _levels(column, values, seen)
    elif column.kind is Kind.BOOLEAN:
        for value, word in ((1.0, "yes"), (0.0, "no")):
            yield Candidate(column.name, f"{_label(column)} “{word}”", (values == value).to_numpy())
    elif column.kind is Kind.NUMBER:
        yield from _quarters(column, values.astype(float), seen)
    elif column.kind is Kind.DATE:
        yield from _quarters(column, values, seen)


def _levels(column: Column, values: pd.Series, seen: Mask) -> Iterator[Candidate]:
    frequent = values[seen].astype(object).value_counts().head(MOST_LEVELS).index
    for level in frequent:
        description = f"{_label(column)} “{shortened(level, limit=40)}”"
        yield Candidate(column.name, description, (values.astype(object) == level).to_numpy())


def _quarters(column: Column, values: pd.Series, seen: Mask) -> Iterator[Candidate]:
    known = values[seen].dropna()
    if known.nunique() < 2:
        return
    if known.nunique() <= len(QUANTILES) + 1:
        for value in sorted(known.unique()):
            yield Candidate(
                column.name, f"{_label(column)} {_shown(value, column)}", (values == value).to_numpy()
            )
        return
    # Limits are values that occur, so that a description names a value that people find in the table.
    limits = sorted(set(known.quantile(list(QUANTILES), interpolation="lower")))
    for low, high in zip([None, *limits], [*limits, None], strict=True):
        inside = values.notna()
        if low is not None:
            inside &= values > low
        if high is not None:
            inside &= values <= high
        yield Candidate(column.name, f"{_label(column)} {_between(low, high, column)}", inside.to_numpy())


def _between(low: object, high: object, column: Column) -> str:
    if low is None:
        return f"up to {_shown(high, column)}"
    if high is None:
        return f"above {_shown(low, column)}"
    return f"above {_shown(low, column, unit=False)} and up to {_shown(high, column)}"


def _shown(value: object, column: Column, *, unit: bool = True) -> str:
    if isinstance(value, pd.Timestamp | np.datetime64):
        stamp = pd.Timestamp(value)
        return f"{stamp:%Y-%m-%d}" if stamp == stamp.normalize() else f"{stamp:%Y-%m-%d %H:%M}"
    text = number(float(value), digits=4)  # type: ignore[arg-type]
    return f"{text} {column.unit}" if unit and column.unit else text


def _label(column: Column) -> str:
    return shortened(column.label, limit=60)
