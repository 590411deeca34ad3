"""How much memory reading a table takes, told from a sample before it is read; too large ones are refused.

The costs were measured with tables of 300,000 rows and 10 columns of one kind each (digits, whole numbers,
floats, dates, few and many different texts, short and long): the highest resident memory of a process while
`look_at` read the file, less what it took before. A cell costs about 45 bytes and each of its characters
two more, and each character of a text that no other row has 4.5 more; a number that comes as a number costs
50 bytes. For CSV and Parquet, what was measured lay between 0.8 and 1.2 times of what this gives.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.parquet as pq

from helpers.errors import Problem, UserError, shortened
from helpers.memory import available_bytes
from helpers.tables.places import EXCEL, JSON, PARQUET, TEXT

NUMBER_BYTES = 50.0
CELL_BYTES = 45.0
CHARACTER_BYTES = 2.0
OWN_CHARACTER_BYTES = 4.5
# JSON lines took 0.9 to 1.1 times of this; a name stands before each cell.
JSON_CELL_BYTES = 80.0
JSON_CHARACTER_BYTES = 6.5
# Of the unpacked sheets: 3.2 where they hold texts to 6.8 where they hold whole numbers.
EXCEL_FACTOR = 6.0

SAMPLE_BYTES = 1 << 18
SAMPLE_ROWS = 2_000
DELIMITERS = b",;\t|"
# No text takes more of its size: a cell is at least one byte in the file. Then no sample is taken.
MOST_FACTOR = 50
MIB, GIB = 2**20, 2**30
FEWER = "Take a sample of the rows, fewer columns, or more memory."
AS_PARQUET = "Written as Parquet, numbers with many digits take about a third."


@dataclass(frozen=True)
class ColumnSize:
    """What a sample tells of a column.

    Attributes
    ----------
    characters : float
        The mean length of a text in bytes; 0 for a column of numbers.
    levels : float
        How many different texts the whole column is expected to have; infinite if no two were equal.
    """

    characters: float = 0.0
    levels: float = 0.0

    def bytes_of(self, rows: float) -> float:
        """Return what reading so many rows of the column takes."""
        if not self.characters:
            return NUMBER_BYTES * rows
        own = min(rows, self.levels) * OWN_CHARACTER_BYTES
        return CELL_BYTES * rows + self.characters * (CHARACTER_BYTES * rows + own)


@dataclass(frozen=True)
class Allowed:
    """How much memory reading a table may take, and why not more."""

    bytes: int
    why: str

    @classmethod
    def of(cls, most_bytes: int | None) -> "Allowed":
        """Return what `memory` allows, or what is free now where it says nothing or more than that."""
        free = available_bytes()
        if most_bytes is not None and most_bytes < free:
            return cls(most_bytes, "which is what memory allows")
        return cls(free, "which is what is free here")

    def refuse(self, needed: float, what: str, *, where: str, remedy: str) -> None:
        """Refuse what needs more.

        Raises
        ------
        UserError
            With the size, the limit and what to do.
        """
        if needed > self.bytes:
            given = f"{what}, which takes about {_size(needed)} of memory to read"
            raise UserError(Problem(where, given, f"at most {_size(self.bytes)}, {self.why}", remedy))


def refuse_too_large(paths: Sequence[Path], *, allowed: Allowed, where: str) -> None:
    """Refuse files that together take more memory than there is, before they are read.

    Parameters
    ----------
    paths : sequence of Path
        Existing files; what cannot be read as what its name says is left to the reading.
    allowed : Allowed
        How much reading them may take.
    where : str
        What messages begin with.

    Raises
    ------
    UserError
        With the size, the limit and what to do.
    """
    on_disk = sum(_on_disk(path) for path in paths)
    texts = all(path.suffix.lower() in (*TEXT, *JSON) for path in paths)
    if texts and on_disk * MOST_FACTOR <= allowed.bytes:
        return
    needed = sum(reading_bytes(path) for path in paths)
    name = shortened(paths[0].name) if len(paths) == 1 else f"a table of {len(paths)} files"
    remedy = f"{FEWER} {AS_PARQUET}" if texts else FEWER
    allowed.refuse(needed, f"{name} ({_size(on_disk)} on disk)", where=where, remedy=remedy)


def _on_disk(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # reading it will say what is wrong
        return 0


def reading_bytes(path: Path) -> float:
    """Return about how many bytes of memory reading the file takes; 0 where that cannot be told."""
    measure = _MEASURES.get(path.suffix.lower())
    try:
        return measure(path) if measure is not None else 0.0
    except (OSError, ValueError, pa.ArrowException, zipfile.BadZipFile):
        return 0.0


def column_size(values: Iterable[object]) -> ColumnSize:
    """Return what a sample of a column's texts tells of it.

    Notes
    -----
    How many different texts there are is Chao's lower bound (1984): those seen, and f1² / 2 f2 unseen, where
    f1 texts were seen once and f2 twice.
    """
    texts = [
        value if isinstance(value, (str, bytes)) else str(value) for value in values if value is not None
    ]
    if not texts:
        return ColumnSize()
    times = Counter(Counter(texts).values())
    once, twice = times.get(1, 0), times.get(2, 0)
    seen = sum(times.values())
    unseen = once**2 / (2 * twice) if twice else float("inf") if once == seen else once * (once - 1) / 2
    mean = sum(
        len(text.encode("utf-8", "replace") if isinstance(text, str) else text) for text in texts
    ) / len(texts)
    return ColumnSize(max(mean, 1.0), seen + unseen)


def array_size(array: pa.Array) -> ColumnSize:
    """Return what a sample of a column tells of it, with the types that the file or the database gives."""
    plain = pa.types.is_primitive(array.type) or pa.types.is_null(array.type)
    return ColumnSize() if plain else column_size(array.to_pylist())


def _text_bytes(path: Path) -> float:
    """Return what a text table takes, from the lines at its beginning."""
    with path.open("rb") as file:
        start = file.read(SAMPLE_BYTES)
    lines = start.replace(b"\0", b"").splitlines()
    lines = lines[1:-1] if len(lines) > 2 else lines
    if not lines:
        return 0.0
    delimiter = max(DELIMITERS, key=lambda sign: lines[0].count(sign))
    columns: dict[int, list[bytes]] = {}
    for line in lines:
        for place, cell in enumerate(line.split(bytes([delimiter]))):
            columns.setdefault(place, []).append(cell)
    rows = path.stat().st_size / (len(start) / (len(lines) + 1))
    # A column that only few lines have is the rest of a text with the delimiter in it.
    return sum(column_size(cells).bytes_of(rows * len(cells) / len(lines)) for cells in columns.values())


def _parquet_bytes(path: Path) -> float:
    with pq.ParquetFile(path) as file:
        rows = file.metadata.num_rows
        batch = next(file.iter_batches(batch_size=SAMPLE_ROWS), None)
    return 0.0 if batch is None else sum(array_size(column).bytes_of(rows) for column in batch.columns)


def _json_bytes(path: Path) -> float:
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(SAMPLE_BYTES)
    cells = len(re.findall(rb'"\s*:', start)) / max(len(start), 1) * size
    return JSON_CELL_BYTES * cells + JSON_CHARACTER_BYTES * size


def _excel_bytes(path: Path) -> float:
    with zipfile.ZipFile(path) as book:
        return EXCEL_FACTOR * sum(
            part.file_size for part in book.infolist() if part.filename.startswith("xl/")
        )


def _size(count: float) -> str:
    return f"{count / GIB:,.1f} GiB" if count >= GIB else f"{count / MIB:,.1f} MiB"


_MEASURES: Mapping[str, Callable[[Path], float]] = MappingProxyType(
    {
        **dict.fromkeys(TEXT, _text_bytes),
        **dict.fromkeys(PARQUET, _parquet_bytes),
        **dict.fromkeys(JSON, _json_bytes),
        **dict.fromkeys(EXCEL, _excel_bytes),
    }
)
