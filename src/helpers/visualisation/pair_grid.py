"""Two features and the target as a grid of cells: for categories, and where points would cover each other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from helpers.metrics import Task
from helpers.style import house_style, new_figure
from helpers.tables.table import Table
from helpers.visualisation.bins import sensible_bins
from helpers.visualisation.classes import shown_classes
from helpers.visualisation.clouds import add_scale, value_norm
from helpers.visualisation.drawable import Drawable, Form
from helpers.visualisation.feature_axis import groups, positions, prepare_axis
from helpers.visualisation.figures import cell_scale, cross_labels, headline, level, name, value_scale
from helpers.visualisation.words import spoken
from helpers.wording import count, number, percent

FINE_BINS = 18
CELL_ROWS = 5  # a cell with fewer rows stays blank


@dataclass(frozen=True)
class Shown:
    """What the cells' colour tells: the share of a class, or the median of a number.

    Attributes
    ----------
    series : pandas.Series
        1 and 0 for the class and the others, or the target's values.
    label : str
        The name of the class, or of the target.
    is_share : bool
        Whether it is the share of a class.
    """

    series: pd.Series
    label: str
    is_share: bool

    @property
    def title(self) -> str:
        """What the scale of colours says."""
        return f"share of {self.label}" if self.is_share else f"median {self.label}"

    def text(self, value: float) -> str:
        """Return a cell's value as text."""
        return percent(value) if self.is_share else number(value)


def shown_value(part: Table, first: Drawable, second: Drawable) -> Shown:
    """Return what the cells show; of more than two classes the one that the two features divide most."""
    if part.task is Task.REGRESSION:
        return Shown(part.y.astype(float), name(part.target.title), is_share=False)
    classes = shown_classes(part)
    indicators = {text: (classes.labels == text).astype(float) for text in classes.order}
    chosen = (
        classes.lead
        if len(classes.order) <= 2
        else most_divided(indicators, groups(first)[0], groups(second)[0])
    )
    return Shown(indicators[chosen], level(chosen), is_share=True)


def most_divided(indicators: Mapping[str, pd.Series], down: pd.Series, across: pd.Series) -> str:
    """Return the class whose share differs most over the cells; the first of equals."""
    keys = [down.fillna(-1).to_numpy(), across.fillna(-1).to_numpy()]
    spreads = {
        text: float(values.groupby(keys).transform("mean").var()) for text, values in indicators.items()
    }
    return max(spreads, key=lambda text: spreads[text])


def cells(down: pd.Series, across: pd.Series, shown: Shown) -> pd.DataFrame:
    """Summarise the target in each cell of two groupings.

    Parameters
    ----------
    down, across : pandas.Series
        Each row's group as a number; rows where one is missing are left out.

    Returns
    -------
    pandas.DataFrame
        One row a cell that holds rows: ``down``, ``across`` (whole numbers), ``rows``, ``value`` (share or
        median; missing where fewer than `CELL_ROWS` rows stand behind it).
    """
    frame = pd.DataFrame({"down": down, "across": across, "value": shown.series}).dropna()
    found = frame.astype({"down": int, "across": int}).groupby(["down", "across"])["value"]
    value = found.mean() if shown.is_share else found.median()
    table = pd.DataFrame({"rows": found.size(), "value": value}).reset_index()
    return table.assign(value=table["value"].where(table["rows"] >= CELL_ROWS))


