"""All notebooks of all experiments as one graph: what is ready runs side by side."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from helpers.errors import Problem, UserError, shortened
from helpers.notebook_files import NotebookFile
from helpers.paths import shown_path
from helpers.runner.execution.outcome import run_in_words
from helpers.runner.execution.plan import Plan
from helpers.runner.execution.progress import Progress
from helpers.runner.execution.room import Room
from helpers.runner.execution.run import Run
from helpers.runner.execution.workers import Workers
from helpers.runner.overview.write_index import write_index
from helpers.runner.record.compared import write_comparison
from helpers.runner.record.cut_off import close_cut_off
from helpers.runner.record.provenance import this_origin
from helpers.runner.record.reserve import disk_trouble
from helpers.runner.record.run_record import NotebookRecord, RunRecord, RunStatus, now

# The main thread looks up so often while it waits: a signal's handler only runs between two of its waits.
LOOK_UP_SECONDS = 0.2
ERROR_CHARACTERS = 300
STOPPING = "Stopping the kernels and writing the record. Ctrl-C again ends at once."


@dataclass(frozen=True)
class _Working:
    """A notebook that runs; by what name its room knows it, and what its result is known by."""

    run: Run
    notebook: str
    place: str
    key: str


@dataclass
class Batch:
    """Experiments to run, and how.

    Attributes
    ----------
    plans : sequence of Plan
        What to run and what to reuse; checked.
    notebooks : mapping of str to NotebookFile
        What each experiment runs, each after those that it needs.
    reports : Path
        Where the runs' folders are made.
    make_workers : callable
        Gives the workers; called only if something must run, because that takes seconds.
    progress : Progress
        Tells the person what goes on.
    """

    plans: Sequence[Plan]
    notebooks: Mapping[str, NotebookFile]
    reports: Path
    make_workers: Callable[[], Workers]
    progress: Progress
    _workers: Workers | None = None
    _interrupted: threading.Event = field(default_factory=threading.Event)
    _statuses: dict[str, RunStatus] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _computed: set[str] = field(default_factory=set)

    def run(self) -> list[tuple[Run, RunStatus]]:
        """Run everything; return each run with its status, in the order given.

        Ctrl-C stops the kernels, records what was reached and writes the index before it returns.
        """
        with self._ctrl_c(), self.progress:
            self._close_cut_off()
            runs = self._begun()
            try:
                self._run(runs)
            finally:
                for run in runs:
                    run.close()
            self._accept(runs)
            for shelf in {run.folder.parent: run.shelf for run in runs if run.plan.to_run}.values():
                shelf.prune()
            self._guarded("The page over all runs could not be written.", lambda: write_index(self.reports))
        return [(run, self._statuses[run.title]) for run in runs]

    def interrupt(self) -> None:
        """Stop every kernel that runs; what has not started does not start any more."""
        self._interrupted.set()
        if self._workers is not None:
            self._workers.stop()

    def _begun(self) -> list[Run]:
        """Begin every run, or none.

        Raises
        ------
        UserError
            If a folder or a first record cannot be written.
        """
        call, origin = now(), this_origin()
        runs: list[Run] = []
        try:
            for plan in self.plans:
                run = Run(plan, self.notebooks, reports=self.reports, origin=origin, batch=call)
                runs.append(run)  # one by one: those that were begun must be known where the next one cannot
        except (OSError, UserError) as error:
            for begun in runs:
                begun.discard()
            if isinstance(error, UserError):
                raise
            where = shown_path(self.reports)
            raise UserError(
                Problem(where, "a folder in which no run can begin", "a writable folder", disk_trouble(error))
            ) from None
        return runs

    def _run(self, runs: Sequence[Run]) -> None:
        """Execute what must run, and close each run as soon as its notebooks have ended."""
        with ThreadPoolExecutor(1, thread_name_prefix="reports") as closer:
            closing = {run.title: closer.submit(self._close, run) for run in runs if run.done()}
            waiting = [run for run in runs if not run.done()]
            if waiting:
                with self.make_workers() as workers:
                    self._workers = workers
                    self._expect(waiting, workers.cores)
                    if self._interrupted.is_set():
                        workers.stop()
                    closing |= self._work(waiting, workers, closer)
            for run in runs:
                # A run that was interrupted, or given up, has notebooks that never ended.
                (closing.get(run.title) or closer.submit(self._close, run)).result()

    def _work(
        self, runs: Sequence[Run], workers: Workers, closer: ThreadPoolExecutor
    ) -> dict[str, Future[None]]:
        """Start what is ready as room becomes free, until nothing runs and nothing can start."""
        closing: dict[str, Future[None]] = {}
        working: dict[Future[NotebookRecord], _Working] = {}
        room = Room(workers.cores)
        while True:
            if not self._interrupted.is_set():
                working |= self._started(runs, workers, room, {one.key for one in working.values()})
            elif STOPPING not in self._told:
                # Said here: the handler of the signal may have come in the middle of another line.
                self._told.add(STOPPING)
                self.progress.say(STOPPING)
            if not working:
                return closing
            done, _ = wait(working, timeout=LOOK_UP_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                ended = working.pop(future)
                del room.held[ended.place]
                self._end(ended.run, ended.notebook, future.result())
            for run in runs:
                if run.done() and run.title not in closing:
                    closing[run.title] = closer.submit(self._close, run)

    def _started(
        self, runs: Sequence[Run], workers: Workers, room: Room, under_way: set[str]
    ) -> dict[Future[NotebookRecord], _Working]:
        """Start the notebooks for which there is room.

        Runs of a grid have notebooks in common: one computes, the others wait for its result.
        """
        started: dict[Future[NotebookRecord], _Working] = {}
        for run in runs:
            ready = run.ready()
            while ready and room.free_cores:
                notebook = ready.pop(0)
                key = run.shared_key(notebook)
                if key in under_way:
                    continue
                if key in self._computed and self._reused(run, notebook):
                    ready = [*ready, *(name for name in run.ready() if name not in ready)]
                    continue
                begun = self._start(run, notebook, workers, room)
                if begun:
                    started[begun[0]] = begun[1]
                    under_way.add(begun[1].key)
        return started

    def _reused(self, run: Run, notebook: str) -> bool:
        """Take what another run of this call has computed; where that cannot be, say why and return False."""
        trouble = f"{run.title}: {notebook} is not shared with another run."
        if not self._guarded(trouble, lambda: run.reuse(notebook)):
            return False
        self.progress.end(run.title, notebook, run.record.notebooks[notebook])
        return True

    def _start(
        self, run: Run, notebook: str, workers: Workers, room: Room
    ) -> tuple[Future[NotebookRecord], _Working] | None:
        """Start the notebook, if there is room and it can be written down."""
        cores, expected = room.wanted(self.notebooks[notebook].cores), run.expected_bytes(notebook)
        if not room.fits(cores, expected, free_bytes=workers.free_bytes(), in_use=workers.memory_in_use()):
            return None
        if not self._guarded("The run cannot go on.", lambda: run.begin(notebook)):
            run.abandon("The record could not be written.")
            return None
        self.progress.begin(run.title, notebook)
        task = run.task(notebook, cores=cores)
        room.held[task.place] = (cores, expected)
        future = workers.submit(
            task, lambda cell, cells: self.progress.cell(run.title, notebook, cell, cells)
        )
        return future, _Working(run, notebook, task.place, run.shared_key(notebook))

    def _end(self, run: Run, notebook: str, outcome: NotebookRecord) -> None:
        if outcome.kernel.startswith("ordinary") and outcome.kernel not in self._told:
            self._told.add(outcome.kernel)
            self.progress.say(f"Kernels are not warm: {outcome.kernel.partition(': ')[2]}.")
        self.progress.end(run.title, notebook, outcome)
        self._guarded("The run's record is not complete.", lambda: self._note(run, notebook, outcome))

    def _note(self, run: Run, notebook: str, outcome: NotebookRecord) -> None:
        blocked, unkept = run.end(notebook, outcome)
        for other in blocked:
            self.progress.end(run.title, other, run.record.notebooks[other])
        if unkept:
            self.progress.say(f"{run.title}: {unkept}")
        elif outcome.status == "succeeded":
            self._computed.add(run.shared_key(notebook))

    def _close(self, run: Run) -> None:
        """Write the run's last record and its reports, the failed notebooks' first, and tell how it ended."""
        self._statuses[run.title] = "failed"
        finished = self._guarded(f"{run.title}: the record could not be closed.", lambda: self._finish(run))
        if finished and self._statuses[run.title] == "succeeded":
            self._compared(run)
        order = sorted(self.notebooks, key=lambda name: run.record.notebooks[name].status == "succeeded")
        for name in order:
            if name not in run.reported:
                finished &= self._reported(run, name)
        if not finished and self._statuses[run.title] == "succeeded":
            # Its notebooks succeeded, and yet there is something missing for the person to read.
            self._statuses[run.title] = "failed"
        good = self._statuses[run.title] == "succeeded"
        self.progress.closed(run_in_words(run.title, run.record, run.folder, run.notebooks), good=good)

    def _compared(self, run: Run) -> None:
        """Hold the run against the previous comparable one; what cannot be compared stops nothing."""
        trouble = f"{run.title}: it is not compared with the run before."
        try:
            self._guarded(trouble, lambda: write_comparison(run.folder, run.record))
        except Exception as error:
            self.progress.say(f"{trouble} {type(error).__name__}: {shortened(error, limit=ERROR_CHARACTERS)}")

    def _reported(self, run: Run, notebook: str) -> bool:
        """Write the report; one that cannot be made stops neither the others nor the batch."""
        trouble = f"{run.title}: {notebook}.html could not be written."
        try:
            return self._guarded(trouble, lambda: _report(run, notebook))
        except Exception as error:
            self.progress.say(f"{trouble} {type(error).__name__}: {shortened(error, limit=ERROR_CHARACTERS)}")
            return False

    def _finish(self, run: Run) -> None:
        self._statuses[run.title] = run.finish(interrupted=self._interrupted.is_set())

    def _guarded(self, trouble: str, write: Callable[[], object]) -> bool:
        """Write; where the disk refuses, say so once for each cause and return False."""
        try:
            write()
        except OSError as error:
            said = f"{trouble} {disk_trouble(error)}"
            if said not in self._told:
                self._told.add(said)
                self.progress.say(said)
            return False
        return True

    def _expect(self, runs: Sequence[Run], side_by_side: int) -> None:
        self.progress.expect(
            {
                (run.title, name): run.plan.before.get(name)
                for run in runs
                for name, record in run.record.notebooks.items()
                if record.status == "waiting"
            },
            side_by_side=side_by_side,
        )

    def _accept(self, runs: Sequence[Run]) -> None:
        """Keep what the tables of the runs that succeeded were, for later ones to be compared with.

        Not before all have ended: until then every run of an experiment is compared with the same table.
        """
        for run in runs:
            if self._statuses[run.title] == "succeeded":
                self._guarded(f"{run.title}: its table is not kept for later comparisons.", run.accept)

    def _close_cut_off(self) -> None:
        """Close the records of these experiments' runs that were killed, and write their reports."""
        for experiment in sorted({plan.experiment.params.experiment for plan in self.plans}):
            for folder, record in close_cut_off(self.reports / experiment):
                self.progress.say(f"{experiment}/{record.run} was cut off; what it had finished is reused.")
                self._guarded("Its reports could not be written.", lambda: _reports(folder, record))  # noqa: B023

    @contextmanager
    def _ctrl_c(self) -> Iterator[None]:
        """Stop the kernels at the first Ctrl-C; the second one ends the command at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(_number: int, _frame: FrameType | None) -> None:
            if self._interrupted.is_set():
                raise KeyboardInterrupt
            self.interrupt()

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _report(run: Run, notebook: str) -> None:
    # nbconvert takes seconds to import, and a run that reuses everything needs none of it.
    from helpers.runner.reporting.reports import write_report

    write_report(run.folder, run.record, run.notebooks[notebook])
    run.keep_report(notebook)


def _reports(folder: Path, record: RunRecord) -> None:
    from helpers.notebook_files import all_notebooks
    from helpers.runner.reporting.reports import write_report

    notebooks = all_notebooks()
    for name in record.notebooks:
        if name in notebooks:
            write_report(folder, record, notebooks[name])
