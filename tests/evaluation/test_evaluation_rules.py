from typing import Any

import pytest

from helpers.evaluation.rules import (
    findings_of,
    holdout_overused,
    miscalibrated,
    no_gain,
    small_holdout,
    weak_slice,
)
from helpers.evaluation.rules_stress import fragile, label_leak, recalibration, unequal_treatment
from helpers.findings import Severity
from helpers.results import EvaluationResult


def _estimate(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def _result(**changes: Any) -> EvaluationResult:
    content: dict[str, Any] = {
        "evaluated": True, "rows": 400, "metric": "roc_auc", "openings": 1, "looks": 1,
        "metrics": [
            {"metric": "roc_auc", "chosen": _estimate(0.9, 0.86, 0.94), "baseline": _estimate(0.5, 0.5, 0.5),
             "gain": _estimate(0.4, 0.36, 0.44)}
        ],
    }  # fmt: skip
    return EvaluationResult.model_validate(content | changes)


def _gain(value: float, low: float, high: float) -> EvaluationResult:
    metric = {"metric": "roc_auc", "chosen": {"value": 0.5}, "baseline": {"value": 0.5},
              "gain": _estimate(value, low, high)}  # fmt: skip
    return _result(metrics=[metric])


def _calibration(verdict: str, *, value: float = 0.1) -> EvaluationResult:
    error = {"value": value, "low": 0.06, "high": 0.12}
    return _result(calibration={"expected_calibration_error": error, "verdict": verdict})


def _slice(confirmed: bool) -> dict[str, Any]:
    return {
        "description": "Size <b> up to 2 mm",
        "column": "size",
        "rows": 50,
        "measure": "error rate",
        "inside": _estimate(0.5, 0.3, 0.7),
        "outside": _estimate(0.1, 0.05, 0.2),
        "confirmed": confirmed,
    }


def _class(name: str, rows: int) -> dict[str, Any]:
    nothing = {"value": None}
    return {"name": name, "rows": rows, "found": nothing, "right": nothing, "false_alarm": nothing,
            "baseline_found": None, "baseline_false_alarm": None}  # fmt: skip


def test_nothing_evaluated_makes_no_rule_applicable() -> None:
    result = _result(evaluated=False, why_not="Nothing was held out.", metrics=[])
    found = findings_of(result)
    assert [finding.code for finding in found] == [
        "V101", "V102", "V103", "V104", "V105", "V110", "V106", "V107", "V108", "V109",
    ]  # fmt: skip
    assert {(finding.severity, finding.message) for finding in found} == {
        (Severity.NOT_APPLICABLE, "Nothing was held out.")
    }


@pytest.mark.parametrize(
    ("verdict", "severity", "message"),
    [
        ("miscalibrated", Severity.WARN,
         "The expected calibration error is 0.100 (0.0600 to 0.120), more than calibrated probabilities show "
         "by chance."),
        ("calibrated", Severity.PASS,
         "The expected calibration error is 0.100 (0.0600 to 0.120), no more than chance and tolerance "
         "allow."),
        ("cannot tell", Severity.NOTE,
         "The expected calibration error is 0.100 (0.0600 to 0.120), which too few rows allow to judge."),
        ("not applicable", Severity.NOT_APPLICABLE, "A regression states no probabilities."),
    ],
)  # fmt: skip
def test_miscalibrated(verdict: str, severity: Severity, message: str) -> None:
    found = miscalibrated(_calibration(verdict))
    assert (found.code, found.kind, found.severity, found.message) == (
        "V101",
        "miscalibrated",
        severity,
        message,
    )


def test_weak_slice_fires_on_confirmed_groups_alone() -> None:
    found = weak_slice(_result(slices_examined=True, slices=[_slice(True), _slice(False)]))
    assert (found.severity, found.columns, len(found.evidence)) == (Severity.WARN, ("size",), 1)
    assert found.message == (
        "The error rate is higher on rows with “Size <b> up to 2 mm”, confirmed on rows that did not serve "
        "to find them."
    )
    few = weak_slice(_result(rows=39))
    assert (few.severity, few.message) == (
        Severity.NOT_APPLICABLE,
        "Weak groups are looked for from 40 holdout rows on.",
    )
    unseen = weak_slice(_result())
    assert (unseen.severity, unseen.message) == (
        Severity.NOT_APPLICABLE,
        "No group had rows enough, or the errors did not differ: no weak group was looked for.",
    )
    silent = weak_slice(_result(slices_examined=True, slices=[_slice(False)]))
    assert (silent.severity, silent.message) == (
        Severity.PASS, "No group of rows is confirmed to be worse than the rest."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "looks", "severity"),
    [
        (400, 1, Severity.PASS), (400, 2, Severity.NOTE), (400, 3, Severity.WARN), (999, 3, Severity.WARN),
        (1_000, 3, Severity.NOTE), (1_000, 20, Severity.WARN),
    ],
)  # fmt: skip
def test_holdout_overused_by_looks_and_rows(rows: int, looks: int, severity: Severity) -> None:
    assert holdout_overused(_result(rows=rows, looks=looks, openings=looks)).severity is severity


