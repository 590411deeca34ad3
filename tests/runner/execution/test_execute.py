"""One notebook in a real kernel: what is recorded is what happened."""

import json
import re
import threading
import time

import nbformat
import pytest

from helpers.runner.execution.execute import run_task
from helpers.runner.execution.task import Task
from helpers.runner.kernels.warm import warm_place
from helpers.runner.kernels.watch import Limits
from tiny_notebooks import write_notebook

pytestmark = pytest.mark.whole_run


@pytest.fixture(scope="module", autouse=True)
def one_warm_server():
    """The server is this process's: it is started by the first notebook of the module and serves all."""
    yield
    warm_place().close()


@pytest.fixture
def kernelspec(tmp_path, monkeypatch):
    """Install a kernelspec with the command given, for this test alone."""

    def install(name, command):
        folder = tmp_path / "jupyter" / "kernels" / name
        folder.mkdir(parents=True)
        spec = {"argv": [*command], "display_name": name, "language": "python"}
        (folder / "kernel.json").write_text(json.dumps(spec))
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))

    return install


@pytest.fixture
def run(tmp_path):
    def go(
        *cells,
        parameters="x: int = 1  # a number",
        values=None,
        limits=None,
        retries=0,
        during=lambda watch: None,
        kernel="python3",
    ):
        write_notebook(tmp_path / "nb", "01_tiny", parameters=parameters, cells=cells, kernel=kernel)
        seen = []
        task = Task(
            "01_tiny",
            tmp_path / "nb" / "01_tiny.ipynb",
            values or {"x": 5},
            tmp_path / "run",
            limits or Limits(),
            retries=retries,
        )
        record = run_task(task, on_cell=lambda cell, cells: seen.append((cell, cells)), watch=during)
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


def test_a_killed_kernel_is_named_with_its_signal_and_not_recorded_as_completed(run):
    record, statuses, _, _ = run("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "print('never')")
    assert record.status == "failed"
    assert (record.error.cell, record.error.kind) == (2, "infrastructure")
    assert record.error.cause == (
        "The kernel was killed by SIGKILL (the operating system does this when memory runs out)."
    )
    assert record.error.what == "The notebook's process ended without a word; nothing after this cell ran."
    assert statuses == ["completed", "completed", "failed", "not run"]


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "The kernel was killed by SIGTERM."),
        ("import ctypes; ctypes.string_at(0)", "The kernel was killed by SIGSEGV."),
        ("import os; os._exit(3)", "The kernel ended with status 3."),
    ],
)
def test_other_ways_to_die_are_told_apart(run, code, cause):
    record, statuses, _, _ = run(code, "print('never')")
    assert (record.status, record.error.cell, record.error.cause) == ("failed", 2, cause)
    assert statuses[-2:] == ["failed", "not run"]


def test_memory_over_the_limit_ends_the_whole_process_tree(run):
    # The child takes the memory: what counts is the notebook with all that it started.
    taker = "import time; block = bytearray(400 * 2**20); block[::4096] = b'x' * len(block[::4096]); time.sleep(600)"
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {taker!r}])"
    record, statuses, _, _ = run(code, "print('never')", limits=Limits(memory_bytes=300 * 2**20))
    assert (record.status, record.error.cell, record.error.kind) == ("failed", 2, "limit")
    taken = re.fullmatch(r"Out of memory: (\d+) MiB taken, 300 MiB allowed\.", record.error.cause)
    # The record keeps a tenth of a MiB, which may round the other way.
    assert int(taken[1]) == pytest.approx(record.peak_memory_mb, abs=0.6)
    assert int(taken[1]) > 300
    assert "Allow it more under memory in the params file" in record.error.what
    assert statuses[-1] == "not run"


def test_memory_under_the_limit_runs(run):
    record, _, _, _ = run("x = bytearray(50 * 2**20)", limits=Limits(memory_bytes=2**30))
    assert record.status == "succeeded"


def test_a_cell_out_of_time_ends_the_notebook(run):
    record, statuses, _, _ = run(
        "import time; time.sleep(600)", "print('never')", limits=Limits(cell_seconds=1.0)
    )
    assert (record.status, record.error.cell, record.error.kind) == ("failed", 2, "limit")
    assert record.error.cause == "Out of time: the cell ran longer than the 1 s it was allowed."
    assert statuses == ["completed", "completed", "failed", "not run"]


