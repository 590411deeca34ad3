"""Columns as such: constant, only naming rows, repeating each other."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import pandas as pd

from helpers.data_quality.coding import distinct
from helpers.data_quality.context import Context
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, rule, written
from helpers.errors import shortened
from helpers.findings import Severity
from helpers.tables.table import Column, Kind, Role, Table
from helpers.wording import count, joined

LINEAR_CORRELATION = 0.999999
COMPARED_ROWS = 20_000
# Two columns that each have a new value in nearly every row are one-to-one without meaning anything.
LEVELS_PER_ROW = 0.2
SHARED_LEVEL_ROWS = 10
SHARED_LEVELS_AT_MOST = 20


@rule("Q121", "constant_column")
def constant_column(table: Table, context: Context) -> Outcome:
    """Find columns that hold one value, or none."""
    reported = bool(context.reported_on_reading("empty_column"))
    empties = [column.name for column in table.columns.values() if column.kind is Kind.EMPTY]
    empty = [] if reported else empties
    same = [
        column.name
        for column in table.features
        if column.kind is not Kind.EMPTY
        and distinct(context.codes[column.name]) <= 1
        and not (context.codes[column.name] < 0).any()
    ]
    names = [*empty, *same]
    if not names:
        return passed("Every column holds at least two different values.")
    parts = [counted(len(empty), "column", "holds", "hold") + " no value"] if empty else []
    parts += [counted(len(same), "column", "holds", "hold") + " a single value"] if same else []
    return Outcome(
        Severity.NOTE,
        f"{joined(parts)} in the development rows: {named(names)}.",
        plain="Some columns say nothing, because they are the same in every row.",
        remedy=f"They cannot help a model: {written({'drop': names})}.",
        columns=tuple(names),
    )


@rule("Q122", "identifier_column")
def identifier_column(table: Table, context: Context) -> Outcome:
    """Name the columns that were left out because they only name rows."""
    reported = context.reported_on_reading("identifier_column")
    if reported:
        return not_applicable(f"Reading the table reported it ({reported}).")
    names = [column.name for column in table.with_role(Role.UNUSED) if column.kind is Kind.IDENTIFIER]
    if not names:
        return passed("No column was left out as an identifier.")
    remedy = (
        f"If one names the row for ever, a refreshed table keeps its split with {written({'id': names[0]})}."
    )
    return Outcome(
        Severity.NOTE,
        f"{counted(len(names), 'column', 'only names', 'only name')} rows and "
        f"{'is' if len(names) == 1 else 'are'} kept from the models: {named(names)}.",
        plain="Columns that only name a row, such as a customer number, are not used to predict.",
        remedy=remedy if not table.with_role(Role.ID) else "",
        columns=tuple(names),
    )


@rule("Q123", "redundant_column")
def redundant_column(table: Table, context: Context) -> Outcome:
    """Find columns that say the same: equal, one-to-one, or one a linear function of the other."""
    columns = [column for column in table.features if distinct(context.codes[column.name]) > 1]
    if len(columns) < 2:
        return not_applicable("There are fewer than two features that vary.")
    groups = _same_partition(columns, context) + _linear(columns, table)
    groups = _merged(groups)
    if not groups:
        return passed("No feature repeats what another one says.")
    surplus = [name for group in groups for name in group[1:]]
    return Outcome(
        Severity.NOTE,
        f"{counted(len(surplus), 'feature', 'says', 'say')} the same as another one (equal, one-to-one, or a "
        f"linear function of it), for instance {named(groups[0])}.",
        plain="Some columns repeat each other.",
        remedy=f"Importances are shared between them and cannot be told apart: {written({'drop': surplus})}.",
        columns=tuple(surplus),
        evidence=tuple({"kept": group[0], "says the same": named(group[1:])} for group in groups),
    )


def _same_partition(columns: Sequence[Column], context: Context) -> list[list[str]]:
    """Group columns whose values change together: codes in order of appearance are then equal."""
    found: dict[Hashable, list[str]] = defaultdict(list)
    for column in columns:
        codes = context.codes[column.name]
        if distinct(codes) <= LEVELS_PER_ROW * len(codes) or column.kind in (Kind.TEXT, Kind.CATEGORY):
            found[hash(codes.tobytes())].append(column.name)
    return [names for names in found.values() if len(names) > 1]


def _linear(columns: Sequence[Column], table: Table) -> list[list[str]]:
    """Group numbers with a correlation of ±1 that are missing in the same rows."""
    by_gaps: dict[Hashable, list[str]] = defaultdict(list)
    for column in columns:
        if column.kind is Kind.NUMBER:
            by_gaps[hash(table.frame[column.name].isna().to_numpy().tobytes())].append(column.name)
    return [group for names in by_gaps.values() for group in _correlated(table.frame[names])]


def _correlated(frame: pd.DataFrame) -> list[list[str]]:
    values = frame.dropna().head(COMPARED_ROWS).to_numpy(float)
    if values.shape[1] < 2 or len(values) < 3:
        return []
    scale = np.where(values.std(axis=0) > 0, values.std(axis=0), np.inf)
    standard = (values - values.mean(axis=0)) / scale
    matrix = np.abs(standard.T @ standard) / len(values)
    first, second = np.nonzero(np.triu(matrix >= LINEAR_CORRELATION, k=1))
    names = [str(name) for name in frame.columns]
    return [[names[i], names[j]] for i, j in zip(first, second, strict=True)]


def _merged(groups: Iterable[Sequence[str]]) -> list[list[str]]:
    """Join groups that share a name."""
    found: list[list[str]] = []
    for group in groups:
        near = [other for other in found if set(other) & set(group)]
        together = list(dict.fromkeys([name for other in near for name in other] + list(group)))
        found = [other for other in found if other not in near] + [together]
    return found


@rule("Q124", "redundant_column")
def repeated_level(table: Table, context: Context) -> Outcome:
    """Find levels of different category columns that mark exactly the same rows."""
    categories = [column for column in table.features if column.kind is Kind.CATEGORY]
    masks: dict[Hashable, list[tuple[str, str, int]]] = defaultdict(list)
    for column in categories:
        codes = context.codes[column.name]
        if distinct(codes) < 3 or distinct(codes) > SHARED_LEVELS_AT_MOST:
            continue
        for level in range(distinct(codes)):
            mask = codes == level
            if SHARED_LEVEL_ROWS <= mask.sum() <= len(mask) - SHARED_LEVEL_ROWS:
                text = str(table.frame[column.name].iloc[int(mask.argmax())])
                masks[hash(np.packbits(mask).tobytes())].append((column.name, text, int(mask.sum())))
    if not masks:
        return not_applicable("There is no category column with three levels or more to compare.")
    shared = [found for found in masks.values() if len(found) > 1]
    if not shared:
        return passed("No two category columns share a level in exactly the same rows.")
    names = list(dict.fromkeys(name for found in shared for name, _, _ in found))
    example = max(shared, key=len)
    return Outcome(
        Severity.NOTE,
        f"{count(len(names), 'category column')} share a level in exactly the same rows, for instance "
        f"'{shortened(example[0][1])}' in {named([name for name, _, _ in example])}.",
        plain="Some columns say in part the same.",
        remedy="One yes/no column would say it once; importances are shared between the copies.",
        columns=tuple(names),
        evidence=tuple(
            {"column": n, "level": level, "rows": rows} for found in shared for n, level, rows in found
        ),
    )
