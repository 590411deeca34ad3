"""A papermill engine that keeps an honest record of each cell, in a warm kernel where there is one.

papermill's own writes 'completed' over cells that never ran when a kernel dies, and rewrites the file in
place. This one marks them as not run, writes atomically, and reports progress. papermill finds it by its
entry point; nothing else imports this module, because papermill loads its engines while it is imported.
"""

import asyncio
import contextlib
import math
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import nbformat
from jupyter_core.utils import ensure_event_loop, run_sync
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger

import helpers.files as files
from helpers.runner.execution.task import OnCell
from helpers.runner.kernels.provisioner import CORES_VARIABLE, LONGEST_SOCKET_PREFIX
from helpers.runner.kernels.warm import WarmError, warm_place
from helpers.runner.kernels.watch import KernelWatch

NOT_RUN = "not run"
PROVISIONER = "nightbook-warm"
# The file is written no more often than this: a notebook of quick cells is not slowed down.
SAVE_SECONDS = 1.0
# What libraries of numbers read, in a process of its own, to know how many threads to start.
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT")


class RecordKeeper(NotebookExecutionManager):
    """Keeps the executed notebook on disk, each cell with what really happened to it."""

    def __init__(self, nb: Any, *, record_path: Path, on_cell: OnCell) -> None:
        super().__init__(nb, output_path=None, progress_bar=False)
        self.record_path = record_path
        self.on_cell = on_cell
        self._saved = float("-inf")
        self._later: asyncio.TimerHandle | None = None

    def save(self, **_: Any) -> None:
        """Write the notebook atomically, unless it was written a moment ago."""
        if time.monotonic() - self._saved >= SAVE_SECONDS:
            self.save_now()

    def save_now(self) -> None:
        """Write the notebook atomically."""
        files.write_text(self.record_path, nbformat.writes(self.nb))
        self._saved = time.monotonic()
        self.last_save_time = self.now()

    def cell_start(self, cell: Any, cell_index: int | None = None, **options: Any) -> None:
        """Note that the cell begins; where it takes long, the file says so while it runs."""
        super().cell_start(cell, cell_index, **options)
        self._later = ensure_event_loop().call_later(SAVE_SECONDS, self._save_meanwhile)
        self.on_cell((cell_index or 0) + 1, len(self.nb.cells))

    def cell_complete(self, cell: Any, cell_index: int | None = None, **options: Any) -> None:
        """Note that the cell ended; one that ended because the kernel did has failed."""
        if self._later is not None:
            self._later.cancel()
        if sys.exc_info()[0] is not None:
            cell.metadata.papermill["status"] = self.FAILED
            cell.metadata.papermill["exception"] = True
            self.nb.metadata.papermill["exception"] = True
        super().cell_complete(cell, cell_index, **options)

    def _save_meanwhile(self) -> None:
        # In the event loop nobody could catch the error; when the cell ends it is met again, and told.
        with contextlib.suppress(OSError):
            self.save()

    def notebook_complete(self, **_: Any) -> None:
        """Close the record: cells that never ran are said not to have run."""
        self.end_time = self.now()
        self.nb.metadata.papermill["end_time"] = self.end_time.isoformat()
        self.nb.metadata.papermill["duration"] = (self.end_time - self.start_time).total_seconds()
        for cell in self.nb.cells:
            if cell.metadata.papermill["status"] == self.PENDING:
                cell.metadata.papermill["status"] = NOT_RUN
        self.save_now()


