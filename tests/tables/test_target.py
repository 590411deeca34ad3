import pandas as pd
import pytest

from helpers.metrics import Task
from helpers.tables.kinds import cells_of, typed
from helpers.tables.target import assumed_positive, labels_of, matching_class


def labels(values, task="auto", dtype="str"):
    cells = cells_of(pd.Series(values, dtype=dtype))
    return labels_of(cells, typed(cells, name="y"), task=task)


@pytest.mark.parametrize(
    ("values", "dtype", "task", "classes"),
    [
        (["Yes", "No", "Yes"], "str", Task.BINARY, ("No", "Yes")),
        (["1", "0", "1"], "str", Task.BINARY, ("0", "1")),
        (["1.0", "0.0", "1"], "str", Task.BINARY, ("0", "1")),
        ([1.0, 0.0], "float64", Task.BINARY, ("0", "1")),
        ([True, False], "bool", Task.BINARY, ("False", "True")),
        (["TRUE", "FALSE", "true", "TRUE"], "str", Task.BINARY, ("FALSE", "TRUE")),
        ([" a", "a ", "b", "c"], "str", Task.MULTICLASS, ("a", "b", "c")),
        (["3", "4", "5"], "str", Task.MULTICLASS, ("3", "4", "5")),
        ([f"{n % 20}" for n in range(60)], "str", Task.MULTICLASS, tuple(sorted(map(str, range(20))))),
        ([f"{n % 21}" for n in range(60)], "str", Task.REGRESSION, ()),
        (["1.5", "2"], "str", Task.REGRESSION, ()),
        ([str(n) for n in range(40)], "str", Task.REGRESSION, ()),
        ([f"a{n}" for n in range(40)], "str", Task.MULTICLASS, tuple(sorted(f"a{n}" for n in range(40)))),
        (["007", "008", "012"], "str", Task.MULTICLASS, ("007", "008", "012")),
    ],
)
def test_the_task_follows_from_the_values(values, dtype, task, classes):
    found = labels(values, dtype=dtype)
    assert (found.task, found.classes) == (task, classes)


def test_whole_numbers_taken_for_classes_are_said():
    assert labels(["3", "4", "5"]).reason == "its values are 3 different whole numbers"
    assert labels(["3", "4", "5"], task="classification").reason == ""
    assert labels(["0", "1"]).reason == ""


def test_declared_tasks_stand():
    assert labels(["3", "4", "5"], task="regression").y.tolist() == [3, 4, 5]
    assert labels(["0", "1"], task="regression").task is Task.REGRESSION
    assert labels(["1.5", "2"], task="classification").classes == ("1.5", "2")


def test_missing_values_have_no_class():
    assert labels(["Yes", "NA", "No", ""]).y.tolist() == ["Yes", None, "No", None]
    assert labels(["1", "", "0"]).y.tolist() == ["1", None, "0"]


@pytest.mark.parametrize(
    ("value", "classes", "expected"),
    [
        ("Yes", ("No", "Yes"), "Yes"),
        ("yes", ("No", "Yes"), "Yes"),
        (True, ("No", "Yes"), "Yes"),
        (True, ("False", "True"), "True"),
        (True, ("0", "1"), "1"),
        (False, ("0", "1"), "0"),
        (False, ("off", "on"), "off"),
        (1, ("0", "1"), "1"),
        (1, ("0.0", "1.0"), "1.0"),
        (1.0, ("0", "1"), "1"),
        ("1", ("0", "1"), "1"),
        (1, ("False", "True"), "True"),
        (2, ("0", "1"), None),
        ("maybe", ("No", "Yes"), None),
        (True, ("bad", "good"), None),
        ("yes", ("Yes", "YES"), None),
    ],
)
def test_values_of_the_params_are_compared_by_what_they_mean(value, classes, expected):
    assert matching_class(value, classes) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["No"] * 3 + ["Yes"] * 9, ("Yes", "its name says yes")),
        (["0"] * 3 + ["1"] * 9, ("1", "its name says yes")),
        (["not churned"] * 3 + ["churned"] * 9, ("churned", "the other one's name is its negation")),
        (["benign"] * 9 + ["malignant"] * 3, ("malignant", "it is the rarer one")),
        (["b"] * 3 + ["a"] * 3, ("a", "it is the rarer one")),
    ],
)
def test_the_positive_class_is_assumed_for_a_reason(values, expected):
    y = pd.Series(values)
    assert assumed_positive(y, tuple(sorted(set(values)))) == expected
