"""What a person sees of a batch, on a terminal and in a log."""

import io

from rich.console import Console

from helpers.runner.execution.progress import LiveProgress, PlainProgress, outcome_in_words
from helpers.runner.record.run_record import CellError, NotebookRecord


def outcome(status="succeeded", **more):
    return NotebookRecord(status=status, report="x.html", **more)


def test_outcomes_in_words():
    error = CellError(cell=4, line=2, cause="ValueError: no\nmore")
    assert outcome_in_words(outcome(seconds=3.21, peak_memory_mb=412.0)) == "succeeded in 3.21 s, 412 MiB"
    assert outcome_in_words(outcome("failed", seconds=1.0, error=error)) == (
        "failed in 1 s in cell 4, line 2: ValueError: no"
    )
    assert outcome_in_words(outcome(seconds=3.0, attempts=2)) == "succeeded in 3 s, started 2 times"
    assert outcome_in_words(outcome(reused=True, reused_from="20261125-160000-123")) == (
        "reused from 20261125-160000-123"
    )


def test_a_log_gets_one_line_an_experiment(capsys):
    with PlainProgress() as progress:
        progress.expect({("a", "01"): None}, 1)
        progress.begin("a", "01")
        progress.cell("a", "01", 1, 2)
        progress.end("a", "01", outcome())
        progress.closed("a: succeeded", good=True)
    said = capsys.readouterr().out.splitlines()
    assert [line.split("s  ", 1)[1] for line in said] == ["a: succeeded"]


def test_a_terminal_shows_notebooks_cells_and_the_time_left_and_keeps_the_lines():
    out = io.StringIO()
    progress = LiveProgress(Console(file=out, force_terminal=True, width=120))
    with progress:
        progress.expect({("a[b]", "01"): 90.0, ("a[b]", "02"): 30.0}, 1)
        progress.begin("a[b]", "01")
        progress.cell("a[b]", "01", 3, 8)
        progress._live.refresh()
        progress.end(
            "a[b]", "01", outcome("failed", error=CellError(cell=3, line=1, cause="KeyError: [/] 'x'"))
        )
        progress.say("one [bold]more[/bold] thing")
        progress.closed("a[b]: failed", good=False)
    said = out.getvalue()
    assert "a[b]  01" in said and "2/8" in said and "cells" in said
    assert "0 of 2 notebooks done, about 2 min left" in said
    assert "1 of 2 notebooks done, about 30 s left" in said
    assert "a[b]  01  failed in cell 3, line 1: KeyError: [/] 'x'" in said
    assert "one [bold]more[/bold] thing" in said and "a[b]: failed" in said


def test_cells_of_a_notebook_that_has_ended_change_nothing():
    progress = LiveProgress(Console(file=io.StringIO(), force_terminal=True))
    progress.cell("a", "01", 1, 2)
    progress.end("a", "01", outcome())
