"""Runs whose runner is gone are closed by the next one, and only those."""

import json

import pytest

from helpers.runner.record.cut_off import CAUSE, cells_left, close_cut_off, mark_running, unmark_running
from helpers.runner.record.run_record import (
    NotebookRecord,
    Process,
    RunRecord,
    read_record,
    this_process,
    write_record,
)

GONE = Process(pid=2**22 + 5, host=this_process().host, created=0.0)


def notebook(*statuses):
    cells = [{"cell_type": "code", "metadata": {"papermill": {"status": status}}} for status in statuses]
    cells.insert(1, {"cell_type": "code", "metadata": {"papermill": {"status": "completed"}, "tags": ["injected-parameters"]}})  # fmt: skip
    return {"cells": cells}


@pytest.fixture
def run(tmp_path):
    """Write a run that says it is running."""

    def write(name, process, *, cells=("completed", "running", "pending")):
        folder = tmp_path / "churn" / name
        (folder / "notebooks").mkdir(parents=True)
        states = {"01_done": "succeeded", "02_runs": "running", "03_waits": "waiting"}
        record = RunRecord(
            experiment="churn", run=name, started="2026-11-25T16:00:00+00:00", process=process, question="Why?",
            params={}, data={}, seed=0, versions={}, git={},
            notebooks={n: NotebookRecord(status=status, report=f"{n}.html") for n, status in states.items()},
        )  # fmt: skip
        write_record(folder, record)
        mark_running(folder)
        (folder / ".reserve").write_bytes(b"x")
        if cells:
            (folder / "notebooks" / "02_runs.ipynb").write_text(json.dumps(notebook(*cells)))
        return folder

    return write


def test_a_run_whose_runner_is_gone_is_closed(run, tmp_path):
    folder = run("20261125-160000-123", GONE)
    ((closed, _),) = close_cut_off(tmp_path / "churn")
    assert closed == folder
    record = read_record(folder)
    assert record.status == "cut off" and record.finished is not None
    assert {name: item.status for name, item in record.notebooks.items()} == {
        "01_done": "succeeded", "02_runs": "cut off", "03_waits": "not run",
    }  # fmt: skip
    error = record.notebooks["02_runs"].error
    assert (error.cell, error.cause, error.kind) == (2, CAUSE, "interrupted")
    cells = json.loads((folder / "notebooks" / "02_runs.ipynb").read_text())["cells"]
    assert [cell["metadata"]["papermill"]["status"] for cell in cells] == [
        "completed", "completed", "failed", "not run",
    ]  # fmt: skip
    assert not (folder / ".reserve").exists()
    assert close_cut_off(tmp_path / "churn") == []


def test_a_run_that_goes_on_is_left_alone(run, tmp_path):
    folder = run("20261125-160000-123", this_process())
    assert close_cut_off(tmp_path / "churn") == []
    assert read_record(folder).status == "running" and (folder / ".reserve").exists()
    unmark_running(folder)


def test_a_run_of_another_machine_is_left_alone(run, tmp_path):
    run("20261125-160000-123", Process(pid=GONE.pid, host="elsewhere", created=0.0))
    assert close_cut_off(tmp_path / "churn") == []


def test_without_an_executed_notebook_no_cell_is_named(run, tmp_path):
    folder = run("20261125-160000-123", GONE, cells=())
    close_cut_off(tmp_path / "churn")
    assert read_record(folder).notebooks["02_runs"].error.cell is None


def test_a_mark_without_a_record_goes(tmp_path):
    mark_running(tmp_path / "churn" / "20261125-160000-123")
    assert close_cut_off(tmp_path / "churn") == []
    assert list((tmp_path / "churn" / ".nightbook" / "running").iterdir()) == []


def test_an_experiment_that_never_ran_has_nothing_to_close(tmp_path):
    assert close_cut_off(tmp_path / "never") == []


def test_cells_of_a_notebook_between_two_cells():
    assert cells_left(notebook("completed", "pending"))[0] is None
