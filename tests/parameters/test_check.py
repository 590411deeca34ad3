"""Parameters: what is accepted, and the exact words of what is not."""

import pytest

from helpers.errors import UserError
from helpers.parameters.check import checked
from helpers.parameters.model import MODELS, Parameters

MEMORY = f"It means: {Parameters.model_fields['memory'].description}."
LEAST = {"experiment": "churn", "question": "Who leaves?", "data": "customers.csv", "target": "Churn"}


def problems(**values):
    with pytest.raises(UserError) as caught:
        checked({**LEAST, **values}, where="params/churn.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_four_keys_are_enough():
    params = checked(LEAST, where="x")
    assert params.data == ["customers.csv"]
    assert params.models == list(MODELS)
    assert (params.holdout, params.validation.folds, params.budget.trials, params.seed) == (0.2, 5, 16, 0)


def test_short_forms():
    params = checked(
        {**LEAST, "validation": "random", "budget": 7, "models": "linear", "columns": {"a": "Age"}}, where="x"
    )
    assert params.validation.strategy == "random"
    assert params.budget.trials == 7
    assert params.models == ["linear"]
    assert (params.label("a"), params.label("b"), params.unit("a")) == ("Age", "b", "")


def test_how_a_run_goes():
    params = checked(LEAST, where="x")
    assert (params.memory, params.retries, params.grid) == (None, 1, {})
    assert params.timeout.model_dump() == {"start": 180.0, "cell": None, "notebook": None}
    said = {
        "memory": 4,
        "timeout": 60,
        "retries": 0,
        "grid": {"budget.trials": [1, None, [2.5, {"a": True}]]},
    }
    params = checked({**LEAST, **said}, where="x")
    assert params.memory == {"*": 4.0}
    assert params.timeout.model_dump() == {"start": 180.0, "cell": None, "notebook": 60.0}
    assert params.grid == {"budget.trials": [1, None, [2.5, {"a": True}]]}
    assert checked({**LEAST, **params.model_dump(mode="json")}, where="x") == params
    by_name = checked({**LEAST, "memory": {"05_evaluation": 1.5}, "timeout": {"cell": 5}}, where="x")
    assert (by_name.memory, by_name.timeout.cell) == ({"05_evaluation": 1.5}, 5.0)


def test_unknown_key_names_the_nearest():
    (text,) = problems(targt="x")
    assert text.startswith(
        "params/churn.yaml: targt: given the unknown key 'targt'; expected one of experiment, "
    )
    assert text.endswith("Did you mean 'target'?")


def test_unknown_key_in_a_section():
    assert problems(budget={"trails": 3}) == [
        "params/churn.yaml: budget.trails: given the unknown key 'trails'; expected one of trials, seconds, "
        "sampler. Did you mean 'trials'?"
    ]
    assert problems(columns={"a": {"labl": "Age"}}) == [
        "params/churn.yaml: columns.a.labl: given the unknown key 'labl'; expected one of label, unit. "
        "Did you mean 'label'?"
    ]


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("holdout", 0.6, "holdout: given 0.6; expected less than or equal to 0.5. It means: share of rows kept "
         "sealed for the evaluation."),
        ("holdout", "0.2", "holdout: given '0.2'; expected a number. It means: share of rows kept sealed for the "
         "evaluation."),
        ("seed", True, "seed: given True; expected a whole number. It means: seed of everything random."),
        ("question", "", "question: given ''; expected text that is not empty. It means: what you want to know, "
         "in words for everyone."),
        ("positive", [1], "positive: given [1]; expected a single value: text, a number, true or false. It means: "
         "two classes: the value to find; none picks one and says so."),
        ("experiment", "../up", "experiment: given '../up'; expected at most 80 letters, digits, dots, dashes and "
         "underscores, beginning with a letter or digit. It means: name of the experiment, and of its folder "
         "under reports/."),
        ("id", "Churn", "id: given 'Churn'; expected another column than the target."),
        ("drop", ["Churn"], "drop: given ['Churn']; expected a list without the target 'Churn'."),
        ("validation", "group", "validation: given 'group'; expected the key group beside it. Name the column under "
         "group, or choose another strategy."),
        ("experiment", "Latest", "experiment: given 'Latest'; expected another name than index.html, interactive, "
         "latest, readme.md, which mean something under reports/. It means: name of the experiment, and of its "
         "folder under reports/."),
        ("goal", float("nan"), "goal: given nan; expected a finite number. It means: the value of the metric that "
         "would be good enough."),
        ("memory", "4GB", "memory: given '4GB'; expected a number of GiB, or a mapping of notebook to such a number. "
         "It means: GiB (2^30 bytes) a notebook may take with its child processes: a number, or notebook to number, "
         "'*' for the others; none takes what there is."),
        ("memory", 0.05, f"memory: given 0.05; expected greater than or equal to 0.1. {MEMORY}"),
        ("memory", 8e9, f"memory: given 8000000000.0; expected less than or equal to 65536. {MEMORY}"),
        ("memory", float("inf"), f"memory: given inf; expected a finite number. {MEMORY}"),
        ("memory", {"05_evaluation": True}, "memory.05_evaluation: given True; expected a number."),
        ("timeout", "1h", "timeout: given '1h'; expected a number of seconds, or a mapping with start, cell and "
         "notebook. It means: seconds until a kernel answers, for a cell, for a notebook; one number is a notebook's."),
        ("timeout", 0, "timeout.notebook: given 0; expected greater than 0."),
        ("timeout", {"start": None}, "timeout.start: given nothing; expected a number."),
        ("timeout", {"cells": 3}, "timeout.cells: given the unknown key 'cells'; expected one of start, cell, "
         "notebook. Did you mean 'cell'?"),
        ("retries", 11, "retries: given 11; expected less than or equal to 10. It means: how often a notebook starts "
         "again after a failure of the machine, never of its code."),
        ("retries", True, "retries: given True; expected a whole number. It means: how often a notebook starts "
         "again after a failure of the machine, never of its code."),
        ("grid", [1], "grid: given [1]; expected a mapping of names to values. It means: key, dots lead into a "
         "section, to a list of values; each combination becomes a run."),
        ("grid", {"seed": 1}, "grid.seed: given 1; expected a list."),
        ("grid", {"seed": []}, "grid.seed: given []; expected at least one."),
        ("clean", {"limits": {"age": [9, 1]}}, "clean.limits.age: given [9, 1]; expected two values, the lowest "
         "and the highest allowed; null where there is no limit."),
    ],
)  # fmt: skip
def test_wrong_value(key, value, text):
    assert problems(**{key: value}) == [f"params/churn.yaml: {text}"]


