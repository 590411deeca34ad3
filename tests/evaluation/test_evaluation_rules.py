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
    assert [finding.code for finding in found] == ["V101", "V102", "V103", "V104", "V105"]
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
    found = holdout_overused(_result(looks=3, openings=5))
    # The standard error is 0.0204, and Blom's score of the best of three 0.869.
    assert found.message == (
        "The 400 holdout rows were opened 5 times, to judge 3 different models; the best of so many equals "
        "would look better by about 0.018 in ROC AUC."
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
