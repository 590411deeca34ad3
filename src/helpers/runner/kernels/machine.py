"""What this machine has: cores, memory, and what a process takes of it."""

import os
from pathlib import Path

import psutil


def memory_of(pid: int) -> int:
    """Return the proportional set size of a process in bytes, its resident size elsewhere than on Linux."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_bytes()
    except FileNotFoundError:
        return _resident(pid)
    except (ProcessLookupError, PermissionError):
        return 0
    for line in rollup.splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def machine_bytes() -> int:
    """Return the memory that this process may use: the machine's, or its control group's if that is less."""
    total = int(psutil.virtual_memory().total)
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdigit() else total


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
