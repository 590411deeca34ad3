"""What a notebook ignores cannot be read there; everything else is as it was."""

import copy
from pathlib import Path

import pytest

from helpers.errors import UserError
from helpers.notebook_files import NotebookFile
from helpers.parameters.check import checked
from helpers.parameters.model import RUN_SETTINGS, Parameters
from helpers.parameters.seen import ignores_problems, seen_by, to_inject

GIVEN = {
    "experiment": "e",
    "question": "q",
    "data": "sklearn:wine",
    "target": "target",
    "goal": 0.5,
    "costs": {"mistake": 2},
}
PARAMS = checked(GIVEN, where="p")


def notebook(*ignores, opens=False):
    path = Path("07_mine.ipynb")
    return NotebookFile("07_mine", path, (), opens, "engineers", ignores=ignores)


def test_reading_what_is_ignored_says_what_to_do():
    seen = seen_by(PARAMS, notebook("goal", "question"))
    with pytest.raises(UserError) as caught:
        _ = seen.goal
    assert str(caught.value) == (
        "07_mine.ipynb: metadata.nightbook.ignores: given 'goal', which is read all the same; "
        "expected only parameters that are not read. Take it out of the list."
    )
    with pytest.raises(UserError):
        getattr(seen, "question", None)
    with pytest.raises(UserError):
        seen.model_copy().goal  # noqa: B018
    with pytest.raises(UserError):
        copy.deepcopy(seen).goal  # noqa: B018


def test_reading_a_setting_of_the_run_is_refused_everywhere():
    with pytest.raises(UserError) as caught:
        _ = seen_by(PARAMS, notebook()).retries
    assert str(caught.value) == (
        "07_mine.ipynb: given 'retries', which it reads; expected parameters of what is computed. "
        "It is a setting of the run, on which no result may depend."
    )


def test_the_rest_is_there():
    seen = seen_by(PARAMS, notebook("goal", "question"))
    assert isinstance(seen, Parameters)
    assert (seen.experiment, seen.seed, seen.costs.mistake, seen.label("a")) == ("e", 0, 2.0, "a")
    left = set(Parameters.model_fields) - RUN_SETTINGS - {"goal", "question"}
    assert set(seen.model_dump(mode="json")) == left == set(seen.model_dump())
    assert seen.model_fields_set == {"experiment", "data", "target", "costs"}
    assert "goal" not in repr(seen)
    assert seen == seen_by(PARAMS, notebook("goal", "question"))


def test_what_is_no_parameter_is_an_ordinary_error():
    with pytest.raises(AttributeError):
        _ = seen_by(PARAMS, notebook("goal")).gaol


def test_what_is_injected_can_be_read():
    seen, given = seen_by(PARAMS, notebook("goal")), to_inject(PARAMS, notebook("goal"))
    assert given == seen.model_dump(mode="json")
    assert "goal" not in given and "timeout" not in given and given["data"] == ["sklearn:wine"]


def test_an_unknown_name_names_the_nearest():
    (problem,) = ignores_problems(notebook("gaol"))
    assert problem.where == "07_mine.ipynb: metadata.nightbook.ignores"
    assert (problem.given, problem.remedy) == ("'gaol'", "Did you mean 'goal'?")
    with pytest.raises(UserError, match="given 'gaol'; expected names among budget, clean, "):
        seen_by(PARAMS, notebook("gaol"))


def test_the_experiment_may_not_be_ignored():
    assert [problem.given for problem in ignores_problems(notebook("experiment"))] == ["'experiment'"]


def test_who_opens_the_holdout_may_not_ignore_what_tells_models_apart():
    assert ignores_problems(notebook("goal", "question", opens=True)) == []
    (problem,) = ignores_problems(notebook("goal", "models", "budget", opens=True))
    assert str(problem) == (
        "07_mine.ipynb: metadata.nightbook.ignores: given 'models', 'budget'; expected names among columns, "
        "contract, goal, question, sensitive. It opens the holdout, and the ledger tells models apart by the other parameters."
    )


def test_the_notebooks_of_the_house_ignore_what_they_may():
    from helpers.notebook_files import all_notebooks

    for found in all_notebooks().values():
        assert ignores_problems(found) == []
