"""A dot a line, with its interval: the one form for shares, medians and scores side by side."""

import pandas as pd
from matplotlib.figure import Figure

from helpers.style import ACCENT, INK, MID, SOFT, house_style, new_figure
from helpers.visualisation.figures import LINE_HEIGHT, halo, headline, plain_ticks, share_ticks
from helpers.visualisation.words import share_text
from helpers.wording import number, percent


def draw_dots(
    lines: pd.DataFrame,
    *,
    title: str,
    across: str,
    up: str,
    shares: bool,
    limits: tuple[float, float],
    overall: float | None = None,
) -> Figure:
    """Draw a dot with its interval on each line, and its value as text.

    Parameters
    ----------
    lines : pandas.DataFrame
        One row a line, from the top: ``label``, ``value``, ``low``, ``high`` (the interval); where there
        are ``lower`` and ``upper``, a wide bar between them; where there is ``certain``, lines without it are
        grey.
    title, across, up : str
        The headline and the labels of the axes.
    shares : bool
        Whether the values are shares between 0 and 1.
    limits : tuple of float
        The range of values to draw; room for the texts is added.
    overall : float, optional
        A value to compare with, drawn as a broken line.
    """
    with house_style():
        figure, axes = new_figure(height=1.9 + LINE_HEIGHT * len(lines))
        if overall is not None:
            axes.axvline(overall, color=MID, linestyle="--", linewidth=1.6)
            axes.annotate(
                f"all rows {percent(overall) if shares else number(overall)}", (overall, 1),
                xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points", ha="center",
                va="bottom", color=SOFT, annotation_clip=False,
            )  # fmt: skip
        for place, line in enumerate(lines.to_dict("records")):
            colour = ACCENT if line.get("certain", True) else MID
            if "lower" in line:
                axes.hlines(place, line["lower"], line["upper"], color=colour, linewidth=13, alpha=0.2)
            axes.hlines(place, line["low"], line["high"], color=colour, linewidth=4, alpha=0.5)
            face, edge = (colour, "white") if line.get("certain", True) else ("white", MID)
            axes.plot(
                line["value"], place, "o", color=face, markersize=9, markeredgecolor=edge, clip_on=False
            )
            axes.annotate(
                share_text(line["value"]) if shares else number(line["value"]),
                (max(line["high"], line.get("upper", line["high"])), place), xytext=(9, 0),
                textcoords="offset points", va="center", color=INK, path_effects=halo(),
            )  # fmt: skip
        axes.set_yticks(range(len(lines)), list(lines["label"]))
        axes.tick_params(axis="y", labelcolor=INK, length=0, pad=10)
        axes.set_ylim(len(lines) - 0.5, -0.5)
        axes.set_xlim(limits[0], limits[1] + (limits[1] - limits[0]) * 0.15)
        (share_ticks if shares else plain_ticks)(axes.xaxis)
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        axes.grid(False, axis="y")
        axes.spines["left"].set_visible(False)
        headline(figure, title)
    return figure
