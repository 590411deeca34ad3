"""`nightbook list`: its lines, its options, and what it says of records that cannot be read."""

import json
import subprocess
import sys

import pytest

import helpers.runner.record.run_record as records
from command import nightbook
from helpers.errors import UserError
from helpers.runner.overview.listing import headline_in_words, list_command, table_of

ESTIMATE = {"value": 0.96, "low": 0.93, "high": 0.99}
METRICS = {
    "name": "roc_auc",
    "label": "ROC AUC",
    "measured_on": "holdout",
    "chosen": ESTIMATE,
    "baseline": {"value": 0.5},
}
OLD, MIDDLE, NEW = "20260102-030405-678", "20260103-030405-678-seed=1", "20260104-030405-678"


def make(reports, experiment, run, **values):
    content = {
        "experiment": experiment,
        "run": run,
        "status": "succeeded",
        "started": "2026-01-02T03:04:05.678+00:00",
        "seconds": 41.2,
        "process": records.this_process(),
        "question": "Why?",
        "params": {},
        "data": {},
        "seed": 0,
        "versions": {},
        "git": {},
        "notebooks": {},
        **values,
    }
    record = records.RunRecord.model_validate(content)
    records.write_record(reports / experiment / run, record)
    return record.model_dump(mode="json")


@pytest.fixture
def three(reports):
    make(reports, "churn", OLD, metrics=METRICS, verdict={"word": "use it", "reason": "Good."})
    make(reports, "sales", MIDDLE, status="failed", seconds=None)
    reused = {"01_a": {"status": "succeeded", "report": "01_a.html", "reused": True}}
    make(reports, "churn", NEW, notebooks=reused)
    return reports


def test_no_run(reports, capsys):
    assert list_command() == 0
    said = f"No run in {reports} yet. Begin with: nightbook run params/breast_cancer.yaml\n"
    assert capsys.readouterr().out == said
    with pytest.raises(
        UserError, match=r"given 'churn'; expected an experiment that has run \(none has yet\)"
    ):
        list_command(experiment="churn")


def test_a_line_a_run_the_newest_first(three, capsys):
    assert list_command() == 0
    assert capsys.readouterr().out == (
        "run                               status             seconds  verdict  metric\n"
        "churn/20260104-030405-678         succeeded, reused     41.2  –        –\n"
        "sales/20260103-030405-678-seed=1  failed                   –  –        –\n"
        "churn/20260102-030405-678         succeeded             41.2  use it   "
        "ROC AUC 0.960 (0.930 to 0.990), baseline 0.500, holdout\n"
    )


def test_one_run(reports, capsys):
    make(reports, "churn", OLD)
    assert list_command() == 0
    assert capsys.readouterr().out.count("\n") == 2


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"last": 1}, [NEW]),
        ({"last": 9}, [NEW, MIDDLE, OLD]),
        ({"experiment": "churn"}, [NEW, OLD]),
        ({"experiment": "churn", "last": 1}, [NEW]),
        ({"experiment": "sales"}, [MIDDLE]),
    ],
)
def test_only_some_are_listed(three, capsys, options, expected):
    list_command(**options)
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0].split("/")[1] for line in lines] == expected


def test_an_unknown_experiment_is_one_clear_error(three):
    done = nightbook("list", "--experiment", "chrun", reports=three)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "nightbook: --experiment: given 'chrun'; expected an experiment that has run (churn, sales). "
        "Did you mean 'churn'?\n"
    )
    assert nightbook("list", "--last", "0", reports=three).returncode == 2


def test_a_run_whose_runner_is_gone_is_cut_off(reports, capsys):
    gone = records.this_process().model_copy(update={"created": 1.0})
    make(reports, "churn", OLD, status="running", process=gone)
    list_command()
    assert "cut off" in capsys.readouterr().out


@pytest.mark.parametrize("change", [{"format": 2}, {"later": 1}, {"seed": "x"}])
def test_a_record_of_another_version_is_unreadable_with_its_reason(three, capsys, change):
    path = three / "sales" / MIDDLE / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert list_command() == 0
    said = capsys.readouterr()
    assert f"sales/{MIDDLE}  unreadable " in said.out and said.out.count("churn/") == 2
    assert said.err.startswith(f"nightbook: {path}: given a record that cannot be read (")
    assert next(iter(change)) in said.err and said.err.count("\n") == 1


def test_whatever_stands_in_place_of_a_record_is_unreadable(three, capsys):
    path = three / "sales" / MIDDLE / "run.json"
    path.write_text("[" * 100_000)
    list_command()
    assert "a record that cannot be read (maximum recursion depth" in capsys.readouterr().err
    path.unlink()
    path.mkdir()
    list_command()
    said = capsys.readouterr()
    assert "a record that cannot be read ([Errno 21] Is a directory" in said.err
    assert f"sales/{MIDDLE}  unreadable " in said.out


def test_on_a_terminal_lines_are_cut_and_many_runs_say_how_to_see_the_newest(reports, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    for number in range(31):
        make(reports, "churn", f"20260102-030405-{number:03d}")
    list_command()
    *lines, hint = capsys.readouterr().out.splitlines()
    assert {len(line) for line in lines} == {40}
    assert hint == "31 runs, the newest at the top. Only those: nightbook list --last 10"
    list_command(last=2)
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_hostile_text_stays_on_its_line():
    run = {"experiment": "a\nb", "run": "c\x1b[31m", "status": "\n", "verdict": {"word": "d\re"}}
    assert table_of([run], width=None)[1:] == ["a b/c [31m                –  d e      –"]


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        (None, "–"),
        ("odd", "–"),
        ({"chosen": 7}, "–"),
        ({**METRICS, "chosen": {"value": None}}, "ROC AUC cannot be computed"),
        ({**METRICS, "chosen": {"value": 0.9}}, "ROC AUC 0.900, baseline 0.500, holdout"),
        ({"name": "mae", "chosen": ESTIMATE}, "mae 0.960 (0.930 to 0.990)"),
    ],
)
def test_the_metric_in_words(metrics, expected):
    assert headline_in_words({"metrics": metrics}) == expected


def test_the_list_imports_nothing_heavy(three):
    code = (
        "import sys; from helpers.runner.overview.listing import list_command; list_command()\n"
        "heavy = {'pandas', 'numpy', 'sklearn', 'papermill', 'nbconvert', 'jinja2', 'rich', 'statistics'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.endswith("\n[]\n"), done.stdout + done.stderr
