"""The command line: what it prints and how it exits."""

import subprocess
import sys

import pytest

from command import nightbook
from helpers.paths import params_folder

pytestmark = pytest.mark.whole_run


def test_help_teaches_and_imports_nothing_heavy():
    code = (
        "import sys; sys.argv = ['nightbook', '--help']\n"
        "from helpers.runner.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "print(sorted({'pandas', 'sklearn', 'papermill', 'nbconvert', 'pydantic', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.endswith("[]\n"), done.stdout + done.stderr
    for word in ("nightbook new customers.csv", "run", "check", "list", "show", "Exit status"):
        assert word in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["run"], ["run", "--jobs", "0", "wine"], ["run", "--jobs", "x", "wine"], ["nonsense"], ["show"]],
)
def test_wrong_use_exits_with_2_without_a_traceback(arguments, reports):
    done = nightbook(*arguments, reports=reports)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and done.stderr


def test_every_problem_of_every_file_is_told(tmp_path, reports):
    bad = tmp_path / "bad.yaml"
    bad.write_text("experiment: bad\nquestion: why\ndata: none.csv\ntarget: t\nsede: 1\nholdout: 2\n")
    done = nightbook("check", "wine", str(bad), str(tmp_path / "none.yaml"), reports=reports)
    assert done.returncode == 2
    assert "Did you mean 'seed'?" in done.stderr
    assert "holdout: given 2" in done.stderr
    assert "none.yaml: given a file that does not exist" in done.stderr
    assert "data: given 'none.csv', which does not exist" in done.stderr
    assert done.stderr.count("nightbook: ") == 4


def test_problems_of_the_table_are_told_beside_those_of_the_keys(tmp_path, reports):
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        "experiment: bad\nquestion: why\ndata: sklearn:breast_cancer\ntarget: target\nsede: 1\nholdout: 2\n"
        "group: clinic\ndrop: [mean radus, target]\nmetric: rmse\npositive: bad\n"
    )
    done = nightbook("check", str(bad), reports=reports)
    assert done.returncode == 2
    for said in ("the unknown key 'sede'", "holdout: given 2", "drop: given", "group: given 'clinic'",
                 "metric: given rmse", "positive: given 'bad'"):  # fmt: skip
        assert said in done.stderr, said
    assert done.stderr.count("nightbook: ") == 6


def test_a_model_for_another_task_is_told_once_the_table_is_known(tmp_path, reports):
    """The params say nothing of the task: what `auto` finds in the table decides, also where it was kept."""
    own, house = tmp_path / "own.yaml", tmp_path / "house.yaml"
    text = "question: Which?\ndata: sklearn:wine\ntarget: target\nexperiment: "
    own.write_text(f"{text}own\nmodels: [sklearn.svm:SVR]\n")
    house.write_text(f"{text}house\nmodels: [elastic_net]\ngoal: -1\n")
    for _ in range(2):
        done = nightbook("check", str(own), str(house), reports=reports)
        assert done.returncode == 2
        assert "models.0: given sklearn.svm:SVR, a regressor, for a classification" in done.stderr
        assert "house.yaml: goal: given -1 for log loss" in done.stderr
        assert (
            "house.yaml: models: given elastic_net, for a classification; expected auto, or one of"
            in done.stderr
        )


def test_check_tells_what_is_good(reports):
    done = nightbook("check", "wine", "diabetes", reports=reports)
    assert done.returncode == 0
    assert done.stdout == (
        "params/wine.yaml: good; sklearn:wine, 178 rows × 14 columns\n"
        "params/diabetes.yaml: good; sklearn:diabetes, 442 rows × 11 columns\n"
    )


def test_check_tells_of_each_combination_of_a_grid(reports):
    done = nightbook("check", "wine", "--grid", "seed=1,2", "--grid", "models=linear", reports=reports)
    assert done.returncode == 0
    assert done.stdout == (
        "params/wine.yaml (seed=1 models=linear): good; sklearn:wine, 178 rows × 14 columns\n"
        "params/wine.yaml (seed=2 models=linear): good; sklearn:wine, 178 rows × 14 columns\n"
    )


def test_a_wrong_grid_is_told_before_anything_runs(reports):
    done = nightbook("run", "wine", "--grid", "sede=1,2", "--grid", "target=target,tarrget", reports=reports)
    assert done.returncode == 2 and not reports.exists()
    assert "params/wine.yaml: sede: given the unknown key 'sede'" in done.stderr
    assert "params/wine.yaml (target=tarrget): target: given 'tarrget', which is no column" in done.stderr
    assert done.stderr.count("nightbook: ") == 2 and "Traceback" not in done.stderr


def test_list_with_no_run(reports):
    done = nightbook("list", reports=reports)
    assert done.returncode == 0
    assert "Begin with: nightbook run params/breast_cancer.yaml" in done.stdout


def test_schema_is_the_file_in_params(reports):
    assert nightbook("schema", reports=reports).stdout == (params_folder() / "schema.json").read_text()