def test_holdout_overused_says_how_much_luck_would_do() -> None:
    luck = {"looks": 3, "standard_error": 0.02, "correlation": 0.5, "expected": 0.012, "at_most": 0.017}
    found = holdout_overused(_result(looks=3, openings=5, optimism=luck))
    assert found.message == (
        "The 400 holdout rows were opened 5 times, to judge 3 different models; the best of so many equals "
        "would look better by about 0.012 in ROC AUC."
    )
    assert found.remedy == "Judge the final model on new rows; from 3 models on, so many rows are worn out."


@pytest.mark.parametrize(
    ("gain", "severity", "message"),
    [
        ((0.1, 0.05, 0.2), Severity.PASS,
         "On the holdout ROC AUC is better than the baseline's by 0.100 (0.0500 to 0.200)."),
        ((0.1, -0.05, 0.2), Severity.WARN,
         "On the holdout ROC AUC is not clearly better than the baseline's: gain 0.100 (−0.0500 to 0.200)."),
        ((-0.1, -0.2, -0.05), Severity.STOP,
         "On the holdout ROC AUC is worse than the baseline's: gain −0.100 (−0.200 to −0.0500)."),
    ],
)  # fmt: skip
def test_no_better_than_baseline(gain: tuple[float, float, float], severity: Severity, message: str) -> None:
    found = no_gain(_gain(*gain))
    assert (found.kind, found.severity, found.message) == ("no_better_than_baseline", severity, message)


def test_no_better_than_baseline_needs_an_interval() -> None:
    metric = {
        "metric": "roc_auc",
        "chosen": {"value": None},
        "baseline": {"value": None},
        "gain": {"value": None},
    }
    found = no_gain(_result(metrics=[metric]))
    assert (found.severity, found.message) == (
        Severity.NOT_APPLICABLE, "The rows do not define the headline metric's interval."
    )  # fmt: skip


def test_small_holdout() -> None:
    assert small_holdout(_result()).severity is Severity.PASS
    few = small_holdout(_result(rows=36, classes=[_class("<b>", 30), _class("rare", 6)]))
    assert (few.severity, few.kind) == (Severity.NOTE, "small_holdout")
    assert few.message == (
        "The holdout is small: 36 holdout rows, fewer than 100 and fewer than 10 rows of “rare” (6)."
    )
    assert few.evidence == ({"class": "rare", "rows": 6},)


def _fair(*, unequal: bool, gap: bool = True) -> EvaluationResult:
    group = {"column": "sex", "group": "Sex “f”", "measure": "recall", "rows": 100,
             "value": _estimate(0.25, 0.2, 0.3)}  # fmt: skip
    gaps = [{"column": "sex", "measure": "recall", "lowest": "Sex “f”", "highest": "Sex “m”",
             "difference": 0.75, "ratio": 0.25, "unequal": unequal}]  # fmt: skip
    return _result(fairness=[group], fairness_gaps=gaps if gap else [])


