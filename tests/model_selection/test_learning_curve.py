import numpy as np
import pandas as pd
import pytest

from helpers.metrics import METRICS, Task
from helpers.model_selection.candidates import CANDIDATES, baseline_candidate
from helpers.model_selection.choice import choose
from helpers.model_selection.cross_validation import CandidateResult, Deadline, FoldScore, evaluate
from helpers.model_selection.learning_curve import SHARES, diagnose, learning_curve, more_rows, points

AUC, LOSS, RMSE = METRICS["roc_auc"], METRICS["log_loss"], METRICS["rmse"]
WOBBLE = np.array([-0.004, 0.0, 0.004])


def result(name, train, validation, *, wobble=WOBBLE):
    candidate = baseline_candidate(AUC) if name == "baseline" else CANDIDATES[name]
    folds = tuple(FoldScore(80, 20, train, validation + step, 0.1, 0.1) for step in wobble)
    return CandidateResult(candidate, {}, folds)


def verdict(*others):
    results = [result("baseline", 0.5, 0.5, wobble=0 * WOBBLE[: len(others[0].folds)]), *others]
    return diagnose(choose(results, metric=AUC), results[0], results, metric=AUC)


def test_overfit_is_called_where_the_whole_interval_lies_above():
    # Of 0.5 gained in training 0.2 is lost: 40 %, well above a quarter.
    found = verdict(result("xgboost", 1.0, 0.8))
    assert found.word == "overfit"
    assert found.loss.value == pytest.approx(0.4)
    assert found.reason == (
        "From training to validation rows ROC AUC gets worse by 0.200, which is 40 % of what the model gains "
        "over the baseline on its training rows, and its 95 % interval lies above 25 %: it follows its "
        "training rows more closely than new rows bear out."
    )


def test_a_large_loss_within_doubt_cannot_be_told():
    found = verdict(result("xgboost", 1.0, 0.8, wobble=15 * WOBBLE))
    assert found.word == "cannot tell"
    assert found.reason.endswith(
        "on its training rows; its 95 % interval begins at 1 %, so that whether it is truly more than 25 %, "
        "an overfit, the folds cannot tell."
    )


def test_balanced_where_little_is_lost():
    found = verdict(result("linear", 0.92, 0.9))
    assert found.word == "balanced"
    assert found.reason.endswith("over the baseline on its training rows: no clear overfit or underfit.")


def test_underfit_where_a_more_complex_model_is_credibly_better():
    linear, boosted = result("linear", 0.9005, 0.9), result("xgboost", 0.96, 0.9004)
    found = verdict(linear, boosted)
    assert found.word == "underfit"
    assert found.reason.endswith(
        "and the more complex Gradient boosting (XGBoost) is credibly better, if practically as good: the choice "
        "of the simpler model leaves a little unlearnt."
    )


def test_cannot_tell_without_folds_or_a_model_that_beats_the_baseline():
    few = verdict(result("linear", 0.9, 0.9, wobble=np.zeros(2)))
    assert few.word == "cannot tell"
    assert few.reason == "2 folds are too few to tell the gap from noise; 3 are needed."
    nothing = verdict(result("linear", 0.9, 0.4))
    assert nothing.word == "cannot tell"
    assert nothing.reason == "No candidate beats the baseline, so there is no fit to judge."


@pytest.mark.parametrize("task", list(Task))
def test_curve_grows_in_nested_parts_and_ends_at_the_known_scores(task, signal, deal):
    metric = {Task.BINARY: AUC, Task.MULTICLASS: LOSS, Task.REGRESSION: RMSE}[task]
    table, folds = signal(task, 120), deal(120)
    known = evaluate(table, CANDIDATES["linear"], folds, metric=metric, seed=0, deadline=Deadline(60))
    curve = learning_curve(table, known, folds, metric=metric, seed=0, deadline=Deadline(60))
    # A tenth of 80 rows is below the fewest that are fitted.
    assert sorted(curve["share"].unique()) == list(SHARES[1:])
    assert list(curve.groupby("share")["rows"].first()) == [20, 40, 60, 80]
    whole = curve[curve["share"] == 1.0]
    assert list(whole["validation"]) == list(known.validation)
    found = points(curve, metric=metric, share=0.5)
    assert [point.rows for point in found] == [20, 40, 60, 80]
    assert found[-1].validation.value == pytest.approx(known.validation.mean())


def _two_points(fewer, more):
    return pd.DataFrame(
        [
            {"share": share, "fold": fold + 1, "rows": rows, "train": 0.0, "validation": value}
            for share, rows, values in ((0.75, 212, fewer), (1.0, 282, more))
            for fold, value in enumerate(values)
        ]
    )


@pytest.mark.parametrize(
    ("more", "margin", "said"),
    [
        # Four folds, differences 1, 1.2, 0.8 and 1: (1/4 + 1/3) times their variance, three degrees of freedom.
        ([49.0, 48.8, 49.2, 49.0], 0.1,
         "got better by 1\xa0mm (95 % interval 0.603 to 1.40): more rows may help."),
        ([49.0, 48.8, 49.2, 49.0], 2.0,
         "got better by 1\xa0mm (95 % interval 0.603 to 1.40): more rows would help little."),
        ([50.1, 49.8, 50.2, 50.1], 0.1,
         "got worse by 0.0500\xa0mm (95 % interval −0.371 to 0.471): whether more rows help cannot be told."),
        ([51.0, 51.2, 50.8, 51.0], 0.1,
         "got worse by 1\xa0mm (95 % interval 0.603 to 1.40): more rows would help little."),
    ],
)  # fmt: skip
def test_more_rows_by_the_last_two_points(more, margin, said):
    curve = _two_points([50.0] * 4, more)
    found = more_rows(curve, metric=RMSE, share=0.25, margin=margin, unit="mm")
    assert found == f"From 212 to 282 rows RMSE {said}"


def test_more_rows_cannot_be_told_from_one_point_or_one_fold():
    curve = _two_points([0.8], [0.9])
    assert more_rows(curve[curve["share"] == 1.0], metric=AUC, share=0.25, margin=0.0) == (
        "The learning curve has a single point: whether more rows help cannot be told."
    )
    assert more_rows(curve, metric=AUC, share=0.25, margin=0.0) == (
        "From 212 to 282 rows ROC AUC cannot be compared over the folds: whether more rows help cannot be told."
    )


def test_curve_past_the_deadline_keeps_only_the_whole(signal, deal):
    table, folds = signal(Task.REGRESSION), deal(60)
    known = evaluate(table, CANDIDATES["linear"], folds, metric=RMSE, seed=0, deadline=Deadline(60))
    curve = learning_curve(table, known, folds, metric=RMSE, seed=0, deadline=Deadline(0))
    assert list(curve["share"]) == [1.0, 1.0, 1.0]
