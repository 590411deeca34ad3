"""Batches of tiny notebooks in real kernels: order, failure, interruption, records."""

import json
import threading
import time

import pytest

import helpers.runner.reporting.reports as reporting
from helpers.keys import surroundings
from helpers.notebook_files import all_notebooks
from helpers.parameters.check import checked
from helpers.runner.execution.batch import Batch
from helpers.runner.execution.graph import chosen_notebooks
from helpers.runner.execution.local_workers import LocalWorkers
from helpers.runner.execution.plan import check_experiments, make_plans
from helpers.runner.execution.progress import PlainProgress
from helpers.runner.execution.table_reading import read_tables
from helpers.runner.experiments.experiment_file import Experiment
from helpers.runner.kernels.warm import warm_place
from tiny_notebooks import write_notebook

pytestmark = pytest.mark.whole_run

PARAMETERS = 'experiment: str = ""\nrun_folder: str = ""'


@pytest.fixture(scope="module", autouse=True)
def one_warm_server():
    """The server is this process's: it is started by the first batch of the module and serves all."""
    yield
    warm_place().close()


def experiment(name, **values):
    given = {"experiment": name, "question": "Why?", "data": "sklearn:wine", "target": "target", **values}
    return Experiment(checked(given, where=name), name)


@pytest.fixture
def run(tmp_path, reports):
    def go(*experiments, jobs=2, during=None, force=False):
        notebooks = chosen_notebooks(all_notebooks(tmp_path / "nb"))
        around = surroundings(notebooks)
        tables, problems = check_experiments(
            experiments,
            around=around,
            reports=reports,
            read=lambda unread: read_tables(unread, side_by_side=2),
        )
        assert problems == []
        plans = make_plans(experiments, tables, notebooks, around=around, reports=reports, force=force)
        batch = Batch(plans, notebooks, reports, lambda: LocalWorkers(jobs), PlainProgress())
        if during:
            threading.Thread(target=during, args=(batch,)).start()
        return batch.run()

    return go


def record(run):
    return json.loads((run.folder / "run.json").read_text())


def test_a_failure_stops_only_what_needs_it(tmp_path, run, reports):
    nb = tmp_path / "nb"
    write_notebook(
        nb, "01_first", parameters=PARAMETERS, cells=["assert experiment != 'bad', 'broken on purpose'"]
    )
    write_notebook(nb, "02_second", parameters=PARAMETERS, needs=["01_first"], cells=["print(run_folder)"])
    write_notebook(nb, "03_alone", parameters=PARAMETERS, cells=["print(experiment)"])
    (bad, bad_status), (good, good_status) = run(experiment("bad"), experiment("good"))
    assert (bad_status, good_status) == ("failed", "succeeded")
    states = {name: item["status"] for name, item in record(bad)["notebooks"].items()}
    assert states == {"01_first": "failed", "02_second": "not run", "03_alone": "succeeded"}
    failed = record(bad)["notebooks"]
    assert failed["01_first"]["error"]["cause"] == "AssertionError: broken on purpose"
    assert failed["02_second"]["error"]["cause"] == "It needs 01_first, which did not succeed."
    assert (reports / "good" / "latest").resolve() == good.folder
    assert not (reports / "bad" / "latest").exists()
    for name in states:
        assert (bad.folder / f"{name}.html").stat().st_size > 1_000
    assert "broken on purpose" in (bad.folder / "01_first.html").read_text()
    assert "which did not succeed" in (bad.folder / "02_second.html").read_text()
    index = (reports / "index.html").read_text()
    assert "broken on purpose" in index and "good" in index


def test_a_report_that_cannot_be_made_fails_its_run_and_stops_nothing(tmp_path, run, monkeypatch, capsys):
    for name in ("01_first", "02_second"):
        write_notebook(tmp_path / "nb", name, parameters=PARAMETERS, cells=["1"])
    write = reporting.write_report

    def refuses(folder, record, notebook):
        if record.experiment == "bad" and notebook.name == "01_first":
            raise ValueError("no template")
        return write(folder, record, notebook)

    monkeypatch.setattr(reporting, "write_report", refuses)
    (bad, bad_status), (_, good_status) = run(experiment("bad"), experiment("good"))
    assert (bad_status, good_status) == ("failed", "succeeded")
    assert not (bad.folder / "01_first.html").exists() and (bad.folder / "02_second.html").exists()
    assert "bad: 01_first.html could not be written. ValueError: no template" in capsys.readouterr().out


def test_the_record_says_where_the_run_came_from(tmp_path, run):
    write_notebook(tmp_path / "nb", "01_first", parameters=PARAMETERS, cells=["1"])
    ((done, _),) = run(experiment("one", seed=7))
    content = record(done)
    assert content["data"]["rows"] == 178 and content["data"]["columns"] == 14
    assert len(content["data"]["fingerprint"]) == 64
    assert content["seed"] == 7 and content["params"]["experiment"] == "one"
    assert content["versions"]["pandas"].startswith("3.")
    assert content["metrics"] is None and content["verdict"] is None
    assert done.record.effective_status() == "succeeded"


def test_interrupted_runs_say_so_and_leave_no_kernel(tmp_path, run):
    write_notebook(tmp_path / "nb", "01_slow", parameters=PARAMETERS, cells=["import time; time.sleep(120)"])
    write_notebook(tmp_path / "nb", "02_after", parameters=PARAMETERS, needs=["01_slow"], cells=["1"])

    def ctrl_c(batch):
        while batch._workers is None or not any(batch._workers.memory_in_use().values()):
            time.sleep(0.05)
        batch.interrupt()

    ((stopped, status),) = run(experiment("slow"), during=ctrl_c)
    assert status == "interrupted"
    states = {name: item["status"] for name, item in record(stopped)["notebooks"].items()}
    assert states == {"01_slow": "interrupted", "02_after": "not run"}
    assert "was interrupted" in (stopped.folder / "01_slow.html").read_text()


def test_runs_side_by_side_keep_their_records_apart(tmp_path, run, reports):
    write_notebook(tmp_path / "nb", "01_first", parameters=PARAMETERS, cells=["print(experiment)"])
    done = run(*(experiment(f"e{n}") for n in range(4)), jobs=3)
    assert [status for _, status in done] == ["succeeded"] * 4
    for number, (finished, _) in enumerate(done):
        executed = json.loads((finished.folder / "notebooks" / "01_first.ipynb").read_text())
        assert executed["cells"][-1]["outputs"][0]["text"] == [f"e{number}\n"]


def test_a_kernel_that_is_not_installed_fails_its_notebook_alone(tmp_path, run):
    nb = tmp_path / "nb"
    write_notebook(nb, "01_julia", parameters=PARAMETERS, cells=["1"])
    content = json.loads((nb / "01_julia.ipynb").read_text())
    content["metadata"]["kernelspec"]["name"] = "julia-0.0"
    (nb / "01_julia.ipynb").write_text(json.dumps(content))
    write_notebook(nb, "02_fine", parameters=PARAMETERS, cells=["1"])
    ((done, status),) = run(experiment("one"))
    assert status == "failed"
    notebooks = record(done)["notebooks"]
    assert notebooks["02_fine"]["status"] == "succeeded"
    assert notebooks["01_julia"]["error"]["cause"] == "NoSuchKernel: No such kernel named julia-0.0"
    assert "No such kernel" in (done.folder / "01_julia.html").read_text()
