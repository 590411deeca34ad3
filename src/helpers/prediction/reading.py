"""One column of new rows, read as the column of its name was in the run, whatever else stands beside it.

A run finds out from the whole column what its values are; here that is known, so that a row means the same
in whichever part of a file it stands. What cannot be read is never guessed: it is returned as a misfit.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from helpers.prediction.contract import ColumnContract
from helpers.tables.clean import LARGEST, rewritten, within, without_markers
from helpers.tables.dates import COMPACT, from_compact, from_epoch, read_dates
from helpers.tables.kinds import BOOLEAN_PAIRS, Cells, cells_of, typed
from helpers.tables.levels import PLAIN_NUMBER, Levels, Texts, among, floats, levels_of, matches
from helpers.tables.missing import NA_WORDS, SYMBOLS, missing_among_values, no_text
from helpers.tables.table import Kind
from helpers.tables.words import series_of_words

YES_OR_NO = {
    **{word: float(pair.index(word)) for pair in BOOLEAN_PAIRS for word in pair},
    "0": 0.0, "1": 1.0, "0.0": 0.0, "1.0": 1.0,
}  # fmt: skip
_BLANKS = "[ \u00a0\u202f\u2009'’]"
# Numbers with thousands marks, once the decimal mark is a point.
_GROUPED = rf"^[+-]?[1-9]\d{{0,2}}(?:(?:,\d{{3}})+|(?:{_BLANKS}\d{{3}})+)(?:\.\d*)?$"
_DAYS = r"^(\d{1,2})([-/.])(\d{1,2})[-/.]"
# Years, and the century of those of two digits, as `helpers.tables.dates` reads them.
_YEARS = ((r"(\d{4})", ""), (r"(69|[7-9]\d)", "19"), (r"(\d{2})", "20"))
# Counts since 1970 in seconds, milli-, micro- and nanoseconds lie apart.
_EPOCHS = ((1e8, 4.2e9), (1e11, 4.2e12), (1e14, 4.2e15), (1e17, 4.2e18))
NO_TIME = np.datetime64("NaT", "us")


@dataclass(frozen=True)
class Read:
    """A column as the model reads it.

    Attributes
    ----------
    values : pandas.Series
        Typed as the kind says; numbers are float64.
    misfit : bool array
        One a row: whether there is a value that the column's kind cannot hold.
    """

    values: pd.Series
    misfit: NDArray[np.bool_]


def read_column(series: pd.Series, contract: ColumnContract) -> Read:
    """Return a column of raw values, text or typed, as the contract says.

    Parameters
    ----------
    series : pandas.Series
        As a file or a DataFrame gives it; the index counts from 0.
    contract : ColumnContract
        What is known of the column.
    """
    cells = _cleaned(cells_of(series), contract)
    if contract.kind in (Kind.CATEGORY, Kind.TEXT):
        return _words(cells if isinstance(cells, Levels) else levels_of(cells), contract)
    if contract.kind is Kind.DATE:
        return _dates(cells, contract)
    read = _numbers(cells, contract)
    return Read(_limited(read.values, contract), read.misfit)


def _cleaned(cells: Cells, contract: ColumnContract) -> Cells:
    if contract.replace:
        cells = rewritten(cells, contract.replace)[0]
    markers = [*contract.missing, *contract.stray]
    return without_markers(cells, markers)[0] if markers else cells


def _words(levels: Levels, contract: ColumnContract) -> Read:
    missing = no_text(levels)
    if not contract.declared:
        words = among(levels.lower, NA_WORDS)
        if contract.codes:
            words &= ~among(levels.stripped, frozenset({"NA"}))
        missing = missing | words
        if not contract.plus:
            missing = missing | among(levels.lower, SYMBOLS)
    return Read(series_of_words(levels, missing, contract.kind), np.zeros(len(levels.codes), dtype=bool))


def _numbers(cells: Cells, contract: ColumnContract) -> Read:
    """Return numbers, and for yes and no 0 and 1; a number other than these stays what it is."""
    if not isinstance(cells, Levels):
        if pd.api.types.is_datetime64_any_dtype(cells.dtype):
            return Read(pd.Series(np.full(len(cells), np.nan)), cells.notna().to_numpy())
        if pd.api.types.is_timedelta64_dtype(cells.dtype):
            cells = cells.dt.total_seconds()
        return Read(
            pd.Series(cells.to_numpy(dtype=np.float64, na_value=np.nan)), np.zeros(len(cells), dtype=bool)
        )
    missing = missing_among_values(cells)
    values = _parsed(cells, contract)
    if contract.kind is Kind.BOOLEAN:
        said = np.array(
            [YES_OR_NO.get(str(word), np.nan) for word in cells.lower.to_pylist()], dtype=np.float64
        )
        values = np.where(np.isnan(said), values, said)
    lost = np.isnan(values) & ~missing
    values = np.where(missing, np.nan, values)
    return Read(pd.Series(cells.spread(values, missing=np.nan)), cells.spread(lost, missing=False))


def _parsed(levels: Levels, contract: ColumnContract) -> NDArray[np.float64]:
    """Return the texts as numbers under the column's own decimal mark, NaN for those that are none."""
    if contract.mark == "." and levels.plain_numbers.all():
        return levels.plain_values
    texts = pc.replace_substring(levels.stripped, "−", "-")
    if contract.sign:
        sign = f"[{contract.sign}]"
        texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, rf"^{sign}\s?|\s?{sign}$", ""))
    if contract.mark == ",":
        for old, new in ((".", "\0"), (",", "."), ("\0", ",")):
            texts = pc.replace_substring(texts, old, new)
    grouped = matches(texts, _GROUPED)
    texts = pc.if_else(pa.array(grouped), pc.replace_substring_regex(texts, rf"{_BLANKS}|,", ""), texts)
    return _as_floats(texts)


