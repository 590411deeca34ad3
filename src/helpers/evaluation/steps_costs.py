"""The step that says what mistakes cost, and what the out-of-fold predictions had promised."""

import numpy as np
import pandas as pd

from helpers.evaluation.case import Case
from helpers.evaluation.costs import cost_result, why_no_costs
from helpers.evaluation.steps import Step, on_holdout, sentences
from helpers.evaluation.threshold import EVEN, named
from helpers.evaluation.words import between, ranged
from helpers.metrics import Task
from helpers.results import CostResult, Estimate
from helpers.wording import number


@on_holdout
def costs_step(case: Case) -> Step[CostResult]:
    """Return what mistakes cost per 100 rows: model, baseline, and the model at the threshold 0.5."""
    costs = case.judged.costs
    why_not = why_no_costs(costs, case.task)
    if costs is None or why_not:
        return Step(None, (f"{why_not} So mistakes are counted, not priced.",))
    positive, at_even = case.rows.positive, None
    if positive is not None and case.task is Task.BINARY:
        at_even = named(case.stated(positive), EVEN, positive=positive, classes=case.rows.classes)
    result = cost_result(
        case.rows.y,
        chosen=case.answers,
        baseline=case.baseline_answers,
        without_threshold=at_even,
        costs=costs,
        task=case.task,
        positive=positive,
        draws=case.draws,
    )
    named_rows = [
        ("chosen model", result.chosen),
        ("baseline", result.baseline),
        ("saved by the model (paired)", result.saving),
    ]
    if result.without_threshold is not None:
        named_rows.insert(1, ("chosen model at 0.5", result.without_threshold))
    table = pd.DataFrame(
        {
            "what": [name for name, _ in named_rows],
            "cost per 100 rows": [estimate.value for _, estimate in named_rows],
            "95 % interval": [between(estimate) for _, estimate in named_rows],
        }
    )
    said = sentences(
        f"100 rows cost {ranged(result.chosen, unit=costs.unit)} with the model and "
        f"{ranged(result.baseline, unit=costs.unit)} with the baseline. {_saved(result)}",
        _expected(case, result),
    )
    return Step(
        result, said, table, caption=f"What mistakes cost{f', in {costs.unit}' if costs.unit else ''}."
    )


def _saved(result: CostResult) -> str:
    saving = ranged(result.saving, unit=result.unit)
    low, high = result.saving.low, result.saving.high
    if low is None or high is None:
        return f"Row by row, {saving} is saved."
    if high < 0:
        return f"Row by row, the model costs more: the saving is {saving}."
    if low > 0:
        return f"Row by row, {saving} is saved, which is more than chance."
    return f"Row by row, {saving} is saved, which may be chance: the interval holds 0."


def _expected(case: Case, result: CostResult) -> str:
    """Hold the holdout's cost against what the out-of-fold predictions had promised at the threshold."""
    threshold = case.judged.threshold
    if threshold is None or threshold.curve.empty:
        return ""
    at = threshold.curve.loc[threshold.curve["threshold"] == threshold.value].iloc[0]
    promised = Estimate(value=at["cost"], low=_known(at["low"]), high=_known(at["high"]))
    text = (
        f"On out-of-fold predictions the threshold {number(threshold.value)} cost "
        f"{ranged(promised, unit=result.unit)}; it was chosen on those rows, which flatters them."
    )
    ends = (promised.low, promised.high, result.chosen.low, result.chosen.high)
    low, high, own_low, own_high = ends
    if low is None or high is None or own_low is None or own_high is None:
        return text
    overlap = low <= own_high and own_low <= high
    return f"{text} The holdout's interval {'overlaps' if overlap else 'does not overlap'} with that one."


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
