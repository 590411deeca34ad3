"""What is recorded of a notebook that a cluster did not run to its end."""

from collections.abc import Sequence

from helpers.errors import listed, shortened
from helpers.runner.record.run_record import CellError, ErrorKind, NotebookRecord

CAUSE_CHARACTERS = 2_000
AGAIN = "run the same command again: what has finished is reused."


def interrupted(notebook: str) -> NotebookRecord:
    """Return the record of a notebook that Ctrl-C kept from running."""
    return _record(notebook, "Stopped by Ctrl-C.", "", kind="interrupted")


def scheduler_lost(notebook: str) -> NotebookRecord:
    """Return the record of a notebook that ran, or waited, when the scheduler could no longer be reached."""
    what = f"The notebook was stopped where it ran. Start scheduler and workers, then {AGAIN}"
    return _record(notebook, "The connection to the scheduler was lost.", what)


def workers_died(notebook: str, *, times: int) -> NotebookRecord:
    """Return the record of a notebook whose workers died one after the other."""
    what = "Look into the workers' logs. The operating system kills a worker when memory runs out."
    return _record(notebook, f"{times} workers died while they ran it.", what)


def no_worker(notebook: str, *, cores: int, seconds: float, unused: Sequence[str]) -> NotebookRecord:
    """Return the record of a notebook that waited in vain; `unused` names refused workers, and why."""
    size = f" of {cores} threads" if cores > 1 else ""
    cause = f"No worker{size} was there to run it for {seconds:g} s."
    if unused:
        cause += f" Not used: {listed(unused)}."
    return _record(notebook, cause, f"Start workers, then {AGAIN}")


def not_sent(notebook: str, error: Exception) -> NotebookRecord:
    """Return the record of a notebook that the cluster refused, or that could not be sent there."""
    return _record(notebook, f"{type(error).__name__}: {error}", "The cluster could not run the notebook.")


def _record(notebook: str, cause: str, what: str, *, kind: ErrorKind = "infrastructure") -> NotebookRecord:
    error = CellError(
        cell=None, line=None, cause=shortened(cause, limit=CAUSE_CHARACTERS), what=what, kind=kind
    )
    status = "interrupted" if kind == "interrupted" else "failed"
    return NotebookRecord(status=status, error=error, report=f"{notebook}.html")
