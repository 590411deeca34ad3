"""A large table as read and typed, kept on disk, so that the notebooks of a run need not read it again.

What is kept is an Arrow file under `reports/.nightbook/`, named by a hash over the table's state, what the
params declare of it and the helpers' source: nothing in it can belong to another table. It can be thrown away
at any time.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

import helpers.files as files
from helpers.findings import Finding
from helpers.kept import kept_or_made
from helpers.keys import helpers_source
from helpers.parameters import Parameters
from helpers.tables.clean import Change
from helpers.tables.database_address import database_item
from helpers.tables.kinds import Cells, Typed
from helpers.tables.levels import Levels
from helpers.tables.look import Look, look_at
from helpers.tables.places import bundled_name, table_files
from helpers.tables.state import FileHashes, is_still, table_state
from helpers.tables.table import Kind

# Smaller tables are read again as quickly; for smaller files not even a folder is made.
FEWEST_CELLS = 2_000_000
FEWEST_BYTES = 2_000_000
MOST_BYTES = 2 * 2**30
DESCRIPTION = b"nightbook"
# What of the params decides how a table is looked at; `drop` and the rest only come afterwards.
DECIDING = ("target", "id", "time", "clean")


def read_look(
    params: Parameters, *, where: str, kept: Path | None = None, most_bytes: int | None = None
) -> Look:
    """Return the table as `look_at` does, from where it is kept if it was read before.

    Parameters
    ----------
    params : Parameters
        The checked parameters.
    where : str
        What messages begin with.
    kept : Path, optional
        A folder to keep large tables in, under ``looks``; at most 2 GiB, the oldest go first.
    most_bytes : int, optional
        How much memory reading it may take, if that is less than what is free.

    Raises
    ------
    UserError
        If the table cannot be read.
    """
    if kept is None or _bytes(params, where=where) < FEWEST_BYTES:
        return look_at(params.data, params=params, where=where, most_bytes=most_bytes)
    state = table_state(params.data, hashes=FileHashes(), where=where)

    def write(path: Path, look: Look) -> None:
        # A table that changed while it was read must not be kept as what it was before.
        if look.rows * len(look.typed) >= FEWEST_CELLS and is_still(params.data, state):
            _write(path, look)

    return kept_or_made(
        kept / "looks" / f"{_key(params, state)}.arrow",
        read=_read,
        make=lambda: look_at(params.data, params=params, where=where, most_bytes=most_bytes),
        write=write,
    )


def _bytes(params: Parameters, *, where: str) -> int:
    """Return how large the table's files are, 0 for a table of scikit-learn or of a database.

    A database would be asked for all its rows to know whether what is kept still stands.
    """
    if database_item(params.data, where=where) or bundled_name(params.data, where=where):
        return 0
    try:
        return sum(path.stat().st_size for path in table_files(params.data, where=where))
    except OSError:  # reading it will say what is wrong
        return 0


def _key(params: Parameters, state: str) -> str:
    declared = params.model_dump(mode="json", include=set(DECIDING))
    return files.hash_of([state, json.dumps(declared, sort_keys=True), helpers_source(), pd.__version__])


def _write(path: Path, look: Look) -> None:
    part = path.with_suffix(".part")
    try:
        table = _table(look)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with (
            pa.OSFile(str(part), "wb") as sink,
            pa.ipc.new_file(sink, table.schema, options=options) as writer,
        ):
            writer.write_table(table)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _keep_newest(path.parent)


def _keep_newest(folder: Path) -> None:
    """Remove the oldest files until the others fit into the room that there is for them."""
    newest = sorted(folder.glob("*.arrow"), key=lambda path: -path.stat().st_mtime_ns)
    sizes = np.cumsum([path.stat().st_size for path in newest])
    for path, size in zip(newest, sizes, strict=True):
        if size > MOST_BYTES:
            path.unlink(missing_ok=True)
            path.with_suffix(".lock").unlink(missing_ok=True)


def _table(look: Look) -> pa.Table:
    """Return the look as an Arrow table: values, keys and cells as columns, all else as its description."""
    values = pa.Table.from_pandas(
        pd.DataFrame({f"v{place}": column.series for place, column in enumerate(look.typed.values())}),
        preserve_index=False,
    )
    arrays = {f"k{place}": pa.array(look.keys[name]) for place, name in enumerate(look.typed)}
    arrays |= {f"c{place}": _cells_array(cells) for place, cells in enumerate(look.cells.values())}
    for name, array in arrays.items():
        values = values.append_column(name, array)
    described = {
        "name": look.name,
        "fingerprint": look.fingerprint,
        "rows": look.rows,
        "columns": [[name, each.kind.value, each.inferred.value] for name, each in look.typed.items()],
        "cells": [[name, isinstance(cells, Levels)] for name, cells in look.cells.items()],
        "changes": [asdict(change) for change in look.changes],
        "findings": [finding.to_dict() for finding in look.findings],
    }
    metadata = {**(values.schema.metadata or {}), DESCRIPTION: json.dumps(described).encode()}
    return values.replace_schema_metadata(metadata)


def _cells_array(cells: Cells) -> pa.Array:
    if isinstance(cells, Levels):
        codes = pa.array(cells.codes, mask=cells.codes < 0)
        return pa.DictionaryArray.from_arrays(codes, cells.texts)
    return pa.Array.from_pandas(cells)


def _read(path: Path) -> Look | None:
    """Return what the file holds, None where there is none or it is damaged."""
    try:
        with pa.memory_map(str(path)) as source:
            table = pa.ipc.open_file(source).read_all()
        described = json.loads(table.schema.metadata[DESCRIPTION])
        return _look(table, described)
    except (OSError, pa.ArrowInvalid, KeyError, ValueError):
        return None


def _look(table: pa.Table, described: Mapping[str, Any]) -> Look:
    columns, cells = described["columns"], described["cells"]
    frame = table.select([f"v{place}" for place in range(len(columns))]).to_pandas()
    typed = {
        name: Typed(frame[f"v{place}"].rename(None), Kind(kind), Kind(inferred))
        for place, (name, kind, inferred) in enumerate(columns)
    }
    keys = {name: table.column(f"k{place}").to_numpy() for place, (name, _, _) in enumerate(columns)}
    return Look(
        described["name"],
        described["fingerprint"],
        described["rows"],
        typed,
        keys,
        {name: _cells(name, table.column(f"c{place}"), levels) for place, (name, levels) in enumerate(cells)},
        tuple(Change(**change) for change in described["changes"]),
        tuple(Finding.from_dict(finding) for finding in described["findings"]),
    )


def _cells(name: str, column: pa.ChunkedArray, levels: bool) -> Cells:
    if not levels:
        found: pd.Series = column.to_pandas().rename(name)
        return found
    array = column.combine_chunks()
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return Levels(array.dictionary, codes)
