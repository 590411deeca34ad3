"""Columns that might name groups of rows: whole values that repeat, or the first part of an identifier."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data_quality.coding import MISSING, distinct
from helpers.data_quality.rule import named, written
from helpers.tables.table import Column, Kind, Role, Table
from helpers.wording import count, number

FEWEST_GROUPS = 10
ROWS_PER_GROUP = 2.0
ROWS_PER_PREFIX = 3.0
# Codes of things, not words of a language: digits in most of the values and spaces in few.
COUNTING_SHARE = 0.9
CODE_DIGITS = 0.9
CODE_SPACES = 0.1
ROWS_PER_CODE = 1.2
ROWS_PER_CODE_AT_MOST = 20
REPEATED_CODES = 0.5
REPEATED = 0.8
WHOLE_NUMBERS = 500
SEPARATED = re.compile(r"^(.+)[_\-./: #]+[^_\-./: #]+$")
# A column that models must not see, a person's number for one, may still tell which rows belong together.
LOOKED_AT = (Role.FEATURE, Role.UNUSED, Role.ID, Role.DROPPED)


@dataclass(frozen=True)
class Candidate:
    """A way in which rows may belong together.

    Attributes
    ----------
    column : str
        The column that tells it.
    codes : numpy.ndarray of int64, shape (n,)
        Each row's group, -1 where it has none.
    identifies : bool
        Whether the column is an identifier, so that its groups are worth a note in any case.
    words, remedy : str
        How to say it, and what to write into the params.
    """

    column: str
    codes: np.ndarray
    identifies: bool
    words: str
    remedy: str


def group_candidates(table: Table, codes: Mapping[str, np.ndarray]) -> list[Candidate]:
    """Return the candidates, first parts of identifiers before repeated values, many groups before few."""
    found = [
        candidate
        for column in table.columns.values()
        if column.role in LOOKED_AT
        for candidate in _candidates(table.frame[column.name], column, codes[column.name])
    ]
    return sorted(found, key=lambda item: (not item.identifies, -distinct(item.codes)))


def _candidates(values: pd.Series, column: Column, codes: np.ndarray) -> Iterator[Candidate]:
    if _counts_anew(values):
        return
    if column.kind in (Kind.IDENTIFIER, Kind.TEXT, Kind.CATEGORY) and not _whole(values):
        first_parts = _first_parts(values)
        if _groups(first_parts, ROWS_PER_PREFIX) and distinct(codes) > distinct(first_parts) * ROWS_PER_GROUP:
            yield Candidate(
                column.name,
                first_parts,
                True,
                _words("the first part of", column.name, first_parts),
                f"add the first part of {named([column.name])} as a column and name it as `group`",
            )
    code_like = column.kind is Kind.IDENTIFIER or _are_codes(values, column)
    repeats = column.kind is Kind.CATEGORY or _is_whole_from_one(values, column, codes)
    if (code_like and _groups(codes, ROWS_PER_CODE, REPEATED_CODES)) or (repeats and _groups(codes)):
        yield Candidate(
            column.name,
            codes,
            code_like,
            _words("", column.name, codes),
            written({"group": column.name}),
        )


def _first_parts(values: pd.Series) -> np.ndarray:
    """Return a code for the part of each text before its last separator, -1 where there is none."""
    codes, levels = pd.factorize(values)
    found = pd.Series(np.asarray(levels, dtype=object), dtype=object).astype(str).str.extract(SEPARATED)[0]
    firsts = np.append(np.asarray(pd.factorize(found)[0], dtype=np.int64), MISSING)
    return firsts[codes]


def _words(part: str, name: str, codes: np.ndarray) -> str:
    groups = distinct(codes)
    each = number(float((codes >= 0).sum()) / groups)
    return f"{part} {named([name])} ({count(groups, 'group')} of {each} rows on average)".strip()


def _counts_anew(values: pd.Series) -> bool:
    """Return whether the numbers rise from row to row and now and then start again: a counter, no name."""
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return False
    steps = np.diff(values.dropna().to_numpy(float))
    return bool(len(steps) and (steps < 0).any() and (steps > 0).mean() >= COUNTING_SHARE)


def _whole(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values.dtype)


def _are_codes(values: pd.Series, column: Column) -> bool:
    """Return whether the levels of a category look like the names of things, such as N12A1."""
    if column.kind is not Kind.CATEGORY:
        return False
    levels = pd.Series(values.dropna().unique().astype(str))
    if len(levels) * ROWS_PER_CODE_AT_MOST < len(values):
        return False
    digits, spaces = levels.str.contains(r"[0-9]").mean(), levels.str.contains(" ", regex=False).mean()
    return bool(len(levels) and digits >= CODE_DIGITS and spaces <= CODE_SPACES)


def _groups(codes: np.ndarray, rows_per_group: float = ROWS_PER_GROUP, repeated: float = REPEATED) -> bool:
    """Return whether the codes part the rows into enough groups, and most rows have company in theirs."""
    sizes = np.bincount(codes[codes >= 0])
    if len(sizes) < FEWEST_GROUPS or sizes.mean() < rows_per_group:
        return False
    return bool(sizes[sizes > 1].sum() >= repeated * len(codes))


def _is_whole_from_one(values: pd.Series, column: Column, codes: np.ndarray) -> bool:
    """Return whether the numbers are 1, 2, … k without gaps: more often a name than an amount."""
    if column.kind is not Kind.NUMBER or distinct(codes) > WHOLE_NUMBERS:
        return False
    found = np.sort(values.dropna().unique().astype(float))
    return bool(len(found) and np.array_equal(found, np.arange(1, len(found) + 1)))
