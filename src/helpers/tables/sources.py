"""Tables from where they are: one file, several, a pattern, a database, or one of scikit-learn's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import helpers.files as files
from helpers.errors import Problem, UserError, listed, shortened
from helpers.findings import Finding, Severity
from helpers.tables.bundled import read_bundled
from helpers.tables.database_address import database_item, query_place
from helpers.tables.formats import File, read_file
from helpers.tables.numbers import Mark
from helpers.tables.places import bundled_name, table_files
from helpers.tables.table_size import Allowed, refuse_too_large
from helpers.wording import count


@dataclass(frozen=True)
class Raw:
    """A table as read, before any value has a meaning.

    Attributes
    ----------
    frame : pandas.DataFrame
        Text files give columns of `str` with empty texts; others their own types. The index counts rows.
    name : str
        What people call it: the file's name, or how many files.
    fingerprint : str
        SHA-256 of the files' bytes, of a database's rows in their order, or of the values of a bundled table.
    findings : tuple of Finding
        What was assumed.
    likely_mark : '.' or ','
        The decimal mark where no column speaks for one.
    """

    frame: pd.DataFrame
    name: str
    fingerprint: str
    findings: tuple[Finding, ...]
    likely_mark: Mark = "."


def read_raw(
    data: Sequence[str], *, query: str | None = None, where: str = "data", most_bytes: int | None = None
) -> Raw:
    """Return the table that the params' `data`, and with a database its `query`, names.

    Parameters
    ----------
    data, query
        As in the params.
    where : str
        What messages begin with.
    most_bytes : int, optional
        How much memory reading it may take, if that is less than what is free.

    Raises
    ------
    UserError
        If it is missing, not a table, too large for the memory, or its files do not fit together.
    """
    allowed = Allowed.of(most_bytes)
    address = database_item(data, where=where)
    if address is not None:
        # Imported here: it takes the libraries a while, and most tables are files.
        from helpers.tables.database_frame import read_database

        place = query_place(where)
        return Raw(*read_database(address, query or "", where=where, query_where=place, allowed=allowed))
    bundled = bundled_name(data, where=where)
    if bundled is not None:
        frame, fingerprint = read_bundled(bundled, where=where)
        return Raw(frame, bundled, fingerprint, ())
    paths = table_files(data, where=where)
    refuse_too_large(paths, allowed=allowed, where=where)
    parts = [read_file(path, place=f"{where}: {shortened(path.name)}") for path in paths]
    _same_columns(paths, parts, where)
    frame = parts[0].frame
    if len(parts) > 1:
        frame = pd.concat([part.frame[list(frame.columns)] for part in parts], ignore_index=True)
    frame, unnamed = _named(frame, where)
    found = _once([finding for part in parts for finding in part.findings])
    name = paths[0].name if len(paths) == 1 else f"{paths[0].name} and {count(len(paths) - 1, 'more file')}"
    mark: Mark = "," if any(part.delimiter == ";" for part in parts) else "."
    return Raw(frame, name, files.hash_of_files(paths), (*found, *_combined(paths, parts), *unnamed), mark)


def _same_columns(paths: Sequence[Path], parts: Sequence[File], where: str) -> None:
    first = set(parts[0].frame.columns)
    problems = []
    for path, part in zip(paths[1:], parts[1:], strict=True):
        lacking, more = first - set(part.frame.columns), set(part.frame.columns) - first
        said = [f"without {listed(sorted(lacking))}"] if lacking else []
        said += [f"with {listed(sorted(more))} besides"] if more else []
        if said:
            given = f"{shortened(path.name)} {' and '.join(said)}"
            problems.append(Problem(where, given, f"the same columns as {shortened(paths[0].name)}"))
    if problems:
        raise UserError(*problems)


def _named(frame: pd.DataFrame, where: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Give columns without a name one; refuse names that stand twice."""
    names = [str(name) for name in frame.columns]
    unnamed = [position for position, name in enumerate(names) if not name.strip()]
    for position in unnamed:
        names[position] = f"column {position + 1}"
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        given = f"a table with more than one column called {listed(twice)}"
        raise UserError(Problem(where, given, "column names that differ", "Rename them in the table."))
    frame = frame.set_axis(names, axis=1)
    if not unnamed:
        return frame, []
    given_names = tuple(names[position] for position in unnamed)
    message = f"{count(len(unnamed), 'column')} without a name; called {listed(given_names)}."
    plain = "Some columns had no name and were given one."
    return frame, [
        Finding(
            "T105", "unnamed_column", Severity.NOTE, message, plain, "Name them in the table.", given_names
        )
    ]


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out findings that several files share."""
    return list({finding.code + finding.message: finding for finding in findings}.values())


def _combined(paths: Sequence[Path], parts: Sequence[File]) -> list[Finding]:
    if len(paths) == 1:
        return []
    rows = count(sum(len(part.frame) for part in parts), "row")
    message = f"{count(len(paths), 'file')} with {rows} were put together, one below the other."
    evidence = [{"file": path.name, "rows": len(part.frame)} for path, part in zip(paths, parts, strict=True)]
    return [Finding("T107", "several_files", Severity.NOTE, message, message, evidence=tuple(evidence))]
