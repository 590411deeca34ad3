"""The picture of one feature against a number to predict, with its words."""

from typing import Any

import pandas as pd

from helpers.tables.table import Table
from helpers.visualisation.by_value import binned_medians, medians_by_category, medians_over_time
from helpers.visualisation.by_value_figures import MOST_POINTS, draw_category_medians, draw_medians
from helpers.visualisation.drawable import Drawable, Form
from helpers.visualisation.figures import level, name
from helpers.visualisation.picture import Picture
from helpers.visualisation.words import extremes, missing_words, spoken
from helpers.wording import count, joined, number


def value_picture(feature: Drawable, part: Table, *, stored: str, rows: str) -> Picture:
    """Draw a feature against a number: medians along it, or in each of its categories.

    Parameters
    ----------
    feature : Drawable
        A feature with at least two values.
    part : Table
        The same rows.
    stored : str
        The name under which the figure's table is stored.
    rows : str
        A sentence that says which rows are drawn.
    """
    return (_categories if feature.form is Form.CATEGORY else _along)(feature, part, stored, rows)


def _along(feature: Drawable, part: Table, stored: str, rows: str) -> Picture:
    target = part.y.astype(float)
    dated = feature.form is Form.DATE
    summary = medians_over_time(feature, target) if dated else binned_medians(feature, target)
    high, low = extremes(summary, rows="rows", value="median")
    if number(high["median"]) == number(low["median"]):
        title = f"{name(part.target.label)}: median {number(low['median'])} all along {name(feature.label)}"
    else:
        title = (
            f"{name(part.target.label)}: the median lies between {number(low['median'])} and "
            f"{number(high['median'])} along {name(feature.label)}"
        )
    figure = draw_medians(
        summary, feature, target, title=title, across=name(feature.title), up=name(part.target.title)
    )
    points = "hexagons are darker where there are more rows"
    if len(part) <= MOST_POINTS:
        points = "each grey point is a row"
    caption = (
        "The line is the median in each bin with its 95 % interval, the band the middle half; "
        f"{points}. {rows}{missing_words(feature.missing)}"
    )
    return Picture(stored, figure, summary, along_alt(feature, summary, target=part.target.title), caption)


def along_alt(feature: Drawable, summary: pd.DataFrame, *, target: str) -> str:
    """Say the median at both ends, and the lowest and the highest."""
    bins: list[dict[Any, Any]] = summary.to_dict("records")
    first, last = bins[0], bins[-1]
    dated = feature.form is Form.DATE
    places = [f"{end['at']:%Y-%m-%d}" if dated else number(end["at"]) for end in (first, last)]
    lowest, highest = number(float(summary["median"].min())), number(float(summary["median"].max()))
    return (
        f"Median of {spoken(target)} along {spoken(feature.title)} in {count(len(bins), 'bin')}: "
        f"{number(first['median'])} at about {places[0]}, {number(last['median'])} at about {places[1]}; "
        f"lowest {lowest}, highest {highest}."
    )


def _categories(feature: Drawable, part: Table, stored: str, rows: str) -> Picture:
    target = part.y.astype(float)
    summary = medians_by_category(feature, target)
    top, bottom = extremes(summary, rows="rows", value="median")
    title = (
        f"{name(part.target.label)}: typically {number(top['median'])} where {name(feature.label)} is "
        f"{level(top['category'])}, {number(bottom['median'])} where it is {level(bottom['category'])}"
    )
    overall, wanted = float(target.median()), name(part.target.title)
    figure = draw_category_medians(
        summary, overall=overall, title=title, across=wanted, up=name(feature.title)
    )
    caption = (
        "The dot is the median, the narrow bar its 95 % interval, the wide bar the middle half of the rows; "
        f"the number in brackets counts them. {rows}"
    )
    alt = categories_alt(feature, summary, target=part.target.title, overall=overall)
    return Picture(stored, figure, summary, alt, caption)


def categories_alt(feature: Drawable, summary: pd.DataFrame, *, target: str, overall: float) -> str:
    """Say the median in each category, with its interval."""
    parts = [
        f"{level(row['category'])} {number(row['median'])} ({number(row['low'])} to {number(row['high'])}, "
        f"{count(row['rows'], 'row')})"
        for row in summary.to_dict("records")
    ]
    return (
        f"Median of {spoken(target)} by {spoken(feature.title)}, with 95 % intervals: {joined(parts)}. Over "
        f"all rows it is {number(overall)}."
    )
