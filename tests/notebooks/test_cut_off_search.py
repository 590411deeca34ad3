"""A search that is killed for good goes on with the next run, and ends as if nothing had happened."""

import json
import re
import time

import pandas as pd
import pytest

from command import nightbook, started

pytestmark = pytest.mark.whole_run

NAME = "04_model_selection"
TRIALS = 10
CANDIDATES = 3  # the baseline among them
# Of three folds a trial is up to two results, one for each look, and four trials go side by side: with so many
# results one trial at least is whole.
LEFT = 5
TAKEN = re.compile(r"(\d+) candidates and (\d+) trials? were taken from an earlier run that was cut off")
# What a clock decides.
SECONDS = {"fit_seconds", "predict_seconds"}
COMMAND = (
    "run", "wine", "--only", NAME, "--set", f"budget.trials={TRIALS}",
    "--set", "models=[linear, xgboost]", "--set", "validation.folds=3",
)  # fmt: skip


def finished(reports):
    done = nightbook(*COMMAND, reports=reports)
    assert done.returncode == 0, done.stdout + done.stderr


def stored(reports):
    return list(reports.glob("wine/.nightbook/trials/*/*.trial"))


def without_seconds(value):
    if isinstance(value, dict):
        return {key: without_seconds(item) for key, item in value.items() if key not in SECONDS}
    return [without_seconds(item) for item in value] if isinstance(value, list) else value


def recorded(reports):
    return without_seconds(
        json.loads((reports / "wine" / "latest" / "artifacts" / f"{NAME}.json").read_text())
    )


def out_of_fold(reports):
    return pd.read_parquet(reports / "wine" / "latest" / "artifacts" / "out_of_fold.parquet")


def said(reports):
    executed = reports / "wine" / "latest" / "notebooks" / f"{NAME}.ipynb"
    cells = json.loads(executed.read_text())["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return "\n".join("".join(output.get("data", {}).get("text/plain", "")) for output in outputs)


def test_a_search_killed_in_its_middle_goes_on_and_ends_the_same(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    process = started(*COMMAND, reports=cut)
    try:
        while len(stored(cut)) < CANDIDATES + LEFT:
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
    finally:
        process.kill()
        process.communicate()
    assert not (cut / "wine" / "latest").exists()
    finished(cut)
    found = TAKEN.search(said(cut))
    assert found, said(cut)
    assert int(found[1]) == CANDIDATES
    assert 1 <= int(found[2]) < TRIALS
    finished(whole)
    assert TAKEN.search(said(whole)) is None
    assert recorded(cut) == recorded(whole)
    assert recorded(whole)["result"]["trials"] == TRIALS
    pd.testing.assert_frame_equal(out_of_fold(cut), out_of_fold(whole), check_exact=True)
    for reports in (cut, whole):
        assert list((reports / "wine" / ".nightbook" / "trials").iterdir()) == []
