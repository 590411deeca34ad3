"""Which files a notebook made: listed as soon as they are asked for, those of others left out."""

import json
import os

import pytest

import helpers.notebook_files as notebook_files
from helpers.artifacts import Artifacts, listed_artifacts
from helpers.errors import UserError
from tiny_notebooks import write_notebook


@pytest.fixture
def at_work(tmp_path, monkeypatch):
    folder = tmp_path / "nb"
    write_notebook(folder, "01_a")
    write_notebook(folder, "04_b", needs=["01_a"])
    write_notebook(folder, "05_c", needs=["04_b"])
    monkeypatch.setattr(notebook_files, "notebooks_folder", lambda: folder)
    return lambda name: Artifacts(tmp_path / "artifacts", notebook_files.find_notebook(name))


def listed(tmp_path, name):
    return json.loads((tmp_path / "artifacts" / f"{name}.files.json").read_text())


def test_each_is_listed_as_soon_as_it_is_asked_for(at_work, tmp_path):
    artifacts = at_work("04_b")
    assert artifacts.path("model.bin") == tmp_path / "artifacts" / "model.bin"
    assert listed(tmp_path, "04_b") == ["model.bin"]
    assert artifacts.path("deep/./a.csv").parent.is_dir()
    artifacts.path("model.bin")
    assert (
        listed(tmp_path, "04_b")
        == ["deep/a.csv", "model.bin"]
        == listed_artifacts(tmp_path / "artifacts", "04_b")
    )


def test_what_a_needed_notebook_made_is_read_and_not_made(at_work, tmp_path):
    at_work("01_a").path("first.csv").write_text("x")
    at_work("04_b").path("model.bin").write_text("x")
    last = at_work("05_c")
    for name in ("model.bin", "first.csv", "mine.csv"):
        last.path(name)
    assert listed(tmp_path, "05_c") == ["mine.csv"]


def test_nothing_made_is_an_empty_list(at_work, tmp_path):
    at_work("01_a").write_list()
    assert listed(tmp_path, "01_a") == []
    assert listed_artifacts(tmp_path / "artifacts", "04_b") == []


@pytest.mark.parametrize("name", ["../run.json", "/etc/passwd", "a/../../b", ""])
def test_a_name_that_leads_out_is_refused(at_work, name):
    with pytest.raises(
        UserError, match=r"artifact: given .*; expected a name inside the folder artifacts/\."
    ):
        at_work("01_a").path(name)


def test_writing_over_a_reused_file_leaves_the_earlier_run_as_it_was(at_work, tmp_path):
    earlier, here = tmp_path / "earlier.csv", tmp_path / "artifacts" / "table.csv"
    earlier.write_text("as it was")
    here.parent.mkdir()
    os.link(earlier, here)
    with at_work("01_a").path("table.csv").open("a") as file:
        file.write(", and more")
    assert here.read_text() == "as it was, and more"
    assert earlier.read_text() == "as it was"


def test_reading_a_reused_file_leaves_it_shared(at_work, tmp_path):
    at_work("04_b").path("model.bin").write_text("x")
    os.link(tmp_path / "artifacts" / "model.bin", tmp_path / "same")
    at_work("05_c").path("model.bin")
    assert (tmp_path / "same").stat().st_nlink == 2
