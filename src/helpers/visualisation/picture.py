"""A figure with all that belongs to it: its table, its alternative text, its caption."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from helpers.display import show_figure

if TYPE_CHECKING:
    from helpers.session import Session


@dataclass(frozen=True)
class Picture:
    """One figure, ready to be shown and stored.

    Attributes
    ----------
    name : str
        The name under which its table is stored, for instance ``03_target``.
    figure : matplotlib.figure.Figure
        The figure, titled.
    table : pandas.DataFrame
        What the figure is drawn from.
    alt : str
        What the figure shows, with numbers, for those who cannot see it.
    caption : str
        How to read it, and which rows it leaves out.
    more : mapping of str to pandas.DataFrame
        Further tables of the figure, by the name under which they are stored.
    """

    name: str
    figure: Figure
    table: pd.DataFrame
    alt: str
    caption: str
    more: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def show_picture(picture: Picture, *, run: "Session", anchor: str = "") -> None:
    """Show the picture, close its figure, and store its tables with the run."""
    show_figure(picture.figure, alt=picture.alt, caption=picture.caption, anchor=anchor)
    run.save_table(picture.name, picture.table)
    for name, table in picture.more.items():
        run.save_table(name, table)
