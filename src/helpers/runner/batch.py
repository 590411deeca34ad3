"""All notebooks of all experiments as one graph: what is ready runs side by side."""

import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from helpers.errors import Problem, UserError
from helpers.notebook_files import NotebookFile
from helpers.runner.execute import run_notebook
from helpers.runner.experiment_file import Experiment
from helpers.runner.index import write_index
from helpers.runner.kernel_watch import KernelWatch
from helpers.runner.progress import Progress
from helpers.runner.records import NotebookRecord, RunStatus
from helpers.runner.reports import write_report
from helpers.runner.run import Run
from helpers.tables.prepare import DataInfo, load_development


def default_jobs() -> int:
    """Return how many notebooks to run side by side: one a core."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_tables(experiments: Sequence[Experiment]) -> tuple[dict[str, DataInfo], list[Problem]]:
    """Read each experiment's table and check the parameters against it.

    Returns
    -------
    infos, problems
        By experiment what its table is, and every problem of the others.
    """
    problems: list[Problem] = []
    found: dict[str, DataInfo] = {}
    for experiment in experiments:
        try:
            found[experiment.params.experiment] = load_development(
                experiment.params, where=experiment.where
            ).info
        except UserError as error:
            problems.extend(error.problems)
    return found, problems


@dataclass
class Batch:
    """Experiments to run, and how.

    Attributes
    ----------
    experiments : sequence of Experiment
        What to run; checked.
    notebooks : mapping of str to NotebookFile
        What each experiment runs, in the order of their needs.
    reports : Path
        Where the runs' folders are made.
    jobs : int
        How many notebooks run side by side.
    progress : Progress
        Tells the person what goes on.
    watches : dict
        The kernels that run now.
    """

    experiments: Sequence[Experiment]
    notebooks: Mapping[str, NotebookFile]
    reports: Path
    jobs: int
    progress: Progress
    watches: dict[Future[NotebookRecord], KernelWatch] = field(default_factory=dict)
    _interrupted: threading.Event = field(default_factory=threading.Event)

    def run(self, infos: Mapping[str, DataInfo]) -> list[tuple[Run, RunStatus]]:
        """Run everything; return each run with its status, in the order given.

        Ctrl-C stops the kernels, records what was reached and writes the index before it returns.
        """
        runs = [
            Run(experiment, self.notebooks, info=infos[experiment.params.experiment], reports=self.reports)
            for experiment in self.experiments
        ]
        with (
            ThreadPoolExecutor(self.jobs, thread_name_prefix="notebook") as pool,
            ThreadPoolExecutor(1, thread_name_prefix="reports") as closer,
            self._ctrl_c(),
            self.progress,
        ):
            closing = self._work(runs, pool, closer)
            statuses = [(closing.get(run.name) or closer.submit(self._close, run)).result() for run in runs]
        write_index(self.reports)
        return list(zip(runs, statuses, strict=True))

    def interrupt(self) -> None:
        """Stop every kernel that runs; what has not started does not start any more."""
        self._interrupted.set()
        for watch in list(self.watches.values()):
            watch.stop()

    def _work(
        self, runs: Sequence[Run], pool: ThreadPoolExecutor, closer: ThreadPoolExecutor
    ) -> dict[str, Future[RunStatus]]:
        """Start what is ready as places become free, until nothing runs and nothing can start.

        A run whose notebooks have all ended is closed, its reports written, while others still run.
        """
        closing: dict[str, Future[RunStatus]] = {}
        working: dict[Future[NotebookRecord], tuple[Run, str]] = {}
        while True:
            if not self._interrupted.is_set():
                ready = [(run, name) for run in runs for name in run.ready()]
                for run, name in ready[: self.jobs - len(working)]:
                    working[self._start(pool, run, name)] = (run, name)
            if not working:
                return closing
            # A short timeout, because a signal's handler only runs between two waits of the main thread.
            done, _ = wait(working, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in done:
                run, name = working.pop(future)
                self.watches.pop(future, None)
                self._end(run, name, future.result())
                if run.done():
                    closing[run.name] = closer.submit(self._close, run)

    def _start(self, pool: ThreadPoolExecutor, run: Run, name: str) -> Future[NotebookRecord]:
        run.begin(name)
        self.progress.begin(run.name, name)
        watch = KernelWatch()
        future = pool.submit(
            run_notebook,
            run.notebooks[name],
            run.parameters(name),
            folder=run.folder,
            watch=watch,
            on_cell=lambda cell, cells: self.progress.cell(run.name, name, cell, cells),
        )
        self.watches[future] = watch
        return future

    def _end(self, run: Run, name: str, outcome: NotebookRecord) -> None:
        blocked = run.end(name, outcome)
        self.progress.end(run.name, name, outcome)
        for other in blocked:
            self.progress.end(run.name, other, run.record.notebooks[other])

    def _close(self, run: Run) -> RunStatus:
        status = run.finish(interrupted=self._interrupted.is_set())
        for name in self.notebooks:
            write_report(run.folder, run.record, run.notebooks[name])
        return status

    @contextmanager
    def _ctrl_c(self) -> Iterator[None]:
        """Stop the kernels at the first Ctrl-C; the second one ends the command at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(_number: int, _frame: FrameType | None) -> None:
            if self._interrupted.is_set():
                raise KeyboardInterrupt
            self.progress.say("Stopping the kernels and writing the record. Ctrl-C again ends at once.")
            self.interrupt()

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
