"""One notebook of one run: executed by papermill in a kernel of its own, its outcome told as it was."""

import logging
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from helpers.errors import shortened
from helpers.notebook_files import NotebookFile
from helpers.runner.kernel_watch import KernelWatch
from helpers.runner.records import CellError, NotebookRecord, NotebookStatus

START_SECONDS = 180
CAUSE_CHARACTERS = 2_000

_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def run_notebook(
    notebook: NotebookFile,
    parameters: Mapping[str, Any],
    *,
    folder: Path,
    watch: KernelWatch,
    on_cell: Callable[[int, int], None],
) -> NotebookRecord:
    """Execute a notebook and return what happened.

    Parameters
    ----------
    notebook : NotebookFile
        What to run; the file itself stays as it is.
    parameters : mapping
        The values to inject.
    folder : Path
        The run's folder; the executed notebook goes to ``notebooks/`` in it.
    watch : KernelWatch
        Measures the kernel, and stops it on Ctrl-C.
    on_cell : callable
        Called with the number of the cell that begins and the number of cells.
    """
    # papermill writes each cell's start and end to the log of the whole process: not here.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    record_path = folder / "notebooks" / f"{notebook.name}.ipynb"
    began = time.monotonic()
    error: CellError | None = None
    try:
        execute_notebook(
            nbformat.read(notebook.path, as_version=4),
            None,
            dict(parameters),
            engine_name="nightbook",
            progress_bar=False,
            start_timeout=START_SECONDS,
            record_path=record_path,
            watch=watch,
            on_cell=on_cell,
            resources={"metadata": {"path": str(notebook.path.parent)}},
        )
        error = _silent_stop(record_path)
    except PapermillExecutionError as failure:
        error = _cell_error(failure, record_path)
    except Exception as failure:
        # Whatever keeps this notebook from running, a kernel that is not installed for one, is recorded as
        # its failure; the other notebooks go on.
        error = _infrastructure_error(failure, record_path)
    if watch.stopped.is_set() and error is not None:
        error = CellError(cell=error.cell, line=None, cause="Stopped by Ctrl-C.")
    status: NotebookStatus = "interrupted" if watch.stopped.is_set() else "failed" if error else "succeeded"
    return NotebookRecord(
        status=status,
        seconds=round(time.monotonic() - began, 2),
        peak_memory_mb=round(watch.peak_bytes / 2**20, 1) or None,
        error=error,
        report=f"{notebook.name}.html",
    )


def _cell_error(failure: PapermillExecutionError, record_path: Path) -> CellError:
    text = _COLOUR.sub("", "\n".join(failure.traceback or []))
    lines = _LINE.findall(text)
    cause = f"{failure.ename}: {failure.evalue}" if failure.evalue else str(failure.ename)
    return CellError(
        cell=_failed_cell(record_path),
        line=int(lines[0]) if lines else None,
        cause=shortened(cause, limit=CAUSE_CHARACTERS),
        what="The code of this cell raised an error; nothing after it ran.",
    )


def _infrastructure_error(failure: Exception, record_path: Path) -> CellError:
    what = {
        DeadKernelError: "The notebook's process ended without a word: killed, or out of memory.",
        CellTimeoutError: "The cell ran longer than it was allowed.",
    }.get(type(failure), "The notebook could not be run to its end.")
    first_line = str(failure).strip().splitlines()[0] if str(failure).strip() else type(failure).__name__
    return CellError(
        cell=_failed_cell(record_path),
        line=None,
        cause=shortened(f"{type(failure).__name__}: {first_line}", limit=CAUSE_CHARACTERS),
        what=what,
    )


def _silent_stop(record_path: Path) -> CellError | None:
    """Return an error where a cell left the notebook early, say by `exit()`; papermill lets that pass."""
    cell = _failed_cell(record_path)
    if cell is None:
        return None
    what = "This cell ended the process; nothing after it ran."
    return CellError(cell=cell, line=None, cause="SystemExit", what=what)


def _failed_cell(record_path: Path) -> int | None:
    """Return the number of the failed cell in the notebook's own file: injected cells do not count."""
    if not record_path.exists():
        return None
    cells = nbformat.read(record_path, as_version=4).cells
    own = [cell for cell in cells if "injected-parameters" not in cell.metadata.get("tags", ())]
    failed = (
        n for n, cell in enumerate(own, 1) if cell.metadata.get("papermill", {}).get("status") == "failed"
    )
    return next(failed, None)