def test_all_problems_at_once():
    found = problems(metric="auc", models=["xgbost"], seed=-1)
    assert [text.split(": ")[1] for text in found] == ["metric", "models", "seed"]


def test_what_does_not_go_together_is_told_beside_the_rest():
    found = problems(seed=-1, id="Churn", time="Churn", drop=["Churn"], validation={"strategy": "group"})
    assert [text.split(": ")[1] for text in found] == ["seed", "id", "time", "drop", "validation"]


@pytest.mark.parametrize("costs", [{"too_low": 0, "too_high": 0.0}, {"unit": "€"}])
def test_costs_by_which_nothing_costs_anything_are_refused(costs):
    (text,) = problems(costs=costs)
    assert text.endswith(
        "expected a mistake that costs something. Say what mistakes cost, or leave costs out."
    )


def test_a_mistake_may_cost_nothing_where_another_does():
    given = {**LEAST, "costs": {"false_negative": 0, "false_positive": 5}}
    assert checked(given, where="x.yaml").costs.false_positive == 5


def test_a_column_that_plays_two_parts_is_refused():
    assert problems(weight="w", group="w", monotone={"Churn": "increasing"}, sensitive=["Churn"]) == [
        "params/churn.yaml: weight: given 'w', which is the group as well; expected a column of its own.",
        "params/churn.yaml: monotone: given 'Churn'; expected columns other than the target.",
        "params/churn.yaml: sensitive: given 'Churn'; expected columns other than the target.",
    ]
    (text,) = problems(monotone={"age": "up"})
    assert text == ("params/churn.yaml: monotone.age: given 'up'; expected 'increasing' or 'decreasing'.")


def test_missing_keys_say_what_they_mean():
    with pytest.raises(UserError) as caught:
        checked({"experiment": "x"}, where="x.yaml")
    assert [str(problem) for problem in caught.value.problems] == [
        "x.yaml: question: given nothing; expected what you want to know, in words for everyone.",
        "x.yaml: data: given nothing; expected a file, a list or pattern of files, sklearn:NAME, or the address of "
        "a database.",
        "x.yaml: target: given nothing; expected the column to predict.",
    ]
