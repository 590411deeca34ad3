"""Params files to experiments: changes, notebooks' own keys, all problems of all files at once."""

import pytest

from helpers.errors import UserError, shortened
from helpers.notebook_files import all_notebooks
from helpers.runner.experiments.experiment_file import read_experiments
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


def titles(*paths, **options):
    return [experiment.title for experiment in read_experiments(paths, **{"notebooks": {}, **options})]


def test_each_combination_of_a_grid_is_an_experiment(params):
    found = read_experiments([params()], grid=["seed=1,2", "models=linear"], notebooks={})
    assert [(item.title, item.params.seed, item.params.models) for item in found] == [
        ("churn seed=1 models=linear", 1, ["linear"]),
        ("churn seed=2 models=linear", 2, ["linear"]),
    ]
    assert [dict(item.variant) for item in found] == [
        {"seed": 1, "models": "linear"},
        {"seed": 2, "models": "linear"},
    ]
    assert {item.params.experiment for item in found} == {"churn"}


def test_a_grid_in_the_file_means_the_same(params):
    extra = "grid:\n  budget.trials: [5, 6]\n  models: [[linear, xgboost], auto]\n"
    found = read_experiments([params(extra=extra)], notebooks={})
    assert [item.title for item in found] == [
        "churn budget.trials=5 models=[linear, xgboost]",
        "churn budget.trials=5 models=auto",
        "churn budget.trials=6 models=[linear, xgboost]",
        "churn budget.trials=6 models=auto",
    ]
    assert [item.params.budget.trials for item in found] == [5, 5, 6, 6]
    assert all(item.params.grid == {} for item in found)


def test_without_a_grid_the_title_is_the_name(params):
    (experiment,) = read_experiments([params()], notebooks={})
    assert (experiment.title, experiment.variant) == ("churn", {})


def test_set_changes_the_grid_too(params):
    path = params(extra="grid: {seed: [1, 2]}\n")
    assert titles(path, changes=["grid={}"]) == ["churn"]
    assert titles(path, changes=["grid.seed=[3]"]) == ["churn seed=3"]
    assert titles(path, grid=["seed=4,5"]) == ["churn seed=4", "churn seed=5"]


def test_combinations_leave_each_other_alone(params):
    path = params(extra="clean: {duplicates: drop}\n")
    found = read_experiments(
        [path], grid=["clean.limits.a=[[1, 2], [3, 4]]"], changes=["clean.missing.b=[x]"], notebooks={}
    )
    assert [item.params.clean.limits for item in found] == [{"a": [1, 2]}, {"a": [3, 4]}]
    assert {item.params.clean.duplicates for item in found} == {"drop"}


def test_a_grid_applies_to_every_file_and_one_name_still_belongs_to_one_file(params, tmp_path):
    assert titles(params("a"), params("b"), grid=["seed=1,2"]) == [
        "a seed=1", "a seed=2", "b seed=1", "b seed=2",
    ]  # fmt: skip
    other = tmp_path / "other.yml"
    other.write_text(GOOD.format(name="churn"))
    (text,) = messages(params(), str(other), grid=["seed=1,2"])
    assert text.endswith("given 'churn' in each; expected a name of its own in each file.")
    (text,) = messages(params(), params(), grid=["seed=1,2"])
    assert text.endswith("given 'churn' in each; expected a name of its own in each file.")


def test_a_problem_of_one_value_names_it_and_one_of_all_is_told_once(params):
    path = params()
    assert messages(path, grid=["seed=1,x", "models=linear,xgboost"]) == [
        f"{path} (seed=x): seed: given 'x'; expected a whole number. It means: seed of everything random."
    ]
    (text,) = messages(path, grid=["sede=1,2,3"])
    assert text.startswith(f"{path}: sede: given the unknown key 'sede'; expected one of experiment, ")
    assert text.endswith("Did you mean 'seed'?")
    assert messages(path, grid=["budget.trails=1,2"]) == [
        f"{path}: budget.trails: given the unknown key 'trails'; expected one of trials, seconds, sampler. "
        "Did you mean 'trials'?"
    ]
    assert messages(path, grid=["question.x=1,2"]) == [
        f"{path}: grid.question.x: given question is 'Who leaves?'; expected a section of keys."
    ]


def test_a_block_that_is_no_grid_is_refused_by_the_check_of_parameters(params):
    path = params(extra="grid: {seed: [], goal: 1}\n")
    assert messages(path) == [
        f"{path}: grid.seed: given []; expected at least one.",
        f"{path}: grid.goal: given 1; expected a list.",
    ]


def test_too_many_combinations_are_refused_before_they_are_made(params):
    path = params(extra="seed: x\n")
    wide = [f"columns.c{number}={','.join('abcdefghij')}" for number in range(12)]
    found = messages(path, grid=wide)
    assert found[0].startswith(f"{path}: seed: given 'x'")
    assert found[-1] == (
        f"{shortened(path)}: grid: given 1,000,000,000,000 combinations; expected at most 1,000 in a call. "
        "Let fewer keys or values vary."
    )


def test_hostile_values_make_titles_on_one_line(params):
    found = titles(params(), grid=[f'question=[a/b, "c\\nd", 😀, {"x" * 1_900}]'])
    assert found[:3] == [
        "churn question=a/b",
        "churn question='c    d'…" + found[1][-8:],
        "churn question=😀",
    ]
    assert all(title.isprintable() and len(title) < 90 for title in found)
    (text,) = messages(params(), grid=["x" * 10_000 + "=1,2"])
    assert len(text) < 1_000


def test_memory_names_notebooks_that_there_are(params, tmp_path):
    write_notebook(tmp_path / "nb", "05_evaluation")
    notebooks = all_notebooks(tmp_path / "nb")
    path = params(extra="memory: {05_evaluatoin: 2, '*': 1, 05_evaluation: 3}\n")
    expected = (
        f"{path}: memory: given '05_evaluatoin', which is no notebook; expected one of *, 05_evaluation. "
        "Did you mean '05_evaluation'?"
    )
    assert messages(path, notebooks=notebooks) == messages(path, notebooks=notebooks, grid=["seed=1,2"])
    assert messages(path, notebooks=notebooks) == [expected]
    (experiment,) = read_experiments([params(extra="memory: {05_evaluation: 3}\n")], notebooks=notebooks)
    assert experiment.params.memory == {"05_evaluation": 3.0}


def test_a_notebooks_own_parameter_may_vary(params, tmp_path):
    write_notebook(tmp_path / "nb", "07_own", parameters='depth: int = 3  # how deep\nrun_folder: str = ""')
    notebooks = all_notebooks(tmp_path / "nb")
    found = read_experiments([params()], grid=["depth=4,5"], notebooks=notebooks)
    assert [item.own for item in found] == [{"07_own": {"depth": 4}}, {"07_own": {"depth": 5}}]
    (text,) = messages(params(), grid=["depth=4,deep"], notebooks=notebooks)
    assert text.endswith(" (depth=deep): depth: given 'deep'; expected int, as 07_own declares.")


def test_a_name_that_no_file_system_holds_is_one_clear_error():
    (text,) = messages("x" * 5_000)
    assert text.startswith("x" * 299 + "…: given a file that does not exist; expected a params file")


def test_a_key_that_is_set_twice_is_refused(params):
    path = params()
    with pytest.raises(UserError) as caught:
        read_experiments([str(path)], changes=["seed=7", "goal=1", "seed=8"], notebooks={})
    assert [str(problem) for problem in caught.value.problems] == [
        "--set seed: given the key more than once; expected each key once."
    ]
