"""Levels of columns: spelt in two ways, numbers that may be codes, very many of them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from helpers.data_quality.coding import distinct, plain_spelling
from helpers.data_quality.context import Context, looked_at
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, rule, written
from helpers.findings import Severity
from helpers.tables.table import Column, Kind, Table
from helpers.wording import count, percent

CODE_LEVELS = 20
CODE_ROWS_PER_LEVEL = 10
MANY_LEVELS = 50
ROWS_PER_LEVEL = 5


@rule("Q125", "category_variants")
def category_variants(table: Table, _context: Context) -> list[Outcome]:
    """Find levels that differ only in case or spaces; among the target's classes they spoil every result."""
    columns = [column for column in looked_at(table) if column.kind is Kind.CATEGORY]
    if not columns:
        return [not_applicable("There is no category column.")]
    target = [row for row in _variants(table, columns) if row["column"] == table.target.name]
    others = [row for row in _variants(table, columns) if row["column"] != table.target.name]
    found = []
    if target:
        found.append(
            Outcome(
                Severity.STOP,
                f"Classes of the target differ only in case or spaces: {target[0]['spellings']}.",
                plain="The same outcome is written in several ways, so that it counts as several outcomes.",
                remedy="Write each class in one way in the table; scores by class mean nothing until then.",
                columns=(table.target.name,),
                evidence=tuple(target),
            )
        )
    if others:
        names = list(dict.fromkeys(row["column"] for row in others))
        found.append(
            Outcome(
                Severity.NOTE,
                f"{counted(len(others), 'level', 'is', 'are')} written in several ways that differ only in "
                f"case or spaces, for instance {others[0]['spellings']} in {named(names[:1])}.",
                plain="Some values are written in several ways.",
                remedy="Models see them as different values; write each in one way in the table.",
                columns=tuple(names),
                evidence=tuple(others),
            )
        )
    return found or [
        passed(f"No level differs from another only in case or spaces ({count(len(columns), 'column')}).")
    ]


def _variants(table: Table, columns: Sequence[Column]) -> list[dict[str, Any]]:
    rows = []
    for column in columns:
        sizes = table.frame[column.name].value_counts()
        sizes = sizes[sizes > 0]
        spellings: dict[str, list[str]] = defaultdict(list)
        for level in sorted(sizes.index, key=lambda name: (-int(sizes[name]), str(name))):
            spellings[plain_spelling(str(level))].append(str(level))
        rows += [
            {"column": column.name, "spellings": named(found), "rows": int(sizes[found].sum())}
            for found in spellings.values()
            if len(found) > 1
        ]
    return rows


@rule("Q126", "code_as_number")
def code_as_number(table: Table, context: Context) -> Outcome:
    """Name whole-number columns of few values: they may be codes, whose order and distance mean nothing."""
    numbers = [column.name for column in table.features if column.kind is Kind.NUMBER]
    if not numbers:
        return not_applicable("There is no feature of numbers.")
    rows = []
    for name in numbers:
        levels = distinct(context.codes[name])
        values = table.frame[name].dropna().to_numpy(float)
        if (
            3 <= levels <= min(CODE_LEVELS, len(values) / CODE_ROWS_PER_LEVEL)
            and (values == np.rint(values)).all()
        ):
            rows.append({"column": name, "values": levels, "lowest": values.min(), "highest": values.max()})
    if not rows:
        return passed(f"No feature of numbers holds only 3 to {CODE_LEVELS} different whole numbers.")
    names = [row["column"] for row in rows]
    return Outcome(
        Severity.NOTE,
        f"{counted(len(names), 'feature', 'holds', 'hold')} only 3 to {CODE_LEVELS} different whole numbers, "
        f"read as amounts: {named(names)}.",
        plain="Some numbers may stand for names rather than amounts.",
        remedy="Where they are codes: "
        f"{written({'clean': {'types': dict.fromkeys(names[:1], 'category')}})}. Counts and grades stay.",
        columns=tuple(names),
        evidence=tuple(rows),
    )


@rule("Q127", "high_cardinality")
def high_cardinality(table: Table, context: Context) -> Outcome:
    """Name category columns with very many levels or few rows a level."""
    categories = [column.name for column in table.features if column.kind is Kind.CATEGORY]
    if not categories:
        return not_applicable("There is no category column.")
    rows: list[dict[str, Any]] = []
    for name in categories:
        codes = context.codes[name]
        sizes = np.bincount(codes[codes >= 0])
        if len(sizes) > MANY_LEVELS or (len(sizes) > 2 and np.median(sizes) < ROWS_PER_LEVEL):
            rows.append(
                {"column": name, "levels": len(sizes), "seen once": percent(float((sizes == 1).mean()))}
            )
    if not rows:
        return passed(f"No category column has more than {MANY_LEVELS} levels.")
    rows.sort(key=lambda row: -int(row["levels"]))
    names = [str(row["column"]) for row in rows]
    return Outcome(
        Severity.NOTE,
        f"{count(len(names), 'category column')} with more than {MANY_LEVELS} levels or typically fewer than "
        f"{ROWS_PER_LEVEL} rows a level: {named(names)}; most in {named(names[:1])} ({rows[0]['levels']:,}).",
        plain="Some columns hold very many different names, most of them rarely.",
        remedy="New names will appear in new rows; a coarser grouping usually predicts better.",
        columns=tuple(names),
        evidence=tuple(rows),
    )
