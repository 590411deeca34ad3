"""Rows that count more or less: how the column under `weight` reaches a fit."""

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter

from helpers.tables.table import Table

ARGUMENT = "sample_weight"


def takes_weights(estimator: BaseEstimator) -> bool:
    """Tell whether the model, of a pipeline the last step, can be fitted with weights."""
    model = estimator.steps[-1][1] if isinstance(estimator, Pipeline) else estimator
    model = model.regressor if isinstance(model, TransformedTargetRegressor) else model
    return bool(has_fit_parameter(model, ARGUMENT))


def scaled_weights(table: Table) -> npt.NDArray[np.float64] | None:
    """Return the weights of the rows with a mean of 1; None where the table has none.

    Penalties and least sizes of leaves are meant for rows that count 1, whatever the weights' unit.

    Raises
    ------
    ValueError
        If no row counts.
    """
    weights = table.weights
    if weights is None:
        return None
    values = weights.to_numpy()
    if not values.sum() > 0:
        raise ValueError("the rows to learn from all have the weight 0")
    return np.asarray(values / values.mean())


def fit_options(estimator: BaseEstimator, table: Table) -> dict[str, Any]:
    """Return what `fit` gets beside rows and target: nothing without weights, or where it takes none."""
    return options_of(estimator, scaled_weights(table))


def options_of(estimator: BaseEstimator, weights: npt.NDArray[np.float64] | None) -> dict[str, Any]:
    """Return what `fit` gets beside rows and target for these weights."""
    if weights is None or not takes_weights(estimator):
        return {}
    prefix = f"{estimator.steps[-1][0]}__" if isinstance(estimator, Pipeline) else ""
    return {f"{prefix}{ARGUMENT}": weights}
