"""The picture of a map of the rows, coloured and marked by the target."""

from collections.abc import Iterator

import pandas as pd
from matplotlib.figure import Figure

from helpers.metrics import Task
from helpers.style import house_style, new_figure
from helpers.tables.table import Table
from helpers.visualisation.classes import shown_classes
from helpers.visualisation.clouds import draw_class_cloud, draw_value_cloud
from helpers.visualisation.figures import headline, name, plain_ticks
from helpers.visualisation.map import FEWEST_ROWS, NEIGHBOURS, WORTH, Features, RowMap, RowMaps, agreement
from helpers.visualisation.picture import Picture
from helpers.visualisation.sample import drawn_words
from helpers.visualisation.words import spoken
from helpers.wording import count, joined, percent

NAMED = 3  # features left out that a caption names


def map_points(row_map: RowMap, part: Table) -> pd.DataFrame:
    """Return ``row`` (the frame's index), ``x``, ``y`` and ``class``, or ``value`` for a regression."""
    points = pd.DataFrame({"row": part.frame.index, "x": row_map.places[:, 0], "y": row_map.places[:, 1]})
    if part.task is Task.REGRESSION:
        return points.assign(value=part.y.to_numpy(dtype=float))
    return points.assign(**{"class": shown_classes(part).labels.to_numpy()})


def map_pictures(maps: RowMaps) -> Iterator[Picture]:
    """Draw the maps that are worth drawing, one at a time."""
    for row_map in (maps.principal, maps.embedding):
        if row_map is not None:
            yield map_picture(row_map, maps.part, maps.features, whole=maps.whole)


def map_words(maps: RowMaps) -> str:
    """Say what the maps show, and why there is one, two or none."""
    if maps.principal is None:
        return (
            f"A map needs two features that vary and {FEWEST_ROWS} rows; here are "
            f"{count(maps.features.used, 'feature')} and {count(len(maps.part), 'row')}."
        )
    words = " ".join(
        f"{shown.method}: {agreement_words(maps.part, *agreement(shown, maps.part.y, task=maps.part.task))}"
        for shown in (maps.principal, maps.embedding)
        if shown is not None
    )
    if maps.gain is None:
        return f"{words} A neighbour embedding was not tried: there are too few rows or features for one."
    signed = f"{maps.gain:+.3f}".replace("-", "−")
    if maps.embedding is None:
        return (
            f"{words} A neighbour embedding (t-SNE) is not shown: its trustworthiness is not larger by "
            f"{WORTH} or more ({signed})."
        )
    return f"{words} t-SNE is shown because its trustworthiness is larger by {maps.gain:.3f}."


def map_picture(row_map: RowMap, part: Table, features: Features, *, whole: int) -> Picture:
    """Draw the map.

    Parameters
    ----------
    row_map : RowMap
        Where the rows of `part` stand.
    part : Table
        The rows, at most `MAP_ROWS`.
    features : Features
        What the map was made from.
    whole : int
        How many rows the table has of which `part` may be a sample.
    """
    points = map_points(row_map, part)
    found, chance = agreement(row_map, part.y, task=part.task)
    figure = draw_map(row_map, points, part, title=_title(part, found, chance))
    target = spoken(part.target.title)
    alt = (
        f"Map of {count(len(points), 'row')} in two dimensions ({row_map.method}), by {target}. "
        f"{agreement_words(part, found, chance)}"
    )
    caption = f"{_how(row_map, features)} {drawn_words(len(part), whole)}.{_left_out(features)}"
    return Picture("03_map" if row_map.shares else "03_neighbour_map", figure, points, alt, caption)


def draw_map(row_map: RowMap, points: pd.DataFrame, part: Table, *, title: str) -> Figure:
    """Draw the points that `map_points` returns, with the share of variance on each axis where it has one."""
    with house_style():
        figure, axes = new_figure(height=5.4)
        axes.margins(0.06)
        if row_map.shares:
            plain_ticks(axes.xaxis)
            plain_ticks(axes.yaxis)
        if part.task is Task.REGRESSION:
            draw_value_cloud(axes, points, label=name(part.target.title))
        else:
            draw_class_cloud(axes, points, looks=shown_classes(part).looks)
        if row_map.shares:
            axes.set_aspect("equal", adjustable="datalim")
            axes.set_xlabel(f"first component ({percent(row_map.shares[0])} of the variance)")
            axes.set_ylabel(f"second component ({percent(row_map.shares[1])})")
        else:
            axes.set_xticks([])
            axes.set_yticks([])
            axes.set_xlabel("only nearness has a meaning (no unit)")
            axes.set_ylabel("")
        headline(figure, title)
    return figure


def agreement_words(part: Table, found: float, chance: float) -> str:
    """Say how far neighbours on the map have the same target."""
    target, near = spoken(part.target.label), min(NEIGHBOURS, len(part) - 1)
    if part.task is Task.REGRESSION:
        return f"A row's {near} nearest rows tell {percent(found)} of how {target} varies."
    return (
        f"Of a row's {near} nearest rows {percent(found)} share its class, where chance alone would "
        f"give {percent(chance)}."
    )


def _title(part: Table, found: float, chance: float) -> str:
    if part.task is Task.REGRESSION:
        return f"Neighbours on the map tell {percent(found)} of how {name(part.target.label)} varies"
    return f"{percent(found)} of neighbours on the map share a class, {percent(chance)} would by chance"


def _how(row_map: RowMap, features: Features) -> str:
    kept = f"trustworthiness {row_map.trustworthiness:.2f} of 1"
    if not row_map.shares:
        used = count(features.used, "feature")
        return f"t-SNE of {used}: rows that are alike in all of them lie together ({kept})."
    across, up = (joined([spoken(text) for text in texts]) for texts in row_map.drivers)
    total = percent(sum(row_map.shares))
    return (
        f"The two directions in which the rows differ most hold {total} of the variance of "
        f"{count(features.used, 'feature')} ({kept}). To the right: {across}. Upwards: {up}."
    )


def _left_out(features: Features) -> str:
    if not features.left_out:
        return ""
    named = [spoken(text) for text in features.left_out[:NAMED]]
    rest = len(features.left_out) - len(named)
    texts = [*named, f"{rest} more"] if rest else named
    return f" Free text and columns that never change have no place on it: {joined(texts)}."
