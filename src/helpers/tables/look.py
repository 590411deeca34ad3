"""A table looked at: every column read, typed and hashed, before any row is left out."""

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from helpers.findings import Finding
from helpers.parameters import Parameters
from helpers.tables.booleans import in_several_ways, words_of
from helpers.tables.clean import Change, missing_change, rewritten, rewritten_change, without_markers
from helpers.tables.kinds import Cells, Typed, cells_of, typed
from helpers.tables.levels import Levels
from helpers.tables.numbers import Mark, decimal_mark
from helpers.tables.remarks import findings_of
from helpers.tables.row_keys import Keys, column_keys
from helpers.tables.sources import read_raw
from helpers.tables.spellings import folded_finding, ways_of
from helpers.tables.table import Kind

# What takes the time, in numpy and Arrow, lets other threads go on; for few rows it is not worth one.
SIDE_BY_SIDE_ROWS = 100_000
THREADS_AT_MOST = 4

Item = TypeVar("Item")
Done = TypeVar("Done")


@dataclass(frozen=True)
class Look:
    """What is known of a table as a whole.

    Attributes
    ----------
    name, fingerprint : str
        As in `Raw`.
    rows : int
        Rows as read.
    typed : mapping of str to Typed
        The columns in the table's order, with their kinds.
    keys : mapping of str to uint64 array
        A hash of each cell as read, before anything was declared missing.
    cells : mapping of str to Cells
        The columns named by `target` and `id` as read.
    changes : tuple of Change
        What `clean.missing` and `clean.types` changed.
    findings : tuple of Finding
        What was assumed.
    """

    name: str
    fingerprint: str
    rows: int
    typed: Mapping[str, Typed]
    keys: Mapping[str, Keys]
    cells: Mapping[str, Cells]
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]


def look_at(
    data: Sequence[str],
    *,
    params: Parameters | None = None,
    where: str = "data",
    most_bytes: int | None = None,
) -> Look:
    """Return the table that `data` names, every column typed.

    Parameters
    ----------
    data : sequence of str
        As in the params.
    params : Parameters, optional
        What is declared of the columns; names that the table does not have are passed over here.
    where : str
        What messages begin with.
    most_bytes : int, optional
        As of `read_raw`.

    Raises
    ------
    UserError
        If the table cannot be read.
    """
    query = None if params is None else params.query
    raw = read_raw(data, query=query, where=where, most_bytes=most_bytes)
    rows = len(raw.frame)
    names = [str(name) for name in raw.frame.columns]
    series = [raw.frame[name] for name in raw.frame.columns]
    read = dict(zip(names, _each(cells_of, series, rows=rows), strict=True))
    mark = decimal_mark(
        (cells for cells in read.values() if isinstance(cells, Levels)), likely=raw.likely_mark
    )

    def looked(name: str) -> _Column:
        cells = read.pop(name)
        keys = column_keys(cells)
        column, cells, changes = _typed(cells, name, mark, params)
        is_kept = params is None or name in (params.target, params.id)
        ways = (words_of(cells), ways_of(cells)) if column.kind is Kind.BOOLEAN else None
        return _Column(column, keys, cells if is_kept else None, changes, ways)

    found = dict(zip(names, _each(looked, names, rows=rows), strict=True))
    written = {name: each.ways for name, each in found.items() if each.ways is not None}
    changes = tuple(change for each in found.values() for change in each.changes)
    remarks = [remark for each in found.values() for remark in each.typed.remarks]
    findings = (
        *raw.findings,
        *findings_of(remarks),
        *in_several_ways({name: words for name, (words, _) in written.items()}),
        *folded_finding({name: texts for name, (_, texts) in written.items()}),
    )
    return Look(
        raw.name,
        raw.fingerprint,
        rows,
        {name: each.typed for name, each in found.items()},
        {name: each.keys for name, each in found.items()},
        {name: each.cells for name, each in found.items() if each.cells is not None},
        changes,
        findings,
    )


@dataclass(frozen=True)
class _Column:
    """What looking at one column gave: its cells where they are kept, how yes and no are written."""

    typed: Typed
    keys: Keys
    cells: Cells | None
    changes: list[Change]
    ways: tuple[tuple[str, ...], dict[str, int]] | None


def _each(work: Callable[[Item], Done], items: Sequence[Item], *, rows: int) -> list[Done]:
    """Return what the work gives for each item, in their order; for many rows, side by side."""
    if rows < SIDE_BY_SIDE_ROWS:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(THREADS_AT_MOST, os.cpu_count() or 1)) as pool:
        return list(pool.map(work, items))


def _typed(
    cells: Cells, name: str, mark: Mark, params: Parameters | None
) -> tuple[Typed, Cells, list[Change]]:
    """Return the column typed as declared, its cells, and what was changed."""
    if params is None:
        return typed(cells, name=name, mark=mark), cells, []
    changes = []
    if name in params.clean.replace:
        cells, changed = rewritten(cells, params.clean.replace[name])
        changes.append(rewritten_change(name, changed, params.clean.replace[name]))
    declared = [*params.clean.missing.get(name, []), *params.clean.missing.get("*", [])]
    if declared:
        before = typed(cells, name=name, mark=mark)
        cells, changed = without_markers(cells, declared)
        if changed or name in params.clean.missing:
            changes.append(missing_change("missing", name, changed, int(before.series.isna().sum())))
    kind = params.clean.types.get(name)
    found = typed(cells, name=name, mark=mark, is_time=name == params.time, declared=kind)
    if kind is not None:
        changed = int(found.series.notna().sum()) if found.kind is not found.inferred else 0
        changes.append(Change("types", name, changed, found.inferred.value, found.kind.value))
    return found, cells, changes


def texts_of(cells: Cells) -> pd.Series:
    """Return a column as read as text, None where there is nothing."""
    if isinstance(cells, Levels):
        texts = cells.objects()
        return pd.Series(cells.spread(texts, missing=None), dtype=object)
    return cells.reset_index(drop=True)
