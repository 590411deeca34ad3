"""Single files by their kind: text, Parquet, JSON lines, Excel."""

import json
import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyarrow as pa

from helpers.errors import Problem, UserError, listed, shortened
from helpers.findings import Finding, Severity
from helpers.tables.delimited import read_delimited
from helpers.tables.dialect import as_utf8
from helpers.tables.levels import well_formed
from helpers.tables.places import EXCEL, JSON, PARQUET, SUFFIXES, TEXT

# JSON can hold half a character, which no file can: such are read as '?'.
_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class File:
    """One file's table as read, with what was assumed; `delimiter` is empty where there is none."""

    frame: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    delimiter: str = ""


def read_file(path: Path, *, place: str) -> File:
    """Return the table that a file holds, by the ending of its name.

    Parameters
    ----------
    path : Path
        An existing file.
    place : str
        What to call it in messages.

    Raises
    ------
    UserError
        If the ending is unknown, or the file cannot be read, is empty or no table.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        ending = path.suffix or "no ending"
        raise UserError(Problem(place, f"a file with {shortened(ending)}", f"one of {', '.join(SUFFIXES)}",
                                "Save the table as CSV or Parquet."))  # fmt: skip
    try:
        if path.stat().st_size == 0:
            raise UserError(Problem(place, "an empty file", "a table with a header and rows"))
        found = reader(path, place)
    except OSError as error:
        raise UserError(Problem(place, f"a file that cannot be read ({error})", "a readable table")) from None
    if not len(found.frame) or not len(found.frame.columns):
        raise UserError(Problem(place, "a table without rows", "a table with rows"))
    return File(
        found.frame.set_axis([str(name) for name in found.frame.columns], axis=1),
        found.findings,
        found.delimiter,
    )


def _read_text(path: Path, place: str) -> File:
    usual = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    frame, findings, delimiter = read_delimited(path.read_bytes(), usual=usual, place=place)
    return File(frame, tuple(findings), delimiter)


def _read_parquet(path: Path, place: str) -> File:
    try:
        frame = pd.read_parquet(path)
    except (pa.ArrowException, ValueError) as error:
        raise _no_table(place, "Parquet", error) from None
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    return File(frame.reset_index(drop=True))


def _read_json(path: Path, place: str) -> File:
    text, findings = as_utf8(path.read_bytes(), place=place)
    try:
        rows: Any = json.loads(text) if text.lstrip().startswith(b"[") else None
    except ValueError as error:
        raise _no_table(place, "JSON", error) from None
    if rows is None:
        rows = [
            _json_line(line, number, place)
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip()
        ]
    if not all(isinstance(row, dict) for row in rows):
        raise UserError(
            Problem(place, "JSON whose rows are not objects", "one object a row, names to values")
        )
    if _HALF_CHARACTER.search(text):
        rows = json.loads(well_formed(json.dumps(rows, ensure_ascii=False)))
    return File(pd.DataFrame.from_records(rows), tuple(findings))


def _json_line(line: bytes, number: int, place: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        problem = Problem(place, f"line {number}, which is not JSON ({error})", "one JSON object a line")
        raise UserError(problem) from None


def _read_excel(path: Path, place: str) -> File:
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it leaves out of a workbook, styles for one, none of which is a value.
            warnings.filterwarnings("ignore", module="openpyxl")
            sheets = pd.read_excel(
                path, sheet_name=None, header=None, dtype=object, keep_default_na=False, na_values=[""]
            )
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise _no_table(place, "Excel", error) from None
    full = {name: sheet for name, sheet in sheets.items() if len(sheet)}
    if not full:
        raise UserError(Problem(place, "an empty workbook", "a sheet with a header and rows"))
    name, sheet = next(iter(full.items()))
    frame = sheet.iloc[1:].reset_index(drop=True).set_axis(_header(sheet), axis=1)
    return File(frame, tuple(_sheet_finding(name, list(full))))


def _header(sheet: pd.DataFrame) -> list[str]:
    return ["" if pd.isna(name) else str(name) for name in sheet.iloc[0]]


def _sheet_finding(name: str, full: list[str]) -> list[Finding]:
    if len(full) == 1:
        return []
    message = f"The workbook has {len(full)} sheets with values; the first, {shortened(name)!r}, was read."
    return [
        Finding("T106", "sheet", Severity.NOTE, message, message,
                f"For another one ({listed(full[1:])}), save it as a file of its own.")
    ]  # fmt: skip


def _no_table(place: str, kind: str, error: Exception) -> UserError:
    reason = shortened(error, limit=160)
    return UserError(Problem(place, f"a file that is not {kind} ({reason})", f"a table written as {kind}"))


_READERS: MappingProxyType[str, Callable[[Path, str], File]] = MappingProxyType(
    {
        **dict.fromkeys(TEXT, _read_text),
        **dict.fromkeys(PARQUET, _read_parquet),
        **dict.fromkeys(JSON, _read_json),
        **dict.fromkeys(EXCEL, _read_excel),
    }
)
