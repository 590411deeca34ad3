"""Every metric of the task on the holdout: chosen model beside baseline, and the paired gain."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.bootstrap import Resamples, interval
from helpers.evaluation.corrected import ROUNDING, corrected
from helpers.evaluation.losses import Losses, row_losses
from helpers.evaluation.shares import share_of, widest
from helpers.metrics import Metric, bounds, metrics_for
from helpers.results import Estimate, MetricResult
from helpers.scoring import Prediction, Truth
from helpers.scoring.weighted import Floats, weighted_metric
from helpers.tables.table import Table

# What does not lean to one side on few rows, so that percentiles cover.
EVEN = frozenset({"median_absolute_error"})


def in_order(headline: Metric, table: Table) -> list[Metric]:
    """Return the metrics of the table's task, the headline first."""
    return [headline, *(metric for metric in metrics_for(table.task) if metric.name != headline.name)]


def compare(
    rows: Table, chosen: Prediction, baseline: Prediction, *, metrics: Sequence[Metric], draws: Resamples
) -> list[MetricResult]:
    """Return each metric of both predictions with 95 % intervals, and the paired gain.

    Parameters
    ----------
    rows : Table
        The holdout rows; at least one.
    chosen, baseline : Prediction
        What the two models said of them.
    metrics : sequence of Metric
        In the order of the result.
    draws : Resamples
        Both models are judged on the same draws, so that the gain's interval is a paired one.

    Notes
    -----
    Metrics that lean to one side on few rows, all but one, get the intervals of
    `helpers.evaluation.corrected`.
    Accuracy is a share and gets Wilson's interval (the wider of it and the bootstrap's where groups are
    drawn or rows weighed). A model without a single mistake has no spread to resample; `flawless_limit` says
    what it gets. Rows count by their weights where the table has some.
    """
    statistics = [
        weighted_metric(metric, rows.truth, said) for metric in metrics for said in (chosen, baseline)
    ]
    as_they_are = draws.as_they_are(*statistics)
    units = effective_units(draws, rows.weights)
    drawn = draws.values(*statistics)
    results = []
    for number, metric in enumerate(metrics):
        of_chosen, of_baseline = drawn[:, 2 * number], drawn[:, 2 * number + 1]
        values = [float(value) for value in as_they_are[2 * number : 2 * number + 2]]
        direction = 1.0 if metric.higher_is_better else -1.0
        losses = [row_losses(metric, rows.truth, said) for said in (chosen, baseline)]
        gain = _gain(
            metric,
            direction * (values[0] - values[1]),
            direction * (of_chosen - of_baseline),
            draws,
        )
        one, other = (
            estimate_of(metric, value, on_draws, draws, losses=lost, units=units)
            for value, on_draws, lost in zip(values, (of_chosen, of_baseline), losses, strict=True)
        )
        if is_flawless(metric, values[0], of_chosen):
            limit = flawless_limit(metric, rows, chosen, units=units)
            one, gain = _opened(gain, values[0], limit)
        results.append(MetricResult(metric=metric.name, chosen=one, baseline=other, gain=gain))
    return results


def effective_units(draws: Resamples, weights: pd.Series | None) -> float:
    """Return how many rows, or groups, of equal weight would tell as much (Kish, Survey Sampling, 1965)."""
    if weights is None:
        return draws.unit_count
    each = np.bincount(draws.units, weights=weights.to_numpy(dtype=float))
    return float(each.sum() ** 2 / (each**2).sum()) if each.any() else 0.0


def flawless_limit(metric: Metric, rows: Table, prediction: Prediction, *, units: float) -> float:
    """Return the pessimistic limit of a metric on which the model made no mistake at all.

    Notes
    -----
    With no mistake in n rows the true share of mistakes can still be as large as Wilson's upper limit. The
    limit is the metric's value if that share of each class had been mistaken: every row counts once as it is
    and, with that weight, once more for each wrong class with the two probabilities exchanged. For accuracy
    this is Wilson's interval.
    """
    wrong = share_of(0, units).high or 0.0
    others = len(rows.classes) - 1
    mirrored = [_exchanged(rows, prediction, shift) for shift in range(1, others + 1)]
    values = np.concatenate([part.values for part in (prediction, *mirrored)])  # noqa: PD011
    stated = None
    if prediction.probabilities is not None:
        stated = pd.concat(
            [part.probabilities for part in (prediction, *mirrored) if part.probabilities is not None],
            ignore_index=True,
        )
    truth = pd.concat([rows.y] * (1 + others), ignore_index=True)
    once = np.ones(len(rows)) if rows.weights is None else rows.weights.to_numpy()
    weights = np.concatenate([once * (1 - wrong), *[once * wrong / others] * others])
    statistic = weighted_metric(metric, Truth(truth, rows.classes, rows.positive), Prediction(values, stated))
    return float(statistic(weights[None, :])[0])


