"""Where the params' `data` leads: to one of scikit-learn's tables, or to files that are there.

Addresses of databases are told by `database_address`, before anything here is asked.
"""

from collections.abc import Sequence
from pathlib import Path

from helpers.errors import Problem, UserError, did_you_mean, listed, shortened
from helpers.paths import from_repository
from helpers.tables.database_address import FORMS

BUNDLED = "sklearn:"
TEXT = (".csv", ".tsv", ".tab", ".txt")
PARQUET = (".parquet", ".pq")
JSON = (".jsonl", ".ndjson", ".json")
EXCEL = (".xlsx", ".xlsm")
SUFFIXES: tuple[str, ...] = (*TEXT, *PARQUET, *JSON, *EXCEL)

_WEB = frozenset({"http", "https", "ftp", "s3", "gs", "hdfs", "file"})


def bundled_name(data: Sequence[str], *, where: str) -> str | None:
    """Return the name of scikit-learn's table that `data` asks for, prefix included, or None for files.

    Raises
    ------
    UserError
        If such a table stands beside something else.
    """
    if not any(item.startswith(BUNDLED) for item in data):
        return None
    if len(data) > 1:
        raise UserError(Problem(where, listed(data), "one bundled table alone, or files"))
    return data[0]


def table_files(data: Sequence[str], *, where: str) -> list[Path]:
    """Return the files that the items name, each once, a pattern's in the order of their names.

    Raises
    ------
    UserError
        With each item that leads to no file.
    """
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
    remedy = "Export the table as CSV or Parquet."
    return Problem(where, f"an address ({scheme}://…)", f"{FORMS}, a file or {BUNDLED}NAME", remedy)


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
