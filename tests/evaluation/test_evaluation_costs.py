import numpy as np
import pandas as pd
import pytest

from helpers.bootstrap import resamples
from helpers.evaluation.costs import class_prices, cost_per_100, cost_result, saving_per_100, why_no_costs
from helpers.metrics import Task
from helpers.parameters import Costs


@pytest.mark.parametrize(
    ("costs", "task", "expected"),
    [
        (None, Task.BINARY, "No costs are given under costs."),
        (Costs(false_negative=1.0), Task.BINARY, "The costs say nothing of false_positive."),
        (Costs(unit="€"), Task.REGRESSION, "The costs say nothing of too_low and too_high."),
        (Costs(false_negative=1.0, false_positive=2.0), Task.MULTICLASS, "The costs say nothing of mistake."),
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


PRICES = Costs(false_negative=1000.0, false_positive=10.0)


def test_who_always_says_yes_never_misses_by_construction() -> None:
    truth = pd.Series(["yes"] * 40 + ["no"] * 60)
    draws = resamples(100, seed=0, draws=100)
    always = cost_per_100(truth, ["yes"] * 100, costs=PRICES, task=Task.BINARY, positive="yes", draws=draws)
    assert always.value == pytest.approx(600)
    # Wilson's interval of 60 in 100 is 0.502 to 0.691; a missed case at 1000 has no part in it.
    assert (always.low, always.high) == (pytest.approx(502.0, abs=1), pytest.approx(690.6, abs=1))


def test_saving_by_hand_counts_rows_that_differ() -> None:
    truth = pd.Series(["yes", "yes", "no", "no"])
    saved = saving_per_100(
        truth,
        chosen=np.array(["yes", "no", "no", "no"], dtype=object),
        baseline=np.array(["yes"] * 4, dtype=object),
        costs=PRICES,
        task=Task.BINARY,
        positive="yes",
        draws=resamples(4, seed=0, draws=100),
    )
    assert saved.value == pytest.approx(100 * (2 * 10 - 1000) / 4)
    assert saved.low is not None and saved.high is not None
    assert saved.low < saved.value < saved.high


def test_saving_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    # A miss of the model at 3 %, a false alarm at 10 %; 40 % of the rows are positive.
    expected = 100 * (0.6 * 0.9 * 10 - 0.4 * 0.03 * 100)
    prices = Costs(false_negative=100.0, false_positive=10.0)
    inside = 0
    for trial in range(200):
        truth = np.where(rng.random(150) < 0.4, "yes", "no").astype(object)
        turned = rng.random(150) < np.where(truth == "yes", 0.03, 0.1)
        answers = np.where(turned, np.where(truth == "yes", "no", "yes"), truth).astype(object)
        saved = saving_per_100(
            pd.Series(truth),
            chosen=answers,
            baseline=np.array(["yes"] * 150, dtype=object),
            costs=prices,
            task=Task.BINARY,
            positive="yes",
            draws=resamples(150, seed=trial, draws=10),
        )
        inside += (saved.low or 0.0) <= expected <= (saved.high or 0.0)
    assert inside >= 184


def test_saving_of_a_regression_is_the_mean_difference() -> None:
    truth = pd.Series(np.arange(50.0))
    saved = saving_per_100(
        truth,
        chosen=truth.to_numpy() + 1,
        baseline=truth.to_numpy() - 2,
        costs=Costs(too_low=3.0, too_high=1.0),
        task=Task.REGRESSION,
        positive=None,
        draws=resamples(50, seed=0, draws=100),
    )
    assert saved.value == pytest.approx(100 * (6 - 1))
