"""How much worse a metric gets when the model is given other values for the same rows, with its interval."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from helpers.bootstrap import Resamples, interval
from helpers.metrics import Metric
from helpers.results import Estimate
from helpers.scoring import Prediction
from helpers.scoring.weighted import Floats, weighted_metric
from helpers.tables.table import Table

ROUNDING = 1e-12


def worse_by(
    rows: Table,
    as_it_is: Prediction,
    changed: Sequence[Prediction],
    *,
    metric: Metric,
    draws: Resamples,
    seed: int,
) -> Estimate:
    """Return how much worse the metric is on changed rows: the mean over the changes, with a 95 % interval.

    Parameters
    ----------
    rows : Table
        The rows with their true target.
    as_it_is : Prediction
        What the model says of them.
    changed : sequence of Prediction
        What it says of the same rows with other values, once for each random change; at least one.
    metric : Metric
        Above 0 is worse, in its unit.
    draws : Resamples
        Of the rows. Each draw takes rows and changes with replacement.
    seed : int
        For the draws of changes.
    """
    statistics = [weighted_metric(metric, rows.truth, said) for said in (as_it_is, *changed)]
    direction = 1.0 if metric.higher_is_better else -1.0
    values = draws.as_they_are(*statistics)
    drawn = draws.values(*statistics)
    repeats = len(changed)
    often: npt.NDArray[np.int64] = np.random.default_rng(seed).multinomial(
        repeats, np.full(repeats, 1 / repeats), size=len(drawn)
    )
    losses = direction * (drawn[:, 0] - (drawn[:, 1:] * often).sum(axis=1) / repeats)
    value = _cleared(np.array([direction * (values[0] - values[1:].mean())]))[0]
    return interval(float(value), _cleared(losses), units=draws.unit_count)


def _cleared(values: Floats) -> Floats:
    """Return the values with what is left over from rounding set to 0."""
    return np.where(np.abs(values) < ROUNDING, 0.0, values)
