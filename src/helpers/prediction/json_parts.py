"""JSON lines part by part: one object a row; a name that an object lacks has no value there."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pandas as pd

from helpers.errors import Problem, UserError, shortened
from helpers.prediction.part import Part, names_of, told
from helpers.prediction.text_stream import TextStream, encoding_of
from helpers.tables.levels import well_formed

LINES = "one JSON object a line"
# JSON can hold half a character, which no file can: such are read as '?'.
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def is_array(path: Path) -> bool:
    """Tell whether the file is one JSON array rather than JSON lines."""
    with path.open("rb") as file:
        return file.read(1 << 12).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")


def json_parts(path: Path, *, place: str, rows: int) -> Iterator[Part]:
    """Yield the rows of a file of JSON lines in their order, at most `rows` at a time.

    Raises
    ------
    UserError
        If a line is no JSON object, or there is none.
    """
    found, size = 0, path.stat().st_size
    gathered: list[dict[str, Any]] = []
    with told(place, "JSON lines"), TextStream(path, encoding_of(path, place=place)) as stream:
        lines = io.TextIOWrapper(io.BufferedReader(cast("Any", stream)), encoding="utf-8", newline="\n")
        for number, line in enumerate(lines, 1):
            if line.strip():
                gathered.append(_row(line, number, place))
            if len(gathered) >= rows:
                found += len(gathered)
                yield _part(gathered, place, min(stream.position / size, 1.0))
                gathered = []
    if gathered:
        yield _part(gathered, place, 1.0)
    elif not found:
        raise UserError(Problem(place, "a table without rows", LINES))


def _part(rows: list[dict[str, Any]], place: str, done: float) -> Part:
    frame = pd.DataFrame.from_records(rows)
    return Part(frame.set_axis(names_of(list(frame.columns), place), axis=1), done, even=False)


def _row(line: str, number: int, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
        if _HALF_CHARACTER.search(line):
            row = json.loads(well_formed(json.dumps(row, ensure_ascii=False)))
    except ValueError as error:
        given = f"line {number:,}, which is not JSON ({shortened(error)})"
        raise UserError(Problem(place, given, LINES)) from None
    if not isinstance(row, dict):
        raise UserError(Problem(place, f"line {number:,}, which is no JSON object", LINES))
    return row