def _as_floats(texts: Texts) -> NDArray[np.float64]:
    values = np.full(len(texts), np.nan)
    plain = matches(texts, PLAIN_NUMBER)
    values[plain] = floats(texts.filter(pa.array(plain)))
    return values


def _limited(values: pd.Series, contract: ColumnContract) -> pd.Series:
    """Return the numbers with what cannot be reckoned with, or lies outside declared limits, missing."""
    values = values.where(np.isfinite(values))
    if contract.limits is not None:
        values = within(values, contract.limits)[0]
    return within(values, (-LARGEST, LARGEST))[0] if contract.kind is Kind.NUMBER else values


def _dates(cells: Cells, contract: ColumnContract) -> Read:
    if not isinstance(cells, Levels) and pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return Read(typed(cells, name=contract.name).series, np.zeros(len(cells), dtype=bool))
    levels = cells if isinstance(cells, Levels) else levels_of(cells)
    missing = missing_among_values(levels)
    found = read_dates(_in_order(levels.stripped, contract)).parsed
    counted = np.isnat(found) & levels.plain_numbers
    found[counted] = _from_digits(levels.stripped.filter(pa.array(counted)))
    values = np.where(missing, NO_TIME, found)
    return Read(
        pd.Series(levels.spread(values, missing=NO_TIME), dtype="datetime64[us]"),
        levels.spread(np.isnat(found) & ~missing, missing=False),
    )


def _in_order(texts: Texts, contract: ColumnContract) -> Texts:
    """Write dates such as 03/04/2015 in the one way that leaves nothing to decide, year first.

    Where the column contradicted itself, they become what no date is: only other forms can be read for sure.
    """
    if contract.order == "either":
        return pc.replace_substring_regex(texts, _DAYS, r"either \1\2\3\2")
    written = r"\4-\3-\1\5" if contract.order == "day first" else r"\4-\1-\3\5"
    for years, century in _YEARS:
        texts = pc.replace_substring_regex(texts, rf"{_DAYS}{years}($|[T ,].*$)", century + written)
    return texts


def _from_digits(texts: Texts) -> NDArray[np.datetime64]:
    """Return digits as dates: 20150131 as it reads, others as counts since 1970, each by its own size."""
    numbers = floats(texts)
    found = np.full(len(numbers), NO_TIME)
    compact = matches(texts, COMPACT)
    found[compact] = from_compact(numbers[compact])
    for low, high in _EPOCHS:
        fits = ~compact & (numbers >= low) & (numbers <= high)
        epoch = from_epoch(numbers[fits])
        if epoch is not None:
            found[fits] = epoch
    return found
