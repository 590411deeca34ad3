"""Parameters to the limits of one notebook."""

import pytest

from helpers.parameters.check import checked
from helpers.runner.execution.limits import limits_of
from helpers.runner.kernels.watch import Limits

LEAST = {"experiment": "churn", "question": "Who leaves?", "data": "customers.csv", "target": "Churn"}


def limits(notebook="04_model_selection", **values):
    return limits_of(checked({**LEAST, **values}, where="x"), notebook)


def test_nothing_said_takes_the_defaults_of_a_task():
    assert limits() == Limits(None, None, None, 180.0)


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        (2, 2_147_483_648),
        (0.5, 536_870_912),
        ({"04_model_selection": 3}, 3_221_225_472),
        ({"04_model_selection": 3, "*": 1}, 3_221_225_472),
        ({"05_evaluation": 3, "*": 1}, 1_073_741_824),
        ({"05_evaluation": 3}, None),
        ({}, None),
    ],
)
def test_memory_is_in_gib_and_a_notebooks_own_goes_first(memory, expected):
    assert limits(memory=memory).memory_bytes == expected


def test_a_number_alone_is_the_whole_notebooks_time():
    assert limits(timeout=60) == Limits(notebook_seconds=60.0)


def test_each_time_goes_where_it_belongs():
    assert limits(timeout={"start": 5, "cell": 1.5, "notebook": 9}) == Limits(
        cell_seconds=1.5, notebook_seconds=9.0, start_seconds=5.0
    )
