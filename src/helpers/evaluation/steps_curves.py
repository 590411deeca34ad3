"""The steps on what other thresholds would give: curves, and a table of those that people ask about."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.errors import shortened
from helpers.evaluation.case import Case
from helpers.evaluation.curves import curves_by_class
from helpers.evaluation.figures_classes import draw_curves
from helpers.evaluation.steps import Picture, Step, first_of, on_holdout
from helpers.evaluation.thresholds import at_thresholds
from helpers.evaluation.words import ranged
from helpers.metrics import Task
from helpers.wording import count, percent

MOST_CURVES = 6
MUCH_FOUND = 0.9


@on_holdout
def curves_step(case: Case) -> Step[None]:
    """Return ROC and precision-recall curves: the positive class, or each of the largest six classes.

    For two classes the table says what usual thresholds give, and the one in use.
    """
    if case.task is Task.REGRESSION or case.chosen.probabilities is None:
        return Step(None, ("The target is a number; there are no probabilities to rank by.",))
    truth = case.rows.y.to_numpy(dtype=object)
    largest = [str(name) for name in case.rows.y.value_counts().index[:MOST_CURVES]]
    names = [case.rows.positive] if case.rows.positive is not None else largest
    curves = curves_by_class(truth, case.chosen.probabilities, names=names)
    if not curves:
        return Step(None, ("The holdout rows are of one class, so there is nothing to rank.",))
    shares = {name: float(np.mean(truth == name)) for name in curves}
    text = _traded(curves, several=case.rows.positive is None)
    left_out = (
        f"The {MOST_CURVES} largest classes, each against the rest. " if len(names) == MOST_CURVES else ""
    )
    picture = Picture(
        lambda: draw_curves(curves, shares=shares),
        alt=f"ROC and precision-recall curves of {count(len(curves), 'class')} beside guessing. {text}",
        caption=f"{left_out}Dotted: what guessing gives.",
    )
    table = _thresholds(case)
    caption = "" if table is None else "What naming a row positive from each probability on finds."
    return Step(None, (text,), table, caption, formats={"named": ".1%"}, pictures=(picture,))


def _thresholds(case: Case) -> pd.DataFrame | None:
    """Return what usual thresholds give, ready to be read; None where none is set."""
    positive, threshold = case.rows.positive, case.judged.threshold
    if positive is None or threshold is None or case.chosen.probabilities is None:
        return None
    happened = case.rows.y.to_numpy(dtype=object) == positive
    stated = case.chosen.probabilities[positive].to_numpy(dtype=float)
    found = at_thresholds(happened, stated, in_use=threshold.value, draws=case.draws)
    return pd.DataFrame(
        {
            "threshold": [
                f"{value:.3g} (in use)" if used else f"{value:.3g}"
                for value, used in zip(found["threshold"], found["in_use"], strict=True)
            ],
            "named": found["named"],
            "found": [ranged(estimate, share=True) for estimate in found["found"]],
            "right when named": [ranged(estimate, share=True) for estimate in found["right"]],
        }
    )


def _traded(curves: Mapping[str, pd.DataFrame], *, several: bool) -> str:
    """Say what each class's curve gives without a false alarm, and what finding more of it costs."""
    if several and all(_found_without_alarm(table) == 1.0 for table in curves.values()):
        return "Each class is separated without a mistake."
    said = [_trade(shortened(name, limit=40), table) for name, table in curves.items()]
    how = "Each class against the rest" if several else "By moving the threshold"
    return f"{how}: {first_of(said, MOST_CURVES)}."


def _trade(name: str, table: pd.DataFrame) -> str:
    found = _found_without_alarm(table)
    if found == 1.0:
        return f"“{name}” is separated without a mistake"
    text = f"{percent(found)} of “{name}” is found without a false alarm"
    aim = next(share for share in (MUCH_FOUND, 1.0) if share > found)
    alarms = float(table.loc[table["found"] >= aim - 1e-12, "false_alarm"].iloc[0])
    return f"{text}, {percent(aim)} with {percent(alarms)} false alarms"


def _found_without_alarm(table: pd.DataFrame) -> float:
    return float(table.loc[table["false_alarm"] == 0, "found"].max())
