"""The score to be expected on new rows: moved by the optimism, as wide as folds or rows ask for."""

import numpy as np
import pandas as pd
import pytest

from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.cross_validation import CandidateResult, FoldScore
from helpers.model_selection.expected import Expected, expected_score, expected_sentence
from helpers.model_selection.optimism import Optimism
from helpers.results import Estimate

RMSE, AUC = METRICS["rmse"], METRICS["roc_auc"]
NONE_TAKEN = Optimism(Estimate(value=None), 1, "")


def result(name, scores, out_of_fold=None):
    candidate = baseline_candidate(RMSE) if name == "baseline" else CANDIDATES[name]
    folds = tuple(FoldScore(40, 10, 0.0, score, 1.0, 0.1) for score in scores)
    return CandidateResult(candidate, folds=folds, out_of_fold=out_of_fold)


def test_the_score_is_moved_towards_the_worse_and_stays_in_the_range(make_table):
    table = make_table(Task.BINARY, {"x": np.arange(4.0)})
    known = {"metric": AUC, "seed": 0}
    scored = result("linear", [0.9, 0.92, 0.88, 0.9, 0.9])
    taken = Optimism(Estimate(value=0.02), 9, "")
    error = 2.7764451051977987 * np.sqrt(0.45 * 0.0002)
    found = expected_score(table, scored, taken, **known).score
    assert (found.value, found.low, found.high) == pytest.approx((0.88, 0.88 - error, 0.88 + error))
    assert expected_score(table, scored, taken, metric=RMSE, seed=0).score.value == pytest.approx(0.92)
    below = Optimism(Estimate(value=-1.0), 9, "")
    assert expected_score(table, scored, below, **known).score.value == pytest.approx(0.9)
    assert expected_score(table, result("baseline", [0.5] * 5), taken, **known).score.value == 0.5


def test_rows_widen_what_folds_of_the_same_classes_leave_too_narrow(make_table):
    rows = 400
    errors = np.random.default_rng(0).normal(size=rows)
    table = make_table(Task.REGRESSION, {"x": np.arange(float(rows))}, target=errors)
    answers = pd.DataFrame({"row": table.frame.index, "truth": errors, "prediction": 0.0})
    alike = result("linear", [1.0, 1.001, 0.999, 1.0, 1.0], answers)
    found = expected_score(table, alike, NONE_TAKEN, metric=RMSE, seed=0).score
    # The error of a root mean square of 400 normal errors is about 1/√800.
    assert found.value == pytest.approx(1.0)
    assert found.high - found.low == pytest.approx(2 * 1.96 / np.sqrt(2 * rows), rel=0.15)
    apart = result("linear", [0.5, 1.5, 0.8, 1.2, 1.0], answers)
    wide = expected_score(table, apart, NONE_TAKEN, metric=RMSE, seed=0).score
    alone = expected_score(
        table, result("linear", [0.5, 1.5, 0.8, 1.2, 1.0]), NONE_TAKEN, metric=RMSE, seed=0
    ).score
    assert (wide.low, wide.high) == (alone.low, alone.high)


@pytest.mark.slow
def test_the_interval_holds_the_error_of_a_model_that_depends_little_on_its_rows(make_table):
    """Constant answers of log loss log 2 and a class share that varies: rows tell, stratified folds do not."""
    rng, held = np.random.default_rng(1), 0
    for _ in range(200):
        positive = rng.random(600) < 0.1
        table = make_table(Task.BINARY, {"x": np.arange(600.0)})
        no, yes = table.classes
        names = np.where(positive, yes, no)
        answers = pd.DataFrame({"row": table.frame.index, "truth": names, "prediction": no})
        answers[f"probability:{no}"], answers[f"probability:{yes}"] = 0.9, 0.1
        loss = float(np.where(positive, -np.log(0.1), -np.log(0.9)).mean())
        stratified = result("linear", [loss] * 5, answers)
        found = expected_score(table, stratified, NONE_TAKEN, metric=METRICS["log_loss"], seed=0).score
        held += found.low <= -0.1 * np.log(0.1) - 0.9 * np.log(0.9) <= found.high
    # Binomial: 95 % of 200, and three standard errors of it.
    assert 181 <= held <= 199


def test_it_is_told_with_its_unit():
    score = Estimate(value=2.0, low=1.5, high=2.5)
    unknown = Expected(score, Estimate(value=2.0), 10)
    assert expected_sentence(unknown, metric=RMSE, unit="mm") == (
        "To be expected on new rows: RMSE 2\xa0mm (95 % interval 1.50 to 2.50)."
    )
    known = Expected(score, Estimate(value=2.0, low=0.5, high=3.5), 10)
    assert expected_sentence(known, metric=RMSE, unit="mm").endswith(
        " On a single table of 10 new rows, which has luck of its own: 0.500 to 3.50."
    )


def test_a_table_of_a_folds_rows_varies_as_its_rows_do(make_table):
    """400 normal errors in five folds of 10 rows (made up): √(1/800 + 1/20) is the error of the next score."""
    errors = np.random.default_rng(0).normal(size=400)
    table = make_table(Task.REGRESSION, {"x": np.arange(400.0)}, target=errors)
    answers = pd.DataFrame({"row": table.frame.index, "truth": errors, "prediction": 0.0})
    found = expected_score(
        table, result("linear", [1.0, 1.001, 0.999, 1.0, 1.0], answers), NONE_TAKEN, metric=RMSE, seed=0
    )
    assert found.rows == 10
    half = (found.another_table.high - found.another_table.low) / 2
    assert half == pytest.approx(1.96 * np.sqrt(1 / 800 + 1 / 20), rel=0.15)
    without = expected_score(
        table, result("linear", [1.0, 1.1, 0.9, 1.0, 1.0]), NONE_TAKEN, metric=RMSE, seed=0
    )
    assert (without.another_table.low, without.another_table.high) == (None, None)
