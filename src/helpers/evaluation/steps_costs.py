"""The step that says what mistakes cost, and what the out-of-fold predictions had promised."""

import numpy as np
import pandas as pd

from helpers.evaluation.case import Case
from helpers.evaluation.costs import class_prices, cost_result, why_no_costs
from helpers.evaluation.figures import draw_cost_curve
from helpers.evaluation.steps import Picture, Step, on_holdout, sampled_words, sentences
from helpers.evaluation.threshold import EVEN, cost_curve, named, thresholds_between
from helpers.evaluation.words import between, ranged
from helpers.metrics import Task
from helpers.parameters import Costs
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
    caption = f"What mistakes cost{f', in {costs.unit}' if costs.unit else ''}."
    curve = _holdout_curve(case, costs)
    if curve is None or case.judged.threshold is None:
        return Step(result, said, table, caption)
    picture, told = _curve_shown(curve, costs, case.judged.threshold.value, positive or "")
    return Step(result, sentences(*said, told, sampled_words(case)), table, caption, pictures=(picture,))


def _holdout_curve(case: Case, costs: Costs) -> pd.DataFrame | None:
    """Return what each threshold would have cost on the holdout; None where no threshold is set by price."""
    threshold, positive = case.judged.threshold, case.rows.positive
    if threshold is None or positive is None or threshold.curve.empty or sum(class_prices(costs)) == 0:
        return None
    part = case.part
    stated = part.stated(positive)
    points = np.union1d(thresholds_between(stated, threshold.for_constant), [threshold.value])
    happened = part.rows.y.to_numpy(dtype=object) == positive
    return cost_curve(happened, stated, thresholds=points, costs=costs, draws=part.draws)


def _curve_shown(curve: pd.DataFrame, costs: Costs, threshold: float, positive: str) -> tuple[Picture, str]:
    """Return the holdout's cost curve as a figure, and what it says; the threshold stays as it was chosen."""
    prices, points = curve["cost"].to_numpy(dtype=float), curve["threshold"].to_numpy(dtype=float)
    at, best = int(np.abs(points - threshold).argmin()), int(prices.argmin())
    spaced = f" {costs.unit}" if costs.unit else ""
    told = (
        f"Looking back, the cheapest threshold on these rows would have been {number(points[best])}, at "
        f"{number(prices[best])}{spaced} per 100 rows; the chosen one cost {number(prices[at])}{spaced}. "
        f"It stays: one picked here would flatter itself."
    )
    picture = Picture(
        lambda: draw_cost_curve(
            curve, threshold=threshold, unit=costs.unit, positive=positive, rows="the holdout"
        ),
        alt=f"Cost per 100 holdout rows by threshold with its 95 % interval. {told}",
        caption="The chosen threshold was fixed before these rows were opened.",
    )
    return picture, told


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
