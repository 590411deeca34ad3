"""What 05 leaves for other notebooks: the typed result and the tables beside it."""

import pandas as pd

from helpers.errors import listed
from helpers.evaluation.case import Case
from helpers.evaluation.comparison import comparison_frame
from helpers.evaluation.fairness import Fairness, fairness_frame
from helpers.evaluation.optimism import optimism
from helpers.evaluation.slices import Slices
from helpers.evaluation.steps import Step
from helpers.evaluation.words import ranged
from helpers.metrics import IN_TARGET_UNITS, METRICS
from helpers.results import (
    CalibrationResult,
    ClassResult,
    CostResult,
    CoverageResult,
    ErrorResult,
    EvaluationResult,
    GroupImportanceResult,
    ImportanceResult,
    InUseResult,
    LabelShuffleResult,
    MetricResult,
    RecalibrationResult,
    RobustnessResult,
    SliceResult,
)
from helpers.wording import capital, count

NAMED = 3


def evaluation_result(
    case: Case,
    *,
    metrics: Step[list[MetricResult]],
    classes: Step[list[ClassResult]],
    confusion: Step[list[list[int]]],
    errors: Step[ErrorResult],
    calibration: Step[CalibrationResult],
    coverage: Step[list[CoverageResult]],
    costs: Step[CostResult],
    importance: Step[list[ImportanceResult]],
    slices: Step[Slices],
    in_use: Step[InUseResult],
    more_metrics: Step[list[MetricResult]],
    recalibration: Step[RecalibrationResult],
    group_importance: Step[list[GroupImportanceResult]],
    fairness: Step[Fairness],
    robustness: Step[list[RobustnessResult]],
    label_shuffle: Step[LabelShuffleResult],
) -> EvaluationResult:
    """Return the steps' results as the one record that 06 and the runner read."""
    scores = metrics.result or []
    threshold = case.judged.threshold
    return EvaluationResult(
        evaluated=not case.why_not,
        why_not=case.why_not,
        rows=len(case.rows),
        metric=case.judged.metric.name,
        openings=case.openings,
        looks=case.looks,
        metrics=scores,
        classes=classes.result or [],
        positive=case.rows.positive,
        threshold=None if threshold is None else threshold.value,
        threshold_reason="" if threshold is None else threshold.reason,
        confusion=confusion.result or [],
        costs=costs.result,
        errors=errors.result,
        calibration=calibration.result,
        coverage=coverage.result or [],
        importance=importance.result or [],
        slices_examined=slices.result is not None and slices.result.examined,
        slices=[] if slices.result is None else list(slices.result.results),
        in_use=in_use.result,
        more_metrics=more_metrics.result or [],
        optimism=optimism(scores[0].chosen, case.looks) if scores else None,
        recalibration=recalibration.result,
        group_importance=group_importance.result or [],
        fairness=[] if fairness.result is None else list(fairness.result.groups),
        fairness_gaps=[] if fairness.result is None else list(fairness.result.gaps),
        robustness=robustness.result or [],
        label_shuffle=label_shuffle.result,
    )


def conclusions(result: EvaluationResult, *, unit: str = "") -> list[str]:
    """Return what follows from the evaluation, for engineers, in a few sentences; `unit` is the target's."""
    headline = result.headline()
    if not result.evaluated or headline is None:
        return [f"{result.why_not} The model is stored; what it is worth on new rows is not known."]
    metric = METRICS[headline.metric]
    of_metric = unit if metric.name in IN_TARGET_UNITS else ""
    said = [
        f"{capital(metric.label)} {ranged(headline.chosen, unit=of_metric)} on "
        f"{count(result.rows, 'holdout row')}, baseline {ranged(headline.baseline, unit=of_metric)}."
    ]
    if result.costs is not None:
        with_baseline = f"with the baseline {ranged(result.costs.baseline, unit=result.costs.unit)}"
        said.append(f"100 rows cost {ranged(result.costs.chosen, unit=result.costs.unit)}, {with_baseline}.")
    if result.errors is not None:
        said.append(f"Half of the errors are smaller than {ranged(result.errors.typical, unit=unit)}.")
    clear = [
        found for found in result.importance if found.worse_by.low is not None and found.worse_by.low > 0
    ]
    if clear:
        most = " most" if len(clear) > NAMED else ""
        said.append(f"It leans{most} on {listed([f'“{found.label}”' for found in clear[:NAMED]])}.")
    return said


def stored_tables(result: EvaluationResult) -> dict[str, pd.DataFrame]:
    """Return the tables that are stored as CSV, by name."""
    return {
        "metrics": comparison_frame(result.metrics),
        "more_metrics": comparison_frame(result.more_metrics),
        "fairness": fairness_frame(result.fairness),
        "importance": importance_frame(result.importance),
        "slices": slices_frame(result.slices),
    }


def slices_frame(results: list[SliceResult]) -> pd.DataFrame:
    """Return the slices as a table to store: one row a slice."""
    flat = [
        {"description": r.description, "column": r.column, "rows": r.rows,
         "rows_confirming": r.rows_confirming, "measure": r.measure,
         "inside": r.inside.value, "inside_low": r.inside.low, "inside_high": r.inside.high,
         "outside": r.outside.value, "outside_low": r.outside.low, "outside_high": r.outside.high,
         "p_corrected": r.p_corrected, "confirmed": r.confirmed}
        for r in results
    ]  # fmt: skip
    columns = ["description", "column", "rows", "rows_confirming", "measure", "inside", "inside_low",
               "inside_high", "outside", "outside_low", "outside_high", "p_corrected",
               "confirmed"]  # fmt: skip
    return pd.DataFrame(flat, columns=columns)


def importance_frame(results: list[ImportanceResult]) -> pd.DataFrame:
    """Return the importances as a table to store: one row a column."""
    flat = [(r.column, r.label, r.worse_by.value, r.worse_by.low, r.worse_by.high) for r in results]
    return pd.DataFrame(flat, columns=["column", "label", "worse_by", "low", "high"])
