"""The steps around the opening: what was fixed before, and which rows were opened how often."""

import numpy as np
import pandas as pd

from helpers.bootstrap import FEW_UNITS
from helpers.errors import shortened
from helpers.evaluation.case import Case, Judged
from helpers.evaluation.figures import draw_cost_curve
from helpers.evaluation.steps import Picture, Step, sentences
from helpers.metrics import Task
from helpers.tables.table import Role
from helpers.wording import count, number, percent, quoted

MOST_CLASSES = 12


def models_step(judged: Judged) -> Step[None]:
    """Return what is judged: the chosen model beside the baseline, and on how many rows each was fitted."""
    names = [judged.selection.chosen_label, "baseline"]
    models = [judged.model, judged.baseline]
    what = "class shares" if judged.development.task is not Task.REGRESSION else "one number for every row"
    table = pd.DataFrame(
        {
            "model": names,
            "what it is": [judged.selection.chosen_plain, what],
            "fitted on rows": [model.rows for model in models],
            "columns": [len(model.columns) for model in models],
        }
    )
    said = f"Chosen by {judged.metric.label}: {judged.selection.reason}"
    return Step(None, (said,), table, caption="What is judged.")


def threshold_step(judged: Judged) -> Step[float | None]:
    """Return the decision threshold, decided on out-of-fold predictions, with its cost curve."""
    chosen = judged.threshold
    if chosen is None:
        why = {
            Task.MULTICLASS: "Of more than two classes the most probable is named; no threshold is set.",
            Task.REGRESSION: "A regression names no classes; no threshold is set.",
        }
        return Step(
            None, (why.get(judged.development.task, "No positive class is known; no threshold is set."),)
        )
    if chosen.curve.empty or judged.costs is None:
        return Step(chosen.value, (chosen.reason,))
    curve, unit, positive = chosen.curve, judged.costs.unit, judged.development.positive or ""
    at = curve.loc[curve["threshold"] == chosen.value].iloc[0]
    even = curve.loc[curve["threshold"] == 0.5, "cost"].iloc[0]
    spaced = f" {unit}" if unit else ""
    costs = (
        f"On out-of-fold predictions 100 rows cost {number(at['cost'])}{spaced} at the threshold "
        f"{number(chosen.value)} (95 % interval {number(at['low'])} to {number(at['high'])}) and "
        f"{number(even)}{spaced} at 0.5."
    )
    constant = (
        f"Prices alone, with perfectly calibrated probabilities, would set it at "
        f"{number(chosen.for_constant)}; the baseline is held to that."
    )
    picture = Picture(
        lambda: draw_cost_curve(curve, threshold=chosen.value, unit=unit, positive=positive),
        alt=f"Cost per 100 development rows by threshold, from {number(curve['cost'].iloc[0])} at 0 to "
        f"{number(curve['cost'].iloc[-1])} at 1, least at {number(chosen.value)}. {costs}",
        caption="The cheapest threshold on rows that the models had not seen; the holdout is still closed.",
    )
    return Step(chosen.value, (chosen.reason, costs, constant), pictures=(picture,))


def holdout_step(case: Case) -> Step[None]:
    """Return what was opened and how often it had been opened before."""
    if case.why_not:
        return Step(None, (case.why_not,))
    sides = {"development": case.judged.development, "holdout": case.rows}
    table = pd.DataFrame({"side": list(sides), "rows": [len(side) for side in sides.values()]})
    if case.task is Task.REGRESSION:
        table[f"mean of {shortened(case.rows.target.title)}"] = [side.y.mean() for side in sides.values()]
        table["lowest"] = [side.y.min() for side in sides.values()]
        table["highest"] = [side.y.max() for side in sides.values()]
    else:
        for name in case.rows.classes[:MOST_CLASSES]:
            table[f"“{shortened(name)}”"] = [
                percent(float(np.mean(side.y == name)), digits=1) for side in sides.values()
            ]
    return Step(
        None, sentences(_opened(case), _grouped(case), _weighed(case)), table,
        caption="The rows on both sides of the split.",
    )  # fmt: skip


def _weighed(case: Case) -> str:
    """Say where the weights of the rows count, and where each row counts once."""
    weighted = case.rows.with_role(Role.WEIGHT)
    if not weighted:
        return ""
    return (
        f"The metrics of the task, and what columns and worse rows do to them, count each row by "
        f"{quoted(weighted[0].title)}, as learning and the selection did; classes, curves, calibration, "
        "costs, groups and the metrics of other fields count each row once."
    )


def _opened(case: Case) -> str:
    often = "once, just now" if case.openings == 1 else f"{case.openings:,} times, this time included"
    text = f"The {count(len(case.rows), 'holdout row')} were opened {often}"
    if case.looks <= 1:
        return f"{text}; no other model was judged on them."
    return f"{text}; {count(case.looks, 'different model')} were judged on them, this one included."


def _grouped(case: Case) -> str:
    if not case.draws.grouped:
        return ""
    few = " So few groups leave them wide." if case.draws.unit_count < FEW_UNITS else ""
    return (
        f"They belong to {count(case.draws.unit_count, 'group')}; intervals draw whole groups, because rows "
        f"of one group resemble each other.{few}"
    )
