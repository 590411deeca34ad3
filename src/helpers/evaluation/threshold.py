"""From which probability a two-class model says 'positive', decided on development rows alone.

The predictions come from models that had not seen the rows (out of fold). The holdout plays no part, or its
costs would be too rosy.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.bootstrap import Resamples, interval
from helpers.errors import shortened
from helpers.evaluation.costs import PER_ROWS, class_prices, why_no_costs
from helpers.metrics import Task
from helpers.parameters import Costs
from helpers.scoring.weighted import Floats
from helpers.wording import count, number

EVEN = 0.5
MOST_THRESHOLDS = 200


@dataclass(frozen=True)
class Threshold:
    """The decision threshold and how it came about.

    Attributes
    ----------
    value : float
        From this probability on a row is named positive.
    reason : str
        In words.
    curve : pandas.DataFrame
        Columns ``threshold`` (0 to 1), ``cost`` per 100 development rows with ``low`` and ``high``; empty
        where no costs are given.
    for_constant : float
        The threshold for a model that says the same of every row: the one that follows from the prices.
    """

    value: float
    reason: str
    curve: pd.DataFrame
    for_constant: float = EVEN


def choose_threshold(
    happened: npt.NDArray[np.bool_],
    stated: Floats,
    *,
    costs: Costs | None,
    positive: str,
    draws: Resamples,
) -> Threshold:
    """Return the threshold that is cheapest on the out-of-fold predictions, or 0.5 without costs.

    Parameters
    ----------
    happened : numpy.ndarray of bool
        Whether each development row is positive.
    stated : numpy.ndarray
        The probability of it that a model which had not seen the row stated.
    costs : Costs or None
        What mistakes cost.
    positive : str
        Name of the positive class, for the words.
    draws : Resamples
        Draws of the development rows, for the curve's interval.

    Notes
    -----
    Where several thresholds cost the same, the one nearest to that of perfectly calibrated probabilities is
    taken: price of a false alarm over the sum of both prices (Elkan 2001).
    """
    name = shortened(positive, limit=40)
    why_not = why_no_costs(costs, Task.BINARY)
    if costs is None or why_not:
        reason = (
            f"{why_not} So a row is named {name!r} from a probability of {EVEN} on: the likelier answer wins."
        )
        return Threshold(EVEN, reason, _empty_curve())
    missed, alarm = class_prices(costs)
    if missed + alarm == 0:
        reason = f"Every mistake costs 0, so a row is named {name!r} from a probability of {EVEN} on."
        return Threshold(EVEN, reason, _empty_curve())
    by_price = alarm / (missed + alarm)
    if len(stated) == 0:
        reason = f"There are no out-of-fold predictions; {number(by_price)} follows from the prices alone."
        return Threshold(by_price, reason, _empty_curve(), by_price)
    curve = cost_curve(
        happened, stated, thresholds=thresholds_between(stated, by_price), costs=costs, draws=draws
    )
    best = _cheapest(curve, near=by_price)
    unit = f" {costs.unit}" if costs.unit else ""
    reason = (
        f"With {number(missed)}{unit} for a missed {name!r} and {number(alarm)}{unit} for a false alarm, "
        f"naming a row {name!r} from a probability of {number(best)} on was cheapest on the out-of-fold "
        f"predictions of {count(len(stated), 'development row')}; the holdout played no part."
    )
    return Threshold(best, reason, curve, by_price)


def cost_curve(
    happened: npt.NDArray[np.bool_], stated: Floats, *, thresholds: Floats, costs: Costs, draws: Resamples
) -> pd.DataFrame:
    """Return the cost per 100 rows at each threshold, with 95 % intervals.

    Returns
    -------
    pandas.DataFrame
        Columns ``threshold`` (ascending), ``cost``, ``low``, ``high``, in the costs' unit.
    """
    missed, alarm = class_prices(costs)
    order = np.argsort(stated, kind="stable")
    is_positive = happened[order]
    # At a threshold the rows before this place are named negative.
    places = np.searchsorted(stated[order], thresholds, side="left")

    def costs_at(weights: Floats) -> Floats:
        in_order = weights[:, order]
        below = _before(in_order * is_positive, places)
        alarms = in_order @ (~is_positive).astype(float)
        above = alarms[:, None] - _before(in_order * ~is_positive, places)
        return np.asarray(PER_ROWS * (missed * below + alarm * above) / weights.sum(axis=1, keepdims=True))

    values = costs_at(np.ones((1, len(stated))))[0]
    drawn = np.concatenate([costs_at(weights) for weights in draws.weights()])
    limits = [
        interval(value, drawn[:, place], units=draws.unit_count, within=(0.0, np.inf))
        for place, value in enumerate(values)
    ]
    return pd.DataFrame(
        {
            "threshold": thresholds,
            "cost": values,
            "low": [estimate.low for estimate in limits],
            "high": [estimate.high for estimate in limits],
        }
    ).astype(float)


def named(
    stated: Floats, threshold: float, *, positive: str, classes: tuple[str, ...]
) -> npt.NDArray[np.object_]:
    """Return the class that the threshold gives each row."""
    other = next(name for name in classes if name != positive)
    return np.where(stated >= threshold, np.array(positive, dtype=object), np.array(other, dtype=object))


def _before(weights: Floats, places: npt.NDArray[np.intp]) -> Floats:
    """Return for each draw the sum of the weights before each place."""
    sums = np.zeros((len(weights), weights.shape[1] + 1))
    np.cumsum(weights, axis=1, out=sums[:, 1:])
    return sums[:, places]


def thresholds_between(stated: Floats, by_price: float) -> Floats:
    """Return at most 200 thresholds between the stated probabilities, and those that everybody asks about."""
    distinct = np.unique(stated)
    between = (distinct[1:] + distinct[:-1]) / 2
    if len(between) > MOST_THRESHOLDS:
        between = between[np.linspace(0, len(between) - 1, MOST_THRESHOLDS).round().astype(int)]
    return np.unique(np.concatenate([between, [0.0, by_price, EVEN, 1.0]]))


def _cheapest(curve: pd.DataFrame, *, near: float) -> float:
    least = curve["cost"].min()
    equals = curve.loc[np.isclose(curve["cost"], least, rtol=1e-9, atol=1e-12), "threshold"]
    return float(equals.loc[(equals - near).abs().idxmin()])


def _empty_curve() -> pd.DataFrame:
    return pd.DataFrame({"threshold": [], "cost": [], "low": [], "high": []}, dtype=float)
