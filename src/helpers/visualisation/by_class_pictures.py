"""The picture of one feature against classes, with its words."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.visualisation.bins import Bins, sensible_bins
from helpers.visualisation.by_class import (
    class_histograms,
    class_quartiles,
    shares_by_category,
    shares_over_time,
)
from helpers.visualisation.by_class_figures import (
    LINES,
    draw_hills,
    draw_share_grid,
    draw_shares,
    draw_shares_over_time,
)
from helpers.visualisation.classes import ShownClasses
from helpers.visualisation.drawable import Drawable, Form
from helpers.visualisation.figures import level, name
from helpers.visualisation.picture import Picture
from helpers.visualisation.words import extremes, far_words, missing_words, spoken
from helpers.wording import count, joined, number, percent


def class_picture(feature: Drawable, shown: ShownClasses, *, stored: str, rows: str) -> Picture:
    """Draw a feature against classes: hills, lines over time, dots with intervals, or a grid of shares.

    Parameters
    ----------
    feature : Drawable
        A feature with at least two values.
    shown : ShownClasses
        The classes of the same rows.
    stored : str
        The name under which the figure's table is stored.
    rows : str
        A sentence that says which rows are drawn.
    """
    if feature.form is Form.NUMBER:
        return _hills(feature, shown, stored, rows)
    if feature.form is Form.DATE:
        return _lines(feature, shown, stored, rows)
    return (_dots if len(shown.order) <= 2 else _grid)(feature, shown, stored, rows)


def _hills(feature: Drawable, shown: ShownClasses, stored: str, rows: str) -> Picture:
    values = feature.series.dropna().to_numpy(dtype=float)
    parts = [part.dropna().to_numpy(dtype=float) for _, part in feature.series.groupby(shown.labels)]
    bins = sensible_bins(values, parts=parts)
    histograms, quartiles = class_histograms(feature, shown, bins), class_quartiles(feature, shown)
    known = quartiles[quartiles["rows"] > 0].sort_values("median", ascending=False, kind="stable")
    if len(quartiles) > 2:
        quartiles = quartiles.sort_values("median", ascending=False, kind="stable", ignore_index=True)
    figure = draw_hills(
        histograms, quartiles, looks=shown.looks, title=_hills_title(feature, known),
        axis=name(feature.title), log=bins.log,
    )  # fmt: skip
    return Picture(
        stored, figure, histograms, hills_alt(feature, known), _hills_caption(feature, values, bins, rows),
        {f"{stored}_quartiles": quartiles},
    )  # fmt: skip


def _hills_title(feature: Drawable, known: pd.DataFrame) -> str:
    rows = known.to_dict("records")
    top, bottom = number(rows[0]["median"]), number(rows[-1]["median"])
    what = name(feature.label)
    if top == bottom:
        return f"{what}: typically {top} in every class"
    return f"{what}: typically {top} in {level(rows[0]['class'])}, {bottom} in {level(rows[-1]['class'])}"


def hills_alt(feature: Drawable, known: pd.DataFrame) -> str:
    """Say where the middle of each class lies, for classes with a value."""
    parts = [
        f"{level(row['class'])} median {number(row['median'])} (middle half {number(row['lower'])} to "
        f"{number(row['upper'])}, {count(row['rows'], 'row')})"
        for row in known.to_dict("records")
    ]
    return f"Histograms of {spoken(feature.title)} by class: {joined(parts)}."


def _hills_caption(feature: Drawable, values: np.ndarray, bins: Bins, rows: str) -> str:
    scale = " The horizontal axis is logarithmic." if bins.log else ""
    return (
        "Each hill shows how the rows of one class spread; all hills have the same area. Below it the "
        "median, which stands for 'typically', and as a bar the middle half. "
        f"{rows}{scale}{far_words(bins.outside(values))}{missing_words(feature.missing)}"
    )


def _dots(feature: Drawable, shown: ShownClasses, stored: str, rows: str) -> Picture:
    shares = shares_by_category(feature, shown)
    wanted = shown.lead
    part = shares[shares["class"] == wanted]
    overall = float((shown.labels == wanted).mean())
    what, cause = name(feature.label), level(wanted)
    top, bottom = extremes(part, rows="of", value="share")
    title = (
        f"{cause}: {percent(top['share'])} where {what} is {level(top['category'])}, "
        f"{percent(bottom['share'])} where it is {level(bottom['category'])}"
    )
    figure = draw_shares(part, overall=overall, title=title, axis=f"share of {cause}", up=name(feature.title))
    caption = (
        f"The dot is the share of {cause} in the category, the bar its 95 % interval (Wilson), the number in "
        f"brackets the category's rows. {rows}"
    )
    return Picture(stored, figure, shares, dots_alt(feature, part, overall=overall), caption)


def dots_alt(feature: Drawable, part: pd.DataFrame, *, overall: float) -> str:
    """Say the share of one class in each category, with its interval."""
    parts = [
        f"{level(row['category'])} {percent(row['share'])} ({percent(row['low'])} to {percent(row['high'])}, "
        f"{count(row['of'], 'row')})"
        for row in part.to_dict("records")
    ]
    wanted = level(part["class"].iloc[0])
    return (
        f"Share of {wanted} by {spoken(feature.title)}, with 95 % intervals: {joined(parts)}. Over all rows "
        f"it is {percent(overall)}."
    )


def _grid(feature: Drawable, shown: ShownClasses, stored: str, rows: str) -> Picture:
    shares = shares_by_category(feature, shown)
    what = name(feature.title)
    top, _ = extremes(shares, rows="of", value="share")
    title = (
        f"{name(feature.label)}: of the rows with {level(top['category'])}, {percent(top['share'])} are "
        f"{level(top['class'])}"
    )
    figure = draw_share_grid(
        shares, order=shown.order, title=title, down=what, across="share of each class (%)"
    )
    caption = (
        f"Each line adds up to 100 %; the number in brackets is the category's rows. {rows} The 95 % "
        "intervals stand in the figure's table."
    )
    return Picture(stored, figure, shares, grid_alt(feature, shares), caption)


def grid_alt(feature: Drawable, shares: pd.DataFrame) -> str:
    """Say the most common class of each category."""
    commonest = shares.loc[shares.groupby("category", sort=False)["share"].idxmax()]
    parts = [
        f"{level(row['category'])} ({count(row['of'], 'row')}) {level(row['class'])} {percent(row['share'])}"
        for row in commonest.to_dict("records")
    ]
    return (
        f"Grid: the share of each class by {spoken(feature.title)}. The most common class of each category: "
        f"{joined(parts)}."
    )


def _lines(feature: Drawable, shown: ShownClasses, stored: str, rows: str) -> Picture:
    shares = shares_over_time(feature, shown)
    totals = shares.groupby("class")["rows"].sum()
    common = sorted(shown.order, key=lambda text: (-totals[text], text))[:LINES]
    names = [shown.lead] if len(shown.order) <= 2 else common
    top, bottom = extremes(shares[shares["class"] == names[0]], rows="of", value="share")
    title = (
        f"{level(names[0])} makes up between {percent(bottom['share'])} and {percent(top['share'])} of the "
        "rows over time"
    )
    figure = draw_shares_over_time(
        shares, names=names, looks=shown.looks, title=title, axis=name(feature.title)
    )
    some = f" The {len(names)} most common of {len(shown.order)} classes are drawn."
    caption = (
        "The band is the 95 % interval (Wilson) of each period's share."
        f"{some if len(shown.order) > LINES else ''} {rows}{missing_words(feature.missing)}"
    )
    return Picture(stored, figure, shares, lines_alt(feature, shares, names), caption)


def lines_alt(feature: Drawable, shares: pd.DataFrame, names: Sequence[str]) -> str:
    """Say each drawn class's share in the first and the last period."""
    parts = []
    for text in names:
        own: list[dict[Any, Any]] = shares[shares["class"] == text].to_dict("records")
        first, last = percent(own[0]["share"]), percent(own[-1]["share"])
        parts.append(f"{level(text)} {first} in the first and {last} in the last")
    begin, end = (f"{moment:%Y-%m-%d}" for moment in (feature.series.min(), feature.series.max()))
    periods = count(int((shares["class"] == names[0]).sum()), "period")
    return f"Shares by {spoken(feature.title)}, {begin} to {end}, in {periods}: {joined(parts)}."
