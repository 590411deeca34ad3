import numpy as np
import pandas as pd
import pytest

from helpers.evaluation.bootstrap import resamples
from helpers.evaluation.costs import class_prices, cost_per_100, cost_result, why_no_costs
from helpers.metrics import Task
from helpers.parameters import Costs


@pytest.mark.parametrize(
    ("costs", "task", "expected"),
    [
        (None, Task.BINARY, "No costs are given under `costs`."),
        (Costs(false_negative=1.0), Task.BINARY, "`costs` says nothing of false_positive."),
        (Costs(unit="€"), Task.REGRESSION, "`costs` says nothing of too_low and too_high."),
        (Costs(false_negative=1.0, false_positive=2.0), Task.MULTICLASS, "`costs` says nothing of mistake."),
        (Costs(mistake=1.0), Task.BINARY, ""),
        (Costs(too_low=1.0, too_high=0.0), Task.REGRESSION, ""),
    ],
)
def test_why_no_costs(costs: Costs | None, task: Task, expected: str) -> None:
    assert why_no_costs(costs, task) == expected


def test_a_mistake_prices_both_kinds() -> None:
    assert class_prices(Costs(mistake=3.0)) == (3.0, 3.0)
    assert class_prices(Costs(mistake=3.0, false_positive=1.0)) == (3.0, 1.0)


def test_two_classes_by_hand() -> None:
    truth = pd.Series(["yes", "yes", "no", "no"])
    found = cost_per_100(
        truth,
        ["yes", "no", "yes", "yes"],
        costs=Costs(false_negative=10.0, false_positive=1.0),
        task=Task.BINARY,
        positive="yes",
        draws=resamples(4, seed=0, draws=100),
    )
    assert found.value == pytest.approx(25 * 10 + 50 * 1)


def test_a_dear_mistake_that_did_not_happen_still_may() -> None:
    truth = pd.Series(["yes"] * 40 + ["no"] * 60)
    found = cost_per_100(
        truth,
        truth.to_numpy(),
        costs=Costs(false_negative=1000.0, false_positive=1.0),
        task=Task.BINARY,
        positive="yes",
        draws=resamples(100, seed=0, draws=100),
    )
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high is not None and found.high > 3_000


def test_several_classes_and_regression_by_hand() -> None:
    draws = resamples(4, seed=0, draws=100)
    several = cost_per_100(
        pd.Series(["a", "b", "c", "a"]),
        ["a", "b", "a", "b"],
        costs=Costs(mistake=7.0),
        task=Task.MULTICLASS,
        positive=None,
        draws=draws,
    )
    assert several.value == pytest.approx(50 * 7)
    number = cost_per_100(
        pd.Series([1.0, 2.0, 3.0, 4.0]),
        np.array([2.0, 2.0, 1.0, 4.0]),
        costs=Costs(too_low=5.0, too_high=2.0),
        task=Task.REGRESSION,
        positive=None,
        draws=draws,
    )
    assert number.value == pytest.approx(25 * (2 * 1 + 5 * 2))
    assert number.low is not None and number.high is not None and number.low < 25 * 12 < number.high


def test_result_holds_model_baseline_and_the_even_threshold() -> None:
    truth = pd.Series(["yes", "no"] * 10)
    result = cost_result(
        truth,
        chosen=truth.to_numpy(),
        baseline=np.array(["no"] * 20),
        without_threshold=np.array(["yes"] * 20),
        costs=Costs(unit="h", false_negative=4.0, false_positive=1.0),
        task=Task.BINARY,
        positive="yes",
        draws=resamples(20, seed=0, draws=50),
    )
    assert result.unit == "h"
    assert (result.chosen.value, result.baseline.value) == (0.0, 200.0)
    assert result.without_threshold is not None and result.without_threshold.value == 50.0
