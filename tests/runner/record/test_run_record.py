"""Run records: written, read, found again, and honest about runs that were cut off."""

import json
import os

import pytest

import helpers.runner.record.run_record as records
from command import nightbook
from helpers.errors import UserError


def make(reports, experiment, run, **values):
    folder = reports / experiment / run
    content = {
        "experiment": experiment, "run": run, "status": "succeeded", "started": "2026-01-02T03:04:05.678+00:00",
        "process": records.this_process(), "question": "Why?", "params": {}, "data": {}, "seed": 0, "versions": {},
        "git": {}, "notebooks": {}, **values,
    }  # fmt: skip
    records.write_record(folder, records.RunRecord.model_validate(content))
    return folder


OLD, NEW = "20260102-030405-678", "20260103-030405-678"


def test_a_record_reads_back_as_it_was(reports):
    folder = make(reports, "churn", OLD, notebooks={"01_a": {"report": "01_a.html", "seconds": 1.5}})
    record = records.read_record(folder)
    assert record.notebooks["01_a"].seconds == 1.5
    assert record.model_dump(mode="json") == json.loads((folder / "run.json").read_text())


def test_running_without_its_runner_is_cut_off(reports):
    alive = make(reports, "churn", OLD, status="running")
    assert records.read_record(alive).effective_status() == "running"
    gone = {"pid": os.getpid(), "host": records.this_process().host, "created": 1.0}
    dead = make(reports, "churn", NEW, status="running", process=gone)
    assert records.read_record(dead).effective_status() == "cut off"


def test_a_damaged_record_is_one_clear_error(reports):
    folder = make(reports, "churn", OLD)
    (folder / "run.json").write_text('{"experiment": ')
    with pytest.raises(UserError, match=r"given a record that cannot be read \(.*\); expected a run record"):
        records.read_record(folder)
    with pytest.raises(UserError, match=r"given a folder without run\.json"):
        records.read_record(reports)


def test_one_damaged_record_does_not_hide_the_others(reports):
    make(reports, "churn", OLD)
    (make(reports, "other", OLD) / "run.json").write_text("{")
    done = nightbook("list", reports=reports)
    assert done.returncode == 0
    assert f"churn/{OLD}" in done.stdout and "a record that cannot be read" in done.stderr


def test_run_folders_sort_by_time_and_never_meet(reports):
    made = [records.new_run_folder(reports, "churn") for _ in range(20)]
    assert len(set(made)) == 20
    assert made == sorted(made)
    assert all(records.RUN_NAME.match(folder.name) for folder in made)


def test_a_run_of_a_grid_is_named_by_what_varies(reports):
    variant = {"seed": 1, "models": ["linear", "xgboost"], "question": "😀/\n" + "x" * 10_000}
    made = [records.new_run_folder(reports, "churn", variant) for _ in range(5)]
    assert len({folder.name[:19] for folder in made}) == 5
    assert made == sorted(made)
    assert {folder.name[19:] for folder in made} == {"-seed=1-models=linear_xgboost-question=" + "x" * 24}
    assert all(records.RUN_NAME.match(folder.name) for folder in made)
    assert records.RUN_NAME.match(records.new_run_folder(reports, "churn", {}).name).group(1) is None


@pytest.mark.parametrize(
    "name", ["interactive", "latest", OLD[:-1], f"{OLD}x", f"{OLD}-", f"{OLD}-a/b", f"{OLD}-é"]
)
def test_what_is_not_the_name_of_a_run(name):
    assert not records.RUN_NAME.match(name)


def test_runs_of_a_grid_are_found_like_others(reports):
    one, two = make(reports, "churn", f"{OLD}-seed=1"), make(reports, "churn", f"{NEW}-seed=2-models=linear")
    plain = make(reports, "churn", "20260102-120000-000")
    assert list(records.run_folders(reports)) == [one, plain, two]
    records.point_latest(two)
    records.point_latest(plain)
    assert (reports / "churn" / "latest").resolve() == two
    assert records.find_run("churn", reports) == two
    assert records.find_run(f"churn/{OLD}-seed=1", reports) == one
    assert records.find_run(str(one), reports) == one


def test_latest_never_goes_back(reports):
    old, new = make(reports, "churn", OLD), make(reports, "churn", NEW)
    records.point_latest(old)
    records.point_latest(new)
    records.point_latest(old)
    assert (reports / "churn" / "latest").resolve() == new


def test_runs_are_found_by_experiment_by_name_and_by_folder(reports):
    old, new = make(reports, "churn", OLD), make(reports, "churn", NEW)
    records.point_latest(new)
    (reports / "churn" / "interactive").mkdir()
    assert records.find_run("churn", reports) == new
    assert records.find_run(f"churn/{OLD}", reports) == old
    assert records.find_run(str(old), reports) == old
    assert records.find_run("churn/latest", reports) == new
    assert list(records.run_folders(reports)) == [old, new]
    with pytest.raises(UserError, match="Did you mean 'churn'"):
        records.find_run("chrun", reports)
    with pytest.raises(UserError, match="given 'x'"):
        records.find_run("x", reports)
    with pytest.raises(UserError, match=r"given 'x{78}…; expected an experiment"):
        records.find_run("x" * 5_000, reports)


def test_a_folder_that_cannot_be_made_is_one_clear_error(reports):
    reports.parent.mkdir(exist_ok=True)
    reports.write_text("a file where the folder should be")
    with pytest.raises(UserError, match=r"a folder that cannot be written .*NIGHTBOOK_REPORTS"):
        records.new_run_folder(reports, "churn")