def comparison_frame(results: Sequence[MetricResult]) -> pd.DataFrame:
    """Return the results as a table: one row a metric, value and limits of chosen, baseline and gain."""
    records = []
    for result in results:
        record: dict[str, object] = {"metric": result.metric}
        for name, estimate in (
            ("chosen", result.chosen),
            ("baseline", result.baseline),
            ("gain", result.gain),
        ):
            record |= {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
        records.append(record)
    columns = [f"{name}{end}" for name in ("chosen", "baseline", "gain") for end in ("", "_low", "_high")]
    frame = pd.DataFrame(records, columns=["metric", *columns])
    return frame.astype(dict.fromkeys(columns, float))


def estimate_of(
    metric: Metric,
    value: float,
    drawn: Floats,
    draws: Resamples,
    *,
    losses: Losses | None = None,
    units: float | None = None,
) -> Estimate:
    """Return the metric's value with its interval; of accuracy, which is a share, Wilson's.

    With the rows' `losses`, as from `row_losses`, a mean of losses gets the studentised interval. Where rows
    have weights, `units` says how many of equal weight they are worth, as from `effective_units`.
    """
    if metric.name not in EVEN and metric.name != "accuracy":
        return corrected(value, drawn, draws, within=bounds(metric), losses=losses)
    estimate = interval(value, drawn, units=draws.unit_count, within=bounds(metric))
    if metric.name != "accuracy":
        return estimate
    if units is not None and units < draws.unit_count:
        return widest(estimate, share_of(value * units, units))
    wilson = share_of(round(value * draws.rows), draws.rows)
    return widest(estimate, wilson) if draws.grouped else wilson


def paired_gain(
    metric: Metric, rows: Table, better: Prediction, other: Prediction, draws: Resamples
) -> Estimate:
    """Return by how much the first prediction is better than the second, on the same draws; 95 % interval.

    Above 0 where it is better, in the metric's unit.
    """
    statistics = [weighted_metric(metric, rows.truth, said) for said in (better, other)]
    direction = 1.0 if metric.higher_is_better else -1.0
    values = draws.as_they_are(*statistics)
    value = direction * float(values[0] - values[1])
    drawn = draws.values(*statistics)
    return _gain(metric, value, direction * (drawn[:, 0] - drawn[:, 1]), draws)


def _gain(metric: Metric, value: float, drawn: Floats, draws: Resamples) -> Estimate:
    """Return the gain with its interval; what is left over from rounding is no gain."""
    drawn = np.where(np.abs(drawn) < ROUNDING, 0.0, drawn)
    value = 0.0 if abs(value) < ROUNDING else value
    if metric.name not in EVEN:
        return corrected(value, drawn, draws)
    return interval(value, drawn, units=draws.unit_count)


def is_flawless(metric: Metric, value: float, drawn: Floats) -> bool:
    """Tell whether the model made no mistake by this metric on any of the rows."""
    low, high = bounds(metric)
    best = high if metric.higher_is_better else low
    return (
        metric.name not in {"rmse", "mae", "median_absolute_error", "r2"}
        and value == best
        and np.ptp(drawn) == 0
    )


def _opened(gain: Estimate, value: float, limit: float) -> tuple[Estimate, Estimate]:
    """Return value and gain with the limit on their pessimistic side."""
    lost = abs(value - limit)
    low = min(gain.low, gain.value - lost) if gain.low is not None and gain.value is not None else None
    return (
        Estimate(value=value, low=min(value, limit), high=max(value, limit)),
        Estimate(value=gain.value, low=low, high=gain.high),
    )


def _exchanged(rows: Table, prediction: Prediction, shift: int) -> Prediction:
    """Return the predictions with each row's true class exchanged for the class `shift` places on."""
    names = np.asarray(rows.classes, dtype=object)
    codes = pd.Index(rows.classes).get_indexer(pd.Index(rows.y.to_numpy(dtype=object)))
    others = (codes + shift) % len(names)
    stated = None
    if prediction.probabilities is not None:
        table = prediction.probabilities[list(rows.classes)].to_numpy(dtype=float, copy=True)
        each = np.arange(len(codes))
        table[each, codes], table[each, others] = table[each, others].copy(), table[each, codes].copy()
        stated = pd.DataFrame(table, columns=list(rows.classes))
    return Prediction(names[others], stated)
