import numpy as np
import pytest

from helpers.metrics import METRICS
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.cross_validation import CandidateResult, FoldScore
from helpers.model_selection.optimism import drawn_flattery, optimism

AUC, RMSE = METRICS["roc_auc"], METRICS["rmse"]


def result(name, scores):
    candidate = baseline_candidate(RMSE) if name == "baseline" else CANDIDATES[name]
    return CandidateResult(candidate, {}, tuple(FoldScore(80, 20, s, s, 0.1, 0.1) for s in scores))


def test_two_equal_models_flatter_by_what_the_larger_of_two_normal_values_has():
    # Differences ±1, ±1, ±1, ±1 about 0: each model's own part has the variance (1/2)² · 4/3 a fold.
    scores = np.array([[1.0, -1.0, 1.0, -1.0], [0.0, 0.0, 0.0, 0.0]])
    drawn = drawn_flattery(scores, share=0.25, seed=0)
    # Apart from the fold's mean ±1/2; with 2/(2-1), (1/4 + 1/4) and 1/3 the error of a mean is the root of 1/3.
    error = np.sqrt(4 * 0.25 * 2 * 0.5 / 3)
    # The two move against each other, so that the larger one is the absolute value of a normal one.
    assert drawn.mean() == pytest.approx(error * np.sqrt(2 / np.pi), rel=0.05)
    assert (drawn >= 0).all()


def test_a_clear_winner_does_not_flatter_itself():
    wobble = np.array([0.1, -0.1, 0.1, -0.1, 0.0])
    found = optimism([result("linear", 1 + wobble), result("xgboost", 9 - wobble)], metric=RMSE, seed=0)
    assert found.flattery.value == pytest.approx(0.0, abs=1e-12)


def test_many_that_are_equal_flatter_more_than_few():
    rng = np.random.default_rng(0)
    many = [result("linear", 2 + rng.normal(0, 0.1, 5)) for _ in range(30)]
    few, all_of = (optimism(part, metric=RMSE, seed=0).flattery.value for part in (many[:3], many))
    assert 0 < few < all_of
    beside = optimism([*many, result("baseline", [1.0] * 5)], metric=RMSE, seed=0)
    assert (beside.flattery.value, beside.tried) == (all_of, 30)


def test_it_says_what_was_taken_off():
    found = optimism(
        [result("linear", [2.0, 2.2, 1.8, 2.0, 2.0]), result("xgboost", [2.1, 1.9, 2.1, 2.0, 1.95])],
        metric=RMSE, seed=0, unit="mm",
    )  # fmt: skip
    assert found.reason.startswith("The best of 2 configurations looks better by about 0.0")
    assert found.reason.endswith("; so much is taken off a model's reported score.")


@pytest.mark.parametrize(
    ("tried", "reason"),
    [
        ([result("baseline", [2.0] * 5), result("linear", [1.0] * 5)], "There was nothing to choose between."),
        ([result("xgboost", [1.0, 2.0]), result("linear", [1.0, 3.0])],
         "2 folds with all scores are too few; 3 are needed."),
        ([result("xgboost", [1.0, 2.0, np.nan]), result("linear", [1.0, 3.0, 2.0])],
         "2 folds with all scores are too few; 3 are needed."),
    ],
)  # fmt: skip
def test_it_says_why_it_cannot_be_told(tried, reason):
    found = optimism(tried, metric=RMSE, seed=0)
    assert (found.flattery.value, found.reason, found.correction) == (None, reason, 0.0)
