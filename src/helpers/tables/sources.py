"""Tables from where they are: one file, several, a pattern, or one of scikit-learn's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import helpers.files as files
from helpers.errors import Problem, UserError, did_you_mean, listed, shortened
from helpers.findings import Finding, Severity
from helpers.paths import from_repository
from helpers.tables.bundled import PREFIX, read_bundled
from helpers.tables.formats import SUFFIXES, File, read_file
from helpers.tables.numbers import Mark
from helpers.wording import count

_WEB = frozenset({"http", "https", "ftp", "s3", "gs", "hdfs", "file"})


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
        SHA-256 of the files' bytes, or of the values of a bundled table.
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


def read_raw(data: Sequence[str], *, where: str = "data") -> Raw:
    """Return the table that the params' `data` names.

    Raises
    ------
    UserError
        If it is missing, not a table, or its files do not fit together.
    """
    if any(item.startswith(PREFIX) for item in data):
        if len(data) > 1:
            raise UserError(Problem(where, listed(data), "one bundled table alone, or files"))
        frame, fingerprint = read_bundled(data[0], where=where)
        return Raw(frame, data[0], fingerprint, ())
    paths = _paths(data, where)
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


def _paths(data: Sequence[str], where: str) -> list[Path]:
    """Return the files that the items name, each once, a pattern's in the order of their names."""
    paths: list[Path] = []
    problems: list[Problem] = []
    for item in data:
        if "://" in item:
            problems.append(_address(item, where))
            continue
        path = from_repository(item)
        if any(sign in item for sign in "*?[") and not path.exists():
            found = _matching(path)
            paths += found
            given = f"the pattern {shortened(item)!r}, which no file fits"
            problems += [] if found else [Problem(where, given, "a pattern that files fit", _starts_at())]
        else:
            paths.append(path)
            problems += _path_problems(path, item, where)
    if problems:
        raise UserError(*problems)
    return list(dict.fromkeys(paths))


def _matching(pattern: Path) -> list[Path]:
    root = Path(pattern.anchor)
    return sorted(match for match in root.glob(str(pattern.relative_to(root))) if match.is_file())


def _starts_at() -> str:
    return f"Relative paths start at {from_repository('')}."


def _address(item: str, where: str) -> Problem:
    """Say that an address is not read, without repeating what it may hold of a password."""
    scheme = shortened(item.split("://")[0], limit=20)
    if scheme.lower() in _WEB:
        return Problem(where, f"an address ({scheme}://…)", "a file on this machine", "Download it first.")
    remedy = "Databases are not read yet; export the table as CSV or Parquet."
    return Problem(where, f"an address of a database ({scheme}://…)", "a file or sklearn:NAME", remedy)


def _path_problems(path: Path, item: str, where: str) -> list[Problem]:
    shown = shortened(item)
    try:
        if path.is_file():
            return []
        if path.is_dir():
            remedy = f"For all files in it write a pattern, such as {shown.rstrip('/')}/*.csv."
            return [Problem(where, f"the folder {shown!r}", "a file", remedy)]
        if not path.parent.is_dir():
            return [Problem(where, f"{shown!r}, whose folder does not exist", "a file", _starts_at())]
        beside = [other.name for other in path.parent.iterdir() if other.suffix.lower() in SUFFIXES]
        remedy = did_you_mean(path.name, beside) or _starts_at()
        return [Problem(where, f"{shown!r}, which does not exist", "a file", remedy)]
    except (OSError, ValueError) as error:
        return [Problem(where, f"{shown!r}, which cannot be looked at ({shortened(error)})", "a file")]


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
