"""Each notebook runs by nbval with its defaults, by plain papermill, and by the command: the same metrics."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.notebook_files import all_notebooks
from helpers.paths import notebooks_folder, params_folder

pytestmark = pytest.mark.whole_run

NAMES = sorted(all_notebooks())
RECORDED = ["01_data_quality", "04_model_selection", "05_evaluation", "06_summary"]
# What a clock or the ledger decides, and not the table.
NOT_COMPARED = {"fit_seconds", "predict_seconds", "openings", "looks"}
# What the labels under `columns` decide: the cell of the notebooks holds none.
WORDS = {"label", "description"}


def comparable(value, *, without=frozenset()):
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key not in NOT_COMPARED | without}
        return {key: comparable(item, without=without) for key, item in kept.items()}
    return [comparable(item, without=without) for item in value] if isinstance(value, list) else value


def results(folder):
    """What the notebooks of a run recorded, to the last digit."""
    return {
        name: comparable(json.loads((folder / "artifacts" / f"{name}.json").read_text())["result"])
        for name in RECORDED
    }


def finished(reports):
    return (reports / "breast_cancer" / "latest").resolve()


def test_plain_papermill_gives_the_same(examples, tmp_path):
    environment = {**os.environ, "NIGHTBOOK_REPORTS": str(tmp_path)}
    for name in NAMES:
        command = [
            str(Path(sys.executable).with_name("papermill")), str(notebooks_folder() / f"{name}.ipynb"),
            str(tmp_path / f"{name}.ipynb"), "-f", str(params_folder() / "breast_cancer.yaml"), "--no-progress-bar",
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=300, check=False
        )
        assert done.returncode == 0, f"{name}: {done.stderr[-2000:]}"
        assert "unknown parameter" not in done.stderr
    assert results(tmp_path / "breast_cancer" / "interactive") == results(finished(examples))


def test_nbval_runs_each_with_its_defaults_and_gives_the_same(examples, tmp_path):
    environment = {**os.environ, "NIGHTBOOK_REPORTS": str(tmp_path)}
    command = [
        sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path),
        "-c", os.devnull, str(notebooks_folder()),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    mine = results(tmp_path / "breast_cancer" / "interactive")
    other = results(finished(examples))
    assert comparable(mine, without=WORDS) == comparable(other, without=WORDS)
