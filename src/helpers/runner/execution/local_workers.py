"""Notebooks executed on this machine: a thread each, its kernel a process forked from the warm server."""

import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from helpers.memory import available_bytes
from helpers.runner.execution.execute import run_task
from helpers.runner.execution.task import OnCell, Task
from helpers.runner.kernels.watch import KernelWatch
from helpers.runner.record.run_record import NotebookRecord


class LocalWorkers:
    """Executes notebooks in threads of this process; see `Workers`.

    Attributes
    ----------
    cores : int
        How many cores the notebooks may keep busy together, and so how many run side by side.
    """

    def __init__(self, cores: int) -> None:
        self.cores = cores
        self._pool = ThreadPoolExecutor(cores, thread_name_prefix="notebook")
        self._watches: dict[str, KernelWatch] = {}
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.stop()
        self._pool.shutdown(wait=error is None, cancel_futures=True)

    def submit(self, task: Task, on_cell: OnCell) -> Future[NotebookRecord]:
        """Start the notebook in a thread."""
        place = task.place

        def watch(seen: KernelWatch) -> None:
            self._watches[place] = seen
            if self._stopped.is_set():
                seen.stop()

        def work() -> NotebookRecord:
            try:
                return run_task(task, on_cell=on_cell, watch=watch)
            finally:
                self._watches.pop(place, None)

        return self._pool.submit(work)

    def memory_in_use(self) -> Mapping[str, int]:
        """Return the bytes that each running notebook takes now."""
        return {place: watch.bytes_now for place, watch in list(self._watches.items())}

    def free_bytes(self) -> float:
        """Return how much memory this machine has free."""
        return available_bytes()

    def stop(self) -> None:
        """Kill every kernel that runs, and each that would still start."""
        self._stopped.set()
        for watch in list(self._watches.values()):
            watch.stop()
