"""The examples, run as a person runs them: complete, small, and told honestly."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from command import nightbook
from helpers.notebook_files import all_notebooks

pytestmark = pytest.mark.whole_run

NAMES = sorted(all_notebooks())
EXAMPLES = ["breast_cancer", "diabetes", "wine"]
MEGABYTE = 1_000_000


def record(folder):
    return json.loads((folder / "run.json").read_text())


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_notebook_succeeded_and_has_a_report_of_bounded_size(examples, name):
    folder = examples / name / "latest"
    run = record(folder)
    assert run["status"] == "succeeded"
    assert {notebook: item["status"] for notebook, item in run["notebooks"].items()} == dict.fromkeys(
        NAMES, "succeeded"
    )
    for notebook in NAMES:
        size = (folder / f"{notebook}.html").stat().st_size
        assert 2_000 < size < (MEGABYTE if notebook == "06_summary" else 3 * MEGABYTE)
        assert (folder / "notebooks" / f"{notebook}.ipynb").exists()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_record_holds_metrics_beside_the_baseline_and_a_verdict(examples, name):
    run = record(examples / name / "latest")
    assert run["metrics"]["measured_on"] == "holdout"
    for who in ("chosen", "baseline"):
        assert run["metrics"][who]["low"] <= run["metrics"][who]["value"] <= run["metrics"][who]["high"]
    better = run["metrics"]["chosen"]["value"] > run["metrics"]["baseline"]["value"]
    assert better == run["metrics"]["higher_is_better"]
    assert run["verdict"]["word"] in ("use it", "promising, not yet", "do not use", "cannot tell")
    assert sum(run["findings"].values()) == len(
        json.loads((examples / name / "latest" / "findings.json").read_text())
    )
    assert run["findings"]["stop"] == 0


def test_the_holdout_was_opened_once(examples):
    lines = (examples / "wine" / "ledger.jsonl").read_text().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["notebook"] == "05_evaluation"


def test_the_figures_of_a_run_can_be_read_by_machines(examples):
    artifacts = {path.name for path in (examples / "breast_cancer" / "latest" / "artifacts").iterdir()}
    assert {
        "model.skops",
        "out_of_fold.parquet",
        "holdout_predictions.parquet",
        "leaderboard.csv",
    } <= artifacts


def test_each_run_has_a_model_card(examples):
    for name in EXAMPLES:
        folder = examples / name / "latest"
        card = (folder / "model_card.md").read_text(encoding="utf-8")
        assert card.startswith(f"# Model card: {name}".replace("_", "\\_")) and "## Limits" in card
        assert "Show the model card" in (folder / "06_summary.html").read_text(encoding="utf-8")


def test_list_and_show(examples):
    listed = nightbook("list", reports=examples)
    assert listed.returncode == 0
    assert all(name in listed.stdout for name in EXAMPLES)
    shown = nightbook("show", "wine", reports=examples)
    assert shown.returncode == 0
    assert "succeeded" in shown.stdout and "log loss" in shown.stdout
    unknown = nightbook("show", "wime", reports=examples)
    assert unknown.returncode == 2
    assert "Did you mean 'wine'?" in unknown.stderr and "Traceback" not in unknown.stderr


def test_no_holdout_means_no_evaluation_and_no_verdict(tmp_path):
    quick = ("--set", "models=[linear]", "--set", "budget.trials=0")
    done = nightbook("run", "wine", "--only", "06_summary", "--set", "holdout=0", *quick, reports=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    run = record(tmp_path / "wine" / "latest")
    assert run["metrics"]["measured_on"] == "cross-validation"
    assert run["verdict"]["word"] == "cannot tell"
    assert not (tmp_path / "wine" / "ledger.jsonl").exists()


def test_only_brings_what_it_needs(tmp_path):
    quick = ("--set", "models=[linear]", "--set", "budget.trials=0")
    done = nightbook("run", "wine", "--only", "05_evaluation", *quick, reports=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(record(tmp_path / "wine" / "latest")["notebooks"]) == ["04_model_selection", "05_evaluation"]


def test_wrong_use_exits_with_2_before_anything_starts(tmp_path):
    done = nightbook("run", "wine", "--set", "target=growr", "--set", "seeed=1", reports=tmp_path)
    assert done.returncode == 2
    assert "Did you mean 'seed'?" in done.stderr
    done = nightbook("run", "wine", "--set", "target=targett", reports=tmp_path)
    assert done.returncode == 2
    assert "Did you mean 'target'?" in done.stderr and "Traceback" not in done.stderr
    assert not tmp_path.joinpath("wine").exists()


def test_ctrl_c_stops_the_kernels_and_writes_the_record(tmp_path):
    command = [str(Path(sys.executable).with_name("nightbook")), "run", "breast_cancer"]
    environment = {**os.environ, "NIGHTBOOK_REPORTS": str(tmp_path)}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not list(tmp_path.glob("breast_cancer/*/notebooks/*.ipynb")):
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 1, said + errors
    assert "Stopping the kernels" in said and "Traceback" not in errors
    (path,) = tmp_path.glob("breast_cancer/*/run.json")
    run = json.loads(path.read_text())
    assert run["status"] == "interrupted"
    assert "waiting" not in {item["status"] for item in run["notebooks"].values()}
    assert (tmp_path / "index.html").exists()


@pytest.mark.parametrize("name", EXAMPLES)
def test_new_writes_a_file_that_runs(tmp_path, name, monkeypatch):
    from helpers.runner.experiments import new_experiment

    monkeypatch.setattr(new_experiment, "params_folder", lambda: tmp_path)
    path = new_experiment.write_new(f"sklearn:{name}", target="target")
    done = nightbook("check", str(path), reports=tmp_path)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(tmp_path)
