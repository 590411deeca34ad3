"""A jupyter_client provisioner whose kernels are forked from the warm server.

Named `nightbook-warm` in a kernelspec's metadata. Where the server cannot be had, an ordinary kernel is
started by the kernelspec's command, and `kernel` says why.
"""

import asyncio
import os
import shutil
import signal
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from helpers.runner.kernels.warm import WarmError, WarmProcess, WarmServer, warm_place

CORES_VARIABLE = "NIGHTBOOK_CORES"
# A Unix socket's path holds about a hundred characters, and jupyter_client appends a number.
LONGEST_SOCKET_PREFIX = 90
POLL_SECONDS = 0.005


class WarmProvisioner(LocalProvisioner):
    """Forks kernels; interrupt, restart, kill and crash are as with an ordinary kernel.

    Attributes
    ----------
    kernel : str
        ``warm``, or ``ordinary: `` with the reason.
    """

    kernel = ""
    process: Any = None
    pid: int | None = None
    pgid: int | None = None
    cwd: Any = None
    _server: WarmServer | None = None
    _folder: Path | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Give the kernel sockets in a private folder, off the network, before its addresses are written.

        Where the folder's path is too long for sockets, the kernel keeps to ports of this machine.
        """
        try:
            server = await asyncio.to_thread(self._warm_server)
        except WarmError as error:
            self._server, self.kernel = None, f"ordinary: {error}"
        else:
            self._server, self.kernel = server, "warm"
            if self._folder is None or not self._folder.exists():
                self._use_private_sockets(server)
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel, or start an ordinary one."""
        if self._server is not None:
            try:
                self.process = await asyncio.to_thread(self._forked, self._server, cmd, kwargs)
            except WarmError as error:
                self._server, self.kernel = None, f"ordinary: {error}"
            else:
                self.pid = self.pgid = self.process.pid
                self.cwd = kwargs.get("cwd") or Path.cwd()
                return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and its process group, and wait for the end, which takes milliseconds."""
        await super().kill(restart=restart)
        if isinstance(self.process, WarmProcess):
            await self.wait()

    async def wait(self) -> int | None:
        """Wait for the kernel's end."""
        while isinstance(self.process, WarmProcess) and self.process.poll() is None:
            await asyncio.sleep(POLL_SECONDS)
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the private folder, unless the kernel is to be restarted on the same sockets."""
        await super().cleanup(restart=restart)
        if self._folder is not None and not restart:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _warm_server(self) -> WarmServer:
        server = warm_place().server()
        _ = server.folder  # waits until it is ready
        return server

    def _use_private_sockets(self, server: WarmServer) -> None:
        manager = self.parent
        if manager is None:
            return
        self._folder = server.new_folder()
        if not manager.connection_file:
            manager.connection_file = str(self._folder / "kernel.json")
        prefix = str(self._folder / "s")
        if len(prefix) < LONGEST_SOCKET_PREFIX:
            manager.transport, manager.ip, manager.cache_ports = "ipc", prefix, False
            for name in ("shell", "iopub", "stdin", "hb", "control"):
                setattr(manager, f"{name}_port", 0)

    def _forked(self, server: WarmServer, cmd: list[str], options: dict[str, Any]) -> WarmProcess:
        """Ask for the kernel that the command describes: its connection file, and what follows that."""
        place = cmd.index("-f") + 1
        env = {**(options.get("env") or os.environ)}
        cores = env.get(CORES_VARIABLE)
        given = [
            _descriptor(options.get(name), number) for number, name in enumerate(("stdout", "stderr"), 1)
        ]
        return server.start_kernel(
            cmd[place],
            arguments=cmd[place + 1 :],
            cwd=str(options.get("cwd") or Path.cwd()),
            env=env,
            outputs=(given[0], given[1]),
            cores=int(cores) if cores else None,
        )


def _descriptor(stream: Any, default: int) -> int:
    """Return the descriptor of a file as `subprocess.Popen` takes it."""
    if stream is None or stream == -1:
        return default
    return int(stream) if isinstance(stream, int) else int(stream.fileno())


def signal_name(status: int) -> str:
    """Return the name of the signal that a negative exit status stands for.

    >>> signal_name(-9)
    'SIGKILL'
    """
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
