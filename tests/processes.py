"""Processes, for the tests of what must not be left behind."""

import time

import psutil


def gone(*pids, seconds=20):
    """Wait until none of the processes runs; return those that still do."""
    deadline = time.monotonic() + seconds
    left = [pid for pid in pids if _runs(pid)]
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = [pid for pid in left if _runs(pid)]
    return left


def marked(mark):
    """The processes whose environment holds `mark` as a value."""
    found = []
    for process in psutil.process_iter():
        try:
            if mark in process.environ().values() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def _runs(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
