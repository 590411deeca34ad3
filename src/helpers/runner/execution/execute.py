"""One notebook of one run: executed by papermill in a kernel of its own, its outcome told as it was."""

import logging
import re
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from helpers.errors import shortened
from helpers.runner.execution.task import OnCell, Task
from helpers.runner.kernels.provisioner import signal_name
from helpers.runner.kernels.watch import KernelWatch
from helpers.runner.record.run_record import CellError, NotebookRecord, NotebookStatus

CAUSE_CHARACTERS = 2_000
MEBIBYTE = 2**20

_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def run_task(task: Task, *, on_cell: OnCell, watch: Callable[[KernelWatch], None]) -> NotebookRecord:
    """Execute a notebook, again after a failure of the machine, and return what happened.

    Parameters
    ----------
    task : Task
        What to run; the file itself stays as it is.
    on_cell : callable
        Called with the number of the cell that begins and the number of cells.
    watch : callable
        Called with the watch of each attempt, which can stop it.
    """
    # papermill writes each cell's start and end to the log of the whole process: not here.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    began = time.monotonic()
    earlier: list[CellError] = []
    while True:
        seen = KernelWatch(task.limits)
        watch(seen)
        outcome = _attempt(task, seen, on_cell)
        error = outcome.error
        if error is None or error.kind != "infrastructure" or len(earlier) == task.retries:
            break
        earlier.append(error)
    seconds = round(time.monotonic() - began, 2)
    told = {"attempts": len(earlier) + 1, "earlier_errors": earlier, "seconds": seconds}
    return outcome.model_copy(update=told)


def _attempt(task: Task, watch: KernelWatch, on_cell: OnCell) -> NotebookRecord:
    record_path = task.folder / "notebooks" / f"{task.notebook}.ipynb"
    error: CellError | None = None
    try:
        execute_notebook(
            nbformat.read(task.path, as_version=4),
            None,
            dict(task.parameters),
            engine_name="nightbook",
            progress_bar=False,
            start_timeout=task.limits.start_seconds,
            execution_timeout=task.limits.cell_seconds,
            cores=task.cores,
            record_path=record_path,
            watch=watch,
            on_cell=on_cell,
            resources={"metadata": {"path": str(task.path.parent)}},
        )
        error = _silent_stop(record_path)
    except PapermillExecutionError as failure:
        error = _cell_error(failure, record_path)
    except Exception as failure:
        # Whatever keeps this notebook from running, a kernel that is not installed for one, is recorded as
        # its failure; the other notebooks go on.
        error = _other_error(failure, watch, _failed_cell(record_path))
    if watch.ending == "stopped":
        place = error.cell if error else None
        error = CellError(cell=place, line=None, cause="Stopped by Ctrl-C.", kind="interrupted")
    status: NotebookStatus = (
        "succeeded" if error is None else "interrupted" if error.kind == "interrupted" else "failed"
    )
    return NotebookRecord(
        status=status,
        peak_memory_mb=round(watch.peak_bytes / MEBIBYTE, 1) or None,
        kernel=watch.kernel,
        error=error,
        report=f"{task.notebook}.html",
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


def _other_error(failure: Exception, watch: KernelWatch, cell: int | None) -> CellError:
    """Tell what ended the notebook where its code raised nothing."""
    limits = watch.limits
    if watch.ending == "memory":
        took, allowed = watch.peak_bytes / MEBIBYTE, watch.allowed_bytes / MEBIBYTE
        return CellError(
            cell=cell, line=None, kind="limit",
            cause=f"Out of memory: {took:,.0f} MiB taken, {allowed:,.0f} MiB allowed.",
            what="The notebook and its child processes were ended. Allow it more under memory in the params "
            "file, if the machine has it, or fewer rows.",
        )  # fmt: skip
    if watch.ending == "time":
        return CellError(
            cell=cell, line=None, kind="limit",
            cause=f"Out of time: the notebook ran longer than the {limits.notebook_seconds:g} s it was "
            "allowed.",
            what="It was ended. Allow it more under timeout, notebook, in the params file, or less to do.",
        )  # fmt: skip
    if isinstance(failure, CellTimeoutError):
        return CellError(
            cell=cell, line=None, kind="limit",
            cause=f"Out of time: the cell ran longer than the {limits.cell_seconds:g} s it was allowed.",
            what="The notebook was ended. Allow its cells more under timeout, cell, in the params file.",
        )  # fmt: skip
    if isinstance(failure, DeadKernelError):
        return CellError(
            cell=cell, line=None, kind="infrastructure", cause=_how_it_died(watch.exit_status),
            what="The notebook's process ended without a word; nothing after this cell ran.",
        )  # fmt: skip
    first_line = str(failure).strip().splitlines()[0] if str(failure).strip() else type(failure).__name__
    return CellError(
        cell=cell, line=None, kind="infrastructure",
        cause=shortened(f"{type(failure).__name__}: {first_line}", limit=CAUSE_CHARACTERS),
        what="The notebook could not be run to its end.",
    )  # fmt: skip


def _how_it_died(exit_status: int | None) -> str:
    if exit_status is None:
        return "The kernel died."
    if exit_status < 0:
        hint = " (the operating system does this when memory runs out)" if exit_status == -9 else ""
        return f"The kernel was killed by {signal_name(exit_status)}{hint}."
    return f"The kernel ended with status {exit_status}."


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
