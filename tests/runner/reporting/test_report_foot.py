"""What stands at the foot of a report: words on the holdout, times and memory, and the parameters in order."""

import pytest

from helpers.parameters import Parameters
from helpers.runner.record.run_record import NotebookRecord, Process, RunRecord
from helpers.runner.reporting.report_foot import holdout_words, provenance
from helpers.runner.reporting.report_parameters import ShownParameter, shown_parameters
from helpers.tables.ledger import Looks, Opened, append_line, opened_by

ADDRESS = "postgresql://reader:${PGPASSWORD}@host/shop"


def dumped(**given):
    required = {"experiment": "churn", "question": "Who leaves?", "data": "a.csv", "target": "left"}
    return Parameters.model_validate({**required, **given}).model_dump(mode="json")


def record(**changes):
    content = {
        "experiment": "churn",
        "run": "20261120-061200-000",
        "started": "2026-11-20T06:12:00.000+00:00",
        "seconds": 61.4,
        "process": Process(pid=1, host="h", created=1.0),
        "question": "Who leaves?",
        "params": dumped(),
        "data": {"name": "a.csv", "rows": 1200, "columns": 9, "fingerprint": "0123456789abcdef0123"},
        "seed": 7,
        "versions": {"nightbook": "0.1.0", "pandas": "3.1.1"},
        "git": {"commit": "a" * 40, "dirty": True},
        "notebooks": {
            "05_evaluation": NotebookRecord(
                report="x.html", seconds=9.24, peak_memory_mb=1186.2, attempts=2, kernel="ordinary: no room"
            )
        },
    }
    return RunRecord.model_validate(content | changes)


def test_the_foot_says_where_a_report_comes_from(tmp_path):
    run = record()
    opening = {"run": run.run, "key": "k", "params": "p", "fingerprint": run.data["fingerprint"]}
    append_line(tmp_path / "ledger.jsonl", opening)
    assert provenance(tmp_path / run.run, run, run.notebooks["05_evaluation"]) == (
        ("Table", "a.csv, 1,200 rows × 9 columns"),
        ("Fingerprint of the table", "0123456789abcdef"),
        (
            "Run",
            "20261120-061200-000, started 2026-11-20 06:12 UTC, took 61 s, at most 1,186 MiB of memory in a "
            "notebook",
        ),
        ("Holdout", "opened once, by this run"),
        ("Seed", "7"),
        ("Code", "commit aaaaaaaaaaaa with changes that are not committed"),
        ("Versions", "nightbook 0.1.0, pandas 3.1.1"),
        (
            "This notebook",
            "9.2 s, at most 1,186 MiB of memory, started 2 times after failures of the machine, ordinary kernel",
        ),
    )


def test_a_run_that_was_cut_off_and_reuses_says_so_without_times(tmp_path):
    reused = NotebookRecord(report="x.html", reused=True, reused_from="20261119-061200-000")
    run = record(seconds=None, git={"commit": None, "dirty": None}, notebooks={"01_a": reused})
    said = dict(provenance(tmp_path / run.run, run, reused))
    assert said["Run"] == "20261120-061200-000, started 2026-11-20 06:12 UTC"
    assert said["Code"] == "not under version control"
    assert said["Reused"] == "computed in run 20261119-061200-000; nothing it depends on has changed"
    assert said["Holdout"] == "never opened"
    assert "This notebook" not in said


@pytest.mark.parametrize(
    ("openings", "looks", "by_these", "held_out", "expected"),
    [
        (0, 0, False, False, "no rows were held out"),
        (0, 0, False, True, "never opened"),
        (1, 1, True, True, "opened once, by this run"),
        (2, 1, True, True, "opened twice, this run included, for this model alone"),
        (4, 3, True, True, "opened 4 times, this run included, to judge 3 models"),
        (
            1,
            1,
            False,
            True,
            "not opened by this run; opened once before on rows of this table, to judge 1 model",
        ),
    ],
)
def test_how_often_the_holdout_had_been_opened(openings, looks, by_these, held_out, expected):
    assert holdout_words(Opened(Looks(openings, looks), by_these), held_out=held_out) == expected


def test_the_ledger_counts_up_to_the_run_and_no_further(tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    for run, key, params in (("r1", "k", "a"), ("r2", "other", "b"), ("r3", "k", "c"), ("r4", "k", "d")):
        append_line(ledger, {"run": run, "key": key, "params": params, "fingerprint": "f"})
    assert opened_by(ledger, {"r3"}, fingerprint="f") == Opened(Looks(2, 2), by_these=True)
    assert opened_by(ledger, {"r9"}, fingerprint="f") == Opened(Looks(4, 4), by_these=False)
    assert opened_by(ledger, {"r9"}, fingerprint="g") == Opened(Looks(0, 0), by_these=False)
    with ledger.open("ab") as file:
        file.write(b'{"cut of\n')
    assert opened_by(ledger, {"r9"}, fingerprint="g") == Opened(Looks(1, 1), by_these=False)


def test_parameters_that_were_set_come_first_with_their_labels():
    values = dumped(holdout=0.3, validation={"folds": 10}, costs={"unit": "€", "false_negative": 200})
    shown = shown_parameters(values, hidden={"memory", "timeout", "retries", "grid"})
    assert [(one.name, one.value) for one in shown if one.given] == [
        ("data", "a.csv"),
        ("target", "left"),
        ("holdout", "0.3"),
        ("validation.folds", "10"),
        ("costs.unit", "€"),
        ("costs.false_negative", "200"),
    ]
    assert shown[2] == ShownParameter("holdout", "Share of rows kept sealed for the evaluation", "0.3", True)
    assert [one.given for one in shown] == sorted((one.given for one in shown), reverse=True)
    names = {one.name for one in shown}
    assert {"seed", "validation.strategy", "clean.duplicates", "metric"} <= names
    assert not names & {"experiment", "question", "memory", "timeout", "retries", "grid"}
    assert all(one.label and one.value for one in shown)


def test_what_comes_from_the_environment_stays_a_name_and_hostile_values_stay_short(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "very-secret")
    labels = {f"column {number}": "W" * 100 for number in range(40)}
    clean = {"limits": {"age": [0, None]}, "replace": {"x": {"\n<b>": "y"}}}
    values = dumped(data=ADDRESS, query="select\n1" + "W" * 9000, columns=labels, clean=clean)
    shown = {one.name: one.value for one in shown_parameters(values)}
    assert shown["data"] == ADDRESS
    assert "very-secret" not in str(shown)
    assert shown["query"].startswith("select 1WWW") and len(shown["query"]) == 400
    assert shown["columns"].endswith(" and 28 more")
    assert shown["clean.limits"] == "age: [0, none]"
    assert shown["clean.replace"] == "x:  <b> y"
    assert shown["costs"] == "none"


def test_values_of_plain_papermill_may_be_anything():
    shown = shown_parameters({"validation": "group", "costs": {"unit": 3, "no such": 1}, "unknown": 1})
    assert [(one.name, one.value) for one in shown] == [("validation", "group"), ("costs.unit", "3")]
