"""`nightbook lab`: the copies and what stays of a person's changes, the command built, the kernels offered."""

import doctest
import json
import sys
from types import SimpleNamespace

import pytest
from jupyter_client.kernelspec import KernelSpecManager

import helpers.runner.kernels.specs as specs_module
import helpers.runner.lab.lab_command as lab
from command import nightbook
from helpers.notebook_files import all_notebooks
from helpers.paths import notebooks_folder
from helpers.runner.experiments.experiment_file import read_experiments
from helpers.runner.kernels.specs import LabKernels
from helpers.runner.lab.interactive_copies import Fate, write_copies
from tiny_notebooks import write_notebook

PARAMS = "experiment: churn\nquestion: Who leaves?\ndata: sklearn:wine\ntarget: target\nseed: {seed}\n"
CELL = 'experiment: str = "x"  # name\nseed: int = 0  # seed\nalpha: float = 0.5  # how much'


class Place:
    """Notebooks, a params file and the folder of the copies."""

    def __init__(self, root):
        self.root = root
        self.folder = root / "interactive"
        self.notebook(cells=["1 + 1"])

    def notebook(self, *, cells):
        write_notebook(self.root / "notebooks", "01_a", parameters=CELL, cells=cells)

    def copy_all(self, *, seed=3, more=""):
        notebooks = all_notebooks(self.root / "notebooks")
        path = self.root / "churn.yaml"
        path.write_text(PARAMS.format(seed=seed) + more)
        (experiment,) = read_experiments([str(path)], notebooks=notebooks)
        return write_copies(notebooks, experiment, folder=self.folder)["01_a"]

    def read(self):
        return json.loads((self.folder / "01_a.ipynb").read_text())

    def sources(self):
        return ["".join(cell["source"]) for cell in self.read()["cells"]]

    def change(self, number, **values):
        content = self.read()
        content["cells"][number].update(values)
        (self.folder / "01_a.ipynb").write_text(json.dumps(content))


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def filled(*, seed, alpha="0.5"):
    return (
        f'experiment: str = "churn"  # name\nseed: int = {seed}  # seed\nalpha: float = {alpha}  # how much\n'
        'question: str = "Who leaves?"  # what you want to know, in words for everyone\n'
        'data: list = ["sklearn:wine"]  # a file, a list or pattern of files, sklearn:NAME, or the address of a database\n'
        'target: str = "target"  # the column to predict'
    )


OUTPUT = {"output_type": "stream", "name": "stdout", "text": "2"}


def test_a_copy_holds_the_values_and_no_outputs(place):
    source = place.root / "notebooks" / "01_a.ipynb"
    content = json.loads(source.read_text())
    content["cells"][1].update(outputs=[OUTPUT], execution_count=7)
    source.write_text(json.dumps(content))
    before = source.read_bytes()
    assert place.copy_all(more="alpha: 2\n") is Fate.WRITTEN
    assert place.sources() == [filled(seed=3, alpha="2.0"), "1 + 1"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in place.read()["cells"]] == [([], None)] * 2
    assert source.read_bytes() == before


def test_a_second_time_nothing_is_written_and_outputs_stay(place):
    place.copy_all()
    place.change(1, outputs=[OUTPUT], execution_count=1)
    before = place.read()
    assert place.copy_all() is Fate.SAME
    assert place.read() == before


def test_other_values_renew_an_unchanged_copy_without_the_outputs_of_the_old_ones(place):
    place.copy_all()
    place.change(1, outputs=[OUTPUT])
    assert place.copy_all(seed=4) is Fate.RENEWED
    assert place.sources() == [filled(seed=4), "1 + 1"]
    assert place.read()["cells"][1]["outputs"] == []


def test_a_changed_notebook_renews_an_unchanged_copy(place):
    place.copy_all()
    place.notebook(cells=["2 + 2"])
    assert place.copy_all() is Fate.RENEWED
    assert place.sources() == [filled(seed=3), "2 + 2"]


def test_a_persons_cells_stay_whatever_changes_beside_them(place):
    place.copy_all()
    place.change(1, source="mine = 1", outputs=[OUTPUT])
    assert place.copy_all() is Fate.KEPT
    place.notebook(cells=["2 + 2"])
    assert place.copy_all() is Fate.KEPT
    assert place.copy_all(seed=4) is Fate.FILLED
    assert place.sources() == [filled(seed=4), "mine = 1"]
    assert place.read()["cells"][1]["outputs"] == [OUTPUT]
    assert place.copy_all(seed=4) is Fate.KEPT
    assert place.copy_all(seed=5) is Fate.FILLED


