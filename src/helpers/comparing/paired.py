"""Metrics of two models on the same rows, the difference with its interval, and how probable which side is.

Both are judged on the same draws of the rows (of whole groups where there are groups), so that what makes
some rows hard for both cancels out of the difference.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from helpers.bootstrap import FEW_UNITS, LEAST_DEFINED, Resamples, interval
from helpers.comparing.results import SAME_SHARE, PairedMetric
from helpers.evaluation.comparison import effective_units, estimate_of, flawless_limit, is_flawless
from helpers.evaluation.losses import row_losses
from helpers.metrics import Metric, Task
from helpers.results import Estimate
from helpers.scoring import Prediction
from helpers.scoring.weighted import Floats, weighted_metric
from helpers.tables.table import Column, Kind, Role, Table

_NO_SPREAD = 1e-12

Chances = tuple[float | None, float | None, float | None]


def margin_of(metric: Metric, baseline: float | None) -> float:
    """Return half the width of the region of practical equivalence, in the metric's unit.

    It is `SAME_SHARE` of the way from the baseline to a perfect score: 0.01 of an area under the curve. Where
    the baseline is not known it is 0, so that every difference counts.
    """
    return 0.0 if baseline is None else SAME_SHARE * abs((1.0 if metric.higher_is_better else 0.0) - baseline)


def judged_rows(
    truth: pd.Series,
    *,
    task: Task,
    classes: Sequence[str],
    positive: str | None,
    weights: pd.Series | None = None,
) -> Table:
    """Return a table of nothing but the target and the rows' weights, for what judges predictions."""
    kind = Kind.NUMBER if task is Task.REGRESSION else Kind.CATEGORY
    frame, columns = truth.to_frame("truth"), {"truth": Column("truth", kind, Role.TARGET, "truth")}
    if weights is not None:
        frame["weight"] = weights
        columns["weight"] = Column("weight", Kind.NUMBER, Role.WEIGHT, "weight")
    return Table(frame, columns, task, tuple(classes), positive)


def paired_metrics(
    rows: Table,
    first: Prediction,
    second: Prediction,
    *,
    metrics: Sequence[Metric],
    draws: Resamples,
    baselines: Mapping[str, float | None],
) -> list[PairedMetric]:
    """Return each metric of both, the difference in the direction where more is better, and its chances.

    Parameters
    ----------
    rows : Table
        The rows that both were judged on; at least two.
    first, second : Prediction
        What the two models said of them.
    metrics : sequence of Metric
        In the order of the result.
    draws : Resamples
        Of the rows, which count by their weights where the table has some.
    baselines : mapping of str to float
        What the baseline reaches, by metric: it sets what counts as practically the same.

    Notes
    -----
    The chances are shares of the draws, the bootstrap's distribution taken for the posterior one, with a
    third of a draw added to each so that none is ever 0 or 1. With fewer than ten units Student's
    distribution takes the draws' place, as in the interval. Where neither model makes a mistake the draws
    know no spread, and nothing is said of the chances.
    """
    both = (first, second)
    statistics = [weighted_metric(metric, rows.truth, said) for metric in metrics for said in both]
    drawn, as_they_are = draws.values(*statistics), draws.as_they_are(*statistics)
    return [
        _paired(
            rows,
            both,
            metric,
            as_they_are[2 * place : 2 * place + 2],
            drawn[:, 2 * place : 2 * place + 2],
            draws,
            margin_of(metric, baselines.get(metric.name)),
        )
        for place, metric in enumerate(metrics)
    ]


def _paired(
    rows: Table,
    both: tuple[Prediction, Prediction],
    metric: Metric,
    as_they_are: Floats,
    drawn: Floats,
    draws: Resamples,
    margin: float,
) -> PairedMetric:
    values = [float(value) for value in as_they_are]
    direction = 1.0 if metric.higher_is_better else -1.0
    gains = direction * (drawn[:, 1] - drawn[:, 0])
    gain = direction * (values[1] - values[0])
    difference = interval(gain, gains, units=draws.unit_count)
    units = effective_units(draws, rows.weights)
    estimates, room = [], [0.0, 0.0]
    for place, said in enumerate(both):
        losses = row_losses(metric, rows.truth, said)
        estimate = estimate_of(metric, values[place], drawn[:, place], draws, losses=losses, units=units)
        if is_flawless(metric, values[place], drawn[:, place]):
            limit = flawless_limit(metric, rows, said, units=units)
            ends = sorted((values[place], limit))
            estimate = Estimate(value=values[place], low=ends[0], high=ends[1])
            room[place] = abs(values[place] - limit)
        estimates.append(estimate)
    if difference.low is not None and difference.high is not None:
        # Without a mistake there is no spread to draw from: the model may be worse than it looks here.
        difference = difference.model_copy(
            update={"low": difference.low - room[1], "high": difference.high + room[0]}
        )
    better, same, worse = chances(gain, gains, margin=margin, units=draws.unit_count)
    return PairedMetric(
        metric=metric.name, first=estimates[0], second=estimates[1], difference=difference, margin=margin,
        better=better, same=same, worse=worse,
    )  # fmt: skip


def chances(value: float, drawn: Floats, *, margin: float, units: int) -> Chances:
    """Return how probable it is that the true difference is above the margin, within it, and below it.

    All are None where the draws cannot tell.
    """
    defined = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or units < 2 or len(defined) < LEAST_DEFINED * len(drawn):
        return None, None, None
    if np.ptp(defined) < _NO_SPREAD:
        return None, None, None
    if units < FEW_UNITS:
        scale = float(np.sqrt(units / (units - 1)) * defined.std())
        posterior = stats.t(units - 1, loc=value, scale=scale)
        better, worse = float(posterior.sf(margin)), float(posterior.cdf(-margin))
    else:
        better, worse = (
            float((np.count_nonzero(beyond) + 1 / 3) / (len(defined) + 1))
            for beyond in (defined > margin, defined < -margin)
        )
    return better, max(0.0, 1 - better - worse), worse
