"""Columns that might name groups of rows: whole values that repeat, or parts of an identifier."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.data_quality.amounts import are_amounts
from helpers.data_quality.coding import MISSING, distinct
from helpers.data_quality.phrases import named
from helpers.tables.group_parts import joined_parts, split_levels
from helpers.tables.table import Column, Kind, Role, Table
from helpers.wording import count, number

FEWEST_GROUPS = 10
ROWS_PER_GROUP = 2.0
# Some rows of a group of three are held out.
ROWS_PER_PREFIX = 1.8
REPEATED_PREFIX = 0.7
# Codes of things, not words of a language: digits in most of the values and spaces in few.
COUNTING_SHARE = 0.9
CODE_DIGITS = 0.9
CODE_SPACES = 0.1
ROWS_PER_CODE = 1.2
ROWS_PER_CODE_AT_MOST = 20
REPEATED_CODES = 0.5
REPEATED = 0.8
# Numbers from one without many gaps, or few of very many: more often names than amounts.
PRESENT = 0.95
SPARSE = 10.0
# No name is that of a quarter of the rows; zero, as an amount, often is.
COMMONEST = 0.25
FINER = 1.5
# More parts than this are a sentence.
PARTS_AT_MOST = 5
SAME_PARTS = 0.95
# Most columns are ruled out by their first levels at little cost.
FIRST_LEVELS = 1_000
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
    words : str
        How to say it.
    lines : mapping of str to Any
        The keys of the params that declare it.
    """

    column: str
    codes: np.ndarray
    identifies: bool
    words: str
    lines: Mapping[str, Any]


def group_candidates(table: Table, codes: Mapping[str, np.ndarray]) -> list[Candidate]:
    """Return the candidates, parts of identifiers before repeated values, many groups before few."""
    found = [
        candidate
        for column in table.columns.values()
        if column.role in LOOKED_AT
        for candidate in _candidates(table.frame[column.name], column, codes[column.name])
    ]
    return sorted(found, key=lambda item: (not item.identifies, -distinct(item.codes)))


def _candidates(values: pd.Series, column: Column, codes: np.ndarray) -> Iterator[Candidate]:
    if _counts_anew(values) or (not _whole(values) and _are_amounts(values)):
        return
    if column.kind in (Kind.IDENTIFIER, Kind.TEXT, Kind.CATEGORY) and not _whole(values):
        yield from _parts(values, column.name, distinct(codes))
    code_like = column.kind is Kind.IDENTIFIER or _are_codes(values, column)
    repeats = column.kind is Kind.CATEGORY or _are_names(values, column, codes)
    in_numbers = _whole(values) and repeats and _groups(codes, ROWS_PER_PREFIX, REPEATED_PREFIX)
    if (
        (code_like and _groups(codes, ROWS_PER_CODE, REPEATED_CODES))
        or (repeats and _groups(codes))
        or in_numbers
    ):
        yield Candidate(
            column.name,
            codes,
            code_like,
            _words("", column.name, codes),
            {"group": column.name},
        )


def _parts(values: pd.Series, name: str, different: int) -> Iterator[Candidate]:
    """Yield the parts of the texts that could name groups: the first ones together, or one alone.

    Nearly all texts must have the same number of parts; a text in sentences has not.
    """
    rows, levels = pd.factorize(values)
    if not _same_parts(split_levels(levels[:FIRST_LEVELS])):
        return
    split = split_levels(levels)
    most = _same_parts(split)
    if not most:
        return
    first_ones = [list(range(1, end + 1)) for end in range(1, most)]
    for parts in [*first_ones, *([each] for each in range(2, most + 1))]:
        named_by = pd.factorize(np.asarray(joined_parts(split, parts), dtype=object))[0]
        codes = np.append(named_by.astype(np.int64), MISSING)[rows]
        if _groups(codes, ROWS_PER_PREFIX, REPEATED_PREFIX) and different > distinct(codes) * FINER:
            yield Candidate(
                name,
                codes,
                True,
                _words(_part_words(parts), name, codes),
                {"group": name, "group_parts": parts},
            )


def _same_parts(texts: Sequence[Sequence[str]]) -> int:
    """Return into how many parts nearly all texts fall; 0 where they differ or it is no small number."""
    sizes = Counter(len(found) for found in texts)
    most, usual = sizes.most_common(1)[0] if sizes else (0, 0)
    return most if 2 <= most <= PARTS_AT_MOST and usual >= SAME_PARTS * len(texts) else 0


def _part_words(parts: list[int]) -> str:
    if len(parts) > 1:
        return f"the first {len(parts)} parts of"
    return {1: "the first part of", 2: "the second part of", 3: "the third part of"}.get(
        parts[0], f"part {parts[0]} of"
    )


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


def _are_amounts(values: pd.Series) -> bool:
    return are_amounts(values.dropna().unique()[:FIRST_LEVELS])


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


def _are_names(values: pd.Series, column: Column, codes: np.ndarray) -> bool:
    """Return whether whole numbers are more often names than amounts.

    They are 1, 2, … k with few gaps, or so few of the numbers between the lowest and the highest that they
    repeat though they could all differ, as customer numbers do. None of them stands in a large part of the
    rows.
    """
    if column.kind not in (Kind.NUMBER, Kind.IDENTIFIER) or not distinct(codes) or not _whole(values):
        return False
    found, sizes = np.unique(values.dropna().to_numpy(float), return_counts=True)
    if (found != np.rint(found)).any() or found[0] < 0 or sizes.max() > COMMONEST * len(values):
        return False
    span = float(found[-1] - found[0]) + 1
    return bool((found[0] == 1 and len(found) >= PRESENT * span) or span >= SPARSE * len(found))
