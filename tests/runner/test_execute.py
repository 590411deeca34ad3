"""One notebook in a real kernel: what is recorded is what happened."""

import json

import nbformat
import pytest

from helpers.notebook_files import read_notebook
from helpers.runner.execute import run_notebook
from helpers.runner.kernel_watch import KernelWatch
from tiny_notebooks import write_notebook

pytestmark = pytest.mark.whole_run


@pytest.fixture
def run(tmp_path):
    def go(*cells, parameters="x: int = 1  # a number", values=None):
        write_notebook(tmp_path / "nb", "01_tiny", parameters=parameters, cells=cells)
        seen = []
        record = run_notebook(
            read_notebook(tmp_path / "nb" / "01_tiny.ipynb"), values or {"x": 5}, folder=tmp_path / "run",
            watch=KernelWatch(), on_cell=lambda cell, cells: seen.append((cell, cells)),
        )  # fmt: skip
        executed = nbformat.read(tmp_path / "run" / "notebooks" / "01_tiny.ipynb", as_version=4)
        statuses = [cell.metadata.papermill.status for cell in executed.cells]
        return record, statuses, executed, seen

    return go


def test_success_injects_the_values_and_measures_memory(run):
    record, statuses, executed, seen = run("print(x * 2)", "y = 1")
    assert (record.status, record.error, record.report) == ("succeeded", None, "01_tiny.html")
    assert statuses == ["completed"] * 4
    assert executed.cells[2].outputs[0].text == "10\n"
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert record.peak_memory_mb is None or 5 < record.peak_memory_mb < 2_000


def test_an_exception_names_cell_and_line_and_later_cells_are_not_run(run):
    record, statuses, _, _ = run("a = 1\nb = {}\nb['key']", "print('never')")
    assert record.status == "failed"
    assert (record.error.cell, record.error.line, record.error.cause) == (2, 3, "KeyError: 'key'")
    assert statuses == ["completed", "completed", "failed", "not run"]


def test_exit_is_a_failure(run):
    record, statuses, _, _ = run("import sys; sys.exit(0)", "print('never')")
    assert (record.status, record.error.cell, record.error.cause) == ("failed", 2, "SystemExit")
    assert statuses[-1] == "not run"


def test_a_killed_kernel_is_not_recorded_as_completed(run):
    record, statuses, _, _ = run("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "print('never')")
    assert record.status == "failed"
    assert record.error.cell == 2
    assert record.error.what == "The notebook's process ended without a word: killed, or out of memory."
    assert statuses == ["completed", "completed", "failed", "not run"]


def test_the_kernels_own_messages_go_to_a_file_and_not_to_ours(run, tmp_path, capfd):
    run("import os\nos.write(2, b'from C code')")
    assert (tmp_path / "run" / "notebooks" / "01_tiny.log").read_bytes().startswith(b"from C code")
    assert capfd.readouterr().err == ""


def test_the_source_stays_as_it_was(run, tmp_path):
    run("print(1)")
    source = json.loads((tmp_path / "nb" / "01_tiny.ipynb").read_text())
    assert len(source["cells"]) == 2
    assert source["cells"][1]["outputs"] == []
