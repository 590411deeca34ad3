"""The picture of two features and the target, in the form that fits their kinds and the number of rows."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from helpers.metrics import Task
from helpers.tables.sample import sampled
from helpers.tables.table import Table
from helpers.visualisation.drawable import Form, drawable
from helpers.visualisation.figures import name
from helpers.visualisation.pair_cloud import cloud_alt, cloud_points, draw_cloud
from helpers.visualisation.pair_grid import fine_grid, grid_alt, grid_caption, labelled_grid, shown_value
from helpers.visualisation.picture import Picture
from helpers.visualisation.sample import FIGURE_ROWS, drawn_words
from helpers.visualisation.words import gain_texts, signed_points
from helpers.wording import count

CLOUD_ROWS = 2_000  # more points would cover each other


def pair_pictures(table: Table, pairs: pd.DataFrame, *, seed: int) -> Iterator[Picture]:
    """Draw each of the pairs (rows of what `telling_pairs` returns), one at a time."""
    for place, pair in enumerate(pairs.to_dict("records"), start=1):
        yield pair_picture(table, pair, stored=f"03_pair_{place}", seed=seed)


def pair_picture(table: Table, pair: dict[Any, Any], *, stored: str, seed: int) -> Picture:
    """Draw the target over two features.

    Parameters
    ----------
    table : Table
        The rows; a sample is drawn where there are many.
    pair : dict
        One row of what `telling_pairs` returns.
    stored : str
        The name under which the figure's table is stored.
    seed : int
        Seed of the sample.
    """
    columns = [table.columns[pair[key]] for key in ("first", "second")]
    part = sampled(table, seed=seed, rows=FIGURE_ROWS)
    first, second = (drawable(part, column) for column in columns)
    title = pair_title(pair, name(first.label), name(second.label))
    categories = Form.CATEGORY in (first.form, second.form)
    if not categories and (len(part) <= CLOUD_ROWS or part.task is Task.MULTICLASS):
        part = sampled(table, seed=seed, rows=CLOUD_ROWS)
        first, second = (drawable(part, column) for column in columns)
        points = cloud_points(part, first, second)
        figure = draw_cloud(points, part, first, second, title=title)
        alt = cloud_alt(points, first, second, target=part.target.title)
        how = "colour and mark give the class"
        if part.task is Task.REGRESSION:
            how = "lighter points have a larger value"
        caption = f"Each point is a row; {how}. {_rows(part, table, len(points))} {gain_words(pair)}"
        return Picture(stored, figure, points.reset_index(names="row"), alt, caption)
    shown = shown_value(part, first, second)
    figure, cells = (labelled_grid if categories else fine_grid)(first, second, shown, title=title)
    rows = _rows(part, table, int(cells["rows"].sum()))
    caption = f"{grid_caption(shown, fine=not categories)} {rows} {gain_words(pair)}"
    return Picture(stored, figure, cells, grid_alt(cells, first, second, shown), caption)


def pair_title(pair: dict[Any, Any], first: str, second: str) -> str:
    """Say what the pair tells, beside the better one alone."""
    together, alone, _ = gain_texts(pair)
    return f"{first} with {second}: together they tell {together}, the better one alone {alone}"


def gain_words(pair: dict[Any, Any]) -> str:
    """Say how much more the pair tells than the better one alone, with the interval."""
    together, alone, points = gain_texts(pair)
    low, high = (signed_points(pair[key]) for key in ("low", "high"))
    return (
        f"Of the target's variation the two together tell {points} more than the better one alone "
        f"({together} instead of {alone}; 95 % interval of the difference {low} to {high} points)."
    )


def _rows(part: Table, table: Table, drawn: int) -> str:
    missing = len(part) - drawn
    if not missing:
        return f"{drawn_words(len(part), len(table))}."
    return (
        f"{drawn_words(len(part), len(table))}; {count(missing, 'row')} without both values or "
        f"far outside {'is' if missing == 1 else 'are'} left out."
    )
