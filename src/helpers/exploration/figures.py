"""The figures of the exploration, each drawn from its table; they change no global style."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import Locator, MaxNLocator, NullLocator, PercentFormatter

from helpers.exploration.effects import Effects
from helpers.exploration.measures import STRENGTHS
from helpers.exploration.panels import Panel, Scale
from helpers.exploration.views import OTHER
from helpers.metrics import Task
from helpers.style import (
    ACCENT,
    INK,
    LETTERING,
    MARKERS,
    PALETTE,
    SEQUENTIAL,
    colours,
    heading,
    house_style,
    new_figure,
    short,
    wrapped,
)
from helpers.tables.table import Kind, Role, Table
from helpers.visualisation.classes import class_places
from helpers.wording import number, percent

PANEL_COLUMNS = 2
PANEL_HEIGHT = 3.2  # inches
STRENGTHS_DRAWN = 20
SMALLEST_WRITTEN = 0.3
CROWDED = 8
LEGEND_CHARACTERS, LEGEND_MARK = 66, 6  # of a line of the legend; what a mark takes of it
STRENGTH_LINE = 0.34  # inches
HEADING_CHARACTERS = 56
PANEL_CHARACTERS = 24  # of one line of lettering under or over a panel
LEVEL_SHIFT = 0.12
UPRIGHT_CHARACTERS = 18
LONGEST_OTHERS = 0.5
FEWEST_TICKS, MOST_TICKS = 3, 5
PANEL_TICKS = 4
SMALLEST_WHOLE_PERCENTS = 0.05


def distributions(panels: Sequence[Panel]) -> Figure:
    """Return one small figure a variable: a histogram, or bars for levels."""
    with house_style():
        figure, grid = grid_of_panels(len(panels))
        for axes, panel in zip(grid.flat, panels, strict=False):
            _draw_distribution(axes, panel)
        figure.supylabel("share of rows", fontsize=LETTERING)
        heading(figure, "How the variables are distributed")
    return figure


def relations(panels: Sequence[Panel], table: Table) -> Figure:
    """Return one small figure a variable: the target along it, with 95 % intervals."""
    with house_style():
        figure, grid = grid_of_panels(len(panels), sharey=True)
        for axes, panel in zip(grid.flat, panels, strict=False):
            _draw_relation(axes, panel, table)
        _legend(figure, grid.flat[0])
        figure.supylabel(_relation_label(table, panels[0]), fontsize=LETTERING)
        heading(figure, f"{short(table.target.label, 40)} along the variables")
    return figure


def along(panel: Panel, table: Table) -> Figure:
    """Return the target along one column, group or time, large."""
    with house_style():
        figure, axes = new_figure(height=4.6)
        _draw_relation(axes, panel, table)
        _legend(figure, axes)
        axes.set_ylabel(_relation_label(table, panel))
        over = f"{short(table.target.label, 30)} over {short(panel.column.label, 30)}"
        axes.set_title(over, fontsize=LETTERING + 1)
    return figure


def strengths(effects: Effects) -> Figure:
    """Return how strongly the variables relate to the target, with intervals, the strongest on top.

    The mark furthest to the right orders the variables: a cross where numbers cut into parts tell more.
    """
    frame = effects.compared.head(STRENGTHS_DRAWN).iloc[::-1].reset_index(drop=True)
    measures = list(effects.compared["measure"].unique())
    with house_style():
        figure, axes = new_figure(height=1.8 + STRENGTH_LINE * max(3, len(frame)))
        for place, (measure, colour) in enumerate(zip(measures, colours(len(measures)), strict=True)):
            part = frame[frame["measure"] == measure]
            axes.hlines(part.index, part["strength low"], part["strength high"], color=colour, linewidth=2)
            if len(part):
                axes.plot(
                    part["strength"], part.index, MARKERS[place], color=colour, label=STRENGTHS[measure]
                )
        shape = frame[frame["any shape"] > frame["strength"]]
        if len(shape):
            axes.plot(
                shape["any shape"], shape.index, "x", color=INK, label="any shape, where it is stronger"
            )
        axes.set_yticks(range(len(frame)), [short(label, 26) for label in frame["label"]])
        axes.set_xlim(-0.02, 1.02)
        axes.grid(visible=False, axis="y")
        asked = f"Which variables have to do with {short(effects.against.label, 40)}"
        heading(figure, wrapped(asked, HEADING_CHARACTERS))
        axes.set_xlabel("strength, 0 to 1, with 95 % interval")
        if len(measures) > 1 or len(shape):
            figure.legend(loc="outside lower center", ncols=2)
    return figure


def association_map(matrix: pd.DataFrame, table: Table) -> Figure:
    """Return the matrix of strengths as a heat map, in the order given; a few also as numbers."""
    names, size = [short(table.columns[name].label, 20) for name in matrix.index], len(matrix)
    with house_style():
        figure, axes = new_figure(height=max(3.6, 2.8 + 0.3 * size))
        image = axes.imshow(matrix.to_numpy(dtype=float), vmin=0, vmax=1, cmap=SEQUENTIAL, aspect="auto")
        axes.set_xticks(range(size), names, rotation=90)
        axes.set_yticks(range(size), names)
        axes.grid(visible=False)
        if size <= CROWDED:
            _write_numbers(axes, matrix.to_numpy(dtype=float))
        heading(figure, "Which variables go together")
        bar = figure.colorbar(image, ax=axes, shrink=0.8)
        bar.set_label("strength, 0 to 1")
    return figure


def _write_numbers(axes: Axes, values: np.ndarray) -> None:
    for (row, column), value in np.ndenumerate(values):
        if row != column and value >= SMALLEST_WRITTEN:
            colour = INK if value > 0.55 else "white"
            axes.text(column, row, f"{value:.1f}", ha="center", va="center", color=colour)


def grid_of_panels(
    panels: int, *, panel_height: float = PANEL_HEIGHT, **options: Any
) -> tuple[Figure, np.ndarray]:
    """Return a figure with room for so many panels, two beside each other; those not needed are hidden."""
    columns = min(PANEL_COLUMNS, panels)
    rows = -(-panels // columns)
    figure, grid = new_figure(rows, columns, height=0.8 + panel_height * rows, squeeze=False, **options)
    for axes in grid.flat[panels:]:
        axes.set_visible(False)
    return figure, grid


def _draw_distribution(axes: Axes, panel: Panel) -> None:
    frame = panel.frame
    if panel.scale is Scale.LEVELS:
        # Where most rows have another level, one long bar for them would hide the others.
        drawn = frame if frame["share"].iloc[-1] <= LONGEST_OTHERS else frame[frame["label"] != OTHER]
        panel = replace(panel, frame=drawn)
        axes.bar(range(len(drawn)), drawn["share"], color=ACCENT, width=0.8)
    else:
        widths = frame["to"] - frame["from"]
        axes.bar(frame["from"], frame["share"], width=widths, align="edge", color=ACCENT, edgecolor="white")
    _dress(axes, panel)
    if len(panel.frame) < len(frame):
        others = f"level; others, {percent(frame['share'].iloc[-1])}, not drawn"
        axes.set_xlabel(wrapped(others, PANEL_CHARACTERS), fontsize=LETTERING)
    percent_axis(axes)
    axes.grid(visible=False, axis="x")


def _draw_relation(axes: Axes, panel: Panel, table: Table) -> None:
    series = list(panel.frame["series"].unique())
    joined = panel.scale is not Scale.LEVELS
    places = class_places(table) if table.task is not Task.REGRESSION else dict.fromkeys(series, 0)
    for order, name in enumerate(series):
        part = panel.frame[panel.frame["series"] == name]
        shift = 0.0 if joined else (order - (len(series) - 1) / 2) * LEVEL_SHIFT
        colour, marker = PALETTE[places[name]], MARKERS[places[name]]
        axes.vlines(part["middle"] + shift, part["low"], part["high"], color=colour, linewidth=1.4, alpha=0.6)
        style: dict[str, Any] = {"color": colour, "marker": marker, "markersize": 5, "linewidth": 1.3}
        line = "-" if joined else "none"
        axes.plot(part["middle"] + shift, part["value"], linestyle=line, label=short(name, 24), **style)
    _dress(axes, panel)
    if table.task is not Task.REGRESSION:
        percent_axis(axes)


def _legend(figure: Figure, axes: Axes) -> None:
    """Set one legend for the whole figure where there is more than one series."""
    handles, labels = axes.get_legend_handles_labels()
    if len(labels) > 1:
        fitting = LEGEND_CHARACTERS // (max(map(len, labels)) + LEGEND_MARK)
        columns = max(1, min(len(labels), fitting))
        figure.legend(handles, labels, loc="outside lower center", ncols=columns)


def _relation_label(table: Table, panel: Panel) -> str:
    if table.task is Task.REGRESSION:
        return f"{panel.frame['series'].iloc[0]} {short(table.target.title, 50)}"
    if table.task is Task.BINARY:
        return f"share of {short(table.positive, 40)}"
    return "share of the class"


def _dress(axes: Axes, panel: Panel) -> None:
    """Set the title, scale, ticks and label of a panel along its variable."""
    axes.set_title(_in_panel(panel.column.label), fontsize=LETTERING)
    axes.set_xlabel(_in_panel(_axis_label(panel)), fontsize=LETTERING)
    if panel.scale is Scale.LEVELS:
        _level_ticks(axes, list(dict.fromkeys(panel.frame["label"])))
    elif panel.scale is Scale.LOG:
        axes.set_xscale("log")
        ticks = log_ticks(*axes.get_xlim())
        axes.set_xticks(ticks, [number(tick, digits=1) for tick in ticks])
        axes.xaxis.set_minor_locator(NullLocator())
    elif panel.scale is Scale.DATE:
        locator: Locator = AutoDateLocator(minticks=2, maxticks=5)  # type: ignore[no-untyped-call]
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    else:
        axes.xaxis.set_major_locator(MaxNLocator(PANEL_TICKS))


def _in_panel(text: str) -> str:
    """Return the text on at most two lines that fit a panel's width."""
    return wrapped(short(text, 2 * PANEL_CHARACTERS - 6), PANEL_CHARACTERS)


