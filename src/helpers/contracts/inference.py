"""The contract that a table suggests: wide enough for its next delivery, too narrow for a broken one."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

import pandas as pd
import pandera.pandas as pa

from helpers.contracts.accepted import levels_in
from helpers.contracts.delivered import Delivered
from helpers.contracts.fitting import dtype_of
from helpers.tables.kinds import Typed
from helpers.tables.table import Kind
from helpers.wording import count, number, percent

# A range is as wide again on either side as what was seen: the next table's extremes often lie a little
# further out, other units and stray markers such as 9999 much further.
MARGIN = 1.0
# Dates go on: the newest may lie at least so many days after the newest seen.
LATER_DAYS = 5 * 366
# Levels are listed if there are at most so many, and none of them stands in one row alone: by Good and Turing
# (1953) as many rows of the next table would bring a new one.
MOST_LEVELS = 100
DIGITS = 3
_EARLIEST, _LATEST = datetime(1000, 1, 1), datetime(9999, 12, 31)


def inferred_schema(table: Delivered) -> pa.DataFrameSchema:
    """Return the contract that the table suggests.

    Parameters
    ----------
    table : Delivered
        The table, cleaned.

    Returns
    -------
    pandera.DataFrameSchema
        Each column with its dtype, whether values may be missing (whether any are), the range of numbers and
        dates with a margin, the levels of categories where the table seems to hold them all, and for the
        params' `id` that no value comes twice. A column's description says what was seen. Further columns
        are allowed.
    """
    columns = {name: _column(each, unique=name == table.id) for name, each in table.columns.items()}
    return pa.DataFrameSchema(columns)


def header(table: Delivered, *, command: str) -> list[str]:
    """Return what the file says of itself, line by line."""
    return [
        f"The contract of a table of {count(table.rows, 'row')} × {count(len(table.columns), 'column')}, "
        f"written by `{command}`.",
        "A pandera schema in pandera's own YAML: edit what is too narrow or too wide; every check that",
        "this format knows is made (https://pandera.readthedocs.io), on the table as Nightbook reads it,",
        "after `clean`, and changes nothing in it.",
        f"Ranges: as seen, and {percent(MARGIN)} of their width further on either side; never below 0 where",
        "nothing was; none where all values are the same; the newest date may come five years later at",
        f"least. Levels are listed where there are at most {MOST_LEVELS}, each in several rows; elsewhere",
        "new ones are to be expected.",
        "How many values are missing, new levels elsewhere and shifts are compared with the last table",
        "that a run succeeded with, and told in the report on data quality.",
    ]


def _column(column: Typed, *, unique: bool) -> pa.Column:
    series = column.series
    checks, seen = _checks(column)
    missing = int(series.isna().sum())
    if missing:
        seen = f"{seen}; {percent(missing / len(series), digits=1)} missing" if seen else "all missing"
    return pa.Column(
        dtype_of(column), checks, nullable=bool(missing), unique=unique, description=seen or None
    )


def _checks(column: Typed) -> tuple[list[pa.Check], str]:
    """Return the checks of a column's values, and what was seen of them."""
    values = column.series.dropna()
    if column.kind is Kind.NUMBER:
        low, high = float(values.min()), float(values.max())
        if low == high:  # nothing tells how far such values go
            return [], f"seen {number(low)} only"
        return [pa.Check.in_range(*_range(low, high))], f"seen {number(low)} to {number(high)}"
    if column.kind is Kind.DATE:
        first, last = values.min(), values.max()
        seen = f"seen {_day(first)} to {_day(last)}"
        limits = _date_range(first, last)
        return ([pa.Check.in_range(*limits)] if limits else []), seen
    if column.kind is Kind.CATEGORY:
        return _levels(levels_in(column))
    return [], "" if column.kind is Kind.EMPTY else column.kind.value


def _range(low: float, high: float) -> tuple[float, float]:
    """Return the range with its margin, rounded outwards.

    >>> _range(20.0, 70.0), _range(-1.0, 1.0)
    ((0.0, 120.0), (-3.0, 3.0))
    """
    margin = MARGIN * (high - low)
    bottom = _outwards(low - margin, up=False)
    return (max(0.0, bottom) if low >= 0 else bottom), _outwards(high + margin, up=True)


def _outwards(value: float, *, up: bool) -> float:
    """Return the value rounded to so many digits, never inwards."""
    if value == 0 or not math.isfinite(value):
        return value
    digits = DIGITS - 1 - math.floor(math.log10(abs(value)))
    # Multiplied by whole powers of ten only: a tenth has no exact binary fraction.
    scaled = value * 10.0**digits if digits >= 0 else value / 10.0**-digits
    whole = math.ceil(round(scaled, 6)) if up else math.floor(round(scaled, 6))
    return whole / 10.0**digits if digits >= 0 else whole * 10.0**-digits


def _date_range(first: pd.Timestamp, last: pd.Timestamp) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """Return the range of dates with its margin, on whole days; None where they are no dates of our time."""
    low, high = first.to_pydatetime(warn=False), last.to_pydatetime(warn=False)
    if low < _EARLIEST:
        return None
    width = high - low
    bottom = low - width if low - _EARLIEST > width else _EARLIEST
    later = max(width, timedelta(days=LATER_DAYS)) + timedelta(days=1)
    top = high + later if _LATEST - high > later else _LATEST
    return pd.Timestamp(bottom).normalize(), pd.Timestamp(top).normalize()


def _day(moment: pd.Timestamp) -> str:
    return str(moment.date())


def _levels(counts: Mapping[str, int]) -> tuple[list[pa.Check], str]:
    alone = sum(rows == 1 for rows in counts.values())
    seen = f"seen {count(len(counts), 'level')}"
    if len(counts) > MOST_LEVELS:
        return [], f"{seen}, too many to list"
    if alone:
        return [], f"{seen}, {alone} of them in one row alone: new ones are to be expected"
    return [pa.Check.isin(sorted(counts))], seen
