"""A table of new rows part by part, so that files larger than the memory can be read."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.errors import Problem, UserError, shortened
from helpers.prediction.json_parts import is_array, json_parts
from helpers.prediction.part import ROWS_WANTED, Part, aligned, cut, names_of, rows_of_part, told
from helpers.prediction.text_parts import text_parts
from helpers.tables.bundled import read_bundled
from helpers.tables.formats import read_file
from helpers.tables.places import BUNDLED, JSON, PARQUET, SUFFIXES, TEXT


def parts_of(table: str, *, wanted: Sequence[str]) -> Iterator[Part]:
    """Return the rows of a table in their order, some thousands at a time.

    Parameters
    ----------
    table : str
        A file of a kind that params can name, or ``sklearn:NAME``. CSV, TSV, JSON lines and Parquet are read
        part by part; a JSON array and an Excel sheet are read as a whole.
    wanted : sequence of str
        The columns that are needed; of Parquet no others are read.

    Raises
    ------
    UserError
        If there is no such table; on the way, if it cannot be read or holds no rows.
    """
    rows = rows_of_part(len(wanted))
    place = shortened(table)
    if table.startswith(BUNDLED):
        return cut(read_bundled(table, where="TABLE")[0], rows)
    path = Path(table).expanduser()
    suffix = path.suffix.lower()
    _refuse(path, suffix, place)
    if suffix in TEXT:
        usual = "\t" if suffix in (".tsv", ".tab") else ","
        return text_parts(path, usual=usual, place=place, rows=rows)
    if suffix in PARQUET:
        return _parquet_parts(path, wanted, place, rows)
    if suffix in JSON and not is_array(path):
        return json_parts(path, place=place, rows=rows)
    frame = read_file(path, place=place).frame
    return cut(frame.set_axis(names_of(list(frame.columns), place), axis=1), rows)


def _refuse(path: Path, suffix: str, place: str) -> None:
    """Refuse what is no file, or none that holds a table."""
    try:
        if path.is_dir():
            problem = Problem("TABLE", f"the folder {place}", "a file")
        elif not path.is_file():
            given = f"{place}, which does not exist"
            problem = Problem("TABLE", given, "a file", "Relative paths start where the command is called.")
        elif suffix not in SUFFIXES:
            given = f"a file with {shortened(suffix or 'no ending')}"
            problem = Problem(place, given, f"one of {', '.join(SUFFIXES)}")
        elif path.stat().st_size == 0:
            problem = Problem(place, "an empty file", ROWS_WANTED)
        else:
            return
    except (OSError, ValueError) as error:
        problem = Problem("TABLE", f"{place}, which cannot be looked at ({shortened(error)})", "a file")
    raise UserError(problem)


def _parquet_parts(path: Path, wanted: Sequence[str], place: str, rows: int) -> Iterator[Part]:
    with told(place, "Parquet"), pq.ParquetFile(path) as file:
        given = file.schema_arrow.names
        renamed = dict(zip(given, names_of(given, place), strict=True))
        total = file.metadata.num_rows
        if not total:
            raise UserError(Problem(place, "a table without rows", ROWS_WANTED))
        # One column at least: without any, a part would not know its rows.
        read = [old for old, name in renamed.items() if name in set(wanted)] or given[:1]
        others = tuple(name for old, name in renamed.items() if old not in read)
        batches = file.iter_batches(batch_size=rows, columns=read)
        done = 0
        for frame in aligned((_frame(batch) for batch in batches), rows):
            done += len(frame)
            yield Part(frame.rename(columns=renamed), done / total, others)


def _frame(batch: pa.RecordBatch) -> pd.DataFrame:
    frame: pd.DataFrame = pa.Table.from_batches([batch]).replace_schema_metadata(None).to_pandas()
    return frame
