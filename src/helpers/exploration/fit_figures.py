"""The figure of the fits: quantiles against quantiles, or shares of counts, each drawn from its table."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from helpers.exploration.figures import grid_of_panels, log_ticks, percent_axis
from helpers.exploration.fits_shown import FitPanel
from helpers.style import ACCENT, INK, LETTERING, SOFT, heading, house_style, short, wrapped
from helpers.wording import number

TITLE_CHARACTERS = 24
TICKS = 4
MARGIN = 0.1  # of the range drawn, on either side
CHARACTERS_OF_TICKS = 16
CAPTION = (
    "Points on the line spread as the distribution says; points above it at the right end lie further out "
    "than it says, points below it less far. What lies further out than the range of the inner points is not "
    "drawn. For counts, bars are the rows and dots what the distribution says."
)


def fit_figure(panels: Sequence[FitPanel]) -> Figure:
    """Return one small figure a fit: quantiles against quantiles, or shares of rows for counts."""
    with house_style():
        figure, grid = grid_of_panels(len(panels))
        for axes, panel in zip(grid.flat, panels, strict=False):
            draw = _draw_counts if panel.counts else _draw_quantiles
            draw(axes, panel)
            head = f"{short(panel.fit.column.title, TITLE_CHARACTERS)}\n{panel.fit.verdict}"
            axes.set_title(head, fontsize=LETTERING)
        heading(figure, "How near the values are to a known distribution")
    return figure


def _draw_quantiles(axes: Axes, panel: FitPanel) -> None:
    expected, found = panel.frame["expected"].to_numpy(), panel.frame["found"].to_numpy()
    low, high = _ends(found, log=panel.log)
    if panel.log:
        for scale in (axes.set_xscale, axes.set_yscale):
            scale("log")
    near = (expected >= low) & (expected <= high) & (found >= low) & (found <= high)
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    axes.plot([low, high], [low, high], color=SOFT, linewidth=1.3)
    axes.plot(expected[near], found[near], "o", color=ACCENT, markersize=4)
    kind = ", logarithmic" if panel.log else ""
    axes.set_xlabel(wrapped(f"{panel.fit.best['family']} says{kind}", TITLE_CHARACTERS), fontsize=LETTERING)
    axes.set_ylabel("value found", fontsize=LETTERING)
    if panel.log:
        ticks = log_ticks(low, high)
        beside = ticks[:: 1 + sum(len(number(tick, digits=1)) for tick in ticks) // CHARACTERS_OF_TICKS]
        axes.set_xticks(beside, [number(tick, digits=1) for tick in beside])
        axes.set_yticks(ticks, [number(tick, digits=1) for tick in ticks])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
        if not panel.log:
            axis.set_major_locator(MaxNLocator(TICKS))


def _ends(found: np.ndarray, *, log: bool) -> tuple[float, float]:
    """Return the ends of both axes: the inner points, and as much again on either side where values are."""
    places = np.log(found) if log else found
    inner = places[1:-1]  # the first and the last are the outermost values
    span = float(np.ptp(inner)) or float(np.ptp(places))
    low = max(float(places[0]), float(inner[0]) - span) - MARGIN * span
    high = min(float(places[-1]), float(inner[-1]) + span) + MARGIN * span
    return (math.exp(low), math.exp(high)) if log else (low, high)


def _draw_counts(axes: Axes, panel: FitPanel) -> None:
    frame = panel.frame
    axes.bar(frame["at"], frame["found"], color=ACCENT, width=0.8, alpha=0.6)
    axes.plot(frame["at"], frame["expected"], "o", color=INK, markersize=4)
    axes.set_xlabel(wrapped(f"count; dots: {panel.fit.best['family']}", TITLE_CHARACTERS), fontsize=LETTERING)
    axes.set_ylabel("share of rows", fontsize=LETTERING)
    axes.xaxis.set_major_locator(MaxNLocator(TICKS, integer=True))
    percent_axis(axes)
