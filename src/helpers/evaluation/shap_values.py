"""What each column adds to single predictions: XGBoost's own SHAP values (Lundberg et al. 2020).

They are exact for the fitted trees and come from XGBoost itself; other models have none here.
"""

import re

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from xgboost import DMatrix, XGBModel

from helpers.bootstrap import Resamples, interval
from helpers.model_selection.fitted import FittedModel
from helpers.model_selection.spaces import ROTATED
from helpers.scoring.weighted import Floats, weighted_mean
from helpers.tables.table import Table

MOST_ROWS = 2_000
# Prepared columns are called after the place of the feature that they come from: f3, f3_year, f3_00.
_PLACE = re.compile(r"f(\d+)")


def why_no_shap(model: FittedModel) -> str:
    """Return why there are no SHAP values; empty where the model is XGBoost behind its preparation."""
    estimator = model.estimator
    if not isinstance(estimator, Pipeline) or not isinstance(estimator[-1], XGBModel):
        return f"SHAP values are read from XGBoost's trees; the chosen model is {model.label}."
    if any(estimator.get_params().get(name) for name in ROTATED):
        return (
            "There are no SHAP values by column: the model also reads components, each a sum of all numbers, "
            "and what one of them adds belongs to no single column."
        )
    return ""


def shap_values(model: FittedModel, rows: Table) -> Floats:
    """Return what each feature adds to each prediction: rows × features × outputs.

    Parameters
    ----------
    model : FittedModel
        One that `why_no_shap` has nothing against.
    rows : Table
        Rows with the model's columns.

    Returns
    -------
    numpy.ndarray
        In log odds of the class (an output each where there are more than two), or in the target's unit;
        the features in the order of ``model.columns``. What came of one feature is added up.

    Raises
    ------
    ValueError
        If the preparation is one of the user's own, whose columns do not tell where they come from.
    """
    pipeline: Pipeline = model.estimator
    prepared = pipeline[:-1].transform(rows.X[list(model.columns)])
    booster = pipeline[-1].get_booster()
    names = list(prepared.columns) if isinstance(prepared, pd.DataFrame) else booster.feature_names or []
    data = DMatrix(prepared, enable_categorical=True)
    rounds = (0, int(booster.attr("best_iteration") or booster.num_boosted_rounds() - 1) + 1)
    added = np.asarray(booster.predict(data, pred_contribs=True, iteration_range=rounds), dtype=float)
    added = added[:, None, :] if added.ndim == 2 else added
    summed = np.zeros((len(rows), len(model.columns), added.shape[1]))
    places = [_PLACE.match(str(name)) for name in names]
    # The last of the added parts is the base that all predictions share.
    if len(places) != added.shape[2] - 1 or not all(places):
        raise ValueError("the prepared columns do not say which feature they come from")
    for place, found in enumerate(places):
        if found is not None:
            summed[:, int(found.group(1)), :] += added[:, :, place]
    return summed


def shap_table(model: FittedModel, rows: Table, *, draws: Resamples) -> pd.DataFrame:
    """Return how much each feature moves a prediction on average, most first.

    Returns
    -------
    pandas.DataFrame
        ``column``, ``label``, ``moves`` (mean size of the SHAP values, over outputs too), ``low``, ``high``,
        ``share`` (of the sum over all features).
    """
    sizes = np.abs(shap_values(model, rows)).mean(axis=2)
    drawn = draws.values(*(weighted_mean(column) for column in sizes.T))
    means = sizes.mean(axis=0)
    ends = [
        interval(float(mean), drawn[:, place], units=draws.unit_count, within=(0.0, np.inf))
        for place, mean in enumerate(means)
    ]
    table = pd.DataFrame(
        {
            "column": list(model.columns),
            "label": [rows.columns[name].label for name in model.columns],
            "moves": means,
            "low": [end.low for end in ends],
            "high": [end.high for end in ends],
            "share": means / max(means.sum(), np.finfo(float).tiny),
        }
    ).astype({"low": float, "high": float})
    return table.sort_values("moves", ascending=False, kind="stable").reset_index(drop=True)
