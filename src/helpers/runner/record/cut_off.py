"""Runs whose runner was killed: found again by the mark that each keeps while it runs, and closed for it."""

import contextlib
from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.errors import UserError
from helpers.paths import kept_in
from helpers.runner.record.run_record import CellError, RunRecord, now, read_record, write_record

CAUSE = "The process that ran it ended before the notebook did."
WHAT = (
    "The command was killed, or the machine went down; its last second may not be shown. "
    "What had finished is reused by the next run."
)


def mark_running(folder: Path) -> None:
    """Mark the run in `folder` as running."""
    files.write_text(_mark(folder), "")


def unmark_running(folder: Path) -> None:
    """Take the mark away."""
    _mark(folder).unlink(missing_ok=True)


def close_cut_off(experiment: Path) -> list[tuple[Path, RunRecord]]:
    """Close the records of the experiment's runs whose runner is gone; return those that were changed.

    Their notebooks that ran are recorded as cut off, with the cell that they were in; those that waited as
    not run. The reports are for the caller to write.
    """
    closed = []
    for mark in sorted(_mark(experiment / "any").parent.glob("*")):
        folder = experiment / mark.name
        try:
            record = read_record(folder)
        except UserError:
            # Killed before its first record, or damaged: the index says so of what is there.
            mark.unlink(missing_ok=True)
            continue
        if record.effective_status() == "cut off":
            _close(folder, record)
            closed.append((folder, record))
        if record.status != "running":
            mark.unlink(missing_ok=True)
    return closed


def cells_left(notebook: Any) -> tuple[int | None, Any]:
    """Say in an executed notebook which cell was running when it was cut off, and which never ran.

    Returns
    -------
    cell, notebook
        The number of the cell that ran, injected ones not counted, None where none did; and the notebook.
    """
    number, running = 0, None
    for cell in notebook["cells"]:
        injected = "injected-parameters" in cell["metadata"].get("tags", ())
        number += not injected
        told = cell["metadata"].get("papermill", {})
        if told.get("status") == "running":
            told["status"], running = "failed", number
        elif told.get("status") == "pending":
            told["status"] = "not run"
    return running, notebook


def _close(folder: Path, record: RunRecord) -> None:
    for name, outcome in record.notebooks.items():
        if outcome.status == "running":
            outcome.status = "cut off"
            cell = _close_notebook(folder / "notebooks" / f"{name}.ipynb")
            outcome.error = CellError(cell=cell, line=None, cause=CAUSE, what=WHAT, kind="interrupted")
        elif outcome.status == "waiting":
            outcome.status = "not run"
    record.status = "cut off"
    record.finished = now()
    write_record(folder, record)
    with contextlib.suppress(FileNotFoundError):
        (folder / ".reserve").unlink()


def _close_notebook(path: Path) -> int | None:
    try:
        content = files.read_json(path)
    except (OSError, ValueError):
        return None  # it was not even begun
    cell, closed = cells_left(content)
    files.write_json(path, closed)
    return cell


def _mark(run: Path) -> Path:
    return kept_in(run.parent) / "running" / run.name