def fine_grid(first: Drawable, second: Drawable, shown: Shown, *, title: str) -> tuple[Figure, pd.DataFrame]:
    """Draw two numbers, or dates, as a fine grid; return the figure and its table.

    The table has a row a cell: ``x_from``, ``x_to``, ``y_from``, ``y_to``, ``rows``, ``value``.
    """
    x, y = positions(first), positions(second)
    across, up = (sensible_bins(places.dropna().to_numpy(), most=FINE_BINS) for places in (x, y))
    table = cells(_bin_of(y, up.edges), _bin_of(x, across.edges), shown)
    matrix = np.full((len(up.edges) - 1, len(across.edges) - 1), np.nan)
    matrix[table["down"], table["across"]] = table["value"]
    with house_style():
        figure, axes = new_figure(height=5.2)
        scale = None if shown.is_share else value_norm(shown.series.to_numpy(dtype=float))
        mesh = axes.pcolormesh(
            across.edges, up.edges, matrix, cmap=value_scale(), norm=scale, edgecolor="white", linewidth=0.5
        )
        prepare_axis(axes, first, x.dropna(), across=True, log=across.log)
        prepare_axis(axes, second, y.dropna(), across=False, log=up.log)
        axes.grid(False)
        add_scale(axes, mesh, label=shown.title, open_ended=not shown.is_share)
        headline(figure, title)
    edges = {
        "x_from": across.edges[table["across"]], "x_to": across.edges[table["across"] + 1],
        "y_from": up.edges[table["down"]], "y_to": up.edges[table["down"] + 1],
    }  # fmt: skip
    return figure, pd.DataFrame(edges).join(table[["rows", "value"]])


def labelled_grid(
    first: Drawable, second: Drawable, shown: Shown, *, title: str
) -> tuple[Figure, pd.DataFrame]:
    """Draw two features, some of categories, as a grid with each cell's value; return figure and table.

    The table has a row a cell: ``down``, ``across`` (the groups' names), ``rows``, ``value``.
    """
    wide, tall = first, second
    if wide.form is Form.CATEGORY and tall.form is not Form.CATEGORY:
        wide, tall = tall, wide  # names of categories have more room at the left
    (down, lines), (across, columns) = groups(tall), groups(wide)
    table = cells(down, across, shown)
    matrix = np.full((len(lines), len(columns)), np.nan)
    matrix[table["down"], table["across"]] = table["value"]
    filled = matrix[~np.isnan(matrix)]
    limits = (filled.min(), filled.max()) if len(filled) else (0.0, 1.0)
    texts = [["" if np.isnan(value) else shown.text(value) for value in line] for line in matrix]
    with house_style():
        figure, axes = new_figure(height=2.6 + 0.46 * len(lines))
        sns.heatmap(
            matrix, ax=axes, annot=np.array(texts), fmt="", cmap=cell_scale(), linewidths=1.5, cbar=False,
            vmin=limits[0], vmax=limits[1],
            xticklabels=[level(text) for text in columns], yticklabels=[level(text) for text in lines],
        )  # fmt: skip
        cross_labels(axes, [level(text) for text in columns])
        axes.set_xlabel(name(wide.title))
        axes.set_ylabel(name(tall.title))
        headline(figure, title)
    named = {
        "down": [lines[code] for code in table["down"]],
        "across": [columns[code] for code in table["across"]],
    }
    return figure, table.assign(**named)


def grid_alt(table: pd.DataFrame, first: Drawable, second: Drawable, shown: Shown) -> str:
    """Say between which values the cells lie."""
    start = (
        f"Grid of {spoken(first.title)} and {spoken(second.title)} in {count(len(table), 'cell')}: "
        f"{shown.title}"
    )
    solid = table["value"].dropna()
    if solid.empty:
        return f"{start}; no cell has {CELL_ROWS} rows, so none is coloured."
    return f"{start}, from {shown.text(solid.min())} to {shown.text(solid.max())}."


def grid_caption(shown: Shown, *, fine: bool) -> str:
    """Say how to read the grid."""
    what = f"of its rows that are {shown.label}" if shown.is_share else "of the target over its rows"
    measure = "share" if shown.is_share else "median"
    more = "lighter" if fine else "darker"
    return (
        f"Each cell shows the {measure} {what}, {more} for more; cells with fewer than {CELL_ROWS} rows stay "
        "blank."
    )


def _bin_of(places: pd.Series, edges: np.ndarray) -> pd.Series:
    codes = np.searchsorted(edges, places.to_numpy(), side="right") - 1.0
    codes[places.to_numpy() == edges[-1]] = len(edges) - 2
    return pd.Series(codes, index=places.index).where(places.between(edges[0], edges[-1]))
