"""What the values of a column are: inferred here, once, and nowhere else."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.tables.dates import (
    COMPACT,
    SAMPLE_TEXTS,
    Dates,
    from_compact,
    from_epoch,
    looks_like_dates,
    read_dates,
)
from helpers.tables.identifiers import numbers_name_rows
from helpers.tables.kind_remarks import (
    ASSUMED_DATES,
    CODES,
    INFINITE,
    MOSTLY_NUMBERS,
    ZONES,
    date_remarks,
    first_of,
    lost_remarks,
    number_remarks,
    remark,
)
from helpers.tables.levels import Levels, levels_of, matches
from helpers.tables.missing import (
    kept_remarks,
    marker_remarks,
    missing_among_categories,
    missing_among_values,
    no_text,
)
from helpers.tables.numbers import Mark, read_numbers
from helpers.tables.remarks import Remark
from helpers.tables.table import Kind
from helpers.tables.words import kind_of_words, series_of_words

# A column is of numbers although some texts are none, if those stand in at most this share of the rows …
MIXED_SHARE = 0.02
# … and are at most this many different ones.
MIXED_LEVELS = 5
# From this share of numbers on, a column of categories is said to be mixed.
MOSTLY_SHARE = 0.5
# A column is of dates if at least this share of its rows are.
DATE_SHARE = 0.95
# So many different numbers like 20150131, each a day of the calendar, are dates.
COMPACT_DATES = 10
BOOLEAN_PAIRS = (("false", "true"), ("f", "t"), ("no", "yes"), ("n", "y"))
BOOLEAN_LEVELS = 20
EXACT_WHOLE = 2.0**53

Cells = Levels | pd.Series
Missing = NDArray[np.bool_]


@dataclass(frozen=True)
class Typed:
    """A column with its values in the type that its kind has.

    Attributes
    ----------
    series : pandas.Series
        The values, as `Kind` says.
    kind : Kind
        The declared kind, or the inferred one.
    inferred : Kind
        The kind without any declaration.
    remarks : tuple of Remark
        What was assumed or lost.
    """

    series: pd.Series
    kind: Kind
    inferred: Kind
    remarks: tuple[Remark, ...] = ()


def cells_of(series: pd.Series) -> Cells:
    """Return a column as its levels where it is text, as it is where the file gave it a type."""
    return series if _has_type(series) else levels_of(series)


def typed(
    cells: Cells, *, name: str, mark: Mark = ".", is_time: bool = False, declared: str | None = None
) -> Typed:
    """Return a column as read, with its kind found out.

    Parameters
    ----------
    cells : Levels or pandas.Series
        What `cells_of` gives: text, or values that already have a type.
    name : str
        The column's name; it helps to tell identifiers.
    mark : '.' or ','
        The table's decimal mark.
    is_time : bool
        Whether the params name it as the time: then a count since 1970 is a date.
    declared : str, optional
        The kind declared under ``clean.types``, which stands whatever the values are; those that do not fit
        become missing.

    Notes
    -----
    Texts are tried as booleans, dates, numbers, identifiers and free text, in this order, else they are
    categories. Codes with leading zeros or more than 15 digits are no numbers.
    """
    found = _from_text(cells, name, mark) if isinstance(cells, Levels) else _from_values(cells, name)
    if declared is None and is_time and found.kind in (Kind.NUMBER, Kind.IDENTIFIER):
        dates = _since_1970(found.series)
        note = remark(ASSUMED_DATES, name, form="count since 1970")
        return found if dates is None else Typed(dates, Kind.DATE, found.inferred, (note,))
    if declared is None or declared == found.kind.value:
        return found
    levels = cells if isinstance(cells, Levels) else levels_of(cells)
    remade = _declared(levels, name, mark, Kind(declared))
    return Typed(remade.series, remade.kind, found.inferred, remade.remarks)


def _has_type(series: pd.Series) -> bool:
    tell = pd.api.types
    dtype = series.dtype
    return bool(
        tell.is_numeric_dtype(dtype)
        or tell.is_datetime64_any_dtype(dtype)
        or tell.is_timedelta64_dtype(dtype)
    )


def _from_values(series: pd.Series, name: str) -> Typed:
    """Return the column from values that had a type in the file."""
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return _without_zone(series, name)
    if pd.api.types.is_timedelta64_dtype(series.dtype):
        return _numbers(series.dt.total_seconds().to_numpy(dtype=np.float64), name, [])
    values = series.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    compact = _compact(values)
    if compact is not None:
        return _dates(compact, [remark(ASSUMED_DATES, name, form="digits run together")])
    return _numbers(values, name, [])


def _without_zone(series: pd.Series, name: str) -> Typed:
    remarks = []
    if isinstance(series.dtype, pd.DatetimeTZDtype):
        remarks = [] if str(series.dtype.tz) == "UTC" else [remark(ZONES, name, offsets=str(series.dtype.tz))]
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    return _dates(series.to_numpy(dtype="datetime64[us]"), remarks)


def _from_text(levels: Levels, name: str, mark: Mark) -> Typed:
    """Return the column from its texts."""
    missing = missing_among_values(levels)
    if missing.all() and missing_among_categories(levels).all():
        nothing = pd.Series(np.full(len(levels.codes), np.nan))
        return Typed(nothing, Kind.EMPTY, Kind.EMPTY, tuple(marker_remarks(levels, missing, column=name)))
    return (
        _as_boolean(levels, name)
        or _as_dates(levels, missing, name)
        or _as_numbers(levels, missing, name, mark)
        or _as_words(levels, name)
    )


def _as_boolean(levels: Levels, name: str) -> Typed | None:
    if len(levels.texts) > BOOLEAN_LEVELS:
        return None
    missing = missing_among_categories(levels)
    words = [str(word) for word in levels.lower.to_pylist()]
    kept = {word for word, gone in zip(words, missing, strict=True) if not gone}
    pair = next((pair for pair in BOOLEAN_PAIRS if kept == set(pair)), None)
    if pair is None:
        return None
    values = [np.nan if gone else float(pair.index(word)) for word, gone in zip(words, missing, strict=True)]
    remarks = marker_remarks(levels, missing, column=name)
    series = pd.Series(levels.spread(np.array(values), missing=np.nan))
    return Typed(series, Kind.BOOLEAN, Kind.BOOLEAN, tuple(remarks))


def _as_numbers(levels: Levels, missing: Missing, name: str, mark: Mark) -> Typed | None:
    numbers = read_numbers(levels, missing, mark=mark)
    ok, lost = numbers.ok & ~missing, ~numbers.ok & ~missing
    rows, odd = levels.rows(~missing), levels.rows(lost)
    if not ok.any():
        return None
    if lost.sum() > MIXED_LEVELS or odd > MIXED_SHARE * rows:
        mixed = odd <= (1 - MOSTLY_SHARE) * rows
        notes = lost_remarks(levels, lost, column=name, rule=MOSTLY_NUMBERS) if mixed else []
        return _as_words(levels, name, *notes)
    if numbers.code_like:
        return _as_words(levels, name, remark(CODES, name, example=first_of(levels, numbers.ok)))
    remarks = marker_remarks(levels, missing, column=name) + lost_remarks(levels, lost, column=name)
    values = levels.spread(np.where(missing, np.nan, numbers.parsed), missing=np.nan)
    return _numbers(values, name, remarks + number_remarks(numbers, column=name))


def _as_dates(levels: Levels, missing: Missing, name: str) -> Typed | None:
    if looks_like_dates(levels.stripped):
        dates = read_dates(levels.stripped)
        fits = levels.rows(dates.ok & ~missing) >= DATE_SHARE * levels.rows(~missing)
        return _with_dates(levels, dates, missing, name) if fits else None
    few = slice(0, SAMPLE_TEXTS)
    if not matches(levels.stripped[few], COMPACT)[~missing[few]].all():
        return None
    numbers = np.where(missing, np.nan, levels.plain_values)
    if _compact(numbers) is None:
        return None
    note = remark(ASSUMED_DATES, name, form="digits run together")
    return _with_dates(levels, Dates(from_compact(numbers), ~missing), missing, name, note)


def _with_dates(levels: Levels, dates: Dates, missing: Missing, name: str, *notes: Remark) -> Typed:
    remarks = [*notes, *marker_remarks(levels, missing, column=name)]
    remarks += lost_remarks(levels, ~dates.ok & ~missing, column=name)
    remarks += date_remarks(levels, dates, column=name)
    values = np.where(missing, np.datetime64("NaT"), dates.parsed)
    return _dates(levels.spread(values, missing=np.datetime64("NaT")), remarks)


def _as_words(levels: Levels, name: str, *notes: Remark) -> Typed:
    missing = missing_among_categories(levels)
    kind = kind_of_words(levels, missing, name=name)
    remarks = marker_remarks(levels, missing, column=name) + kept_remarks(levels, missing, column=name)
    return Typed(series_of_words(levels, missing, kind), kind, kind, (*notes, *remarks))


def _numbers(values: NDArray[np.float64], name: str, remarks: list[Remark]) -> Typed:
    """Return a column of numbers: a measurement, an identifier, a boolean of 0 and 1, or empty."""
    infinite = np.isinf(values)
    if infinite.any():
        values = np.where(infinite, np.nan, values)
        remarks = [*remarks, remark(INFINITE, name, cells=int(infinite.sum()))]
    known = values[~np.isnan(values)]
    if not len(known):
        kind = Kind.EMPTY
    elif known.min() == 0 and known.max() == 1 and np.isin(known, (0.0, 1.0)).all():
        kind = Kind.BOOLEAN
    else:
        kind = Kind.IDENTIFIER if numbers_name_rows(values, name=name) else Kind.NUMBER
    whole = len(known) == len(values) and _whole(known) and kind in (Kind.NUMBER, Kind.IDENTIFIER)
    return Typed(pd.Series(values.astype(np.int64) if whole else values), kind, kind, tuple(remarks))


def _whole(values: NDArray[np.float64]) -> bool:
    return bool(np.abs(values).max(initial=0) <= EXACT_WHOLE and (values == np.floor(values)).all())


def _compact(values: NDArray[np.float64]) -> NDArray[np.datetime64] | None:
    """Return numbers such as 20150131 as dates, or None if they are none."""
    known = values[~np.isnan(values)]
    if not len(known) or known.min() < 19_000_101 or known.max() > 20_991_231 or not _whole(known):
        return None
    few = len(np.unique(known)) < COMPACT_DATES
    return None if few or np.isnat(from_compact(known)).any() else from_compact(values)


def _dates(values: NDArray[Any], remarks: list[Remark]) -> Typed:
    return Typed(pd.Series(values, dtype="datetime64[us]"), Kind.DATE, Kind.DATE, tuple(remarks))


def _since_1970(series: pd.Series) -> pd.Series | None:
    if not pd.api.types.is_numeric_dtype(series.dtype):
        return None
    values = from_epoch(series.to_numpy(dtype=np.float64))
    return None if values is None else pd.Series(values, dtype="datetime64[us]")


def _declared(levels: Levels, name: str, mark: Mark, kind: Kind) -> Typed:
    """Return the column as the kind that the params declare; what does not fit becomes missing."""
    if kind in (Kind.CATEGORY, Kind.TEXT, Kind.IDENTIFIER):
        return Typed(series_of_words(levels, no_text(levels), kind), kind, kind)
    missing = missing_among_values(levels)
    if kind is Kind.DATE:
        return _with_dates(levels, _declared_dates(levels, missing), missing, name)
    if kind is Kind.BOOLEAN:
        words = {word: float(pair.index(word)) for pair in (*BOOLEAN_PAIRS, ("0", "1")) for word in pair}
        values = np.array([words.get(str(word), np.nan) for word in levels.lower.to_pylist()])
        remarks: list[Remark] = []
    else:
        numbers = read_numbers(levels, missing, mark=mark)
        values, remarks = numbers.parsed, number_remarks(numbers, column=name)
    remarks = [*remarks, *marker_remarks(levels, missing, column=name)]
    remarks += lost_remarks(levels, np.isnan(values) & ~missing, column=name)
    series = pd.Series(levels.spread(np.where(missing, np.nan, values), missing=np.nan))
    return Typed(series, kind, kind, tuple(remarks))


def _declared_dates(levels: Levels, missing: Missing) -> Dates:
    """Return texts as dates: written ones, else digits run together, else a count since 1970."""
    dates = read_dates(levels.stripped)
    if dates.ok.any():
        return dates
    numbers = np.where(missing, np.nan, levels.plain_values)
    short = matches(levels.stripped, COMPACT)[~missing].any()
    values = from_compact(numbers) if short else from_epoch(numbers)
    return dates if values is None else Dates(values, ~np.isnat(values))
