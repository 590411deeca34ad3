"""Columns that follow from another one: nearly equal, or each value of the one has one value of the other."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

import numpy as np

from helpers.data_quality.coding import combined, distinct
from helpers.data_quality.context import Context
from helpers.data_quality.phrases import counted, named, written
from helpers.data_quality.rule import Outcome, not_applicable, passed, rule
from helpers.findings import Severity
from helpers.tables.table import Column, Kind, Table
from helpers.wording import percent

NEARLY = 0.99
# Of the pairs, each of which counts once.
NEARLY_BEGIN = 0.8
# Columns are compared on a few rows first, which rules most pairs out.
SCREEN_ROWS = 400
SCREENED = 0.95
ROWS_PER_LEVEL = 5
FEWEST_LEVELS = 3
DETERMINED_COLUMNS = 60
FEWEST_ROWS = 50


@rule("Q128", "redundant_column")
def nearly_equal(table: Table, context: Context) -> Outcome:
    """Find features that hold the same value in nearly all rows, but not in all."""
    columns = [column for column in table.features if distinct(context.codes[column.name]) > 1]
    if len(columns) < 2 or len(table) < FEWEST_ROWS:
        return not_applicable(f"There are fewer than two features that vary, or {FEWEST_ROWS} rows.")
    numbers = [column for column in columns if column.kind is Kind.NUMBER]
    words = [column for column in columns if column.kind in (Kind.CATEGORY, Kind.TEXT, Kind.BOOLEAN)]
    rows = [*_equal_pairs(table, numbers), *_equal_pairs(table, words)]
    if not rows:
        return passed(f"No two features are equal in at least {percent(NEARLY)} of the rows, but not in all.")
    surplus = list(dict.fromkeys(str(row["nearly the same"]) for row in rows))
    first = rows[0]
    return Outcome(
        Severity.NOTE,
        f"{counted(len(surplus), 'feature', 'is', 'are')} nearly the same as another one: {named(surplus)}. "
        f"{named([str(first['nearly the same'])])} differs from {named([str(first['kept'])])} in "
        f"{first['rows that differ']:,} of {len(table):,} rows.",
        plain="Some columns nearly repeat each other.",
        remedy=f"Look at the rows that differ: one of both is wrong. Then: {written({'drop': surplus})}.",
        columns=tuple(surplus),
        evidence=tuple(rows),
    )


def _equal_pairs(table: Table, columns: Sequence[Column]) -> Iterator[dict[str, Any]]:
    """Yield pairs that are equal in nearly all rows in which either has a value, but not in all."""
    if len(columns) < 2:
        return
    frame = table.frame[[column.name for column in columns]]
    places = np.linspace(0, len(table) - 1, min(len(table), SCREEN_ROWS)).astype(int)
    few = frame.iloc[places].astype(object)
    values = few.where(few.notna(), None).to_numpy(object)
    for first in range(len(columns)):
        same = (values[:, first][:, None] == values[:, first + 1 :]).mean(axis=0)
        for other in first + 1 + np.flatnonzero(same >= SCREENED):
            one, two = (frame.iloc[:, at].astype(object) for at in (first, int(other)))
            differ = int((~((one == two) | (one.isna() & two.isna()))).sum())
            if 0 < differ <= (1 - NEARLY) * len(table):
                yield {
                    "kept": columns[first].name,
                    "nearly the same": columns[int(other)].name,
                    "rows that differ": differ,
                }


@rule("Q129", "redundant_column")
def determined(table: Table, context: Context) -> Outcome:
    """Find categories that follow from a finer one: a country from its city, a code from a longer code."""
    codes = {
        column.name: context.codes[column.name]
        for column in table.features
        if column.kind in (Kind.CATEGORY, Kind.BOOLEAN, Kind.NUMBER)
    }
    few = {
        name: values
        for name, values in codes.items()
        if 2 <= distinct(values) <= len(table) / ROWS_PER_LEVEL
        and (table.columns[name].kind is not Kind.NUMBER or _is_whole(table, name))
    }
    names = sorted(few, key=lambda name: -distinct(few[name]))[:DETERMINED_COLUMNS]
    if len(names) < 2 or len(table) < FEWEST_ROWS:
        return not_applicable("There are fewer than two features of few enough levels.")
    pairs = [(fine, coarse) for fine, coarse in permutations(names, 2) if _follows(few[fine], few[coarse])]
    if not pairs:
        return passed("No feature of few levels follows from another one.")
    rows = [
        {"column": coarse, "follows from": fine, "how": _how(table, fine, coarse)} for fine, coarse in pairs
    ]
    follows = list(dict.fromkeys(coarse for _, coarse in pairs))
    return Outcome(
        Severity.NOTE,
        f"{counted(len(follows), 'feature', 'follows', 'follow')} from a finer one: {named(follows)}. For "
        f"instance each value of {named([pairs[0][0]])} has one value of {named([pairs[0][1]])}"
        f"{', its beginning' if rows[0]['how'] == 'its beginning' else ''}.",
        plain="Some columns follow from others and say nothing new.",
        remedy="Keep the coarse one where new values of the fine one will come; importances are shared.",
        columns=tuple(follows),
        evidence=tuple(rows),
    )


def _is_whole(table: Table, name: str) -> bool:
    values = table.frame[name].dropna().to_numpy(float)
    return bool((values == np.rint(values)).all())


def _follows(fine: np.ndarray, coarse: np.ndarray) -> bool:
    """Return whether each level of the finer column has one of the coarser, and not by chance."""
    if distinct(fine) <= distinct(coarse) or distinct(fine) < FEWEST_LEVELS or distinct(coarse) < 2:
        return False
    known = (fine >= 0) & (coarse >= 0)
    first, second = fine[known], coarse[known]
    few = slice(0, SCREEN_ROWS)
    if not _one_each(first[few], second[few]) or not _one_each(first, second):
        return False
    # By chance levels of several rows would agree seldom; a coarse column of one level always would.
    sizes = np.bincount(first)
    largest = np.bincount(second).max() / max(1, len(second))
    repeated = int((sizes[sizes > 1] - 1).sum())
    return bool(repeated >= FEWEST_ROWS / 2 and largest**repeated < 1e-6)


def _one_each(fine: np.ndarray, coarse: np.ndarray) -> bool:
    """Return whether nearly all rows have the value of the coarser column that is usual with their level."""
    if not len(fine):
        return False
    pairs = combined([fine, coarse])
    usual = np.zeros(int(fine.max()) + 1, dtype=np.int64)
    np.maximum.at(usual, fine, np.bincount(pairs)[pairs])
    return bool(usual.sum() >= NEARLY * len(fine))


def _how(table: Table, fine: str, coarse: str) -> str:
    pairs = table.frame[[fine, coarse]].dropna().astype(str).drop_duplicates().head(SCREEN_ROWS)
    begins = [long.startswith(short) for long, short in zip(pairs[fine], pairs[coarse], strict=True)]
    return "its beginning" if np.mean(begins) >= NEARLY_BEGIN else "one value for each"
