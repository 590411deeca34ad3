"""The warm server seen from the process that owns it: start it, ask it for kernels and calls, end it."""

import contextlib
import os
import platform
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from helpers.runner.kernels import wire

# The server's imports took 5 to 15 s on a machine of two cores with other work.
START_SECONDS = 120.0
KILL_SECONDS = 5.0
READY_SECONDS = 60.0


class WarmError(Exception):
    """The warm server cannot do what it was asked; the text says why."""


class ChildDiedError(WarmError):
    """A process that the server forked was killed before it was done."""


class FunctionError(WarmError):
    """The function that was called raised; the text is its traceback."""


def why_not_warm() -> str:
    """Return why kernels cannot be forked on this machine, or an empty text where they can."""
    system = platform.system()
    return "" if system == "Linux" else f"processes cannot be forked safely on {system}"


class WarmProcess:
    """A process that the server forked, with as much of `subprocess.Popen` as jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal; None while it runs."""
        return self._listen(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit status."""
        status = self._listen(timeout)
        if status is None:
            raise subprocess.TimeoutExpired("a warm kernel", timeout or 0.0)
        return status

    def send_signal(self, number: int) -> None:
        """Send a signal to the process, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill the process."""
        self.send_signal(9)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(15)

    def _listen(self, timeout: float | None) -> int | None:
        with self._lock:
            while self.returncode is None:
                if not select.select([self._connection], [], [], timeout)[0]:
                    return None
                message = wire.receive(self._connection)
                if message is None:
                    self.returncode = -9  # the server is gone, and its children went with it
                elif "exit" in message:
                    self.returncode = int(message["exit"])
            self._connection.close()
            return self.returncode


class WarmServer:
    """A running warm server; `close` ends it and everything that it forked.

    Attributes
    ----------
    folder : Path
        A private folder for sockets, which goes with the server.
    """

    def __init__(self) -> None:
        reason = why_not_warm()
        if reason:
            raise WarmError(reason)
        self._lock = threading.Lock()
        self._number = 0
        self.since = time.time()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the server; a pipe could fill
        self._control, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "helpers.runner.kernels.server", str(theirs.fileno())]
            self.process = subprocess.Popen(  # noqa: S603
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                start_new_session=True,  # so that Ctrl-C on the terminal is the owner's alone
            )
        self._control.settimeout(START_SECONDS)
        self._folder: Path | None = None

    @property
    def folder(self) -> Path:
        """The server's private folder; waits until the server is ready.

        Raises
        ------
        WarmError
            If the server could not start.
        """
        with self._lock:
            if self._folder is None:
                self._folder = self._ready()
            return self._folder

    @property
    def alive(self) -> bool:
        """Whether the server's process runs."""
        return self.process.poll() is None

    def new_folder(self) -> Path:
        """Make a folder of its own for one kernel's sockets, inside the private one."""
        parent = self.folder
        with self._lock:
            self._number += 1
            made = parent / f"k{self._number}"
        made.mkdir(mode=0o700)
        return made

    def start_kernel(
        self,
        connection_file: str,
        *,
        arguments: Sequence[str],
        cwd: str,
        env: Mapping[str, str],
        outputs: tuple[int, int],
        cores: int | None = None,
    ) -> WarmProcess:
        """Fork a kernel and return it when it answers on its sockets.

        Raises
        ------
        WarmError
            If the server is gone, or the kernel ended before it was ready.
        """
        request = {
            "connection_file": connection_file,
            "arguments": list(arguments),
            "cwd": cwd,
            "env": dict(env),
            "cores": cores,
        }
        connection, pid = self._ask(request, outputs)
        connection.settimeout(READY_SECONDS)
        try:
            message = wire.receive(connection)
        except TimeoutError:
            message = None
        connection.settimeout(None)
        if message is None or "ready" not in message:
            connection.close()
            raise WarmError("the forked kernel was not ready")
        return WarmProcess(connection, pid)

    def call(self, function: str, arguments: Sequence[Any]) -> Any:
        """Return what ``module:function`` gives for plain arguments, computed in a child of the server.

        Raises
        ------
        WarmError
            If the server is gone; `ChildDiedError` if the child was killed, `FunctionError` if the function
            raised.
        """
        request = {
            "function": function,
            "arguments": list(arguments),
            "cwd": os.getcwd(),  # noqa: PTH109 - as text, for the other process
            "env": dict(os.environ),
        }
        with Path(os.devnull).open("wb") as nothing:
            connection, _ = self._ask(request, (nothing.fileno(), nothing.fileno()))
        with connection:
            message = wire.receive(connection)
        if message is None or not {"result", "error"} & set(message):
            raise ChildDiedError(f"the process that ran {function} was killed")
        if "error" in message:
            raise FunctionError(message["error"])
        return message["result"]

    def close(self) -> None:
        """End the server, its children and its folder."""
        self._control.close()
        try:
            self.process.wait(KILL_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._said.close()

    def _ready(self) -> Path:
        try:
            message = wire.receive(self._control)
        except TimeoutError:
            raise WarmError(f"the warm server was not ready within {START_SECONDS:.0f} s") from None
        if message is None:
            self._said.seek(0)
            said = self._said.read().decode("utf-8", "replace").strip()
            last = said.splitlines()[-1] if said else "it said nothing"
            raise WarmError(f"the warm server ended while it started: {last}")
        self._control.settimeout(None)
        return Path(message["folder"])

    def _ask(self, request: Mapping[str, Any], outputs: tuple[int, int]) -> tuple[socket.socket, int]:
        """Send a request and return the connection with the child's process id."""
        _ = self.folder  # waits until the server is ready
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                socket.send_fds(self._control, [b"+"], [theirs.fileno(), *outputs])
                wire.send(ours, {**request, "warm_since": self.since})
                message = wire.receive(ours)
            except OSError:
                message = None
        if message is None:
            ours.close()
            raise WarmError("the warm server is gone")
        return ours, int(message["pid"])


class WarmPlace:
    """The warm server of this process: started when it is first needed, started anew where it was killed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: WarmServer | None = None
        self._refused = ""

    def server(self) -> WarmServer:
        """Return the running server.

        Raises
        ------
        WarmError
            If there is none to be had; asked again, it says so again without trying.
        """
        with self._lock:
            if self._refused:
                raise WarmError(self._refused)
            try:
                if self._server is not None and not self._server.alive:
                    self._server.close()
                    self._server = None
                self._server = self._server or WarmServer()
            except (WarmError, OSError) as error:
                self._refused = str(error)
                raise WarmError(self._refused) from error
        return self._server

    def refuse(self, reason: str) -> None:
        """Give no server any more, for this reason."""
        with self._lock:
            self._refused = reason

    def close(self) -> None:
        """End the server, if there is one."""
        with self._lock:
            if self._server is not None:
                with contextlib.suppress(OSError):
                    self._server.close()
                self._server = None


@cache
def warm_place() -> WarmPlace:
    """Return this process's place for a warm server; kernels of one process share one."""
    return WarmPlace()
