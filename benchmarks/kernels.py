"""What a warm kernel takes of memory before its first cell, beside an ordinary one with the same imports."""

import os
import statistics
import subprocess
import time
from collections.abc import Iterable

import psutil
from jupyter_client.manager import KernelManager

from helpers.runner.kernels.machine import memory_of
from helpers.runner.kernels.warm import warm_place

KERNELS = 5
IMPORTS = "import matplotlib.pyplot, numpy, pandas, seaborn, sklearn.ensemble, skrub, xgboost"


def proportional_bytes(roots: Iterable[int]) -> int:
    """Return the proportional set size of the processes with all that they started."""
    found = set()
    for root in roots:
        process = psutil.Process(root)
        found |= {process.pid, *(child.pid for child in process.children(recursive=True))}
    return sum(memory_of(pid) for pid in found)


def started(*, warm: bool) -> tuple[KernelManager, float]:
    """Return a kernel that answers, and the seconds until it did."""
    manager = KernelManager()
    if warm:
        manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": "nightbook-warm"}
    began = time.perf_counter()
    manager.start_kernel(stderr=subprocess.DEVNULL)  # an ordinary one complains of its address
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    took = time.perf_counter() - began
    if not warm:
        client.execute_interactive(IMPORTS, output_hook=lambda _message: None)
    client.stop_channels()
    return manager, took


def main() -> None:
    """Measure and print."""
    server = warm_place().server()
    _ = server.folder
    for warm in (True, False):
        kernels, added, taken = [], [], []
        before = proportional_bytes([os.getpid()])
        for _ in range(KERNELS):
            kernel, took = started(warm=warm)
            kernels.append(kernel)
            now = proportional_bytes([os.getpid()])
            added.append((now - before) / 2**20)
            taken.append(took)
            before = now
        for kernel in kernels:
            kernel.shutdown_kernel(now=True)
        name = "warm" if warm else "ordinary, with the same imports"
        print(
            f"{KERNELS} kernels, {name}: each adds {statistics.median(added):.0f} MiB "
            f"({min(added):.0f} to {max(added):.0f}) of proportional set size over all processes; "
            f"answers after {statistics.median(taken):.2f} s"
        )
    warm_place().close()


if __name__ == "__main__":
    main()
