"""Notebooks executed by the workers of a Dask cluster, each in a kernel of its worker's own warm server.

A path inside the repository is the same path inside each worker's own repository; any other is the same on
every machine. A worker takes notebooks only after it was found to have the runner's helpers, packages and
reports folder; that holds for workers that come later, too. It then offers as many cores as it has threads: a
notebook of several cores gets them on one worker, and no worker is given more than it offers. What else runs
on its machine is not known here, nor is its memory.
"""

import contextlib
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import helpers.files as files
import helpers.runner.cluster.cluster_outcomes as outcomes
from helpers.keys import notebook_source, surroundings
from helpers.paths import shown_path
from helpers.runner.cluster.cluster_checks import (
    Refusal,
    check_scheduler,
    connect,
    refusals,
    refused,
    running_workers,
    wait_for_workers,
)
from helpers.runner.execution.task import OnCell, Task
from helpers.runner.record.run_record import NotebookRecord

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Sent

LOOK_SECONDS = 1.0
# How long a notebook waits for a worker when none is left; a worker that is started anew needs some seconds.
PATIENCE_SECONDS = 60.0
# After so many workers died while they ran a notebook, it is taken to be the cause; so does Dask itself.
MOST_DEATHS = 4
END_SECONDS = 5.0


@dataclass
class _Pending:
    """A notebook that was given to the cluster.

    Attributes
    ----------
    task : Task
        With paths as `shown_path` writes them, and no more cores than the largest worker has.
    source : str
        The hash of its notebook's source.
    on_cell : callable
        Told when a cell begins.
    future : Future
        Where the batch waits.
    sent : distributed.Future or None
        Where we wait.
    began : int
        How often a worker said that it begins.
    homeless_since : float or None
        Since when Dask has had no worker for it.
    """

    task: Task
    source: str
    on_cell: OnCell
    future: Future[NotebookRecord] = field(default_factory=Future)
    sent: "Sent | None" = None
    began: int = 0
    homeless_since: float | None = None


