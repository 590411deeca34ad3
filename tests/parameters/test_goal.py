import pytest

from helpers.metrics import Task
from helpers.parameters import Parameters
from helpers.parameters.goal import goal_problems


def told(task, **values):
    params = Parameters.model_validate(
        {"experiment": "x", "question": "q", "data": "x.csv", "target": "y", **values}
    )
    return [str(problem) for problem in goal_problems(params, task, where="p.yaml")]


@pytest.mark.parametrize(
    ("task", "values", "said"),
    [
        (Task.BINARY, {"goal": 5}, "given 5 for ROC AUC; expected a value that it can have: at least 0 and at most 1."),
        (Task.MULTICLASS, {"goal": -0.1}, "given -0.1 for log loss; expected a value that it can have: at least 0."),
        (Task.REGRESSION, {"goal": 1.5, "metric": "r2"}, "given 1.5 for R²; expected a value that it can have: at "
         "most 1."),
    ],
)  # fmt: skip
def test_a_goal_that_the_metric_cannot_have_is_refused(task, values, said):
    assert told(task, **values) == [f"p.yaml: goal: {said}"]


@pytest.mark.parametrize(
    ("task", "values"),
    [
        (Task.BINARY, {}), (Task.BINARY, {"goal": 0.9}), (Task.BINARY, {"goal": 1}),
        (Task.BINARY, {"goal": -0.5, "metric": "mcc"}), (Task.MULTICLASS, {"goal": 5}),
        (Task.REGRESSION, {"goal": 1e9}), (Task.REGRESSION, {"goal": -3, "metric": "r2"}),
    ],
)  # fmt: skip
def test_a_goal_that_it_can_have_is_not(task, values):
    assert told(task, **values) == []
