"""CSV, TSV and their kin part by part, every cell as text, as `helpers.tables.delimited` reads them whole."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from helpers.errors import Problem, UserError
from helpers.prediction.part import ROWS_WANTED, Part, aligned, names_of, told
from helpers.prediction.text_stream import TextStream, encoding_of
from helpers.tables.dialect import Shape, best_shape, one_field_more, sample_of, shapes
from helpers.wording import count

# A line must fit into one block.
BLOCK_BYTES = 1 << 23


def text_parts(path: Path, *, usual: str, place: str, rows: int) -> Iterator[Part]:
    """Yield the rows of a text table in their order, at most `rows` at a time.

    Parameters
    ----------
    path : Path
        The file.
    usual : str
        The delimiter that such a file has by its name.
    place : str
        What to call it in messages.
    rows : int
        The most rows of a part.

    Raises
    ------
    UserError
        If the file is no text or has no rows, or, at the end, if lines have different numbers of fields.
    """
    found, size = 0, path.stat().st_size
    with told(place, "text"), TextStream(path, encoding_of(path, place=place)) as stream:
        if not stream.sample.strip():
            raise UserError(Problem(place, "an empty file", ROWS_WANTED))
        for frame in aligned(_batches(stream, usual, place), rows):
            found += len(frame)
            yield Part(frame, min(stream.position / size, 1.0))
    if not found:
        raise UserError(Problem(place, "a header without rows", ROWS_WANTED))


def _batches(stream: TextStream, usual: str, place: str) -> Iterator[pd.DataFrame]:
    """Yield the cells as text, under the names that the first line gives."""
    shape = best_shape(shapes(sample_of(stream.sample)), usual=usual)
    extra = one_field_more(shape)
    names = _header(stream.sample, shape, extra=extra, place=place)
    uneven: list[int] = []
    reader = _reader(pa.PythonFile(stream, mode="r"), shape.delimiter, len(names), uneven, skipped=extra)
    begun = extra  # where the lines have a field more, the header was skipped: it would not fit
    for batch in reader:
        frame = pa.Table.from_batches([batch]).to_pandas()
        yield frame.iloc[0 if begun else 1 :].set_axis(names, axis=1)
        begun = True
    if uneven:
        given = f"{count(len(uneven), 'line')} without as many fields as the header: {uneven[0]} in the first"
        remedy = "Mend those lines, or put quotes around values that hold the delimiter."
        raise UserError(Problem(place, given, f"{len(names) - extra} fields on every line", remedy))


def _reader(source: Any, delimiter: str, columns: int, uneven: list[int], *, skipped: bool) -> Any:
    """Return what reads every cell as text; lines of another length are left out and noted in `uneven`."""

    def note(row: csv.InvalidRow) -> str:
        uneven.append(row.actual_columns)
        return "skip"

    names = [str(place) for place in range(columns)]
    return csv.open_csv(
        source,
        read_options=csv.ReadOptions(
            column_names=names, block_size=BLOCK_BYTES, use_threads=False, skip_rows=int(skipped)
        ),
        parse_options=csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note
        ),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )


def _header(sample: bytes, shape: Shape, *, extra: bool, place: str) -> list[str]:
    """Return the columns' names; a field more on every line stands before the others, or is an empty end."""
    first = _reader(pa.BufferReader(sample), shape.delimiter, shape.columns, [], skipped=False)
    given = [str(column[0].as_py()) for column in first.read_next_batch().columns]
    if extra:
        body = _reader(pa.BufferReader(sample), shape.delimiter, shape.columns + 1, [], skipped=True)
        trailing = pc.all(pc.equal(body.read_next_batch().columns[-1], "")).as_py()
        given = [*given, ""] if trailing else ["", *given]
    return names_of(given, place)
