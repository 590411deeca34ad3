import numpy as np
import pandas as pd
import pytest

from helpers.bootstrap import Resamples, resamples
from helpers.evaluation.threshold import choose_threshold, cost_curve, named
from helpers.parameters import Costs

HAPPENED = np.array([False, False, True, False, True, True])
STATED = np.array([0.1, 0.2, 0.3, 0.4, 0.6, 0.9])


def _draws() -> Resamples:
    return resamples(6, seed=0, draws=100)


def test_without_costs_the_likelier_answer_wins() -> None:
    found = choose_threshold(HAPPENED, STATED, costs=None, positive="yes", draws=_draws())
    assert found.value == 0.5
    assert found.curve.empty
    assert found.reason == (
        "No costs are given under costs. So a row is named 'yes' from a probability of 0.5 on: the "
        "likelier answer wins."
    )


def test_half_of_the_costs_is_no_costs() -> None:
    found = choose_threshold(
        HAPPENED, STATED, costs=Costs(false_negative=5.0), positive="yes", draws=_draws()
    )
    assert found.value == 0.5
    assert found.reason.startswith("The costs say nothing of false_positive. So a row is named 'yes'")


def test_the_cheapest_threshold_by_hand() -> None:
    costs = Costs(unit="€", false_negative=10.0, false_positive=2.0)
    found = choose_threshold(HAPPENED, STATED, costs=costs, positive="yes", draws=_draws())
    # From 0.25 on one false alarm (0.4) is left and nothing is missed.
    assert found.value == pytest.approx(0.25)
    assert found.for_constant == pytest.approx(2 / 12)
    assert found.curve["cost"].min() == pytest.approx(100 * 2 / 6)
    assert found.reason == (
        "With 10 € for a missed 'yes' and 2 € for a false alarm, naming a row 'yes' from a probability "
        "of 0.250 on was cheapest on the out-of-fold predictions of 6 development rows; "
        "the holdout played no part."
    )


def test_of_equally_cheap_thresholds_the_one_nearest_to_the_prices_is_taken() -> None:
    happened, stated = np.array([False, True]), np.array([0.1, 0.9])
    costs = Costs(false_negative=1.0, false_positive=3.0)
    found = choose_threshold(
        happened, stated, costs=costs, positive="yes", draws=resamples(2, seed=0, draws=50)
    )
    assert found.value == 0.75


def test_mistakes_that_cost_nothing() -> None:
    costs = Costs(false_negative=0.0, false_positive=0.0)
    found = choose_threshold(HAPPENED, STATED, costs=costs, positive="yes", draws=_draws())
    assert (found.value, found.reason) == (
        0.5, "Every mistake costs 0, so a row is named 'yes' from a probability of 0.5 on."
    )  # fmt: skip


def test_the_curve_counts_misses_below_and_alarms_above() -> None:
    curve = cost_curve(
        HAPPENED, STATED, thresholds=np.array([0.0, 0.3, 0.5, 1.0]), draws=_draws(),
        costs=Costs(false_negative=6.0, false_positive=3.0),
    )  # fmt: skip
    assert curve["cost"].tolist() == pytest.approx([150.0, 50.0, 100.0, 300.0])
    assert (curve["low"] <= curve["cost"]).all()
    assert (curve["cost"] <= curve["high"]).all()


def test_the_curve_agrees_with_counting_on_random_rows() -> None:
    rng = np.random.default_rng(0)
    stated = rng.random(300).round(2)
    happened = rng.random(300) < stated
    thresholds = np.linspace(0, 1, 23)
    curve = cost_curve(happened, stated, thresholds=thresholds, draws=resamples(300, seed=0, draws=20),
                       costs=Costs(false_negative=7.0, false_positive=1.0))  # fmt: skip
    for threshold, cost in zip(thresholds, curve["cost"], strict=True):
        says = stated >= threshold
        assert cost == pytest.approx((7 * (happened & ~says).sum() + (~happened & says).sum()) / 3)


def test_a_threshold_names_rows_from_it_on() -> None:
    assert named(np.array([0.2, 0.3, 0.4]), 0.3, positive="yes", classes=("no", "yes")).tolist() == [
        "no",
        "yes",
        "yes",
    ]
    assert pd.Series(named(np.array([0.2]), 0.3, positive="<b>", classes=("<b>", "$")))[0] == "$"


def test_many_probabilities_get_a_bounded_curve() -> None:
    rng = np.random.default_rng(0)
    stated = rng.random(5_000)
    found = choose_threshold(rng.random(5_000) < stated, stated, positive="yes",
                             costs=Costs(false_negative=4.0, false_positive=1.0),
                             draws=resamples(5_000, seed=0, draws=20))  # fmt: skip
    assert len(found.curve) <= 204
    assert found.value == pytest.approx(0.2, abs=0.1)
