"""A run's line: how it ended, what was reused, what to open."""

from pathlib import Path

import pytest

from helpers.notebook_files import NotebookFile
from helpers.runner.execution.outcome import run_in_words
from helpers.runner.record.run_record import CellError, NotebookRecord, Process, RunRecord

FOLDER = Path("/reports/churn/20261125-160000-123")
NOTEBOOKS = {
    "01_first": NotebookFile("01_first", Path("01_first.ipynb"), (), False, "engineers"),
    "02_last": NotebookFile("02_last", Path("02_last.ipynb"), ("01_first",), False, "everyone"),
}


def line(status, *outcomes, variant=None, title="churn"):
    record = RunRecord(
        experiment="churn", run=FOLDER.name, status=status, started="2026-11-25T16:00:00+00:00", seconds=75.0,
        process=Process(pid=1, host="h", created=0.0), question="Why?", params={}, variant=variant or {}, data={},
        seed=0, versions={}, git={}, notebooks=dict(zip(NOTEBOOKS, outcomes, strict=True)),
    )  # fmt: skip
    return run_in_words(title, record, FOLDER, NOTEBOOKS)


def outcome(status="succeeded", **more):
    return NotebookRecord(status=status, report="x.html", **more)


def test_a_success_names_the_report_for_everyone_under_latest():
    assert line("succeeded", outcome(), outcome()) == (
        "churn: succeeded in 1 min 15 s. /reports/churn/latest/02_last.html"
    )


def test_a_run_of_a_grid_names_its_own_folder():
    said = line("succeeded", outcome(), outcome(), variant={"seed": 1}, title="churn seed=1")
    assert said == f"churn seed=1: succeeded in 1 min 15 s. {FOLDER}/02_last.html"


def test_a_failure_names_the_cell_and_its_report():
    error = CellError(cell=4, line=3, cause="KeyError: 'x'.")
    blocked = CellError(cell=None, line=None, cause="It needs 01_first.", kind="blocked")
    assert line("failed", outcome("failed", error=error), outcome("not run", error=blocked)) == (
        f"churn: failed in 1 min 15 s; 01_first, cell 4, line 3: KeyError: 'x'. {FOLDER}/01_first.html"
    )


def test_what_was_reused_is_said_and_why_the_rest_ran():
    reused = outcome(reused=True, reused_from="20261124-160000-123")
    ran = outcome(why_run="its parameters changed: seed")
    assert line("succeeded", reused, reused) == (
        "churn: succeeded in 1 min 15 s; nothing has changed, everything was reused. "
        "/reports/churn/latest/02_last.html"
    )
    assert line("succeeded", reused, ran) == (
        "churn: succeeded in 1 min 15 s; 1 of 2 notebooks reused, 02_last ran (its parameters changed: seed). "
        "/reports/churn/latest/02_last.html"
    )


@pytest.mark.parametrize("text", ["a\nb\x1b[31m", "<b>" * 500, "\u202ereversed"])
def test_a_hostile_cause_stays_on_one_line_of_bounded_length(text):
    error = CellError(cell=1, line=None, cause=text)
    said = line("failed", outcome("failed", error=error), outcome())
    assert "\n" not in said and "\x1b" not in said and len(said) < 400
