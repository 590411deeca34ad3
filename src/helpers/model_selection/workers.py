"""Fits in processes of their own, because threads wait for one another.

Boosting, networks and trees of scikit-learn spend much of a fit in Python itself, which one thread of a
process runs at a time: on a small table two fits in two threads take longer than one after the other. Here
each process has the table, and the columns as it prepared them, and each fit takes one thread, so that what
comes out is the same to the last bit. A process that dies in the middle of a fit takes no other with it.
"""

import multiprocessing
import os
import pickle
import queue
import signal
import threading
import warnings
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

import cloudpickle
from threadpoolctl import threadpool_limits

from helpers.model_selection.fitting import Fitted, Here, Job
from helpers.model_selection.parallel import cores
from helpers.model_selection.prepared import KEPT_BYTES, Prepared
from helpers.tables.table import Table

# A larger table is not copied for each process; its fits take so long outside Python that threads do.
LARGEST_BYTES = 2**29
# The processes are forked from one that has imported what a fit needs and done nothing yet: a notebook's own
# has threads, which no fork survives.
METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
NEEDED = (__name__, "sklearn.ensemble", "sklearn.linear_model", "sklearn.neural_network", "xgboost")

Warned = tuple[type[Warning], str, str, int]


class Workers:
    """Processes that fit, as many as there are cores; with one core, or a large table, it is done here.

    What they are forked from is begun at once, they themselves with the first fits. They know only the last
    table that was fitted on, as it was when it was sent, and end with `stop`, or with the process that asks.
    Safe to ask from several threads, about one table at a time.

    Parameters
    ----------
    count : int, optional
        How many; as many as there are cores if none is given.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or cores()
        if self.count > 1:
            try:
                _forerunner()
            except OSError as error:
                said = f"Fits run in threads, which may take longer: no process could be begun ({error})."
                warnings.warn(said, RuntimeWarning, stacklevel=2)
                self.count = 1
        self._here = Here()
        self._table: Table | None = None
        self._sends = False
        self._beginning = threading.Lock()
        self._all: list[_Worker] = []
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(self.count):
            self._free.put(None)

    def fit(self, table: Table, job: Job) -> Fitted:
        """Return what `fitting.fit_and_score` does.

        Raises
        ------
        MemoryError
            If the process was killed, as happens where memory runs out.
        RuntimeError
            If the process died of something else, for instance of a fault in a compiled library.
        """
        if not self._can_send(table):
            return self._here.fit(table, job)
        # What a search may vary is of no use there; neither it nor a read-only mapping can be sent.
        job = replace(job, candidate=replace(job.candidate, space={}), settings=dict(job.settings))
        worker = self._free.get()
        try:
            if worker is None or not worker.alive:
                worker = self._begun()
            return worker.fit(table, job)
        finally:
            self._free.put(worker)

    def stop(self) -> None:
        """End the processes, and with them the fits that are running; the next fit begins new ones."""
        while self._all:
            self._all.pop().end()

    def _begun(self) -> "_Worker":
        with self._beginning:
            self._all.append(_Worker(KEPT_BYTES // self.count))
            return self._all[-1]

    def _can_send(self, table: Table) -> bool:
        if table is not self._table:
            size = int(table.frame.memory_usage(deep=True).sum())
            self._table, self._sends = table, self.count > 1 and size <= LARGEST_BYTES
        return self._sends


def _forerunner() -> None:
    """Begin the process that the others are forked from; it imports while this one goes on."""
    if METHOD == "forkserver":
        forkserver.set_forkserver_preload(list(NEEDED))
        forkserver.ensure_running()


@dataclass(frozen=True)
class _Outcome:
    """What came of a job, and the warnings on the way."""

    fitted: Fitted | Exception
    warned: tuple[Warned, ...]


class _Worker:
    """One process, seen from the one that asks."""

    def __init__(self, limit: int) -> None:
        context: Any = multiprocessing.get_context(METHOD)
        self._connection, theirs = context.Pipe()
        with theirs:
            self._process: BaseProcess = context.Process(target=_serve, args=(theirs, limit), daemon=True)
            self._process.start()
        self._table: Table | None = None

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def fit(self, table: Table, job: Job) -> Fitted:
        try:
            # Estimators may be written in a cell, where no other process could import them.
            self._connection.send((None if table is self._table else table, cloudpickle.dumps(job)))
            self._table = table
            outcome: _Outcome = self._connection.recv()
        except (EOFError, OSError):
            raise self._death() from None
        for category, message, file, line in outcome.warned:
            warnings.warn_explicit(message, category, file, line)
        if isinstance(outcome.fitted, Exception):
            raise outcome.fitted
        return outcome.fitted

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()

    def _death(self) -> MemoryError | RuntimeError:
        self._process.join()
        status = self._process.exitcode
        if status == -signal.SIGKILL:
            return MemoryError("the process of a fit was killed, as happens where memory runs out")
        return RuntimeError(f"the process of the fit died with exit status {status}")


def _serve(connection: Connection, limit: int) -> None:
    """Fit what is asked for, until nobody asks any more."""
    # Ctrl-C reaches every process of a terminal; what it means is up to the one that asks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with threadpool_limits(1), suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            table, job = connection.recv()
            if table is not None:  # as it is with the first job
                prepared = Prepared(table, limit=limit)
            connection.send(_outcome(prepared, job))


def _outcome(prepared: Prepared, content: bytes) -> _Outcome:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fitted: Fitted | Exception
        try:
            job: Job = pickle.loads(content)  # noqa: S301 - from the process that began this one
            fitted = job.done(prepared)
        except Exception as error:
            fitted = _sendable(error)
    warned = dict.fromkeys((each.category, str(each.message), each.filename, each.lineno) for each in caught)
    return _Outcome(fitted, tuple(warned))


def _sendable(error: Exception) -> Exception:
    """Return the error, or one that says the same where it cannot be sent."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with_parent() -> None:
    """End this process as soon as the one that began it is gone, also in the middle of a fit."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
