"""A search that is killed for good goes on with the next run, and ends as if nothing had happened."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import psutil
import pytest

from helpers.paths import notebooks_folder, params_folder

pytestmark = pytest.mark.whole_run

NAME = "04_model_selection"
TRIALS = 30
CANDIDATES = 9  # the baseline among them
TAKEN = re.compile(r"(\d+) candidates and (\d+) trials were taken from an earlier run that was cut off")
# What a clock decides.
SECONDS = {"fit_seconds", "predict_seconds"}


def papermill(reports):
    """Notebook 04 of `wine` with a search, in a kernel of its own, without the runner."""
    command = [
        str(Path(sys.executable).with_name("papermill")), str(notebooks_folder() / f"{NAME}.ipynb"),
        str(reports / "out.ipynb"), "-f", str(params_folder() / "wine.yaml"),
        "-y", f"budget: {{trials: {TRIALS}}}", "-p", "run_folder", str(reports / "wine" / "run"), "--no-progress-bar",
    ]  # fmt: skip
    reports.mkdir(exist_ok=True)
    environment = {**os.environ, "NIGHTBOOK_REPORTS": str(reports)}
    with (reports / "said.txt").open("w") as said:
        return subprocess.Popen(command, env=environment, stdout=said, stderr=said)


def finished(reports):
    process = papermill(reports)
    assert process.wait(timeout=280) == 0, (reports / "said.txt").read_text()[-2000:]


def kill(process):
    """End papermill and its kernel, which has a process group of its own, with no chance to tidy up."""
    if process.poll() is not None:
        return
    parent = psutil.Process(process.pid)
    family = [*parent.children(recursive=True), parent]
    for member in family:
        member.kill()
    process.wait(timeout=60)
    assert psutil.wait_procs(family, timeout=60)[1] == []


def stored(reports):
    return list(reports.glob("wine/.nightbook/trials/*/*.trial"))


def without_seconds(value):
    if isinstance(value, dict):
        return {key: without_seconds(item) for key, item in value.items() if key not in SECONDS}
    return [without_seconds(item) for item in value] if isinstance(value, list) else value


def recorded(reports):
    return without_seconds(json.loads((reports / "wine" / "run" / "artifacts" / f"{NAME}.json").read_text()))


def out_of_fold(reports):
    return pd.read_parquet(reports / "wine" / "run" / "artifacts" / "out_of_fold.parquet")


def said(reports):
    cells = json.loads((reports / "out.ipynb").read_text())["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return "\n".join("".join(output.get("data", {}).get("text/plain", "")) for output in outputs)


@pytest.mark.timeout(900)
def test_a_search_killed_in_its_middle_goes_on_and_ends_the_same(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    process = papermill(cut)
    try:
        while len(stored(cut)) < CANDIDATES + 3:
            assert process.poll() is None, (cut / "said.txt").read_text()[-2000:]
            time.sleep(0.05)
    finally:
        kill(process)
    left = len(stored(cut)) - CANDIDATES
    assert 3 <= left < TRIALS
    assert not (cut / "wine" / "run" / "artifacts" / f"{NAME}.json").exists()
    finished(cut)
    found = TAKEN.search(said(cut))
    assert found, said(cut)
    # More than were left, if the search drew settings again that it had tried before the end.
    assert int(found[1]) == CANDIDATES
    assert left <= int(found[2]) < TRIALS
    finished(whole)
    assert TAKEN.search(said(whole)) is None
    assert recorded(cut) == recorded(whole)
    assert recorded(whole)["result"]["trials"] == TRIALS
    pd.testing.assert_frame_equal(out_of_fold(cut), out_of_fold(whole), check_exact=True)
    for reports in (cut, whole):
        assert list((reports / "wine" / ".nightbook" / "trials").iterdir()) == []
