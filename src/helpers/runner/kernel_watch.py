"""A kernel seen from outside: how much memory it takes, and how to end it."""

import threading

import psutil

SAMPLE_SECONDS = 0.1


class KernelWatch:
    """Measures the memory of a kernel and its children, and can stop them.

    Attributes
    ----------
    peak_bytes : int
        The largest sum of resident memory seen, in bytes, sampled ten times a second.
    """

    def __init__(self) -> None:
        self.peak_bytes = 0
        self.stopped = threading.Event()
        self._done = threading.Event()
        self._kernel: psutil.Process | None = None

    def begin(self, pid: int) -> None:
        """Start to watch the kernel with this process id."""
        self._kernel = psutil.Process(pid)
        threading.Thread(target=self._sample, name=f"watch-{pid}", daemon=True).start()
        if self.stopped.is_set():
            self._kill()

    @property
    def kernel_pid(self) -> int | None:
        """The kernel's process id, once it is known."""
        return self._kernel.pid if self._kernel else None

    def end(self) -> None:
        """Stop watching."""
        self._done.set()

    def stop(self) -> None:
        """Kill the kernel and its children: the person who runs the batch pressed Ctrl-C."""
        self.stopped.set()
        self._kill()

    def _tree(self) -> list[psutil.Process]:
        if self._kernel is None:
            return []
        try:
            return [self._kernel, *self._kernel.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def _sample(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            total = 0
            for process in self._tree():
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak_bytes = max(self.peak_bytes, total)

    def _kill(self) -> None:
        for process in self._tree():
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
