"""The label-shuffle test: fitted on shuffled targets, an honest procedure predicts no better than chance.

A score above the baseline would mean that answers reach the model by another way than the columns.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import Pipeline

from helpers.bootstrap import interval, resamples
from helpers.metrics import default_metric
from helpers.model_selection.fitted import FittedModel, fit_baseline, fit_model
from helpers.results import LabelShuffleResult
from helpers.scoring.weighted import weighted_metric
from helpers.tables.sample import sampled
from helpers.tables.table import Table

FITS = 3
MOST_ROWS = 2_000
LEAST_ROWS = 60
VALIDATION_SHARE = 1 / 3
DRAWS = 1_000


def shuffled_labels(
    model: FittedModel, development: Table, *, seed: int, fits: int = FITS, most_rows: int = MOST_ROWS
) -> LabelShuffleResult | None:
    """Return what the model's configuration learns from shuffled targets.

    Parameters
    ----------
    model : FittedModel
        Its estimator is fitted anew, with the same settings; of an ensemble, its weightiest part.
    development : Table
        The rows; at most `most_rows` are used. Two thirds are learnt from, a third (whole groups) predicted.
    seed : int
        Seed of the sample, the cut and the shuffling.
    fits : int
        How often the targets are shuffled anew.

    Returns
    -------
    LabelShuffleResult or None
        None with fewer than 60 rows, or where a part holds one class only. Judged by the task's own metric
        of ranking (area under the curve, log loss, RMSE), which no threshold moves; the gain over the
        baseline is the mean of the fits, and something leaks where its 95 % interval is above 0.
    """
    rows = sampled(development, rows=most_rows, seed=seed)
    if len(rows) < LEAST_ROWS:
        return None
    metric = default_metric(rows.task)
    learnt = _learnt_from(rows, seed)
    estimator, rng = configuration(model.estimator), np.random.default_rng(seed)
    direction = 1.0 if metric.higher_is_better else -1.0
    statistics = []
    for _ in range(fits):
        shuffled = _shuffled(rows.y, rng)
        mixed = replace(rows, frame=rows.frame.assign(**{rows.target.name: shuffled}))
        train, unseen = (
            replace(mixed, frame=mixed.frame.iloc[np.flatnonzero(part)]) for part in (learnt, ~learnt)
        )
        if any(part.y.nunique() < 2 for part in (train, unseen)):
            return None
        # Each row counts once, as in the draws.
        once = replace(unseen.truth, weights=None)
        fitted = fit_model(clone(estimator), train, name=model.name, label=model.label)
        statistics += [
            weighted_metric(metric, once, judge.predict(unseen.X))
            for judge in (fitted, fit_baseline(train, metric))
        ]
    groups = None if rows.groups is None else rows.groups[~learnt]
    draws = resamples(int((~learnt).sum()), seed=seed, groups=groups, draws=DRAWS)
    values = draws.as_they_are(*statistics)
    drawn = draws.values(*statistics)
    gain = interval(
        direction * float((values[0::2] - values[1::2]).mean()),
        direction * (drawn[:, 0::2] - drawn[:, 1::2]).mean(axis=1),
        units=draws.unit_count,
    )
    leak = gain.low is not None and gain.low > 0
    return LabelShuffleResult(metric=metric.name, fits=fits, rows=len(rows), gain=gain, leak=leak)


def configuration(estimator: BaseEstimator) -> BaseEstimator:
    """Return what is fitted anew: the estimator, or of a weighted ensemble the part that weighs most.

    An ensemble has `parts`, unfitted estimators, and as many `weights`.
    """
    inner = estimator[-1] if isinstance(estimator, Pipeline) else estimator
    parts, weights = getattr(inner, "parts", ()), getattr(inner, "weights", ())
    if not isinstance(parts, list | tuple) or not parts or len(parts) != len(weights):
        return estimator
    return parts[int(np.argmax(weights))]


def _shuffled(y: pd.Series, rng: np.random.Generator) -> npt.NDArray[Any]:
    return np.asarray(rng.permutation(y.to_numpy()))


def _learnt_from(rows: Table, seed: int) -> npt.NDArray[np.bool_]:
    """Return which rows are learnt from; a group is on one side."""
    codes = (
        np.arange(len(rows)) if rows.groups is None else pd.factorize(rows.groups, use_na_sentinel=False)[0]
    )
    units = int(codes.max()) + 1
    aside = np.zeros(units, dtype=bool)
    aside[np.random.default_rng(seed).permutation(units)[: max(1, round(units * VALIDATION_SHARE))]] = True
    return ~aside[codes]
