"""Two numbers and the target as a cloud of points."""

import pandas as pd
from matplotlib.figure import Figure

from helpers.metrics import Task
from helpers.style import house_style, new_figure
from helpers.tables.table import Table
from helpers.visualisation.bins import spreads_over_powers
from helpers.visualisation.classes import shown_classes
from helpers.visualisation.clouds import draw_class_cloud, draw_value_cloud
from helpers.visualisation.drawable import Drawable, Form
from helpers.visualisation.feature_axis import positions, prepare_axis, said
from helpers.visualisation.figures import headline, level, name
from helpers.visualisation.words import spoken
from helpers.wording import count


def cloud_points(part: Table, first: Drawable, second: Drawable) -> pd.DataFrame:
    """Return the points of the cloud.

    Returns
    -------
    pandas.DataFrame
        One row for each row that has both values, with its index: ``x`` (the first feature), ``y`` (the
        second) and ``class``, or ``value`` where the target is a number.
    """
    points = pd.DataFrame({"x": positions(first), "y": positions(second)})
    if part.task is Task.REGRESSION:
        points["value"] = part.y.astype(float)
    else:
        points["class"] = shown_classes(part).labels
    return points[points["x"].notna() & points["y"].notna()]


def draw_cloud(points: pd.DataFrame, part: Table, first: Drawable, second: Drawable, *, title: str) -> Figure:
    """Draw the points that `cloud_points` returns."""
    with house_style():
        figure, axes = new_figure(height=5.2)
        prepare_axis(axes, first, points["x"], across=True, log=_log(first, points["x"]))
        prepare_axis(axes, second, points["y"], across=False, log=_log(second, points["y"]))
        if part.task is Task.REGRESSION:
            draw_value_cloud(axes, points, label=name(part.target.title))
        else:
            draw_class_cloud(axes, points, looks=shown_classes(part).looks)
        axes.set_xlabel(name(first.title))
        axes.set_ylabel(name(second.title))
        headline(figure, title)
    return figure


def cloud_alt(points: pd.DataFrame, first: Drawable, second: Drawable, *, target: str) -> str:
    """Say where the classes, or the rows of high and low target, have their middles."""
    start = (
        f"Cloud of {count(len(points), 'point')}, {spoken(first.title)} across and {spoken(second.title)} "
        f"up, by {spoken(target)}."
    )
    if "class" in points:
        middles = points.groupby("class")[["x", "y"]].median()
        parts = [f"{level(str(text))} {_place(first, second, row)}" for text, row in middles.iterrows()]
    else:
        upper = points["value"] > points["value"].median()
        if not upper.any():
            return start
        parts = [
            f"rows above the median {_place(first, second, points.loc[upper, ['x', 'y']].median())}",
            f"the others {_place(first, second, points.loc[~upper, ['x', 'y']].median())}",
        ]
    return f"{start} Medians: {'; '.join(parts)}."


def _place(first: Drawable, second: Drawable, middle: pd.Series) -> str:
    return f"{said(first, middle['x'])}, {said(second, middle['y'])}"


def _log(feature: Drawable, places: pd.Series) -> bool:
    return feature.form is not Form.DATE and spreads_over_powers(places.to_numpy(dtype=float))
