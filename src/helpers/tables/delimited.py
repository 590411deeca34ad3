"""CSV, TSV and their kin as a table of text; what the texts mean is decided in `kinds`."""

import re

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from helpers.errors import Problem, UserError
from helpers.findings import Finding
from helpers.tables.dialect import (
    as_utf8,
    best_shape,
    delimiter_finding,
    one_field_more,
    sample_of,
    shapes,
)

BLOCK_BYTES = 1 << 25
_LINE_END = re.compile(b"\r\n|\n|\r")
_EXCEL_HINT = re.compile(b"sep=[,;|\t]", re.IGNORECASE)


def read_delimited(content: bytes, *, usual: str, place: str) -> tuple[pd.DataFrame, list[Finding], str]:
    """Return a text table's cells as text, with findings on how it was read, and its delimiter.

    Parameters
    ----------
    content : bytes
        The file.
    usual : str
        The delimiter that such a file has by its name; any other is a finding.
    place : str
        The file, for messages.

    Returns
    -------
    tuple
        The frame (all columns `str`, empty cells are empty text; unnamed columns have empty names),
        the findings, and the delimiter.

    Raises
    ------
    UserError
        If the file is empty, has a header only, is not text, or has lines of different lengths.
    """
    text, findings = as_utf8(content, place=place)
    text = _from_header(text)
    if not text.strip():
        raise UserError(Problem(place, "an empty file", "a table with a header and rows"))
    sample = sample_of(text)
    try:
        shape = best_shape(shapes(sample), usual=usual)
        if shape.delimiter != usual:
            findings.append(delimiter_finding(shape.delimiter))
        table = _cells(text, shape.delimiter, shape.columns, extra=one_field_more(shape), place=place)
    except pa.ArrowInvalid as error:
        raise UserError(
            Problem(
                place, f"text that is not a table ({error})", "a header and lines with as many fields each"
            )
        ) from None
    frame = table.to_pandas()
    if not len(frame):
        raise UserError(Problem(place, "a header without rows", "a table with a header and rows"))
    return frame, findings, shape.delimiter


def _from_header(text: bytes) -> bytes:
    """Leave out blank lines before the header, and the line with which Excel names its delimiter."""
    text = text.lstrip(b"\r\n")
    return text[6:].lstrip(b"\r\n") if _EXCEL_HINT.match(text) else text


def _cells(text: bytes, delimiter: str, columns: int, *, extra: bool, place: str) -> pa.Table:
    """Read every cell as text; the first line gives the names."""
    if not extra:
        table = _text_table(text, delimiter, columns, skipped=0, place=place)
        return table.slice(1).rename_columns([str(column[0].as_py()) for column in table.columns])
    end = _LINE_END.search(text)
    header = _text_table(text[: end.end()] if end else text, delimiter, columns, skipped=0, place=place)
    names = [str(column[0].as_py()) for column in header.columns]
    body = _text_table(text, delimiter, columns + 1, skipped=1, place=place)
    trailing = pc.all(pc.equal(body.columns[-1], "")).as_py()
    return body.rename_columns([*names, ""] if trailing else ["", *names])


def _text_table(text: bytes, delimiter: str, columns: int, *, skipped: int, place: str) -> pa.Table:
    names = [str(position) for position in range(columns)]
    uneven: list[csv.InvalidRow] = []

    def note(row: csv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    def read(*, threads: bool) -> pa.Table:
        return csv.read_csv(
            pa.BufferReader(text),
            read_options=csv.ReadOptions(
                column_names=names, skip_rows=skipped, use_threads=threads, block_size=BLOCK_BYTES
            ),
            parse_options=csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )

    table = read(threads=True)
    if uneven:
        uneven.clear()
        read(threads=False)  # only then do rows know their number
        raise UserError(_ragged(uneven, columns, skipped, place))
    return table


def _ragged(uneven: list[csv.InvalidRow], columns: int, skipped: int, place: str) -> Problem:
    first = uneven[0]
    line = "" if first.number is None else f" (the first is line {first.number + skipped})"
    rows = f"{len(uneven):,} of its lines" if len(uneven) > 1 else "one of its lines"
    return Problem(
        place,
        f"text in which {rows} has not as many fields as the header{line}: {first.actual_columns} fields",
        f"{columns} fields on every line, as in the header",
        "Mend those lines, or put quotes around values that hold the delimiter.",
    )
