"""One feature against a number to predict: the median, its interval and the middle half, bin by bin."""

import numpy as np
import pandas as pd

from helpers.intervals import median_interval
from helpers.visualisation.bins import period_edges, quantile_edges
from helpers.visualisation.drawable import Drawable

BINS = 10
BIN_ROWS = 15  # fewer rows a bin say little


def binned_medians(feature: Drawable, target: pd.Series) -> pd.DataFrame:
    """Summarise the target in bins of a number that hold about equally many rows.

    Returns
    -------
    pandas.DataFrame
        One row a bin: ``from``, ``to`` (edges), ``at`` (the feature's median in the bin), ``rows``,
        ``lower``, ``median``, ``upper`` (quartiles of the target), ``low``, ``high`` (95 % interval of its
        median).
    """
    known = feature.series.notna()
    values, wanted = feature.series[known].to_numpy(dtype=float), target[known].to_numpy(dtype=float)
    edges = quantile_edges(values, bins=min(BINS, max(1, len(values) // BIN_ROWS)))
    places = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    rows = []
    for first, last in _filled(places):
        inside = (places >= first) & (places <= last)
        rows.append(
            (edges[first], edges[last + 1], float(np.median(values[inside])), *_summary(wanted[inside]))
        )
    return pd.DataFrame(rows, columns=["from", "to", "at", *_COLUMNS])


def medians_over_time(feature: Drawable, target: pd.Series) -> pd.DataFrame:
    """Summarise the target in periods; as `binned_medians`, with ``from``, ``to`` and ``at`` as dates."""
    dates = feature.series.dropna()
    edges = period_edges(dates)
    places = edges.searchsorted(dates, side="right") - 1
    wanted = target.loc[dates.index].to_numpy(dtype=float)
    rows = []
    for place in np.unique(places):
        start, end = edges[place], edges[place + 1]
        rows.append((start, end, start + (end - start) / 2, *_summary(wanted[places == place])))
    return pd.DataFrame(rows, columns=["from", "to", "at", *_COLUMNS])


def medians_by_category(feature: Drawable, target: pd.Series) -> pd.DataFrame:
    """Summarise the target in each category, the highest median first.

    Returns
    -------
    pandas.DataFrame
        One row a category: ``category``, ``rows``, ``lower``, ``median``, ``upper``, ``low``, ``high``.
    """
    rows = [
        (category, *_summary(target[feature.series == category].to_numpy(dtype=float)))
        for category in sorted(feature.series.unique())
    ]
    frame = pd.DataFrame(rows, columns=["category", *_COLUMNS])
    return frame.sort_values("median", ascending=False, kind="stable", ignore_index=True)


def _filled(places: np.ndarray) -> list[tuple[int, int]]:
    """Return runs of bins with at least `BIN_ROWS` rows: frequent values leave thin bins between them."""
    runs: list[tuple[int, int]] = []
    rows = np.bincount(places)
    begun = 0
    for place in range(len(rows)):
        if rows[begun : place + 1].sum() >= BIN_ROWS:
            runs.append((begun, place))
            begun = place + 1
    if begun < len(rows) or not runs:
        begun = runs.pop()[0] if runs else 0
        runs.append((begun, len(rows) - 1))
    return runs


_COLUMNS = ("rows", "lower", "median", "upper", "low", "high")


def _summary(values: np.ndarray) -> tuple[float, ...]:
    lower, middle, upper = (float(value) for value in np.quantile(values, [0.25, 0.5, 0.75]))
    return (len(values), lower, middle, upper, *median_interval(values))
