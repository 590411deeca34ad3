"""What a child of the warm server becomes: a kernel, or one call of a function; imported after the fork."""

import contextlib
import ctypes
import importlib
import os
import random
import signal
import socket
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.runner.kernels import wire

PR_SET_PDEATHSIG = 1
# How a child ends that could not become what was asked for.
FAILED = 70


def run(
    connection: socket.socket, request: Mapping[str, Any], outputs: Sequence[int], *, server: int
) -> None:
    """Be what `request` asks for, then end the process.

    Parameters
    ----------
    connection : socket
        Where the asker listens: a kernel says when it is ready, a call gives its result.
    request : mapping
        ``connection_file`` and ``arguments`` for a kernel, ``function`` and ``arguments`` for a call; ``cwd``
        and ``env`` for both.
    outputs : sequence of int
        Descriptors that become standard output and standard error.
    server : int
        The process that forked this one, as it knew itself: it may have ended since.
    """
    status = FAILED
    try:
        _settle(request, outputs, server)
        if "function" in request:
            wire.send(connection, _called(str(request["function"]), request["arguments"]))
        else:
            _kernel(connection, request)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        # The asker learns of it by the exit status; the reason belongs where a kernel's own messages go.
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)  # the server's own clean-up must not run here


def _settle(request: Mapping[str, Any], outputs: Sequence[int], server: int) -> None:
    """Make the process one of its own: session, signals, streams, folder, environment, random numbers."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != server:  # it ended before it was asked to take this process with it
        os._exit(FAILED)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for number, descriptor in enumerate(outputs, start=1):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    _forget_changed_helpers(float(request["warm_since"]))
    random.seed()
    sys.modules["numpy"].random.seed()
    _limit_threads(request.get("cores"))


def _forget_changed_helpers(warm_since: float) -> None:
    """Let the helpers be imported anew where their source was edited after the server had imported them."""
    folder = Path(__file__).resolve().parents[2]
    if any(source.stat().st_mtime > warm_since for source in folder.rglob("*.py")):
        for name in [name for name in sys.modules if name == "helpers" or name.startswith("helpers.")]:
            del sys.modules[name]


def _limit_threads(cores: int | None) -> None:
    """Keep the libraries' own threads within the cores that were given; they read no environment any more."""
    if cores is not None:
        importlib.import_module("threadpoolctl").threadpool_limits(cores)


def _called(function: str, arguments: Sequence[Any]) -> dict[str, Any]:
    module, _, name = function.partition(":")
    try:
        return {"result": getattr(importlib.import_module(module), name)(*arguments)}
    except Exception:
        return {"error": traceback.format_exc()}


def _kernel(connection: socket.socket, request: Mapping[str, Any]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel_launcher.py", *request["arguments"]]
    app = IPKernelApp.instance()
    app.parent_handle = os.getppid()
    app.initialize(["-f", request["connection_file"], *request["arguments"]])
    inline = sys.modules["matplotlib_inline.backend_inline"]
    inline._enable_matplotlib_integration()  # it looked for a shell when it was imported: there was none
    wire.send(connection, {"ready": True})
    connection.close()
    app.start()
