"""What a person sees of a batch: a live table of bars on a terminal, one plain line an event in a log."""

import sys
import time
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from helpers.runner.records import NotebookRecord
from helpers.wording import number


class Progress(Protocol):
    """What a batch tells."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def begin(self, experiment: str, notebook: str) -> None:
        """Tell that the notebook starts."""

    def cell(self, experiment: str, notebook: str, cell: int, cells: int) -> None:
        """Tell that the notebook reached a cell."""

    def end(self, experiment: str, notebook: str, outcome: NotebookRecord) -> None:
        """Tell how the notebook ended."""

    def say(self, text: str) -> None:
        """Tell something else."""


def outcome_in_words(outcome: NotebookRecord) -> str:
    """Return how a notebook ended, on one line."""
    taken = f" in {number(outcome.seconds)} s" if outcome.seconds is not None else ""
    memory = f", {outcome.peak_memory_mb:,.0f} MB" if outcome.peak_memory_mb else ""
    if outcome.error is None:
        return f"{outcome.status}{taken}{memory}"
    place = f" in cell {outcome.error.cell}" if outcome.error.cell else ""
    place += f", line {outcome.error.line}" if outcome.error.line else ""
    return f"{outcome.status}{taken}{place}: {outcome.error.cause.splitlines()[0]}"


class PlainProgress:
    """One line an event, for logs."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def begin(self, experiment: str, notebook: str) -> None:
        """Print that the notebook starts."""
        self.say(f"{experiment}  {notebook}  started")

    def cell(self, experiment: str, notebook: str, cell: int, cells: int) -> None:
        """Print nothing: a log wants no line a cell."""

    def end(self, experiment: str, notebook: str, outcome: NotebookRecord) -> None:
        """Print how the notebook ended."""
        self.say(f"{experiment}  {notebook}  {outcome_in_words(outcome)}")

    def say(self, text: str) -> None:
        """Print one line with the seconds since the start."""
        sys.stdout.write(f"{time.monotonic() - self._began:7.1f} s  {text}\n")
        sys.stdout.flush()


class LiveProgress:
    """A bar for each notebook that runs, and a line for each that ended."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("cells"),
            TimeElapsedColumn(),
            console=console,
        )
        self._live = Live(self._bars, console=console, refresh_per_second=4, transient=True)
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def begin(self, experiment: str, notebook: str) -> None:
        """Show a bar for the notebook."""
        self._tasks[experiment, notebook] = self._bars.add_task(f"{experiment}  {notebook}", total=None)

    def cell(self, experiment: str, notebook: str, cell: int, cells: int) -> None:
        """Move the notebook's bar."""
        self._bars.update(self._tasks[experiment, notebook], completed=cell - 1, total=cells)

    def end(self, experiment: str, notebook: str, outcome: NotebookRecord) -> None:
        """Take the bar away and leave a line."""
        task = self._tasks.pop((experiment, notebook), None)
        if task is not None:
            self._bars.remove_task(task)
        colour = "green" if outcome.status == "succeeded" else "red"
        text = escape(f"{experiment}  {notebook}  {outcome_in_words(outcome)}")
        self._console.print(f"[{colour}]{'✓' if colour == 'green' else '✗'}[/] {text}", highlight=False)

    def say(self, text: str) -> None:
        """Print a line above the bars."""
        self._console.print(escape(text), highlight=False)


def make_progress() -> Progress:
    """Return what fits where the output goes."""
    console = Console()
    return LiveProgress(console) if console.is_terminal else PlainProgress()
