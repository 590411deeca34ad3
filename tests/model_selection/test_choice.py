from dataclasses import replace

import numpy as np
import pytest

from helpers.metrics import METRICS
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.choice import CREDIBLE, RISK, choose
from helpers.model_selection.comparison import EQUAL_SHARE, NOISE_SHARE, practical_margin
from helpers.model_selection.cross_validation import CandidateResult, FoldScore

AUC, RMSE = METRICS["roc_auc"], METRICS["rmse"]
WOBBLE = np.array([-0.01, 0.0, 0.01, 0.005, -0.005])


def result(name, mean, *, wobble=WOBBLE, failed="", settings=None):
    candidate = baseline_candidate(AUC) if name == "baseline" else CANDIDATES[name]
    folds = tuple(FoldScore(80, 20, value, value, 0.1, 0.1) for value in mean + wobble)
    return CandidateResult(candidate, settings or {}, () if failed else folds, failed=failed)


def baseline(mean=0.5):
    return result("baseline", mean, wobble=np.zeros(5))


def test_the_simplest_that_is_practically_as_good_is_chosen():
    # The best is 0.1 from the ideal; half a per cent of that is 0.0005: 0.8996 is near enough, 0.899 is not.
    results = [baseline(), result("linear", 0.899), result("random_forest", 0.8996), result("xgboost", 0.9)]
    found = choose(results, metric=AUC)
    assert found.result.name == "random_forest"
    assert found.best.name == "xgboost"
    assert found.margin == pytest.approx(EQUAL_SHARE * 0.1)
    assert found.given_up.mean == pytest.approx(0.0004)
    assert found.beats_baseline
    assert found.reason == (
        "Random forest is the simplest that is practically as good as the best, Gradient boosting (XGBoost): "
        "P(worse by more than 0.000500 in ROC AUC, which is practically nothing) is 0 %, and "
        "at most 20 % is accepted; given up: 0.000400 (95 % interval 0.000400 to 0.000400). It beats the baseline "
        "by 0.400 (95 % interval 0.385 to 0.414)."
    )


def test_a_simpler_one_is_not_taken_on_the_chance_that_it_is_as_good():
    # Nearer than the margin on average; by hand t = -0.0004 / 0.00335 with 4 freedoms, which 46 % lie below.
    unsure = result("linear", 0.8999, wobble=WOBBLE[::-1])
    found = choose([baseline(), unsure, result("xgboost", 0.9)], metric=AUC)
    assert found.result.name == "xgboost"
    assert found.reason == (
        "Gradient boosting (XGBoost) has the best mean score over 5 fits; no simpler one is shown to be practically "
        "as good: for the nearest, Linear model, P(worse by more than 0.000500 in ROC AUC, which is practically "
        "nothing) is 46 %, and at most 20 % is accepted. It beats the baseline by 0.400 (95 % "
        "interval 0.385 to 0.415)."
    )
    assert RISK == 0.2


def test_no_gain_over_the_baseline_is_more_than_is_left_to_gain():
    # By hand: 0.5 above the baseline, and the corrected interval of such folds would reach 0.015 further.
    perfect = choose([baseline(), result("linear", 0.999, wobble=WOBBLE)], metric=AUC)
    assert perfect.gain.high == 0.5
    assert perfect.gain.low < perfect.gain.mean == pytest.approx(0.499)
    assert "beats the baseline by 0.499 (95 % interval" in perfect.reason and "to 0.500)" in perfect.reason


def test_the_best_and_simplest_names_those_that_are_as_good():
    found = choose([baseline(), result("linear", 0.9), result("xgboost", 0.8999)], metric=AUC)
    assert found.result.name == "linear"
    assert found.reason.startswith(
        "Linear model has the best mean score over 5 fits, and of those practically as good it is the simplest "
        "(Gradient boosting (XGBoost) as well). It beats"
    )
    alone = choose([baseline(), result("linear", 0.9), result("xgboost", 0.8)], metric=AUC)
    assert alone.reason.startswith(
        "Linear model has the best mean score over 5 fits; no simpler one beats the baseline. It beats"
    )


def test_the_margin_is_a_share_of_the_loss_or_of_the_error_where_there_may_be_none():
    assert practical_margin(result("linear", 8.0), metric=RMSE) == pytest.approx(0.04)
    assert practical_margin(result("linear", 0.9), metric=AUC) == pytest.approx(0.0005)
    # Fold scores of 0.988 to 1.008 about 0.998: the ideal is nearer than 2.78 standard errors of 0.0053 each.
    error = np.sqrt(0.45 * 0.0000625)
    assert practical_margin(result("linear", 0.998), metric=AUC) == pytest.approx(NOISE_SHARE * error)
    assert practical_margin(result("linear", 0.998), metric=RMSE) == pytest.approx(0.005 * 0.998)


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
        "Linear model has the best mean score over 5 fits; no simpler one beats the baseline. It beats the baseline "
        "by 2\xa0mm (95 % interval 1.99 to 2.01)."
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
    tuned = result("xgboost", 0.9003, settings={"model__max_depth": 3})
    found = choose([baseline(), result("xgboost", 0.9), tuned], metric=AUC)
    assert found.best.label == "Gradient boosting (XGBoost), tuned"
    assert found.result.name == "xgboost"
    better = result("xgboost", 0.95, settings={"model__max_depth": 3})
    assert choose([baseline(), result("xgboost", 0.9), better], metric=AUC).result.name == "xgboost_tuned"


def test_without_a_baseline_nothing_is_chosen():
    with pytest.raises(ValueError, match="the results hold no baseline with a score"):
        choose([result("linear", 0.9)], metric=AUC)


def test_what_is_ahead_of_the_best_picked_elsewhere_is_the_best():
    # Turned round the wobble gives a difference with an error of 0.0087: nobody is shown to be as good.
    lucky, ahead = result("linear", 0.9003, wobble=WOBBLE[::-1]), replace(result("xgboost", 0.9), ahead=True)
    found = choose([baseline(), lucky, ahead], metric=AUC)
    assert (found.best.name, found.result.name) == ("xgboost", "xgboost")
    assert found.reason.startswith(
        "Gradient boosting (XGBoost) is more probably than not better than the best single model, by these fits "
        "and by what mixes gain on other tables; by these fits alone, as in the table, the better mean score is that "
        "of Linear model, more likely the luck of the pick; no simpler one is shown to be practically as "
        "good: for the nearest, Linear model, P(worse by"
    )
    assert choose([baseline(), lucky, replace(ahead, ahead=False)], metric=AUC).result.name == "linear"


def test_a_simpler_one_as_good_as_what_is_ahead_is_chosen():
    found = choose(
        [baseline(), result("linear", 0.9003), replace(result("xgboost", 0.9), ahead=True)], metric=AUC
    )
    assert (found.best.name, found.result.name) == ("xgboost", "linear")


def test_what_is_ahead_but_not_of_the_baseline_is_not_the_best():
    wild = replace(result("xgboost", 0.55, wobble=WOBBLE * 20), ahead=True)
    assert choose([baseline(), result("linear", 0.54), wild], metric=AUC).best.name == "linear"
