"""What mistakes cost on the holdout, per 100 rows, in the user's unit."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.bootstrap import Resamples, interval
from helpers.evaluation.shares import share_of, weighted_sum, widest
from helpers.metrics import Task
from helpers.parameters import Costs
from helpers.results import CostResult, Estimate
from helpers.scoring.weighted import Floats, weighted_mean

PER_ROWS = 100

_NEEDED = {
    Task.BINARY: ("false_negative", "false_positive"),
    Task.MULTICLASS: ("mistake",),
    Task.REGRESSION: ("too_low", "too_high"),
}


def why_no_costs(costs: Costs | None, task: Task) -> str:
    """Return why costs cannot be reckoned with, or an empty text where they can."""
    if costs is None:
        return "No costs are given under costs."
    if task is not Task.REGRESSION and costs.mistake is not None:
        return ""
    missing = [name for name in _NEEDED[task] if getattr(costs, name) is None]
    if missing:
        return f"The costs say nothing of {' and '.join(missing)}."
    return ""


def class_prices(costs: Costs) -> tuple[float, float]:
    """Return what a missed positive case and a false alarm cost; `mistake` where one of them is not given."""
    otherwise = costs.mistake or 0.0
    missed = otherwise if costs.false_negative is None else costs.false_negative
    alarm = otherwise if costs.false_positive is None else costs.false_positive
    return missed, alarm


def cost_per_100(
    truth: pd.Series,
    answers: Sequence[Any] | npt.NDArray[Any],
    *,
    costs: Costs,
    task: Task,
    positive: str | None,
    draws: Resamples,
) -> Estimate:
    """Return what 100 rows cost with these answers, with a 95 % interval.

    Parameters
    ----------
    truth : pandas.Series
        What was the case.
    answers : sequence
        What was predicted: classes or numbers.
    costs : Costs
        The prices; those of the task are given.
    task : Task
        Which prices to take.
    positive : str or None
        For two classes the one to find.
    draws : Resamples
        Draws of the same rows.

    Notes
    -----
    For classes the interval rests on Wilson's for each kind of mistake, because a dear mistake that happens
    not to occur among few rows still may; the wider of it and the bootstrap's where groups are drawn.
    """
    kinds = _kinds_of_mistake(truth, np.asarray(answers), costs, task, positive)
    return _per_100(kinds, task=task, draws=draws, least=0.0)


def saving_per_100(
    truth: pd.Series,
    *,
    chosen: npt.NDArray[Any],
    baseline: npt.NDArray[Any],
    costs: Costs,
    task: Task,
    positive: str | None,
    draws: Resamples,
) -> Estimate:
    """Return what 100 rows cost less with the chosen model's answers than with the baseline's.

    Row by row, so that what both get wrong does not count; the interval is made as in `cost_per_100`.
    """
    mine = _kinds_of_mistake(truth, chosen, costs, task, positive)
    other = _kinds_of_mistake(truth, baseline, costs, task, positive)
    less = _price_of_rows(other, len(truth)) - _price_of_rows(mine, len(truth))
    if task is Task.REGRESSION:
        return _per_100([(1.0, less)], task=task, draws=draws, least=-np.inf)
    possible = {price for price, _ in other} | {-price for price, _ in mine}
    kinds = [(amount, (less == amount).astype(float)) for amount in sorted(possible | set(less)) if amount]
    return _per_100(kinds, task=task, draws=draws, least=-np.inf)


def _per_100(
    kinds: Sequence[tuple[float, Floats]], *, task: Task, draws: Resamples, least: float
) -> Estimate:
    each_row = PER_ROWS * _price_of_rows(kinds, draws.rows)
    of_shares = None
    if task is not Task.REGRESSION:
        parts = [(PER_ROWS * price, share_of(amount.sum(), draws.rows)) for price, amount in kinds]
        of_shares = weighted_sum(parts)
        if not draws.grouped:
            return of_shares
    on_draws = draws.values(weighted_mean(each_row))[:, 0]
    drawn = interval(float(each_row.mean()), on_draws, units=draws.unit_count, within=(least, np.inf))
    return drawn if of_shares is None else widest(of_shares, drawn)


def _price_of_rows(kinds: Sequence[tuple[float, Floats]], rows: int) -> Floats:
    return sum((price * amount for price, amount in kinds), start=np.zeros(rows))


def cost_result(
    truth: pd.Series,
    *,
    chosen: npt.NDArray[Any],
    baseline: npt.NDArray[Any],
    without_threshold: npt.NDArray[Any] | None,
    costs: Costs,
    task: Task,
    positive: str | None,
    draws: Resamples,
) -> CostResult:
    """Return the cost of the chosen model's answers beside the baseline's, and of those at 0.5."""

    def of(answers: npt.NDArray[Any]) -> Estimate:
        return cost_per_100(truth, answers, costs=costs, task=task, positive=positive, draws=draws)

    return CostResult(
        unit=costs.unit,
        chosen=of(chosen),
        baseline=of(baseline),
        saving=saving_per_100(
            truth, chosen=chosen, baseline=baseline, costs=costs, task=task, positive=positive, draws=draws
        ),
        without_threshold=None if without_threshold is None else of(without_threshold),
    )


def _kinds_of_mistake(
    truth: pd.Series, answers: npt.NDArray[Any], costs: Costs, task: Task, positive: str | None
) -> list[tuple[float, Floats]]:
    """Return each kind of mistake that these answers can make: its price, and how much of it each row has.

    Who always gives one answer can make only one kind of mistake for two classes; the other is impossible,
    not merely unseen.
    """
    if task is Task.REGRESSION:
        over = answers.astype(float) - truth.to_numpy(dtype=float)
        return [
            (costs.too_low or 0.0, np.maximum(-over, 0.0)),
            (costs.too_high or 0.0, np.maximum(over, 0.0)),
        ]
    true, named = truth.to_numpy(dtype=object), answers.astype(object)
    if task is Task.MULTICLASS:
        return [(costs.mistake or 0.0, (true != named).astype(float))]
    missed, alarm = class_prices(costs)
    kinds = [
        (missed, named != positive, (true == positive) & (named != positive)),
        (alarm, named == positive, (true != positive) & (named == positive)),
    ]
    return [(price, made.astype(float)) for price, possible, made in kinds if possible.any()]