def log_ticks(low: float, high: float) -> list[float]:
    """Return a few round numbers between two positive ones: powers of ten, or 1, 2, 5 where those are few."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    powers = [10.0**power for power in range(first, last + 1) if low <= 10.0**power <= high]
    if len(powers) >= FEWEST_TICKS:
        return powers[:: -(-len(powers) // MOST_TICKS)]
    steps = [10.0**power * step for power in range(first, last + 1) for step in (1, 2, 5)]
    between = [tick for tick in steps if low <= tick <= high]
    if len(between) < FEWEST_TICKS - 1:
        between = [
            float(tick) for tick in MaxNLocator(MOST_TICKS).tick_values(low, high) if low <= tick <= high
        ]
    return between[:: max(1, -(-len(between) // MOST_TICKS))]


def _axis_label(panel: Panel) -> str:
    """Return the label with its unit, or what the values are, and what was done to the axis."""
    column = panel.column
    kinds = {Kind.DATE: "date", Kind.TEXT: "length in characters", Kind.NUMBER: "value"}
    plain = "group" if column.role is Role.GROUP else kinds.get(column.kind, "level")
    said = f"{plain} ({short(column.unit, 30)})" if column.unit else plain
    notes = {Scale.LOG: "logarithmic", Scale.INNER: "without the outer 1 %"}
    return ", ".join(part for part in (said, notes.get(panel.scale, "")) if part)


def _level_ticks(axes: Axes, labels: list[str]) -> None:
    names = [short(label, 16) for label in labels]
    axes.set_xticks(range(len(names)), names)
    axes.set_xlim(-0.6, len(names) - 0.4)
    if sum(map(len, names)) > UPRIGHT_CHARACTERS:
        axes.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")


def percent_axis(axes: Axes) -> None:
    """Write the ticks of the upright axis as percentages."""
    low, high = axes.get_ylim()
    decimals = 0 if high - low > SMALLEST_WHOLE_PERCENTS else 1
    axes.yaxis.set_major_locator(MaxNLocator(MOST_TICKS, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=decimals, symbol=" %"))
