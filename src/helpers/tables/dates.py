"""Dates written as text, in the order of day and month that the whole column speaks for."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from helpers.tables.levels import Texts, matches

SAMPLE_TEXTS = 200
# Two-digit years from this on are of the twentieth century, as POSIX has it.
PIVOT = 69
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?P<mon>(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))"
)
_WEEKDAY = r"(?:(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? )?"
_TIME = (
    r"(?:(?:[T ]|, ?| +)(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,](?P<F>\d{1,9}))?)?"
    r"(?: ?(?P<P>[AaPp])\.?[Mm]\.?)?(?: ?(?P<Z>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?)?"
)
_PATTERNS = {
    "ISO": rf"^(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TIME}$",
    "numeric": rf"^(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})[-/.](?P<y>\d{{4}}|\d{{2}}){_TIME}$",
    "month day year": rf"^{_WEEKDAY}{_MONTH}\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}}){_TIME}$",
    "day month year": (
        rf"^{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[ -]?(?:of )?{_MONTH}\.?,?[ -]?"
        rf"(?P<y>\d{{4}}|\d{{2}}){_TIME}$"
    ),
    "year month": r"^(?P<y>\d{4})-(?P<m>0[1-9]|1[0-2])$",
    "month/year": r"^(?P<m>0?[1-9]|1[0-2])/(?P<y>\d{4})$",
    "month year": rf"^{_MONTH}\.?,?[ -](?P<y>\d{{4}})$",
}
COMPACT = r"^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$"


@dataclass(frozen=True)
class Dates:
    """What texts are as dates.

    Attributes
    ----------
    parsed : datetime64[us] array
        One a text; NaT where the text is no date. With an offset they are in UTC.
    ok : bool array
        Whether the text is a date.
    forms : tuple of str
        The ways of writing that were met.
    order : str
        How day and month were told apart: '' (nothing to tell), 'day first', 'month first',
        'undecidable' (read month first) or 'contradictory' (some texts fit only the other order).
    zones : str
        '' (no offsets), 'all' or 'some' of the texts have an offset.
    short_years : bool
        Whether some years have two digits.
    """

    parsed: NDArray[np.datetime64]
    ok: NDArray[np.bool_]
    forms: tuple[str, ...] = ()
    order: str = ""
    zones: str = ""
    short_years: bool = False


@dataclass
class _Reading:
    parsed: NDArray[np.datetime64]
    forms: list[str] = field(default_factory=list)
    order: str = ""
    zoned: int = 0
    short_years: bool = False


def looks_like_dates(texts: Texts) -> bool:
    """Tell from the first texts whether it is worth reading the column as dates."""
    sample = texts.slice(0, SAMPLE_TEXTS)
    return any(matches(sample, pattern).any() for pattern in _PATTERNS.values())


def read_dates(texts: Texts) -> Dates:
    """Return stripped texts as dates, each form of writing in its turn."""
    reading = _Reading(np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]"))
    for form, pattern in _PATTERNS.items():
        todo = np.isnat(reading.parsed) & matches(texts, pattern)
        if todo.any():
            _read_form(reading, form, pc.extract_regex(texts.filter(pa.array(todo)), pattern), todo)
    ok = ~np.isnat(reading.parsed)
    zones = "" if not reading.zoned else "all" if reading.zoned >= ok.sum() else "some"
    return Dates(reading.parsed, ok, tuple(reading.forms), reading.order, zones, reading.short_years)


def _read_form(reading: _Reading, form: str, parts: Any, todo: NDArray[np.bool_]) -> None:
    names = {part.name for part in parts.type}
    years = _whole(parts, "y")
    short = np.asarray(pc.equal(pc.utf8_length(parts.field("y")), 2), dtype=bool)
    years = np.where(short, np.where(years >= PIVOT, years + 1900, years + 2000), years)
    if form == "numeric":
        first, second = _whole(parts, "a"), _whole(parts, "b")
        dotted = bool(pc.all(pc.equal(parts.field("sep"), ".")).as_py())
        values, reading.order = _in_order(years, first, second, dotted=dotted)
    else:
        days = _whole(parts, "d") if "d" in names else np.ones(len(years), dtype=np.int64)
        months = _month_numbers(parts.field("mon")) if "mon" in names else _whole(parts, "m")
        values = _calendar(years, months, days)
    if "H" in names:
        values = values + _time_of_day(parts)
        offsets, zoned = _offsets(parts.field("Z"))
        values = values - offsets
        reading.zoned += int((zoned & ~np.isnat(values)).sum())
    if not np.isnat(values).all():
        reading.forms.append(form)
        reading.short_years |= bool(short.any())
    reading.parsed[todo] = values


def _whole(parts: Any, name: str) -> NDArray[np.int64]:
    texts = parts.field(name)
    texts = pc.if_else(pc.equal(texts, ""), "0", texts)
    return np.asarray(pc.cast(texts, pa.int64()).to_numpy(zero_copy_only=False), dtype=np.int64)


def _month_numbers(names: Any) -> NDArray[np.int64]:
    short = pc.utf8_slice_codeunits(pc.utf8_lower(names), 0, 3)
    return np.asarray(pc.index_in(short, value_set=pa.array(MONTHS)), dtype=np.int64) + 1


def _calendar(
    years: NDArray[np.int64], months: NDArray[np.int64], days: NDArray[np.int64]
) -> NDArray[np.datetime64]:
    """Return the days as datetime64[us], NaT where the calendar has no such day."""
    real = (months >= 1) & (months <= 12) & (days >= 1) & (days <= 31) & (years >= 1)
    start = (years - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (np.where(real, months, 1) - 1)
    found = start.astype("datetime64[D]") + (np.where(real, days, 1) - 1)
    real &= found.astype("datetime64[M]") == start
    return np.where(real, found.astype("datetime64[us]"), np.datetime64("NaT"))


def _in_order(
    years: NDArray[np.int64], first: NDArray[np.int64], second: NDArray[np.int64], *, dotted: bool
) -> tuple[NDArray[np.datetime64], str]:
    """Return the dates and how day and month were told apart, decided over all of them.

    A part above 12 can only be a day. Where none is, dots mean day first; else the order under which the
    column runs forward (or backward) in time is taken, if just one does; else it cannot be decided, and the
    month is read first.
    """
    day_first, month_first = _calendar(years, second, first), _calendar(years, first, second)
    only_day, only_month = (
        np.isnat(month_first) & ~np.isnat(day_first),
        np.isnat(day_first) & ~np.isnat(month_first),
    )
    if only_day.any() and only_month.any():
        best, other = (
            (day_first, month_first) if only_day.sum() >= only_month.sum() else (month_first, day_first)
        )
        return np.where(np.isnat(best), other, best), "contradictory"
    if only_day.any() or (dotted and not only_month.any()):
        return day_first, "day first"
    if only_month.any():
        return month_first, "month first"
    if (first == second).all():
        return month_first, ""
    runs = _runs(day_first), _runs(month_first)
    if runs == (True, False):
        return day_first, "day first"
    return month_first, "month first" if runs == (False, True) else "undecidable"


def _runs(values: NDArray[np.datetime64]) -> bool:
    known = values[~np.isnat(values)]
    steps = np.diff(known).astype(np.int64)
    return len(known) >= 5 and bool((steps >= 0).all() or (steps <= 0).all())


def _time_of_day(parts: Any) -> NDArray[np.timedelta64]:
    hours, minutes, seconds = _whole(parts, "H"), _whole(parts, "M"), _whole(parts, "S")
    half = np.asarray(pc.utf8_lower(parts.field("P")).to_numpy(zero_copy_only=False), dtype=object)
    hours = np.where(half == "p", hours % 12 + 12, np.where(half == "a", hours % 12, hours))
    fraction = pc.cast(pc.binary_join_element_wise("0.", parts.field("F"), "0", ""), pa.float64())
    micro = np.round(fraction.to_numpy(zero_copy_only=False) * 1e6).astype(np.int64)
    total = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micro
    impossible = (hours > 24) | (minutes > 59) | (seconds > 60)
    return np.where(impossible, np.timedelta64("NaT"), total.astype("timedelta64[us]"))


def _offsets(zones: Any) -> tuple[NDArray[np.timedelta64], NDArray[np.bool_]]:
    """Return each offset from UTC, and whether one was written."""
    distinct = pc.unique(zones)
    known = {zone: _offset(zone) for zone in distinct.to_pylist()}
    position = np.asarray(pc.index_in(zones, value_set=distinct), dtype=np.int64)
    minutes = np.array(list(known.values()), dtype=np.int64)[position]
    return (minutes * 60_000_000).astype("timedelta64[us]"), np.array([zone != "" for zone in known])[
        position
    ]


def _offset(zone: str) -> int:
    """Return the offset in minutes."""
    if not zone or zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if zone[0] == "-" else minutes


def from_compact(numbers: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Return numbers such as 20150131 as dates, NaT where the calendar has no such day."""
    known = np.isfinite(numbers)
    whole = np.where(known, numbers, 0).astype(np.int64)
    return _calendar(np.maximum(whole // 10_000, 0), whole // 100 % 100, whole % 100)


def from_epoch(numbers: NDArray[np.float64]) -> NDArray[np.datetime64] | None:
    """Return seconds (or milli-, micro-, nanoseconds) since 1970 as dates, None if they cannot be that.

    The unit is the one that puts the largest number between 1973 and 2100.
    """
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return None
    for unit in (1.0, 1e3, 1e6, 1e9):
        if 1e8 <= np.abs(known).max() / unit <= 4.2e9 and (known >= 0).all():
            micro = np.where(np.isfinite(numbers), np.round(numbers / unit * 1e6), 0).astype(np.int64)
            return np.where(np.isfinite(numbers), micro.astype("datetime64[us]"), np.datetime64("NaT"))
    return None
