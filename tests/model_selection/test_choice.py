import numpy as np
import pytest

from helpers.metrics import METRICS
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.choice import CREDIBLE, KEPT_SHARE, choose
from helpers.model_selection.cross_validation import CandidateResult, FoldScore

AUC, RMSE = METRICS["roc_auc"], METRICS["rmse"]
WOBBLE = np.array([-0.01, 0.0, 0.01, 0.005, -0.005])


def result(name, mean, *, wobble=WOBBLE, failed="", settings=None):
    candidate = baseline_candidate(AUC) if name == "baseline" else CANDIDATES[name]
    folds = tuple(FoldScore(80, 20, value, value, 0.1, 0.1) for value in mean + wobble)
    return CandidateResult(candidate, settings or {}, () if failed else folds, failed=failed)


def baseline(mean=0.5):
    return result("baseline", mean, wobble=np.zeros(5))


def test_the_simplest_within_the_margin_is_chosen():
    # The best gains 0.4 over the baseline; 2 % of that is 0.008: 0.895 is near enough, 0.88 is not.
    results = [baseline(), result("linear", 0.88), result("random_forest", 0.895), result("xgboost", 0.9)]
    found = choose(results, metric=AUC)
    assert found.result.name == "random_forest"
    assert found.best.name == "xgboost"
    assert found.margin == pytest.approx((1 - KEPT_SHARE) * 0.4)
    assert found.beats_baseline
    assert found.reason == (
        "Random forest is the simplest within 0.00800 in ROC AUC (2 % of the best gain over the baseline) "
        "of the best, Gradient boosting (XGBoost); given up: 0.00500 (95 % interval 0.00500 to 0.00500). It "
        "beats the baseline by 0.395 (95 % interval 0.380 to 0.410)."
    )


def test_the_best_is_chosen_where_nothing_simpler_is_near():
    found = choose([baseline(), result("linear", 0.7), result("xgboost", 0.9)], metric=AUC)
    assert found.result.name == "xgboost"
    assert found.reason == (
        "Gradient boosting (XGBoost) has the best score, and no other is within 0.00800 in ROC AUC (2 % of "
        "the best gain over the baseline). It beats the baseline by 0.400 (95 % interval 0.385 to 0.415)."
    )


def test_the_best_and_simplest_names_those_near_it():
    found = choose([baseline(), result("linear", 0.9), result("xgboost", 0.899)], metric=AUC)
    assert found.result.name == "linear"
    assert "is the simplest within" in found.reason
    assert "; Gradient boosting (XGBoost) is as near. It beats" in found.reason
    both = [baseline(), result("linear", 0.9), result("random_forest", 0.899), result("xgboost", 0.899)]
    reason = choose(both, metric=AUC).reason
    assert "; Random forest and Gradient boosting (XGBoost) are as near. It beats" in reason


def test_the_baseline_is_chosen_where_nothing_beats_it_credibly():
    unsure = result("linear", 0.52, wobble=np.array([-0.1, 0.1, 0.05, -0.05, 0.0]))
    found = choose([baseline(), unsure], metric=AUC)
    assert found.result.name == "baseline"
    assert found.best.name == "linear"
    assert not found.beats_baseline
    assert (found.gain.mean, found.gain_estimate.low, found.gain_estimate.high) == (0.0, 0.0, 0.0)
    assert found.reason == (
        "No candidate beats the baseline credibly: the best, Linear model, gains 0.0200 in ROC AUC, and "
        "P(better) is 64 %, where 97.5 % is asked for."
    )
    assert CREDIBLE == 0.975


def test_the_reason_names_the_unit_of_the_scores():
    found = choose([baseline(10.0), result("linear", 8.0)], metric=RMSE, unit="mm")
    assert found.reason == (
        "Linear model has the best score, and no other is within 0.0400\xa0mm in RMSE (2 % of the best gain over "
        "the baseline). It beats the baseline by 2\xa0mm (95 % interval 1.99 to 2.01)."
    )


def test_a_worse_model_is_never_chosen():
    found = choose([baseline(10.0), result("linear", 12.0)], metric=RMSE)
    assert found.result.name == "baseline"


def test_failed_candidates_play_no_part():
    found = choose([baseline(), result("linear", 0, failed="no"), result("xgboost", 0.9)], metric=AUC)
    assert found.result.name == "xgboost"
    alone = choose([baseline(), result("linear", 0, failed="no")], metric=AUC)
    assert alone.reason == "No candidate has a score; the baseline stands."


def test_tuned_settings_must_be_worth_more_than_the_margin():
    tuned = result("xgboost", 0.902, settings={"model__max_depth": 3})
    found = choose([baseline(), result("xgboost", 0.9), tuned], metric=AUC)
    assert found.best.label == "Gradient boosting (XGBoost), tuned"
    assert found.result.name == "xgboost"
    better = result("xgboost", 0.95, settings={"model__max_depth": 3})
    assert choose([baseline(), result("xgboost", 0.9), better], metric=AUC).result.name == "xgboost_tuned"


def test_without_a_baseline_nothing_is_chosen():
    with pytest.raises(ValueError, match="the results hold no baseline with a score"):
        choose([result("linear", 0.9)], metric=AUC)
