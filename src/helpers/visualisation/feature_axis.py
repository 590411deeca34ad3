"""A number or a date as an axis of a figure, and any feature as the lines or columns of a grid."""

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.visualisation.bins import drawn_range, quantile_edges
from helpers.visualisation.drawable import Drawable, Form
from helpers.visualisation.figures import date_numbers, date_text, date_ticks, name, plain_ticks, tick_text
from helpers.visualisation.words import spoken
from helpers.wording import number

MARGIN = 0.04  # of an axis, on either side
GROUPS = 5  # of a number or a date, each named by its limits


def positions(feature: Drawable) -> pd.Series:
    """Return the feature's values as places on an axis: numbers, or dates as matplotlib's date numbers."""
    if feature.form is not Form.DATE:
        return feature.series.astype(float)
    known = feature.series.dropna()
    return pd.Series(date_numbers(known), index=known.index).reindex(feature.series.index)


def prepare_axis(axes: Axes, feature: Drawable, values: pd.Series, *, across: bool, log: bool) -> None:
    """Set ticks, limits and label of the axis that shows `values`, the feature's positions."""
    axis = axes.xaxis if across else axes.yaxis
    if feature.form is Form.DATE:
        axis.axis_date()
        date_ticks(axis)
    else:
        plain_ticks(axis, log=log)
    (axes.set_xlim if across else axes.set_ylim)(*axis_limits(values.to_numpy(dtype=float), log=log))
    (axes.set_xlabel if across else axes.set_ylabel)(name(feature.title))


def axis_limits(values: np.ndarray, *, log: bool) -> tuple[float, float]:
    """Return the limits of an axis that shows the values but for a few far away ones, with a margin."""
    low, high = drawn_range(np.log10(values) if log else values)
    margin = (high - low) * MARGIN or (0.5 if log else max(abs(low) * 0.05, 0.5))
    return (10.0 ** (low - margin), 10.0 ** (high + margin)) if log else (low - margin, high + margin)


def said(feature: Drawable, place: float) -> str:
    """Return "title value" for a place on the feature's axis."""
    text = date_text(place) if feature.form is Form.DATE else number(place)
    return f"{spoken(feature.title)} {text}"


def groups(feature: Drawable) -> tuple[pd.Series, list[str]]:
    """Cut the feature into a few groups with names.

    Returns
    -------
    codes : pandas.Series
        float64: each row's group, counted from 0; missing where there is no value.
    names : list of str
        The groups' names: the categories in alphabetical order, or limits such as "12 to 18".
    """
    if feature.form is Form.CATEGORY:
        codes, levels = pd.factorize(feature.series, sort=True)
        return pd.Series(codes, index=feature.series.index, dtype=float), [str(level) for level in levels]
    places = positions(feature)
    known = places.dropna().to_numpy()
    edges = quantile_edges(known, bins=GROUPS)
    codes = np.clip(np.searchsorted(edges, known, side="right") - 1, 0, len(edges) - 2)
    texts = [_limit(feature, edge) for edge in edges]
    names = [f"{low} to {high}" for low, high in pairwise(texts)]
    return pd.Series(codes, index=places.dropna().index, dtype=float).reindex(places.index), names


def _limit(feature: Drawable, edge: float) -> str:
    if feature.form is Form.DATE:
        return date_text(edge)[:-3]
    return tick_text(float(f"{edge:.3g}"))
