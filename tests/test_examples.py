"""The examples and the notebooks' own defaults."""

import json

import pytest

from helpers.notebook_files import all_notebooks
from helpers.parameters.cell import parameters_cell
from helpers.paths import params_folder
from helpers.runner.experiments.experiment_file import read_experiments

EXAMPLES = sorted(path.stem for path in params_folder().glob("*.yaml"))


def test_the_examples():
    assert EXAMPLES == ["breast_cancer", "diabetes", "wine"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_checked_and_labels_its_columns(name):
    (experiment,) = read_experiments([name], notebooks=all_notebooks())
    assert experiment.params.experiment == name
    assert experiment.params.question.endswith("?")
    assert experiment.params.label("target") != "target"


@pytest.mark.parametrize("notebook", sorted(all_notebooks()))
def test_every_notebook_opens_with_the_same_parameters(notebook):
    """They are breast_cancer's, but for the labels, which would fill the page."""
    (experiment,) = read_experiments(["breast_cancer"], notebooks=all_notebooks())
    wanted = parameters_cell(experiment.params.model_copy(update={"columns": {}}))
    content = json.loads(all_notebooks()[notebook].path.read_text(encoding="utf-8"))
    cells = [cell for cell in content["cells"] if "parameters" in cell["metadata"].get("tags", ())]
    assert ["".join(cell["source"]) for cell in cells] == [wanted]


@pytest.mark.parametrize("notebook", sorted(all_notebooks()))
def test_no_notebook_stores_outputs(notebook):
    content = json.loads(all_notebooks()[notebook].path.read_text(encoding="utf-8"))
    assert [cell["outputs"] for cell in content["cells"] if cell.get("outputs")] == []


def test_only_the_evaluation_opens_the_holdout():
    assert [name for name, file in all_notebooks().items() if file.opens_holdout] == ["05_evaluation"]
