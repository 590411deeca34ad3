"""Numbers and dates that stand for 'no value': one repeated value at an end, apart from all the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.tables.table import Column, Kind, Table

FEWEST_VALUES = 50
FEWEST_ROWS = 3
BULK = 0.99
# A value that programs write for 'unknown' may stand near the others, any other value must be far away.
GAP_KNOWN, GAP_ANY = 0.1, 1.0
# How many times as many rows as another value has: measurements pile up nowhere.
SPIKE_KNOWN, SPIKE_ANY = 3.0, 5.0
# A zero is a marker only where it is rare and well below all others; elsewhere it is 'nothing'.
ZERO_GAP, ZERO_SHARE = 0.25, 0.25
MOST_SHARE = 0.5
FAR_FUTURE = 2200
KNOWN_DATES = frozenset({"1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01", "1970-01-01", "2099-12-31"})


@dataclass(frozen=True)
class Marker:
    """A value that seems to stand for 'no value'.

    Attributes
    ----------
    column : str
        The column.
    value : float or pandas.Timestamp
        The value.
    rows : int
        How many rows hold it.
    low, high : float or pandas.Timestamp
        Between these lie 99 % of the others.
    usual : float
        How many rows hold one of the others, on average.
    """

    column: str
    value: float | pd.Timestamp
    rows: int
    low: float | pd.Timestamp
    high: float | pd.Timestamp
    usual: float

    @property
    def text(self) -> str:
        """The value as it would be written under ``clean.missing``."""
        if isinstance(self.value, pd.Timestamp):
            return str(self.value.date() if self.value == self.value.normalize() else self.value)
        return f"{self.value:.15g}"


def markers_of(table: Table, columns: Sequence[Column]) -> list[Marker]:
    """Return the markers of the columns of numbers and dates, at most one at each end."""
    return [
        marker
        for column in columns
        if column.kind in (Kind.NUMBER, Kind.DATE)
        for marker in column_markers(table.frame[column.name], column.name)
    ]


def column_markers(values: pd.Series, name: str) -> list[Marker]:
    """Return the column's markers: the lowest and the highest value, where each is one."""
    known = values.dropna()
    numbers = np.sort(
        known.to_numpy("datetime64[s]").astype(np.int64) if _are_dates(values) else known.to_numpy(float)
    )
    if len(numbers) < FEWEST_VALUES or not np.isfinite(numbers[[0, -1]]).all():
        return []
    lowest = int(np.searchsorted(numbers, numbers[0], side="right"))
    highest = len(numbers) - int(np.searchsorted(numbers, numbers[-1], side="left"))
    inner = numbers[lowest : len(numbers) - highest]
    if len(inner) < (1 - MOST_SHARE) * len(numbers):
        return []
    others = _Others(inner, 1 + int((np.diff(inner) != 0).sum()))
    found = []
    # Without the other end, which may be a marker as well, the range of the others is not widened by it.
    for value, rows, nearest in ((numbers[0], lowest, inner[0]), (numbers[-1], highest, inner[-1])):
        stamp = pd.Timestamp(int(value), unit="s") if _are_dates(values) else float(value)
        if rows >= FEWEST_ROWS and _stands_out(stamp, rows, abs(float(value - nearest)), others):
            low, high = (
                pd.Timestamp(int(end), unit="s") if _are_dates(values) else end for end in others.bulk
            )
            found.append(Marker(name, stamp, rows, low, high, others.usual))
    return found


def _are_dates(values: pd.Series) -> bool:
    return bool(pd.api.types.is_datetime64_any_dtype(values.dtype))


class _Others:
    """The values between both ends, in order."""

    def __init__(self, ordered: np.ndarray, different: int) -> None:
        self.lowest = float(ordered[0])
        self.rows = len(ordered)
        self.usual = len(ordered) / different
        low, high = np.quantile(ordered, [(1 - BULK) / 2, (1 + BULK) / 2], method="nearest")
        self.bulk = float(low), float(high)

    @property
    def width(self) -> float:
        """The width of the central 99 %."""
        return self.bulk[1] - self.bulk[0]


def _stands_out(value: float | pd.Timestamp, rows: int, gap: float, others: _Others) -> bool:
    if others.width <= 0:
        return False
    distance, times = gap / others.width, rows / others.usual
    if isinstance(value, float) and value == 0:
        return distance >= ZERO_GAP and times >= SPIKE_ANY and rows <= ZERO_SHARE * (rows + others.rows)
    if not _is_known(value):
        return distance >= GAP_ANY and times >= SPIKE_ANY
    if distance >= GAP_ANY or (isinstance(value, float) and value < 0 <= others.lowest):
        return True
    return distance >= GAP_KNOWN and times >= SPIKE_KNOWN


def _is_known(value: float | pd.Timestamp) -> bool:
    """Return whether programs and people write it for 'unknown', as they do -1, 99, -999 and 1900-01-01."""
    if isinstance(value, pd.Timestamp):
        return str(value.date()) in KNOWN_DATES or value.year >= FAR_FUTURE
    if value != np.rint(value):
        return False
    digits = str(abs(int(value)))
    return value in (-1, -100, -200) or (set(digits) == {"9"} and (value < 0 or len(digits) > 1))
