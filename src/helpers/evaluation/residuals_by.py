"""Where a regression leans to one side: residuals by the groups that each important column describes."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from helpers.bootstrap import CONFIDENCE, Resamples, interval
from helpers.evaluation.slice_candidates import groups_of
from helpers.multiple import holm
from helpers.scoring.weighted import Floats, divided
from helpers.tables.table import Table

# Smaller groups are left out: their mean residual says nothing.
LEAST_INSIDE = 10
MOST_COLUMNS = 6


def residuals_by(rows: Table, residuals: Floats, columns: Sequence[str], *, draws: Resamples) -> pd.DataFrame:
    """Return the mean residual and the mean absolute error within each group of each column.

    Parameters
    ----------
    rows : Table
        The holdout rows of a regression.
    residuals : numpy.ndarray
        Observed minus predicted, in the rows' order.
    columns : sequence of str
        Features, the most important first.
    draws : Resamples
        Of the same rows.

    Returns
    -------
    pandas.DataFrame
        One row a group of at least 10 rows: ``column``, ``label``, ``group``, ``rows``, ``residual`` with
        ``low`` and ``high``, ``error`` (mean absolute), ``p_corrected`` (that the mean is 0; Holm over all
        rows of the table), ``leans`` (whether that is under 5 %).
    """
    seen = np.ones(len(rows), dtype=bool)
    parts = [
        part
        for name in columns
        for part in groups_of(rows.columns[name], rows.frame[name], seen=seen)
        if part.inside.sum() >= LEAST_INSIDE
    ]
    if not parts:
        return pd.DataFrame(columns=_COLUMNS)
    inside = np.column_stack([part.inside for part in parts]).astype(float)
    inner = inside * residuals[:, None]
    means = inner.sum(axis=0) / inside.sum(axis=0)
    drawn = np.concatenate([divided(weights @ inner, weights @ inside) for weights in draws.weights()])
    ends = [
        interval(float(mean), drawn[:, place], units=draws.unit_count) for place, mean in enumerate(means)
    ]
    corrected = holm([_p_of(float(mean), drawn[:, place], draws) for place, mean in enumerate(means)])
    records = [
        {
            "column": part.column,
            "label": rows.columns[part.column].label,
            "group": part.description,
            "rows": int(part.inside.sum()),
            "residual": end.value,
            "low": end.low,
            "high": end.high,
            "error": float(np.abs(residuals[part.inside]).mean()),
            "p_corrected": p,
            "leans": p < 1 - CONFIDENCE,
        }
        for part, end, p in zip(parts, ends, corrected, strict=True)
    ]
    return pd.DataFrame(records, columns=_COLUMNS).astype({"low": float, "high": float})


_COLUMNS = ["column", "label", "group", "rows", "residual", "low", "high", "error", "p_corrected", "leans"]


def _p_of(mean: float, drawn: Floats, draws: Resamples) -> float:
    """Return the two-sided p-value that the mean is 0, by its distance in the draws' standard deviations."""
    known = drawn[np.isfinite(drawn)]
    spread = float(known.std()) if len(known) > 1 else 0.0
    if spread == 0 or draws.unit_count < 2:
        return 1.0
    return float(2 * stats.t.sf(abs(mean) / spread, draws.unit_count - 1))
