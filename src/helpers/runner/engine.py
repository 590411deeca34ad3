"""A papermill engine that keeps an honest record of each cell, and measures the kernel's memory.

papermill's own writes 'completed' over cells that never ran when a kernel dies, and rewrites the file in
place. This one marks them as not run, writes atomically, and reports progress. papermill finds it by its
entry point; nothing else imports this module, because papermill loads its engines while it is imported.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import nbformat
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.log import logger

import helpers.files as files
from helpers.runner.kernel_watch import KernelWatch

NOT_RUN = "not run"
# A Unix socket's path holds about a hundred characters, and jupyter_client appends a number.
LONGEST_SOCKET_PREFIX = 90


class RecordKeeper(NotebookExecutionManager):
    """Keeps the executed notebook on disk, each cell with what really happened to it."""

    def __init__(self, nb: Any, *, record_path: Path, on_cell: Callable[[int, int], None]) -> None:
        super().__init__(nb, output_path=None, progress_bar=False)
        self.record_path = record_path
        self.on_cell = on_cell

    def save(self, **_: Any) -> None:
        """Write the notebook atomically."""
        files.write_text(self.record_path, nbformat.writes(self.nb))
        self.last_save_time = self.now()

    def cell_start(self, cell: Any, cell_index: int | None = None, **options: Any) -> None:
        """Note that the cell begins."""
        super().cell_start(cell, cell_index, **options)
        self.on_cell((cell_index or 0) + 1, len(self.nb.cells))

    def cell_complete(self, cell: Any, cell_index: int | None = None, **options: Any) -> None:
        """Note that the cell ended; one that ended because the kernel did has failed."""
        if sys.exc_info()[0] is not None:
            cell.metadata.papermill["status"] = self.FAILED
            cell.metadata.papermill["exception"] = True
            self.nb.metadata.papermill["exception"] = True
        super().cell_complete(cell, cell_index, **options)

    def notebook_complete(self, **_: Any) -> None:
        """Close the record: cells that never ran are said not to have run."""
        self.end_time = self.now()
        self.nb.metadata.papermill["end_time"] = self.end_time.isoformat()
        self.nb.metadata.papermill["duration"] = (self.end_time - self.start_time).total_seconds()
        for cell in self.nb.cells:
            if cell.metadata.papermill["status"] == self.PENDING:
                cell.metadata.papermill["status"] = NOT_RUN
        self.save()


class _PrivateClient(PapermillNotebookClient):
    """A papermill client whose kernel talks over sockets in a private folder, off the network."""

    sockets: Path

    def create_kernel_manager(self) -> Any:
        manager = super().create_kernel_manager()
        prefix = str(self.sockets / "kernel")
        if os.name == "posix" and len(prefix) < LONGEST_SOCKET_PREFIX:
            manager.transport = "ipc"
            manager.ip = prefix
        return manager


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
        autosave_cell_every: int = 30,  # noqa: ARG003 - each cell is saved as it ends
        **options: Any,
    ) -> Any:
        """Run the notebook; `options` hold record_path, on_cell and watch beside papermill's own."""
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
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        **options: Any,
    ) -> Any:
        """Run the cells in a kernel whose memory is watched."""
        watch: KernelWatch = options.pop("watch", None) or KernelWatch()
        kept = {name: value for name, value in options.items() if name not in ("input_path", "timeout")}
        with tempfile.TemporaryDirectory(prefix="nightbook-") as sockets:
            client = _PrivateClient(
                nb_man,
                kernel_name=kernel_name,
                timeout=execution_timeout,
                startup_timeout=start_timeout,
                log=logger,
                log_output=log_output,
                **kept,
            )
            client.sockets = Path(sockets)
            client.on_notebook_start = lambda notebook: watch.begin(client.km.provisioner.pid)  # noqa: ARG005
            try:
                with _kernel_log(nb_man.record_path) as log:
                    return client.execute(stderr=log)
            finally:
                watch.end()
