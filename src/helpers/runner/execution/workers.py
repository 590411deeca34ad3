"""Where notebooks are executed: on this machine, or on a cluster; the batch sees only this."""

from collections.abc import Mapping
from concurrent.futures import Future
from types import TracebackType
from typing import Protocol, Self

from helpers.runner.execution.task import OnCell, Task
from helpers.runner.record.run_record import NotebookRecord


class Workers(Protocol):
    """What executes notebooks for a batch.

    Attributes
    ----------
    cores : int
        How many cores there are in all; the batch keeps no more than these busy.
    """

    cores: int

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def submit(self, task: Task, on_cell: OnCell) -> Future[NotebookRecord]:
        """Start the notebook; the future never raises for what happens in the notebook or its kernel."""

    def memory_in_use(self) -> Mapping[str, int]:
        """Return the bytes that each running notebook takes now, by run folder and name."""

    def free_bytes(self) -> float:
        """Return how much memory is free for one more notebook; infinite where that is not known here."""

    def stop(self) -> None:
        """Kill every kernel that runs: the person pressed Ctrl-C. Their futures end as 'interrupted'."""