def test_parameters_changed_by_hand_stay(place):
    place.copy_all()
    place.change(0, source=filled(seed=9))
    before = place.read()
    assert place.copy_all() is Fate.OWN_PARAMETERS
    assert place.copy_all(seed=4) is Fate.OWN_PARAMETERS
    assert place.read() == before
    assert place.copy_all(seed=9) is Fate.SAME


def test_a_notebook_of_the_persons_own_under_the_same_name_stays(place):
    place.folder.mkdir()
    mine = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    (place.folder / "01_a.ipynb").write_text(json.dumps(mine))
    assert place.copy_all() is Fate.OWN_PARAMETERS
    assert place.read() == mine


@pytest.mark.parametrize("text", ["", "no notebook", "[]", '{"cells": 3}', '{"cells": [{"source": 1}]}'])
def test_a_file_that_is_no_notebook_stays(place, text):
    place.folder.mkdir()
    (place.folder / "01_a.ipynb").write_text(text)
    assert place.copy_all() is Fate.UNREADABLE
    assert (place.folder / "01_a.ipynb").read_text() == text


def test_the_command_is_for_this_machine_alone(tmp_path):
    assert lab.lab_command_line(tmp_path, port=None, browser=True, root=False) == [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={tmp_path}",
        "--ServerApp.ip=localhost",
        "--ServerApp.kernel_spec_manager_class=helpers.runner.kernels.specs.LabKernels",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    asked = lab.lab_command_line(tmp_path, port=0, browser=False, root=True)
    assert asked[-3:] == ["--ServerApp.port=0", "--no-browser", "--allow-root"]


@pytest.fixture
def became(monkeypatch):
    """The commands that the process would have become."""
    commands = []
    monkeypatch.setattr(lab.os, "execv", lambda _, command: commands.append(command))
    return commands


def test_without_params_the_notebooks_themselves_are_opened(became, reports, capsys):
    lab.lab_command(None, port=None, browser=True)
    assert f"--ServerApp.root_dir={notebooks_folder()}" in became[0]
    assert capsys.readouterr().out == ""
    assert not reports.exists()


def test_with_params_the_copies_are_opened_and_told_in_one_line(became, reports, capsys):
    lab.lab_command("diabetes", port=None, browser=True)
    folder = reports / "diabetes" / "interactive"
    assert f"--ServerApp.root_dir={folder}" in became[0]
    names = list(all_notebooks())
    assert sorted(path.stem for path in folder.iterdir()) == names
    assert capsys.readouterr().out == f"diabetes in {folder}: written: {', '.join(names)}\n"


@pytest.mark.slow
def test_every_problem_is_told_before_anything_starts(tmp_path, reports):
    bad = tmp_path / "bad.yaml"
    bad.write_text(PARAMS.format(seed=-1) + "sede: 1\ngroup: clinic\n")
    done = nightbook("lab", str(bad), "--no-browser", reports=reports)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for said in ("seed: given -1", "Did you mean 'seed'?", "group: given 'clinic'"):
        assert said in done.stderr, done.stderr
    assert not reports.exists()


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_told(tmp_path, reports):
    reports.write_text("a file where the folder should be")
    done = nightbook("lab", "wine", "--no-browser", reports=reports)
    assert done.returncode == 2
    assert "interactive: given a folder that cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_out_of_range_is_refused(reports):
    assert nightbook("lab", "--port", "70000", reports=reports).returncode == 2


def test_python3_is_the_warm_kernel_in_the_lab_and_the_ordinary_one_can_be_chosen(monkeypatch):
    started = []
    monkeypatch.setattr(specs_module, "warm_place", lambda: SimpleNamespace(server=lambda: started.append(1)))
    specs = {name: found["spec"] for name, found in LabKernels().get_all_specs().items()}
    assert started == [1]  # the first kernel finds the server ready
    assert "nightbook" not in specs
    warm, ordinary = specs["python3"], specs["ordinary"]
    assert (warm["display_name"], ordinary["display_name"]) == ("Python 3 (warm)", "Python 3 (ordinary)")
    assert warm["metadata"]["kernel_provisioner"] == {"provisioner_name": "nightbook-warm"}
    assert "kernel_provisioner" not in ordinary["metadata"]
    assert LabKernels().get_kernel_spec("nightbook").display_name == "Python 3 (warm)"


def test_the_warm_kernel_is_installed_where_any_jupyter_finds_it():
    assert KernelSpecManager().get_kernel_spec("nightbook").display_name == "Python 3 (warm)"
    assert "kernel_provisioner" not in KernelSpecManager().get_kernel_spec("python3").metadata


def test_the_examples_hold():
    assert doctest.testmod(lab).failed == 0