class _WatchedClient(PapermillNotebookClient):
    """A papermill client in a warm kernel if there is one, over private sockets, watched from the start."""

    watch: KernelWatch
    sockets: Path | None = None

    def create_kernel_manager(self) -> Any:
        manager = super().create_kernel_manager()
        manager.client_class = "helpers.runner.kernels.client.PromptClient"
        reason = _why_ordinary(manager)
        self.watch.kernel = f"ordinary: {reason}" if reason else "warm"
        if not reason:
            manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": PROVISIONER}
        elif os.name == "posix":
            self.sockets = Path(tempfile.mkdtemp(prefix="nightbook-"))
            manager.connection_file = str(self.sockets / "kernel.json")
            prefix = str(self.sockets / "s")
            if len(prefix) < LONGEST_SOCKET_PREFIX:
                manager.transport, manager.ip = "ipc", prefix
        return manager

    async def async_start_new_kernel(self, **options: Any) -> None:
        await super().async_start_new_kernel(**options)
        provisioner = self.km.provisioner
        self.watch.kernel = getattr(provisioner, "kernel", self.watch.kernel)
        self.watch.begin(provisioner.pid)

    # The base class binds its own coroutine into this.
    start_new_kernel = run_sync(async_start_new_kernel)

    def papermill_execute_cells(self) -> None:
        try:
            super().papermill_execute_cells()
        except DeadKernelError:
            process = getattr(self.km.provisioner, "process", None)
            self.watch.exit_status = process.poll() if process else None
            raise

    def leave(self) -> None:
        """Remove what was made for the kernel, and end what still listens to it, which nbclient leaves."""
        loop = ensure_event_loop()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        if self.sockets is not None:
            shutil.rmtree(self.sockets, ignore_errors=True)


def _why_ordinary(manager: Any) -> str:
    """Return why the kernel cannot be forked from the warm server; empty where it can."""
    command = manager.kernel_spec.argv
    if "ipykernel_launcher" not in command or command[0] not in ("python", "python3", sys.executable):
        return f"the kernel {manager.kernel_name!r} is not this environment's Python"
    try:
        _ = warm_place().server().folder  # waits until it is ready
    except WarmError as error:
        return str(error)
    return ""


@contextmanager
def _kernel_log(record_path: Path) -> Iterator[IO[bytes]]:
    """Give the kernel's own messages a file beside the notebook, kept if it is not empty."""
    path = record_path.with_suffix(".log")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("wb") as log:
            yield log
    finally:
        if path.stat().st_size == 0:
            path.unlink()


class NightbookEngine(NBClientEngine):
    """papermill's engine with `RecordKeeper` and `KernelWatch`; chosen by ``engine_name="nightbook"``."""

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool = True,  # noqa: ARG003 - papermill passes it; we show our own
        log_output: bool = False,
        autosave_cell_every: int = 30,  # noqa: ARG003 - `SAVE_SECONDS` says when a cell is saved
        **options: Any,
    ) -> Any:
        """Run the notebook; `options` hold record_path, on_cell, watch and cores beside papermill's own."""
        record_path = Path(options.pop("record_path", None) or str(output_path))
        on_cell = options.pop("on_cell", lambda _number, _total: None)
        keeper = RecordKeeper(nb, record_path=record_path, on_cell=on_cell)
        keeper.notebook_start()
        try:
            cls.execute_managed_notebook(keeper, kernel_name, log_output=log_output, **options)
        finally:
            keeper.notebook_complete()
        return keeper.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: RecordKeeper,
        kernel_name: str,
        log_output: bool = False,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        **options: Any,
    ) -> Any:
        """Run the cells in a kernel that is watched."""
        watch: KernelWatch = options.pop("watch", None) or KernelWatch()
        environment = kernel_environment(options.pop("cores", None))
        kept = {name: value for name, value in options.items() if name not in ("input_path", "timeout")}
        client = _WatchedClient(
            nb_man,
            kernel_name=kernel_name,
            timeout=None if execution_timeout is None else math.ceil(execution_timeout),  # it takes no float
            startup_timeout=start_timeout,
            shutdown_kernel="immediate",
            log=logger,
            log_output=log_output,
            **kept,
        )
        client.watch = watch
        try:
            with _kernel_log(nb_man.record_path) as log:
                return client.execute(stderr=log, env=environment)
        finally:
            watch.end()
            client.leave()


def kernel_environment(cores: int | None) -> dict[str, str]:
    """Return the environment of a kernel with so many cores; None leaves them to the libraries."""
    if cores is None:
        return dict(os.environ)
    return {**os.environ, CORES_VARIABLE: str(cores), **dict.fromkeys(THREAD_VARIABLES, str(cores))}
