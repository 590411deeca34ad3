"""Params files to experiments: changes, notebooks' own keys, all problems of all files at once."""

import pytest

from helpers.errors import UserError
from helpers.notebook_files import all_notebooks
from helpers.runner.experiment_file import read_experiments
from tiny_notebooks import write_notebook

GOOD = "experiment: {name}\nquestion: Who leaves?\ndata: sklearn:wine\ntarget: target\n"


@pytest.fixture
def params(tmp_path):
    def write(name="churn", extra="", base=GOOD):
        path = tmp_path / f"{name}.yaml"
        path.write_text(base.format(name=name) + extra)
        return str(path)

    return write


def messages(*paths, **options):
    with pytest.raises(UserError) as caught:
        read_experiments(paths, **{"notebooks": {}, **options})
    return [str(problem) for problem in caught.value.problems]


def test_reads_a_file(params):
    (experiment,) = read_experiments([params()], notebooks={})
    assert experiment.params.experiment == "churn"
    assert experiment.where.endswith("churn.yaml")


def test_changes_take_yaml_and_dots(params):
    changes = ["seed=3", "budget.trials=5", "models=[linear, xgboost]", 'positive="Yes"']
    (experiment,) = read_experiments([params()], changes=changes, notebooks={})
    chosen = experiment.params
    assert (chosen.seed, chosen.budget.trials, chosen.models, chosen.positive) == (
        3, 5, ["linear", "xgboost"], "Yes",
    )  # fmt: skip


def test_wrong_changes(params):
    assert messages(params(), changes=["seed"]) == [
        "--set: given 'seed'; expected key=value. For instance: --set seed=3"
    ]
    (text,) = messages(params(), changes=["seeed=3"])
    assert "the unknown key 'seeed'" in text and "Did you mean 'seed'?" in text
    (text,) = messages(params(), changes=["question.x=1"])
    assert text.endswith("question is 'Who leaves?'; expected a section of keys.")


def test_every_problem_of_every_file(params):
    one, two = params("one", "holdout: 3\nfoo: 1\n"), params("two", "seed: x\n")
    assert len(messages(one, two)) == 3


def test_every_wrong_change_is_told(params):
    assert len(messages(params(), changes=["seed", "=3"])) == 2


def test_two_files_with_one_name(params, tmp_path):
    other = tmp_path / "other.yml"
    other.write_text(GOOD.format(name="churn"))
    (text,) = messages(params(), str(other))
    assert text.endswith("given 'churn' in each; expected a name of its own in each file.")


def test_a_file_that_is_not_there_names_the_nearest():
    (text,) = messages("params/breast_cancr.yaml")
    assert text.endswith("Did you mean 'params/breast_cancer.yaml'?")


@pytest.mark.parametrize("base", ["", "# nothing\n", "[1, 2]\n", "text\n"])
def test_no_keys(params, base):
    (text,) = messages(params(base=base))
    assert text.endswith("expected keys and values. Write at least experiment, question, data and target.")


def test_a_notebooks_own_parameter_is_allowed_and_goes_to_it_alone(params, tmp_path):
    write_notebook(tmp_path / "nb", "07_own", parameters='depth: int = 3  # how deep\nrun_folder: str = ""')
    notebooks = all_notebooks(tmp_path / "nb")
    (experiment,) = read_experiments([params(extra="depth: 5\n")], notebooks=notebooks)
    assert experiment.own == {"07_own": {"depth": 5}}
    (text,) = messages(params(extra="depth: deep\n"), notebooks=notebooks)
    assert text.endswith("depth: given 'deep'; expected int, as 07_own declares.")
    assert "the unknown key 'depth'" in messages(params(extra="depth: 5\n"))[0]
    assert (
        "the unknown key 'run_folder'" in messages(params(extra="run_folder: /tmp\n"), notebooks=notebooks)[0]
    )
