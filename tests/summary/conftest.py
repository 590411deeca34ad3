"""Hand-made results of the other notebooks: two classes, several, a regression, and no holdout."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from helpers.findings import Finding, Severity
from helpers.metrics import Task
from helpers.parameters import Parameters
from helpers.parameters.check import checked
from helpers.results import (
    CalibrationResult,
    ClassResult,
    CostResult,
    ErrorResult,
    Estimate,
    EvaluationResult,
    ImportanceResult,
    LearningPoint,
    MetricResult,
    QualityResult,
    Score,
    SelectionResult,
)  # fmt: skip
from helpers.summary.facts import Facts

Maker = Callable[..., Facts]


def span(value: float | None, low: float | None = None, high: float | None = None) -> Estimate:
    return Estimate(value=value, low=low, high=high)


def finding(
    kind: str, severity: Severity = Severity.PASS, plain: str = "Said plainly.", **more: Any
) -> Finding:
    return Finding("Q100", kind, severity, "for engineers", plain, **more)


def params(**changes: Any) -> Parameters:
    values = {
        "experiment": "try",
        "question": "Is the lump malignant?",
        "data": "table.csv",
        "target": "kind",
    }
    return checked({**values, **changes}, where="test")


def quality(rows: int = 569, holdout: int = 114, **changes: Any) -> QualityResult:
    values = {
        "rows": rows, "columns": 31, "development_rows": rows - holdout, "holdout_rows": holdout,
        "missing_share": 0.0, "duplicate_rows": 0, "has_id": False, "has_group": False, "has_time": False,
    }  # fmt: skip
    return QualityResult(**{**values, **changes})


def selection(
    metric: str, chosen: Estimate, baseline: float, gain: Estimate, **changes: Any
) -> SelectionResult:
    times = {"train_score": chosen.value, "fit_seconds": 0.1, "predict_seconds": 0.01}
    values: dict[str, Any] = {
        "metric": metric, "strategy": "stratified", "folds": 5, "repeats": 1, "rows": 455,
        "leaderboard": [
            Score(model="random_forest", label="random forest", score=chosen, **times),
            Score(model="baseline", label="baseline", score=span(baseline), **times),
        ],
        "chosen": "random_forest", "chosen_label": "Random forest",
        "chosen_plain": "many decision trees that vote", "reason": "best", "gain": gain,
        "learning_curve": [
            LearningPoint(rows=rows, train=chosen, validation=chosen) for rows in (200, 455)
        ],
        "fit_diagnosis": "balanced",
    }  # fmt: skip
    return SelectionResult(**{**values, **changes})


def two_classes(**changes: Any) -> EvaluationResult:
    malignant = ClassResult(
        name="malignant", rows=42, found=span(41 / 42, 0.877, 0.996), right=span(41 / 43, 0.845, 0.987),
        false_alarm=span(2 / 72, 0.008, 0.096), baseline_found=0.0, baseline_false_alarm=0.0,
    )  # fmt: skip
    benign = ClassResult(
        name="benign", rows=72, found=span(70 / 72, 0.904, 0.992), right=span(70 / 71, 0.924, 0.998),
        false_alarm=span(1 / 42, 0.004, 0.123), baseline_found=1.0, baseline_false_alarm=1.0,
    )  # fmt: skip
    values: dict[str, Any] = {
        "evaluated": True, "rows": 114, "metric": "roc_auc", "openings": 1, "looks": 1,
        "slices_examined": True,
        "metrics": [MetricResult(metric="roc_auc", chosen=span(0.9912, 0.9723, 0.9998),
                                 baseline=span(0.5, 0.5, 0.5), gain=span(0.4912, 0.4723, 0.4998))],
        "classes": [benign, malignant], "positive": "malignant", "threshold": 0.12,
        "confusion": [[70, 2], [1, 41]],
        "costs": CostResult(unit="€", chosen=span(9123, 351, 26500), baseline=span(368421, 281000, 456000), saving=span(359298, 254500, 455600),
                            without_threshold=span(17700)),
        "calibration": CalibrationResult(
            expected_calibration_error=span(0.02, 0.01, 0.05), verdict="calibrated"
        ),
        "importance": [
            ImportanceResult(column="perimeter", label="Largest perimeter", worse_by=span(0.05, 0.03, 0.07)),
            ImportanceResult(column="worst dents", label="Deepest dents", worse_by=span(0.033, 0.01, 0.05)),
            ImportanceResult(column="texture", label="Average texture", worse_by=span(0.015, 0.002, 0.03)),
            ImportanceResult(column="mean error", label="mean error", worse_by=span(0.001, -0.01, 0.01)),
        ],
    }  # fmt: skip
    return EvaluationResult(**{**values, **changes})


def three_classes(**changes: Any) -> EvaluationResult:
    def one(name: str, rows: int, hits: int, low: float, high: float, base: float) -> ClassResult:
        return ClassResult(
            name=name, rows=rows, found=span(hits / rows, low, high), right=span(1.0),
            false_alarm=span(0.0), baseline_found=base, baseline_false_alarm=base,
        )  # fmt: skip

    values: dict[str, Any] = {
        "evaluated": True, "rows": 60, "metric": "log_loss", "openings": 1, "looks": 1,
        "slices_examined": True,
        "metrics": [
            MetricResult(metric="log_loss", chosen=span(0.16, 0.08, 0.27), baseline=span(1.09, 1.05, 1.12),
                         gain=span(0.93, 0.8, 1.01)),
            MetricResult(metric="accuracy", chosen=span(0.95, 0.863, 0.983), baseline=span(0.4, 0.28, 0.53),
                         gain=span(0.55, 0.4, 0.7)),
        ],
        "classes": [one("class_0", 20, 20, 0.839, 1.0, 0.0), one("class_1", 24, 22, 0.742, 0.977, 1.0),
                    one("class_2", 16, 15, 0.717, 0.989, 0.0)],
        "confusion": [[20, 0, 0], [0, 22, 2], [1, 0, 15]],
        "calibration": CalibrationResult(expected_calibration_error=span(None), verdict="cannot tell"),
        "importance": [
            ImportanceResult(column="proline", label="Proline", worse_by=span(0.3, 0.2, 0.4)),
        ],
    }  # fmt: skip
    return EvaluationResult(**{**values, **changes})


def numbers(**changes: Any) -> EvaluationResult:
    values: dict[str, Any] = {
        "evaluated": True, "rows": 89, "metric": "rmse", "openings": 1, "looks": 1,
        "slices_examined": True,
        "metrics": [MetricResult(metric="rmse", chosen=span(54.3, 47.2, 61.7), baseline=span(75.0, 67, 83),
                                 gain=span(20.7, 13.1, 28.0))],
        "errors": ErrorResult(typical=span(41.27, 35.2, 48.9), mean=span(44.0, 38.0, 50.0),
                              nine_of_ten=span(88.4, 77.1, 104.8), baseline_typical=62.3, baseline_mean=64.0,
                              target_low=50.6, target_high=276.2),
        "importance": [
            ImportanceResult(column="bmi", label="Body mass index", worse_by=span(9.0, 5.0, 13.0)),
            ImportanceResult(column="s5", label="s5", worse_by=span(8.0, 4.0, 12.0)),
        ],
    }  # fmt: skip
    return EvaluationResult(**{**values, **changes})


PASSED = (finding("target_leak"), finding("duplicate_rows"))


@pytest.fixture
def binary() -> Facts:
    """Two classes, all well, with costs."""
    return Facts(
        params(positive="malignant", costs={"unit": "€", "false_negative": 10000, "false_positive": 200}),
        Task.BINARY, "kind", "", "stratified", quality(),
        selection("roc_auc", span(0.99, 0.98, 1.0), 0.5, span(0.49, 0.47, 0.5)), two_classes(), PASSED,
    )  # fmt: skip


@pytest.fixture
def several() -> Facts:
    """Three classes, all well."""
    return Facts(
        params(question="Which grower made the wine?"), Task.MULTICLASS, "grower", "", "stratified",
        quality(300, 60), selection("log_loss", span(0.1, 0.05, 0.2), 1.09, span(0.99, 0.9, 1.1)),
        three_classes(), PASSED,
    )  # fmt: skip


@pytest.fixture
def regression() -> Facts:
    """A number to predict, with a unit."""
    return Facts(
        params(question="How far will it go?"), Task.REGRESSION, "progression", "points", "random",
        quality(442, 89), selection("rmse", span(56.0, 52.0, 60.0), 77.0, span(21.0, 17.0, 25.0)),
        numbers(), PASSED,
    )  # fmt: skip


@pytest.fixture
def unchecked(binary: Facts) -> Facts:
    """Two classes with `holdout: 0`."""
    return replace(
        binary, split="none", quality=quality(569, 0),
        evaluation=EvaluationResult(evaluated=False, why_not="holdout is 0", metric="roc_auc"),
    )  # fmt: skip
