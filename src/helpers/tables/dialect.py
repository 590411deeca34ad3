"""How a text table is written: its encoding and its delimiter, found out from the file itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pyarrow as pa
from pyarrow import csv

from helpers.errors import Problem, UserError, shortened
from helpers.findings import Finding, Severity
from helpers.wording import count

SAMPLE_BYTES = 1 << 18
DELIMITERS: tuple[str, ...] = (",", ";", "\t", "|")
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
# A sample in which fewer of the lines have as many fields as the header is not written with that delimiter.
LEAST_EVEN_SHARE = 0.95
# More control characters than this in a sample: not text.
MOST_CONTROL_SHARE = 0.001
# UTF-8 with at most this share of its non-ASCII characters broken is damaged UTF-8, not another encoding.
MOST_BROKEN_SHARE = 0.1
_TEXT_CONTROLS = b"\t\n\r\f\x1a"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

_STARTS = MappingProxyType(
    {
        b"PK": "a ZIP archive or an Excel workbook",
        b"PAR1": "a Parquet file",
        b"\x1f\x8b": "a compressed file",
        b"%PDF": "a PDF",
        b"\x89PNG": "a picture",
        b"\xff\xd8": "a picture",
        b"GIF8": "a picture",
        b"SQLite": "an SQLite database",
    }
)


@dataclass(frozen=True)
class Shape:
    """What a sample looks like when it is cut at one delimiter."""

    delimiter: str
    columns: int  # fields of the first line
    rows: int  # lines with as many fields
    uneven: tuple[int, ...]  # numbers of fields of the other lines

    @property
    def even_share(self) -> float:
        """The share of lines with as many fields as the first."""
        return self.rows / (self.rows + len(self.uneven))


def as_utf8(content: bytes, *, place: str) -> tuple[bytes, list[Finding]]:
    """Return the file's text as UTF-8 without a mark, with findings on what was assumed.

    UTF-8 and UTF-16 are recognised by their marks and by their validity; anything else is read as
    Windows-1252, or as Latin-1 where that has no character for a byte.

    Raises
    ------
    UserError
        If the content is not text.
    """
    if content.startswith(_UTF16_MARKS):
        try:
            return content.decode("utf-16").encode("utf-8"), [_encoding("UTF-16")]
        except UnicodeError:
            raise UserError(_junk(place, content)) from None
    if _is_junk(content[:SAMPLE_BYTES]):
        raise UserError(_junk(place, content))
    if content.startswith(b"\xef\xbb\xbf"):
        text, found = as_utf8(content[3:], place=place)
        return text, [_encoding("UTF-8 with a byte order mark"), *found]
    try:
        content.decode("utf-8")
    except UnicodeError:
        return _other_encoding(content)
    return content, []


def _other_encoding(content: bytes) -> tuple[bytes, list[Finding]]:
    mended = content.decode("utf-8", "replace")
    broken = mended.count("�")
    special = sum(1 for ch in mended if ord(ch) > 127)
    if broken <= MOST_BROKEN_SHARE * special:
        return mended.encode("utf-8"), [_damaged(broken)]
    try:
        return content.decode("cp1252").encode("utf-8"), [_encoding("Windows-1252")]
    except UnicodeError:
        return content.decode("latin-1").encode("utf-8"), [_encoding("Latin-1")]


def _is_junk(sample: bytes) -> bool:
    if b"\x00" in sample:
        return True
    control = sum(sample.count(byte) for byte in range(32) if byte not in _TEXT_CONTROLS)
    return control > MOST_CONTROL_SHARE * len(sample)


def _junk(place: str, content: bytes) -> Problem:
    found = next(
        (name for start, name in _STARTS.items() if content.startswith(start)), "bytes that are no text"
    )
    remedy = "Name the file by what it holds, or save the table as CSV."
    return Problem(place, found, "a table written as text", remedy)


def _encoding(name: str) -> Finding:
    return Finding(
        code="T101",
        kind="encoding",
        severity=Severity.NOTE,
        message=f"The file was read as {name}.",
        plain=f"The file's letters were read as {name}.",
        remedy="If accents look wrong, save the file as UTF-8.",
        evidence=({"encoding": name},),
    )


def _damaged(broken: int) -> Finding:
    return Finding(
        code="T108",
        kind="encoding",
        severity=Severity.WARN,
        message=f"The file is UTF-8 with {count(broken, 'broken character')}, each read as �.",
        plain=f"{count(broken, 'character')} of the file could not be read.",
        remedy="Export the file anew as UTF-8.",
        evidence=({"encoding": "UTF-8", "broken characters": broken},),
    )


def shapes(sample: bytes) -> list[Shape]:
    """Return the shape of the sample under each of the known delimiters."""
    return [shape_of(sample, delimiter) for delimiter in DELIMITERS]


def shape_of(sample: bytes, delimiter: str) -> Shape:
    """Return what the sample looks like when it is cut at `delimiter`."""
    uneven: list[int] = []

    def skip(row: csv.InvalidRow) -> str:
        uneven.append(row.actual_columns)
        return "skip"

    table = csv.read_csv(
        pa.BufferReader(sample),
        read_options=csv.ReadOptions(
            autogenerate_column_names=True, use_threads=False, block_size=len(sample) + 1
        ),
        parse_options=csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip
        ),
    )
    return Shape(delimiter, table.num_columns, table.num_rows, tuple(uneven))


def sample_of(content: bytes) -> bytes:
    """Return the first part of the file, cut at the end of a line."""
    if len(content) <= SAMPLE_BYTES:
        return content
    end = max(content.rfind(b"\n", 0, SAMPLE_BYTES), content.rfind(b"\r", 0, SAMPLE_BYTES))
    return content[: end + 1] if end >= 0 else content


def best_shape(found: Sequence[Shape], *, usual: str) -> Shape:
    """Return the shape that makes the best table: even lines first, then the most columns.

    A single column is believed only of the usual delimiter: text without any other is no table.
    """

    def worth(shape: Shape) -> tuple[bool, float, bool]:
        even = shape.even_share >= LEAST_EVEN_SHARE or one_field_more(shape)
        holds = even and (shape.columns > 1 or shape.delimiter == usual)
        alone = shape.columns == 1 and shape.delimiter != usual
        value = shape.columns if holds else 0.0 if alone else shape.even_share
        return holds, value, shape.delimiter == usual

    return max(found, key=worth)


def one_field_more(shape: Shape) -> bool:
    """Tell whether every line has one field more than the header, as R writes row names."""
    return shape.rows == 1 and len(shape.uneven) > 0 and set(shape.uneven) == {shape.columns + 1}


def delimiter_finding(delimiter: str) -> Finding:
    """Return the finding that says which delimiter was assumed."""
    name = DELIMITER_NAMES[delimiter]
    return Finding(
        code="T102",
        kind="delimiter",
        severity=Severity.NOTE,
        message=f"Columns were told apart by the {name} ({shortened(repr(delimiter))}).",
        plain=f"The file's columns were told apart by the {name}.",
        evidence=({"delimiter": name},),
    )
