"""What a check of a table found: kept under all that it looks at, and nothing that it does not."""

import json

import pytest

from helpers.keys import Surroundings
from helpers.metrics import Task
from helpers.parameters.check import checked
from helpers.runner.record.table_checks import TableCheck, check_key, check_one, known, remember
from helpers.tables.info import DataInfo

GIVEN = {"experiment": "e", "question": "q", "data": "sklearn:wine", "target": "target"}
FOUND = TableCheck(DataInfo("wine", 178, 14, "f" * 64), Task.MULTICLASS)
AROUND = Surroundings(sources={}, helpers="h", lock="l", versions="v")


def params(**values):
    return checked({**GIVEN, **values}, where="p")


def key(state="s", around=AROUND, **values):
    return check_key(params(**values), state=state, around=around)


def test_a_good_table_gives_what_json_can_hold():
    found = check_one(params().model_dump(mode="json"), "params/wine.yaml")
    info = found.pop("info")
    assert found == {"task": "multiclass"}
    assert len(info.pop("fingerprint")) == 64
    assert info == {"name": "sklearn:wine", "rows": 178, "columns": 14}
    assert json.loads(json.dumps(info)) == info


def test_every_problem_comes_back():
    values = params(metric="rmse", costs={"false_positive": 1}).model_dump(mode="json")
    found = check_one(values, "params/wine.yaml")
    assert found["problems"] == [
        ["params/wine.yaml: metric", "rmse for a target of several classes",
         "auto or one of log_loss, accuracy, balanced_accuracy, f1, mcc", ""],
        ["params/wine.yaml: costs", "false_positive for a target of several classes", "mistake", ""],
    ]  # fmt: skip


def test_defaults_fit_every_task():
    assert "info" in check_one(params(data="sklearn:diabetes").model_dump(mode="json"), "p")


@pytest.mark.parametrize(
    "values",
    [
        {"target": "alcohol"}, {"metric": "accuracy"}, {"costs": {"mistake": 1}}, {"validation": {"folds": 3}},
        {"drop": ["hue"]}, {"columns": {"hue": "Hue"}}, {"clean": {"duplicates": "drop"}}, {"holdout": 0.3},
        {"group": "hue"}, {"task": "classification"}, {"positive": "x"},
    ],
)  # fmt: skip
def test_what_is_looked_at_is_in_the_key(values):
    assert key(**values) != key()


@pytest.mark.parametrize(
    "values",
    [
        {"question": "Another?"}, {"experiment": "f"}, {"goal": 0.9}, {"models": ["linear"]}, {"seed": 4},
        {"budget": {"trials": 9}}, {"retries": 2}, {"timeout": 5}, {"grid": {"seed": [1, 2]}},
    ],
)  # fmt: skip
def test_what_is_not_looked_at_is_not(values):
    assert key(**values) == key()
    assert check_one(params(**values).model_dump(mode="json"), "p") == check_one(
        params().model_dump(mode="json"), "p"
    )


def test_the_table_the_helpers_and_the_versions_are_in_the_key():
    others = [Surroundings({}, *rest) for rest in (("x", "l", "v"), ("h", "x", "v"), ("h", "l", "x"))]
    assert len({key(), key(state="t"), *(key(around=other) for other in others)}) == 5


def test_what_was_found_is_known(reports):
    assert known(key(), reports=reports) is None
    remember(key(), FOUND, reports=reports)
    assert known(key(), reports=reports) == FOUND
    assert known(key(state="t"), reports=reports) is None


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"info": {"name": "n", "rows": 2, "columns": 3, "fingerprint": "f"}, "task": "x"}',
     '{"info": {"name": "n", "rows": 2, "columns": 3, "fingerprint": "f"}}',
     '{"info": {"name": 1, "rows": 2, "columns": 3, "fingerprint": "f"}, "task": "binary"}',
     '{"info": {"name": "n", "rows": 2.5, "columns": 3, "fingerprint": "f"}, "task": "binary"}',
     '{"info": {"name": "n"', "null"],
)  # fmt: skip
def test_a_damaged_file_is_not_known(reports, content):
    remember(key(), FOUND, reports=reports)
    (path,) = (reports / ".nightbook" / "tables").iterdir()
    path.write_text(content)
    assert known(key(), reports=reports) is None


def test_a_folder_that_cannot_be_written_is_no_error(reports):
    reports.parent.mkdir(exist_ok=True)
    reports.write_text("a file where the folder should be")
    remember(key(), FOUND, reports=reports)
    assert known(key(), reports=reports) is None
