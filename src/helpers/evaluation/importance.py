"""Permutation importance on the holdout: how much worse the metric gets when a column is shuffled."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.bootstrap import resamples
from helpers.evaluation.worsening import worse_by
from helpers.metrics import Metric
from helpers.results import Estimate, ImportanceResult
from helpers.scoring import Prediction
from helpers.tables.table import Kind, Table

REPEATS = 5
# Rows × columns × repeats to predict: bounds the work on wide and long tables.
MOST_PREDICTIONS = 200_000
LEAST_ROWS = 200
# Rows and cells that one call of the model is given.
ROWS_A_CALL = 20_000
CELLS_A_CALL = 2_000_000
DRAWS = 500
# From this rank correlation on, two columns tell the model so much the same that each looks less important.
ALIKE = 0.8
MOST_ALIKE_COLUMNS = 300

Predict = Callable[[pd.DataFrame], Prediction]


@dataclass(frozen=True)
class Importances:
    """The importances and the rows that they rest on.

    Attributes
    ----------
    results : tuple of ImportanceResult
        Most important first.
    rows, of : int
        How many holdout rows were used, of how many.
    """

    results: tuple[ImportanceResult, ...]
    rows: int
    of: int


def permutation_importance(
    rows: Table,
    predict: Predict,
    *,
    metric: Metric,
    seed: int,
    groups: pd.Series | None = None,
    repeats: int = REPEATS,
) -> Importances:
    """Return for each feature how much worse the metric gets when its values are shuffled among the rows.

    Parameters
    ----------
    rows : Table
        Holdout rows, at least 2.
    predict : callable
        From features to predictions, with the labels decided as they will be in use.
    metric : Metric
        The headline metric; results are in its unit, above 0 where shuffling makes it worse.
    seed : int
        Seed of the sample, the shuffling and the draws.
    groups : pandas.Series, optional
        A value a row; rows with equal values are drawn together for the intervals.
    repeats : int
        How often each column is shuffled.

    Notes
    -----
    After Breiman (2001) and Fisher, Rudin and Dominici (2019). Intervals are over rows and over repeats: each
    draw takes holdout rows and shufflings with replacement. They say how sure the importance of this model's
    column is on such rows, not how another fit would use it. At most 200,000 predictions are made: on larger
    holdouts a random sample of the rows is used.
    """
    sample = sampled_for(rows, repeats=repeats, seed=seed)
    names = [column.name for column in sample.features]
    found = shuffled_together(
        sample, predict, [(name,) for name in names], metric=metric, seed=seed, groups=groups, repeats=repeats
    )
    results = [
        ImportanceResult(column=name, label=sample.columns[name].label, worse_by=worse)
        for name, worse in zip(names, found, strict=True)
    ]
    results.sort(key=lambda result: -(result.worse_by.value or 0.0))
    return Importances(tuple(results), len(sample), len(rows))


def shuffled_together(
    sample: Table,
    predict: Predict,
    sets: Sequence[Sequence[str]],
    *,
    metric: Metric,
    seed: int,
    groups: pd.Series | None = None,
    repeats: int = REPEATS,
) -> list[Estimate]:
    """Return how much worse the metric gets when the columns of each set are shuffled together.

    Takes what `permutation_importance` takes, and the sets; rows are all used. Within a set a row gets all
    its values from one other row, so that what goes together stays together.
    """
    of_sample = None if groups is None else groups.loc[sample.frame.index]
    draws = resamples(len(sample), seed=seed, groups=of_sample, draws=DRAWS)
    as_it_is = predict(sample.X)
    return [
        worse_by(sample, as_it_is, shuffled, metric=metric, draws=draws, seed=seed)
        for shuffled in _shuffled_predictions(sample, predict, sets, repeats=repeats, seed=seed)
    ]


def alike_columns(rows: Table, columns: list[str]) -> dict[str, list[tuple[str, float]]]:
    """Return for each of the columns the others that rank the rows almost as it does.

    Only numbers and yes/no columns are compared, by Spearman's correlation over the rows where both are
    known; at most the first 300 columns.

    Returns
    -------
    dict
        Column to pairs of another column and the correlation (absolute value 0.8 or more), strongest first.
    """
    kinds = {column.name: column.kind for column in rows.features}
    numeric = [name for name in columns if kinds.get(name) in (Kind.NUMBER, Kind.BOOLEAN)][
        :MOST_ALIKE_COLUMNS
    ]
    varying = [name for name in numeric if rows.frame[name].min() < rows.frame[name].max()]
    if len(varying) < 2 or len(rows) < 3:
        return {}
    matrix = rows.frame[varying].astype(float).corr(method="spearman", min_periods=3).to_numpy()
    found: dict[str, list[tuple[str, float]]] = {}
    for place, name in enumerate(varying):
        others = [
            (varying[other], float(matrix[place, other]))
            for other in range(len(varying))
            if other != place and abs(matrix[place, other]) >= ALIKE
        ]
        if others:
            found[name] = sorted(others, key=lambda pair: -abs(pair[1]))
    return found


def sampled_for(rows: Table, *, repeats: int, seed: int) -> Table:
    """Return the rows, or as many at random as 200,000 predictions for all their shufflings allow."""
    most = max(LEAST_ROWS, MOST_PREDICTIONS // max(1, len(rows.features) * repeats))
    if len(rows) <= most:
        return rows
    kept = np.zeros(len(rows), dtype=bool)
    kept[np.random.default_rng(seed).choice(len(rows), size=most, replace=False)] = True
    return rows.rows(pd.Series(kept, index=rows.frame.index))


def _shuffled_predictions(
    rows: Table, predict: Predict, sets: Sequence[Sequence[str]], *, repeats: int, seed: int
) -> Iterator[list[Prediction]]:
    """Yield for each set the predictions for its shufflings; several sets go into one call."""
    features, size = rows.X, len(rows)
    a_call = max(1, min(ROWS_A_CALL, CELLS_A_CALL // max(1, features.shape[1])) // (size * repeats))
    rng = np.random.default_rng(seed)
    for first in range(0, len(sets), a_call):
        some = sets[first : first + a_call]
        copies = features.iloc[np.tile(np.arange(size), len(some) * repeats)].reset_index(drop=True)
        for place, names in enumerate(some):
            start = place * repeats * size
            order = np.concatenate([rng.permutation(size) for _ in range(repeats)])
            taken = np.arange(len(copies)) % size
            taken[start : start + repeats * size] = order
            copies = copies.assign(**{name: features[name].take(taken).array for name in names})
        said = predict(copies)
        for place in range(len(some)):
            yield [_part(said, (place * repeats + repeat) * size, size) for repeat in range(repeats)]


def _part(said: Prediction, start: int, size: int) -> Prediction:
    stated = None if said.probabilities is None else said.probabilities.iloc[start : start + size]
    return Prediction(said.values[start : start + size], stated)  # noqa: PD011