def test_unequal_treatment_fires_is_silent_or_does_not_apply() -> None:
    found = unequal_treatment(_fair(unequal=True))
    assert (found.severity, found.columns) == (Severity.WARN, ("sex",))
    assert found.message == "Groups are treated unequally: recall of rows with Sex “f” below Sex “m”."
    assert found.evidence[0]["ratio"] == 0.25
    assert unequal_treatment(_fair(unequal=False)).severity is Severity.PASS
    assert unequal_treatment(_result()).message == (
        "No column with groups to compare is named under sensitive."
    )
    assert unequal_treatment(_fair(unequal=False, gap=False)).message == (
        "No two groups of a sensitive column have rows enough to compare."
    )


def _spoiled(name: str, worse: float, *, failed: str = "") -> EvaluationResult:
    content = {"name": name, "plain": "5 % of all cells missing", "failed": failed,
               "worse_by": {"value": None} if failed else _estimate(worse, worse - 0.05, worse + 0.05)}  # fmt: skip
    return _result(robustness=[content])


def test_fragile_fires_is_silent_or_does_not_apply() -> None:
    found = fragile(_spoiled("missing_0.05", 0.3))
    assert found.severity is Severity.WARN
    assert found.message == (
        "ROC AUC, gain 0.400: 5 % of all cells missing makes it worse by 0.300 (0.250 to 0.350)."
    )
    assert fragile(_spoiled("missing_0.05", 0.1)).message == (
        "No mild disturbance takes more than 50% of the gain over the baseline."
    )
    # A strong disturbance may cost much.
    assert fragile(_spoiled("missing_0.2", 0.3)).severity is Severity.PASS
    refused = fragile(_spoiled("missing_0.05", 0.0, failed="ValueError: no"))
    assert refused.message == "ROC AUC, gain 0.400: with 5 % of all cells missing it gives no answer."
    assert fragile(_result()).message == "No disturbance of the rows was tried."


def test_label_leak_fires_is_silent_or_does_not_apply() -> None:
    test = {"metric": "roc_auc", "fits": 3, "rows": 200, "gain": _estimate(0.2, 0.1, 0.3), "leak": True}
    found = label_leak(_result(label_shuffle=test))
    assert found.severity is Severity.STOP
    assert found.message == (
        "In 3 fits on shuffled targets ROC AUC is better than the baseline's by 0.200 (0.100 to 0.300): "
        "answers reach the model by another way than the columns."
    )
    honest = label_leak(_result(label_shuffle=test | {"gain": _estimate(0, -0.1, 0.1), "leak": False}))
    assert honest.message == "In 3 fits on shuffled targets nothing was learned: gain 0 (−0.100 to 0.100)."
    assert label_leak(_result()).message == "The label-shuffle test was not made."


def test_recalibration_fires_is_silent_or_does_not_apply() -> None:
    curve = {"method": "platt", "rows": 200, "gain": _estimate(0.02, 0.01, 0.03), "worth_it": True}
    found = recalibration(_result(recalibration=curve))
    assert (found.severity, found.message) == (
        Severity.NOTE, "Recalibrated (platt) the gain in log loss is 0.0200 (0.0100 to 0.0300)."
    )  # fmt: skip
    other = curve | {"gain": _estimate(0.0, -0.01, 0.01), "worth_it": False}
    assert recalibration(_result(recalibration=other)).message == (
        "Recalibrating does not clearly improve the log loss: gain 0 (−0.0100 to 0.0100)."
    )
    few = curve | {"worth_it": False}
    found = recalibration(_result(recalibration=few))
    assert (found.severity, found.message) == (
        Severity.NOT_APPLICABLE,
        "Recalibrated the gain in log loss is 0.0200 (0.0100 to 0.0300), with too few mistakes to tell.",
    )
    assert recalibration(_result()).message == "No recalibrated alternative was fitted."
