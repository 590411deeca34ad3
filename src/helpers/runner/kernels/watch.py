"""A kernel seen from outside: how much memory it takes, how long it may run, and how to end it."""

import signal
import threading
import time
from dataclasses import dataclass
from typing import Literal

import psutil

from helpers.runner.kernels.machine import machine_bytes, memory_of

START_SECONDS = 180.0
SAMPLE_SECONDS = 0.1
# Measuring a large process takes milliseconds; no more than this share of the time goes into it.
SHARE_OF_TIME = 0.05
# Without a limit of its own a notebook may take this share of the machine: past it the operating system would
# kill something, and say to nobody what or why.
SHARE_OF_MACHINE = 0.9

Ending = Literal["stopped", "memory", "time"]


@dataclass(frozen=True)
class Limits:
    """What a notebook may take.

    Attributes
    ----------
    memory_bytes : int or None
        For the kernel with its children; None takes what the machine has, less a reserve.
    cell_seconds, notebook_seconds : float or None
        For one cell, and for the whole notebook; None is no limit.
    start_seconds : float
        How long the kernel may take until it answers.
    """

    memory_bytes: int | None = None
    cell_seconds: float | None = None
    notebook_seconds: float | None = None
    start_seconds: float = START_SECONDS


class KernelWatch:
    """Measures the memory of a kernel with its children, and ends them when a limit is passed.

    Attributes
    ----------
    limits : Limits
        What the notebook may take.
    peak_bytes : int
        The most memory seen, in bytes: proportional set size where the system tells it, so that what is
        shared with the warm server counts by its share; else resident size.
    bytes_now : int
        The last one measured.
    ending : str or None
        Why the watch ended the kernel; None where it did not.
    exit_status : int or None
        How the kernel's process ended by itself, negative for a signal, once that is known.
    kernel : str
        ``warm``, or ``ordinary`` with the reason.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.peak_bytes = 0
        self.bytes_now = 0
        self.ending: Ending | None = None
        self.exit_status: int | None = None
        self.kernel = ""
        self._began = time.monotonic()
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._kernel: psutil.Process | None = None

    @property
    def allowed_bytes(self) -> int:
        """How much memory the kernel with its children may take."""
        return self.limits.memory_bytes or int(machine_bytes() * SHARE_OF_MACHINE)

    def begin(self, pid: int) -> None:
        """Start to watch the kernel with this process id."""
        try:
            self._kernel = psutil.Process(pid)
        except psutil.NoSuchProcess:
            return  # it has ended already; who waits for its answer finds out
        threading.Thread(target=self._watch, name=f"watch-{pid}", daemon=True).start()
        if self.ending:
            self._kill()

    def end(self) -> None:
        """Stop watching."""
        self._done.set()

    def stop(self) -> None:
        """Kill the kernel and its children: the person who runs the batch pressed Ctrl-C."""
        self._end_kernel("stopped")

    def _watch(self) -> None:
        pause = SAMPLE_SECONDS
        while not self._done.wait(pause):
            before = time.perf_counter()
            self.bytes_now = sum(memory_of(process.pid) for process in self._tree())
            self.peak_bytes = max(self.peak_bytes, self.bytes_now)
            pause = max(SAMPLE_SECONDS, (time.perf_counter() - before) / SHARE_OF_TIME)
            seconds = self.limits.notebook_seconds
            if self.bytes_now > self.allowed_bytes:
                self._end_kernel("memory")
            elif seconds is not None and time.monotonic() - self._began > seconds:
                self._end_kernel("time")

    def _end_kernel(self, ending: Ending) -> None:
        with self._lock:
            self.ending = self.ending or ending
        self._kill()

    def _tree(self) -> list[psutil.Process]:
        if self._kernel is None:
            return []
        try:
            return [self._kernel, *self._kernel.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _kill(self) -> None:
        for process in self._tree():
            try:
                process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            except psutil.NoSuchProcess:
                continue
