"""What runs in the process of a Dask worker: a notebook, in a kernel of that worker's own warm server.

The runner never imports this module before it has found `distributed`, an extra. A worker gets it by name, so
its own copy of the helpers is what runs; `look` tells the runner which one that is.
"""

import asyncio
import importlib
import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from distributed import Reschedule, Worker, WorkerPlugin, get_worker

from helpers.errors import UserError
from helpers.keys import Surroundings, notebook_source, surroundings
from helpers.paths import from_repository
from helpers.runner.execution.task import Task
from helpers.runner.kernels.warm import warm_place
from helpers.runner.kernels.watch import KernelWatch
from helpers.runner.record.run_record import CellError, NotebookRecord

HOST = "nightbook"


class Host(WorkerPlugin):
    """The notebooks of one worker's process, and what ends with it.

    Attributes
    ----------
    watches : dict of str to KernelWatch
        By task the kernel that runs or is about to.
    topics : dict of str to str
        By task the run that it is of.
    stopped : set of str
        The runs whose person pressed Ctrl-C, by their topics.
    leaving : bool
        Whether the worker is closing.
    """

    name = HOST

    def __init__(self) -> None:
        self.watches: dict[str, KernelWatch] = {}
        self.topics: dict[str, str] = {}
        self.stopped: set[str] = set()
        self.leaving = False

    def setup(self, worker: Worker) -> None:
        """Take note of the worker."""
        self.worker = worker

    def watch(self, key: str, topic: str, seen: KernelWatch) -> None:
        """Take note of a kernel that is about to start; stop it at once where nobody waits for it."""
        self.watches[key], self.topics[key] = seen, topic
        task = self.worker.state.tasks.get(key)
        wanted = task is not None and task.state == "executing"
        if self.leaving or topic in self.stopped or not wanted:
            seen.stop()

    def forget(self, key: str) -> None:
        """Take note that the task has ended."""
        self.watches.pop(key, None)
        self.topics.pop(key, None)

    def stop(self, topic: str) -> None:
        """Kill the kernels of one run, and each that would still start."""
        self.stopped.add(topic)
        for key, watch in list(self.watches.items()):
            if self.topics.get(key) == topic:
                watch.stop()

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:
        """Kill the kernel of a task that nobody waits for: its runner is gone, or lost the scheduler."""
        # What is recommended for a task that ran to its end is never "released".
        if start == "executing" and finish == "released" and key in self.watches:
            self.watches[key].stop()

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - the signature is Dask's
        """End every kernel and the warm server, because the worker is closing."""
        self.leaving = True
        for watch in list(self.watches.values()):
            watch.stop()
        warm_place().close()


def run_there(task: Task, key: str, source: str, topic: str) -> NotebookRecord:
    """Execute a notebook in this worker's process.

    Parameters
    ----------
    task : Task
        Its paths start at the repository where they are inside it; here that is the worker's own.
    key : str
        What Dask calls the task.
    source : str
        The hash of the notebook's source on the runner's side.
    topic : str
        Where to tell that it began, and each cell.

    Raises
    ------
    Reschedule
        If the worker is closing: the notebook is run again elsewhere.
    """
    # Late, because the scheduler's process imports this module too.
    from helpers.runner.execution.execute import run_task

    worker = get_worker()
    host: Host = worker.plugins[HOST]
    worker.log_event(topic, {"key": key})
    here = replace(task, path=from_repository(task.path), folder=from_repository(task.folder))
    if _source_of(here.path) != source:
        return _other_notebook(here, worker.address)
    try:
        record = run_task(
            here,
            on_cell=lambda cell, cells: worker.log_event(topic, {"key": key, "cell": cell, "cells": cells}),
            watch=lambda seen: host.watch(key, topic, seen),
        )
    finally:
        host.forget(key)
    if host.leaving:
        raise Reschedule
    return record


async def look(probe: str) -> dict[str, Any]:
    """Return what this worker has: hashes of its helpers and packages, and what it reads in the file `probe`.

    Plain values, since a worker with another version of the helpers must be able to answer.
    """
    return await asyncio.to_thread(_look, probe)


async def join(resource: str, dask_worker: Worker) -> None:
    """Let this worker take notebooks: it offers the resource, as many as it has threads."""
    if HOST not in dask_worker.plugins:
        await dask_worker.plugin_add(plugin=Host(), name=HOST)
    await dask_worker.set_resources(**{resource: dask_worker.state.nthreads})


def stop_there(topic: str, dask_worker: Worker) -> None:
    """Stop the kernels of one run in this worker."""
    if HOST in dask_worker.plugins:
        dask_worker.plugins[HOST].stop(topic)


def nothing() -> None:
    """Do nothing: who can be asked for it has found this module."""


@cache
def _loaded() -> Surroundings:
    """Return what there was when this process loaded it; a worker lives for long, and files change."""
    importlib.import_module("helpers.runner.execution.execute")
    return surroundings({})


def _look(probe: str) -> dict[str, Any]:
    loaded, now = _loaded(), surroundings({})
    path = from_repository(probe)
    try:
        read = path.read_text(encoding="utf-8") if os.access(path.parent, os.W_OK) else None
    except OSError:
        read = None
    return {
        "helpers": now.helpers,
        "packages": now.lock + now.versions,
        "current": loaded == now,
        "probe": read,
    }


def _source_of(notebook: Path) -> str:
    try:
        return notebook_source(notebook)
    except (OSError, ValueError, KeyError, UserError):
        return ""


def _other_notebook(task: Task, worker: str) -> NotebookRecord:
    error = CellError(
        cell=None, line=None, kind="infrastructure",
        cause=f"The worker {worker} has another {task.path.name} than the runner, or none, at {task.path}.",
        what="It was not run. Notebooks must be the same on every machine.",
    )  # fmt: skip
    return NotebookRecord(status="failed", error=error, report=f"{task.notebook}.html")
