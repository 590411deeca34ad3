"""One feature against classes: hills for numbers, shares with intervals for categories, lines over time."""

import numpy as np
import pandas as pd

from helpers.intervals import wilson
from helpers.visualisation.bins import Bins, period_edges
from helpers.visualisation.classes import ShownClasses
from helpers.visualisation.drawable import Drawable


def class_histograms(feature: Drawable, shown: ShownClasses, bins: Bins) -> pd.DataFrame:
    """Count each class's rows in bins of a number.

    Returns
    -------
    pandas.DataFrame
        One row a class and bin: ``class``, ``low``, ``high``, ``rows``, ``share`` (of the class's rows with a
        value, 0 to 1).
    """
    parts = []
    for name in shown.order:
        values = feature.series[shown.labels == name].dropna().to_numpy(dtype=float)
        rows = bins.counts(values)
        share = rows / max(len(values), 1)
        parts.append(
            pd.DataFrame(
                {"class": name, "low": bins.edges[:-1], "high": bins.edges[1:], "rows": rows, "share": share}
            )
        )
    return pd.concat(parts, ignore_index=True)


def class_quartiles(feature: Drawable, shown: ShownClasses) -> pd.DataFrame:
    """Return where the middle of each class lies.

    Returns
    -------
    pandas.DataFrame
        One row a class: ``class``, ``rows`` (with a value), ``lower``, ``median``, ``upper`` (quartiles;
        missing for a class without any value).
    """
    rows = []
    for name in shown.order:
        values = feature.series[shown.labels == name].dropna().to_numpy(dtype=float)
        quartiles = np.quantile(values, [0.25, 0.5, 0.75]) if len(values) else np.full(3, np.nan)
        rows.append((name, len(values), *quartiles))
    return pd.DataFrame(rows, columns=["class", "rows", "lower", "median", "upper"])


def shares_by_category(feature: Drawable, shown: ShownClasses) -> pd.DataFrame:
    """Return each class's share in each category, with Wilson 95 % intervals.

    Returns
    -------
    pandas.DataFrame
        One row a category and class, categories by the leading class's share, largest first: ``category``,
        ``class``, ``rows`` (of the class), ``of`` (of the category), ``share``, ``low``, ``high``.
    """
    counts = _counts(feature.series, shown)
    first = counts[shown.lead] / counts.sum(axis=1)
    order = sorted(counts.index, key=lambda category: (-first[category], category))
    return _with_intervals(counts.loc[order], "category")


def shares_over_time(feature: Drawable, shown: ShownClasses) -> pd.DataFrame:
    """Return each class's share in each period, with Wilson 95 % intervals.

    Returns
    -------
    pandas.DataFrame
        One row a period and class, periods without rows left out: ``start``, ``class``, ``rows``, ``of``,
        ``share``, ``low``, ``high``.
    """
    dates = feature.series.dropna()
    edges = period_edges(dates)
    starts = edges[edges.searchsorted(dates, side="right") - 1]
    labels = ShownClasses(shown.labels.loc[dates.index], shown.order, shown.looks, shown.lead)
    return _with_intervals(_counts(pd.Series(starts, index=dates.index), labels), "start")


def _counts(keys: pd.Series, shown: ShownClasses) -> pd.DataFrame:
    return pd.crosstab(keys.to_numpy(), shown.labels.to_numpy()).reindex(
        columns=list(shown.order), fill_value=0
    )


def _with_intervals(counts: pd.DataFrame, key: str) -> pd.DataFrame:
    rows = counts.to_numpy()
    of = np.repeat(rows.sum(axis=1), rows.shape[1])
    low, high = wilson(rows.ravel(), of)
    return pd.DataFrame(
        {
            key: np.repeat(counts.index.to_numpy(), rows.shape[1]),
            "class": np.tile(counts.columns.to_numpy(dtype=object), len(counts)),
            "rows": rows.ravel(),
            "of": of,
            "share": rows.ravel() / of,
            "low": low,
            "high": high,
        }
    )
