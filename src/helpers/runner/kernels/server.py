"""The warm server: a process that imports the heavy libraries once and forks a child for each request.

``python -m helpers.runner.kernels.server FD`` where FD is one end of a socket pair. It has one thread and
never computes, since a lock or a thread pool that is in use while a process forks stays so in the child.
When the other end of FD closes, because its owner is done or was killed, the server kills its children,
removes its folder and ends. Each child has a connection of its own; where that closes, the child is killed.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import selectors
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers.runner.kernels import wire

# What the notebooks and their kernels import, so that a kernel need not: 0.45 s of debugpy's are among it.
PRELOADED: tuple[str, ...] = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "debugpy.server",
    "IPython.core.completer",
    "matplotlib_inline.backend_inline",
    "matplotlib.pyplot",
    "numpy",
    "pandas",
    "pyarrow.parquet",
    "scipy.stats",
    "sklearn.compose",
    "sklearn.datasets",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.neighbors",
    "sklearn.neural_network",
    "sklearn.pipeline",
    "optuna",
    "xgboost",
    "seaborn",
    "skrub",
    "skops.io",
    "helpers.session",
    "helpers.data_quality.run",
    "helpers.exploration.views",
    "helpers.visualisation.figures",
    "helpers.model_selection.record",
    "helpers.prediction.coverage",
    "helpers.evaluation.steps_model",
    "helpers.evaluation.steps_quality",
    "helpers.evaluation.steps_ranking",
    "helpers.evaluation.steps_stress",
    "helpers.summary.page",
)
FDS_A_REQUEST = 3
PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Child:
    """A process forked for a request, in a session of its own, and the connection that asked for it."""

    pid: int
    connection: socket.socket


def main() -> None:
    """Import everything, then serve until the other end closes."""
    control = socket.socket(fileno=int(sys.argv[1]))
    # `-m` puts the folder that the server was started in before the libraries; kernels must not see it.
    sys.path[:] = [entry for entry in sys.path if entry not in ("", str(Path.cwd()))]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    adopt_orphans()
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    for name in PRELOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # so that no collection in a child writes to the pages that all share
    folder = Path(tempfile.mkdtemp(prefix="nightbook-"))
    try:
        wire.send(control, {"ready": True, "folder": str(folder)})
        Server(control).serve()
    except (BrokenPipeError, ConnectionResetError):
        pass  # the owner is gone already: there is nobody to serve
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """Forks children on request and tells how each one ended."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.children: dict[int, Child] = {}
        self.pid = os.getpid()
        self.selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Serve until the owner's end closes; then kill what is left."""
        with self._told_of_ends() as ends:
            self.selector.register(self.control, selectors.EVENT_READ)
            self.selector.register(ends, selectors.EVENT_READ)
            owned = True
            while owned:
                for key, _ in self.selector.select():
                    if key.fileobj is self.control:
                        owned = self._accept()
                    elif key.fileobj is ends:
                        ends.recv(4096)
                        self._reap()
                    elif key.data in self.children:
                        self._asker_gone(self.children[key.data])
            for child in self.children.values():
                kill_group(child.pid)
            self.children.clear()
            self._kill_orphans()

    def _accept(self) -> bool:
        """Take one request; return False where the owner is gone."""
        try:
            told, descriptors, _, _ = socket.recv_fds(self.control, 1, FDS_A_REQUEST)
        except ConnectionResetError:
            return False
        if not told:
            return False
        connection = socket.socket(fileno=descriptors[0])
        request = wire.receive(connection)
        if request is None:
            connection.close()
        else:
            self._fork(connection, request, descriptors[1:])
        for descriptor in descriptors[1:]:
            os.close(descriptor)
        return True

    def _fork(self, connection: socket.socket, request: dict[str, object], outputs: list[int]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._become(connection, request, outputs)
        self.children[pid] = Child(pid, connection)
        self.selector.register(connection, selectors.EVENT_READ, data=pid)
        with contextlib.suppress(BrokenPipeError):  # an asker that is gone is seen by the selector
            wire.send(connection, {"pid": pid})

    def _become(self, connection: socket.socket, request: dict[str, object], outputs: list[int]) -> None:
        """Be the child: let go of what is the server's, then do what was asked; never returns."""
        signal.set_wakeup_fd(-1)
        self.selector.close()
        self.control.close()
        for child in self.children.values():
            child.connection.close()
        from helpers.runner.kernels.child import run

        run(connection, request, outputs, server=self.pid)

    def _reap(self) -> None:
        """Tell each asker whose child ended how it did, and end what that child has left running."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            child = self.children.pop(pid, None)
            if child is None:
                continue  # an orphan of a child, killed below
            kill_group(pid)
            self._kill_orphans()
            with contextlib.suppress(KeyError):
                self.selector.unregister(child.connection)
            with contextlib.suppress(BrokenPipeError):  # nobody waits for it any more
                wire.send(child.connection, {"exit": os.waitstatus_to_exitcode(status)})
            child.connection.close()

    def _asker_gone(self, child: Child) -> None:
        """Kill the child whose asker closed the connection; askers send nothing after their request."""
        self.selector.unregister(child.connection)
        kill_group(child.pid)
        os.kill(child.pid, signal.SIGKILL)  # it may not have a group of its own yet

    def _kill_orphans(self) -> None:
        """Kill what ended children have left behind; it became ours, see `adopt_orphans`."""
        for process in psutil.Process().children():
            if process.pid not in self.children:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()

    @contextlib.contextmanager
    def _told_of_ends(self) -> Iterator[socket.socket]:
        """Give a socket that can be read whenever a child has ended."""
        reader, writer = socket.socketpair()
        writer.setblocking(False)
        reader.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield reader
        finally:
            signal.set_wakeup_fd(-1)
            reader.close()
            writer.close()


def adopt_orphans() -> None:
    """Let orphaned grandchildren become children of this process (Linux), so that none is left behind."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl refused to make the warm server a reaper")


def kill_group(pid: int) -> None:
    """Kill the child and everything in its process group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