class ClusterWorkers:
    """Executes notebooks on a Dask cluster; see `Workers`.

    Parameters
    ----------
    address : str
        The scheduler's, for instance ``tcp://10.0.0.1:8786``.
    reports : Path
        The reports folder, which every worker must see.
    most : int or None
        How many cores may be kept busy together; None takes all there are.
    patience : float
        How many seconds a notebook waits for a worker when none is left.

    Attributes
    ----------
    cores : int
        How many threads the workers had together when the cluster was looked at, at most `most`.

    Raises
    ------
    UserError
        If there is no such cluster, or a worker that cannot be used.
    """

    def __init__(
        self, address: str, *, reports: Path, most: int | None = None, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._address = address
        self._reports = reports
        self._patience = patience
        self._topic = f"nightbook-{uuid4().hex}"
        self._pending: dict[str, _Pending] = {}
        self._hosts: dict[str, int] = {}
        self._refused: dict[str, Refusal] = {}
        self._stopped, self._ended, self._wake = threading.Event(), threading.Event(), threading.Event()
        self._client: Client = connect(address)
        try:
            self._resource = self._look_first()
        except BaseException:
            self._client.close(timeout=END_SECONDS)
            raise
        self.cores = min(sum(self._hosts.values()), most or sys.maxsize)
        self._largest = max(self._hosts.values())
        self._client.subscribe_topic(self._topic, self._heard)
        self._watcher = threading.Thread(target=self._keep_watch, name="cluster", daemon=True)
        self._watcher.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            wait([pending.future for pending in list(self._pending.values())])
        else:
            self._stopped.set()
        self._ended.set()
        self._wake.set()
        self._watcher.join(END_SECONDS)
        # Before the client closes: what its closing does to a task must not be taken for the task's outcome.
        for key, pending in list(self._pending.items()):
            self._settle(key, outcomes.interrupted(pending.task.notebook))
        # Workers kill the kernels of tasks that nobody waits for, as they do where the runner was killed.
        self._client.close(timeout=END_SECONDS)

    def submit(self, task: Task, on_cell: OnCell) -> Future[NotebookRecord]:
        """Give the notebook to the cluster."""
        there = replace(
            task,
            path=Path(shown_path(task.path)),
            folder=Path(shown_path(task.folder)),
            cores=min(task.cores, self._largest),
        )
        pending = _Pending(there, notebook_source(task.path), on_cell)
        self._send(pending)
        return pending.future

    def memory_in_use(self) -> Mapping[str, int]:
        """Return nothing: what a notebook takes is measured, and limited, where it runs."""
        return {}

    def free_bytes(self) -> float:
        """Return how much memory there is for new work, as far as is known here: no end of it."""
        return float("inf")

    def stop(self) -> None:
        """Kill every kernel that runs, and each that would still start; returns at once."""
        self._stopped.set()
        self._wake.set()

    def _look_first(self) -> str:
        """Check the cluster, let its workers take notebooks; return the resource that stands for a core."""
        check_scheduler(self._client, self._address)
        workers = wait_for_workers(self._client, self._address)
        found = refusals(self._client, workers, reports=self._reports)
        if found:
            raise refused(self._address, found)
        # Other runs may share the workers; with other helpers or another folder theirs is another resource.
        same = [repr(surroundings({})), shown_path(self._reports)]
        self._resource = f"nightbook-{files.hash_of(same)[:16]}"
        self._admit(workers)
        return self._resource

    def _admit(self, workers: Mapping[str, int]) -> None:
        from helpers.runner.cluster.cluster_worker import join

        joined = self._client.run(join, self._resource, workers=list(workers), on_error="ignore")
        self._hosts |= {worker: workers[worker] for worker in joined}

    def _send(self, pending: _Pending) -> None:
        from helpers.runner.cluster.cluster_worker import run_there

        key = f"{pending.task.notebook}-{uuid4().hex}"
        self._pending[key] = pending
        if self._stopped.is_set():
            self._settle(key, outcomes.interrupted(pending.task.notebook))
            return
        try:
            pending.sent = self._client.submit(
                run_there, pending.task, key, pending.source, self._topic,
                key=key, pure=False, resources={self._resource: pending.task.cores},
            )  # fmt: skip
            pending.sent.add_done_callback(partial(self._done, key))
        except Exception as error:
            # The client closed itself because the scheduler was lost; the batch is to end in order.
            self._settle(key, outcomes.not_sent(pending.task.notebook, error))

    def _heard(self, event: tuple[float, dict[str, Any]]) -> None:
        """Note what a worker tells: that a notebook begins, or one of its cells."""
        message = event[1]
        pending = self._pending.get(message["key"])
        if pending is None:
            return
        if "cell" in message:
            pending.on_cell(message["cell"], message["cells"])
        else:
            pending.began += 1

    def _done(self, key: str, sent: "Sent") -> None:
        """Note that Dask has an outcome; this is called in a thread of its own."""
        from distributed.scheduler import KilledWorker

        pending = self._pending.get(key)
        if pending is None:
            return
        notebook = pending.task.notebook
        try:
            record: NotebookRecord = sent.result()
        except CancelledError:
            lost = outcomes.interrupted if self._stopped.is_set() else outcomes.scheduler_lost
            record = lost(notebook)
        except KilledWorker:
            record = outcomes.workers_died(notebook, times=pending.began)
        except Exception as error:
            record = outcomes.not_sent(notebook, error)
        self._settle(key, record)

    def _settle(self, key: str, record: NotebookRecord) -> None:
        """Give the batch the outcome, unless it has one."""
        pending = self._pending.pop(key, None)
        if pending is None:
            return
        if pending.sent is not None:
            pending.sent.release()  # Dask forgets the result; a task that still runs is cancelled
        attempts = max(1, pending.began) + record.attempts - 1
        pending.future.set_result(record.model_copy(update={"attempts": attempts}))

    def _keep_watch(self) -> None:
        while not self._ended.is_set():
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()
            # Whatever goes wrong here with a connection that was lost: the futures end by themselves.
            with contextlib.suppress(Exception):
                self._pass_on_stop() if self._stopped.is_set() else self._look_around()

    def _pass_on_stop(self) -> None:
        """End what has not begun, and let the workers kill the kernels of the rest."""
        from helpers.runner.cluster.cluster_worker import stop_there

        for key, pending in list(self._pending.items()):
            if not pending.began:
                self._settle(key, outcomes.interrupted(pending.task.notebook))
        self._client.run(stop_there, self._topic, on_error="ignore")

    def _look_around(self) -> None:
        """Take in workers that came, and find homes for notebooks whose workers went."""
        present = running_workers(self._client)
        self._hosts = {worker: cores for worker, cores in self._hosts.items() if worker in present}
        known = {*self._hosts, *self._refused}
        came = {worker: cores for worker, cores in present.items() if worker not in known}
        if came:
            self._refused |= refusals(self._client, came, reports=self._reports)
            self._admit({worker: cores for worker, cores in came.items() if worker not in self._refused})
        placed = {key for keys in self._client.processing().values() for key in keys}
        for key, pending in list(self._pending.items()):
            if key in placed or pending.sent is None or pending.sent.done():
                pending.homeless_since = None
            elif pending.homeless_since is None:
                pending.homeless_since = time.monotonic()  # perhaps only on its way: look once more
            else:
                self._find_home(key, pending, pending.homeless_since)

    def _find_home(self, key: str, pending: _Pending, since: float) -> None:
        """Send the notebook again: Dask does not look at workers that offer a resource after they came."""
        notebook, cores = pending.task.notebook, pending.task.cores
        if pending.began >= MOST_DEATHS:
            self._settle(key, outcomes.workers_died(notebook, times=pending.began))
        elif any(offered >= cores for offered in self._hosts.values()):
            if self._pending.pop(key, None) is not None and pending.sent is not None:
                pending.sent.release()
                pending.homeless_since = None
                self._send(pending)
        elif time.monotonic() - since > self._patience:
            unused = [f"{worker} {why.given}" for worker, why in self._refused.items()]
            self._settle(
                key, outcomes.no_worker(notebook, cores=cores, seconds=self._patience, unused=unused)
            )
