"""Predictions written part by part; the file has its name only when it is whole."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from helpers.errors import Problem, UserError, shortened
from helpers.prediction.usable import PREDICTION, UNLIKE

_WRITERS: MappingProxyType[str, Callable[..., Any]] = MappingProxyType(
    {".csv": csv.CSVWriter, ".parquet": pq.ParquetWriter, ".pq": pq.ParquetWriter}
)


class Output:
    """A file of predictions in the making, beside its place; removed unless `finish` was called.

    Parameters
    ----------
    path : Path
        Where it shall be; a file that is there stays until the new one is whole.

    Raises
    ------
    UserError
        If its ending is unknown, its folder is missing or cannot be written to, or it is a folder itself.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer: Any = None
        self._make = _WRITERS.get(path.suffix.lower())
        self._part = self._beside()

    def _beside(self) -> Path:
        shown = shortened(self.path)
        if self._make is None:
            given = f"{shown}, with {shortened(self.path.suffix or 'no ending')}"
            raise UserError(Problem("--out", given, f"a file that ends in one of {', '.join(_WRITERS)}"))
        try:
            if self.path.is_dir():
                raise UserError(Problem("--out", f"the folder {shown}", "a file"))
            if not self.path.parent.is_dir():
                given = f"{shown}, whose folder does not exist"
                raise UserError(
                    Problem("--out", given, "a file in a folder that exists", "Make the folder first.")
                )
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".nightbook-", suffix=".part")
        except (OSError, ValueError) as error:
            raise _unwritable(shown, error) from None
        os.close(handle)
        return Path(name)

    def __enter__(self) -> Self:
        return self

    def write(self, answers: pd.DataFrame) -> None:
        """Add rows; all parts have the same columns."""
        table = pa.Table.from_pandas(answers, schema=_schema(answers), preserve_index=False)
        try:
            if self._writer is None and self._make is not None:
                self._writer = self._make(str(self._part), table.schema)
            self._writer.write_table(table)
        except OSError as error:
            raise _unwritable(shortened(self.path), error) from None

    def finish(self) -> None:
        """Give the file its name."""
        try:
            self._close()
            with self._part.open("rb") as file:
                os.fsync(file.fileno())
            self._part.chmod(0o644)
            self._part.replace(self.path)
        except OSError as error:
            raise _unwritable(shortened(self.path), error) from None

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._close()
        except OSError:
            pass  # what went wrong is told by what is raised already, and the part goes
        finally:
            self._part.unlink(missing_ok=True)


def _schema(answers: pd.DataFrame) -> pa.Schema:
    """Return classes as text, the flag as a boolean, everything else as float64."""
    is_text = not pd.api.types.is_numeric_dtype(answers[PREDICTION].dtype)
    kinds = {UNLIKE: pa.bool_(), **({PREDICTION: pa.string()} if is_text else {})}
    return pa.schema([(name, kinds.get(name, pa.float64())) for name in answers.columns])


def _unwritable(shown: str, error: Exception) -> UserError:
    given = f"{shown}, which cannot be written ({shortened(error, limit=160)})"
    return UserError(Problem("--out", given, "a file that can be written"))
