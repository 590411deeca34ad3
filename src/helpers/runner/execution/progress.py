"""What a person sees of a batch: a live view on a terminal, one plain line an experiment in a log."""

import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.text import Text

from helpers.errors import shortened
from helpers.runner.execution.time_left import Place, TimeLeft
from helpers.runner.overview.index_parts import duration
from helpers.runner.record.run_record import NotebookRecord
from helpers.wording import count, number

RUN_CHARACTERS = 50
COUNTS_CHARACTERS = 24  # of cells and time beside the name
LINE_CHARACTERS = 400
WIDE_ENOUGH_FOR_BARS = 90


class Progress(Protocol):
    """What a batch tells."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def expect(self, before: Mapping[Place, float | None], side_by_side: int) -> None:
        """Tell which notebooks will run, how long each took before, and how many run at once."""

    def begin(self, run: str, notebook: str) -> None:
        """Tell that the notebook starts."""

    def cell(self, run: str, notebook: str, cell: int, cells: int) -> None:
        """Tell that the notebook reached a cell."""

    def end(self, run: str, notebook: str, outcome: NotebookRecord) -> None:
        """Tell how the notebook ended."""

    def closed(self, text: str, *, good: bool) -> None:
        """Tell how an experiment's run ended; its reports are written."""

    def say(self, text: str) -> None:
        """Tell something else."""


def outcome_in_words(outcome: NotebookRecord) -> str:
    """Return how a notebook ended, on one line."""
    if outcome.reused:
        return f"reused from {outcome.reused_from}"
    taken = f" in {number(outcome.seconds)} s" if outcome.seconds is not None else ""
    memory = f", {outcome.peak_memory_mb:,.0f} MiB" if outcome.peak_memory_mb else ""
    again = f", started {outcome.attempts} times" if outcome.attempts > 1 else ""
    again += "".join(f"; before: {shortened(one.cause).rstrip('.')}" for one in outcome.earlier_errors)
    if outcome.error is None:
        return f"{outcome.status}{taken}{memory}{again}"
    place = f" in cell {outcome.error.cell}" if outcome.error.cell else ""
    place += f", line {outcome.error.line}" if outcome.error.line else ""
    cause = shortened(outcome.error.cause.splitlines()[0], limit=LINE_CHARACTERS)
    return f"{outcome.status}{taken}{place}: {cause}{again}"


class PlainProgress:
    """One line an experiment, for logs."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def expect(self, before: Mapping[Place, float | None], side_by_side: int) -> None:
        """Print nothing: the lines that follow say it all."""

    def begin(self, run: str, notebook: str) -> None:
        """Print nothing: a log wants no line a notebook."""

    def cell(self, run: str, notebook: str, cell: int, cells: int) -> None:
        """Print nothing."""

    def end(self, run: str, notebook: str, outcome: NotebookRecord) -> None:
        """Print nothing."""

    def closed(self, text: str, *, good: bool) -> None:  # noqa: ARG002 - the text says so
        """Print the experiment's line."""
        self.say(text)

    def say(self, text: str) -> None:
        """Print one line with the seconds since the start."""
        sys.stdout.write(f"{time.monotonic() - self._began:7.1f} s  {text}\n")
        sys.stdout.flush()


class LiveProgress:
    """A bar for each notebook that runs, below them all notebooks and the time left; a line an experiment."""

    def __init__(self, console: Console) -> None:
        self._console = console
        bar = [BarColumn()] if console.width >= WIDE_ENOUGH_FOR_BARS else []
        numbers = (MofNCompleteColumn(), TextColumn("cells"), TimeElapsedColumn())
        self._bars = Bars(TextColumn("{task.description}"), *bar, *numbers, console=console)
        self._tasks: dict[Place, TaskID] = {}
        self._left = TimeLeft({}, 1)
        self._ended = self._all = 0
        self._live = Live(get_renderable=self._view, console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def expect(self, before: Mapping[Place, float | None], side_by_side: int) -> None:
        """Show how many notebooks there are, and from now on about how long they take."""
        self._left, self._all = TimeLeft(before, side_by_side), len(before)

    def begin(self, run: str, notebook: str) -> None:
        """Show a bar for the notebook."""
        self._left.begin((run, notebook), time.monotonic())
        room = max(10, min(RUN_CHARACTERS, self._console.width - len(notebook) - COUNTS_CHARACTERS))
        text = f"{shortened(run, limit=room)}  {notebook}".replace("[", "\\[")
        self._tasks[run, notebook] = self._bars.add_task(text, total=None)

    def cell(self, run: str, notebook: str, cell: int, cells: int) -> None:
        """Move the notebook's bar."""
        task = self._tasks.get((run, notebook))
        if task is not None:
            self._bars.update(task, completed=cell - 1, total=cells)

    def end(self, run: str, notebook: str, outcome: NotebookRecord) -> None:
        """Take the bar away; a notebook that did not succeed leaves a line."""
        task = self._tasks.pop((run, notebook), None)
        if task is not None:
            self._bars.remove_task(task)
        self._left.end((run, notebook), time.monotonic(), ran=outcome.status == "succeeded")
        self._ended += 1
        if outcome.status != "succeeded":
            self._line(f"{run}  {notebook}  {outcome_in_words(outcome)}", good=False)

    def closed(self, text: str, *, good: bool) -> None:
        """Leave the experiment's line."""
        self._line(text, good=good)

    def say(self, text: str) -> None:
        """Print a line above the bars."""
        self._console.print(Text(text))

    def _line(self, text: str, *, good: bool) -> None:
        mark = Text("✓ ", style="green") if good else Text("✗ ", style="red")
        self._console.print(mark + Text(text))

    def _view(self) -> Group:
        if not self._all:
            return Group(Text("Starting…", style="bold"))
        left = self._left.seconds(time.monotonic())
        rest = f", about {duration(left)} left" if left and self._ended < self._all else ""
        done = f"{self._ended:,} of {count(self._all, 'notebook')} done{rest}"
        return Group(self._bars, Text(done, style="bold"))


def make_progress() -> Progress:
    """Return what fits where the output goes."""
    console = Console()
    return LiveProgress(console) if console.is_terminal else PlainProgress()