def test_a_notebook_out_of_time_is_ended_though_no_cell_is(run):
    cells = ["import time", *["time.sleep(0.4)"] * 20]
    record, statuses, _, _ = run(*cells, limits=Limits(cell_seconds=60, notebook_seconds=2))
    assert (record.status, record.error.kind) == ("failed", "limit")
    assert record.error.cause == "Out of time: the notebook ran longer than the 2 s it was allowed."
    assert statuses[-1] == "not run" and statuses.count("failed") == 1
    assert statuses[record.error.cell] == "failed"  # one cell was injected before it


def test_a_kernel_that_never_starts_is_the_machine_s_fault_and_tried_again(run, kernelspec):
    kernelspec("silent", ["sleep", "600"])
    record, statuses, _, _ = run("1", kernel="silent", limits=Limits(start_seconds=2), retries=1)
    assert (record.status, record.error.kind, record.attempts) == ("failed", "infrastructure", 2)
    assert record.error.cause == "RuntimeError: Kernel didn't respond in 2 seconds"
    assert set(statuses) == {"not run"}


def test_a_kernel_that_ends_while_it_starts_is_told(run, kernelspec):
    kernelspec("broken", ["false"])
    record, _, _, _ = run("1", kernel="broken")
    assert record.error.cause == "RuntimeError: Kernel died before replying to kernel_info"
    assert record.kernel == "ordinary: the kernel 'broken' is not this environment's Python"


def test_a_failure_of_the_machine_is_tried_again_and_one_of_the_code_never(run, tmp_path):
    once = (
        f"import os, pathlib, signal\nmark = pathlib.Path({str(tmp_path / 'mark')!r})\n"
        "if not mark.exists():\n    mark.touch()\n    os.kill(os.getpid(), signal.SIGKILL)\nprint('second')"
    )
    record, statuses, _, _ = run(once, retries=1)
    assert (record.status, record.attempts, set(statuses)) == ("succeeded", 2, {"completed"})
    (first,) = record.earlier_errors
    assert (first.cell, first.kind) == (2, "infrastructure") and "killed by SIGKILL" in first.cause
    record, _, _, _ = run("1 / 0", retries=3)
    assert (record.status, record.error.cause, record.attempts) == (
        "failed",
        "ZeroDivisionError: division by zero",
        1,
    )


def test_stopping_ends_the_kernel_and_is_no_failure(run, tmp_path):
    began, watches = tmp_path / "began", []

    def stop_in_the_cell(watch):
        while not began.exists():
            time.sleep(0.02)
        watch.stop()

    def during(watch):
        watches.append(watch)
        threading.Thread(target=stop_in_the_cell, args=(watch,), daemon=True).start()

    slow = f"import pathlib, time; pathlib.Path({str(began)!r}).touch(); time.sleep(600)"
    record, statuses, _, _ = run(slow, "print('never')", during=during, retries=3)
    assert (record.status, record.error.kind, record.error.cell) == ("interrupted", "interrupted", 2)
    assert len(watches) == 1 and statuses[-1] == "not run"


def test_a_notebook_keeps_to_the_cores_that_it_was_given(run):
    _, _, executed, _ = run(
        "from threadpoolctl import threadpool_info\nimport numpy, joblib",
        "print({pool['num_threads'] for pool in threadpool_info()}, joblib.cpu_count())",
    )
    assert executed.cells[-1].outputs[0].text == "{1} 1\n"


def test_the_kernels_own_messages_go_to_a_file_and_not_to_ours(run, tmp_path, capfd):
    run("import os\nos.write(2, b'from C code')")
    assert (tmp_path / "run" / "notebooks" / "01_tiny.log").read_bytes().startswith(b"from C code")
    assert capfd.readouterr().err == ""


def test_the_source_stays_as_it_was(run, tmp_path):
    run("print(1)")
    source = json.loads((tmp_path / "nb" / "01_tiny.ipynb").read_text())
    assert len(source["cells"]) == 2
    assert source["cells"][1]["outputs"] == []
