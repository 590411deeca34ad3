"""The target's distribution: how many rows of each class, or how a number spreads."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.metrics import Task
from helpers.style import ACCENT, BAD, INK, SOFT, house_style, new_figure
from helpers.tables.table import Table
from helpers.visualisation.bins import Bins, sensible_bins
from helpers.visualisation.classes import Look, ShownClasses, shown_classes
from helpers.visualisation.figures import LINE_HEIGHT, halo, headline, level, name, plain_ticks, share_ticks
from helpers.visualisation.picture import Picture
from helpers.visualisation.words import far_words, spoken
from helpers.wording import count, joined, number, percent

MARKED = (0.05, 0.25, 0.5, 0.75, 0.95)


def target_picture(table: Table) -> Picture:
    """Return the figure of the target, of all rows."""
    return _number_picture(table) if table.task is Task.REGRESSION else _class_picture(table)


def class_counts(shown: ShownClasses) -> pd.DataFrame:
    """Count the rows of each class.

    Returns
    -------
    pandas.DataFrame
        One row a class, the most common first, the gathered rest last: ``class``, ``rows``, ``share`` (of all
        rows, 0 to 1).
    """
    rows = shown.labels.value_counts().reindex(list(shown.order), fill_value=0)
    frame = pd.DataFrame(
        {"class": rows.index, "rows": rows.to_numpy(), "share": rows.to_numpy() / rows.sum()}
    )
    return frame.assign(rest=frame["class"] == shown.rest).sort_values(
        ["rest", "rows"], ascending=[True, False], kind="stable", ignore_index=True
    )[["class", "rows", "share"]]


def draw_class_counts(counts: pd.DataFrame, *, title: str, looks: dict[str, Look]) -> Figure:
    """Draw a bar a class with its number and share of rows."""
    with house_style():
        figure, axes = new_figure(height=1.5 + LINE_HEIGHT * len(counts))
        for place, row in enumerate(counts.to_dict("records")):
            text = f"  {row['rows']:,} · {percent(row['share'])}"
            axes.barh(place, row["rows"], height=0.68, color=looks[row["class"]].colour)
            axes.text(row["rows"], place, text, va="center", color=INK)
        axes.set_yticks(range(len(counts)), [level(text) for text in counts["class"]])
        axes.tick_params(axis="y", labelcolor=INK, length=0)
        axes.set_ylim(len(counts) - 0.45, -0.55)
        axes.set_xlim(0, counts["rows"].max() * 1.32)
        plain_ticks(axes.xaxis)
        axes.set_xlabel("rows")
        axes.grid(False, axis="y")
        axes.spines["left"].set_visible(False)
        headline(figure, title)
    return figure


def quantile_table(values: pd.Series) -> pd.DataFrame:
    """Return the quantiles at every hundredth, from 0 to 1: ``share`` (of rows at or below) and ``value``."""
    shares = np.arange(101) / 100
    return pd.DataFrame({"share": shares, "value": np.quantile(values.to_numpy(dtype=float), shares)})


def histogram(values: np.ndarray, bins: Bins) -> pd.DataFrame:
    """Count values in bins: ``low``, ``high``, ``rows``; values outside the bins are in none."""
    return pd.DataFrame({"low": bins.edges[:-1], "high": bins.edges[1:], "rows": bins.counts(values)})


def draw_distribution(
    bars: pd.DataFrame, quantiles: pd.DataFrame, *, title: str, axis: str, log: bool
) -> Figure:
    """Draw a histogram, and under it the share of rows at or below each value with five quantiles marked."""
    with house_style():
        figure, (upper, lower) = new_figure(2, 1, height=5.6, sharex=True, height_ratios=[1.15, 1])
        widths = bars["high"] - bars["low"]
        upper.bar(
            bars["low"],
            bars["rows"],
            width=widths,
            align="edge",
            color=ACCENT,
            edgecolor="white",
            linewidth=0.6,
        )
        plain_ticks(upper.yaxis, most=4)
        upper.set_ylabel("rows")
        upper.grid(False, axis="x")
        _draw_cumulative(lower, quantiles)
        lower.set_xlabel(axis)
        plain_ticks(lower.xaxis, log=log)
        span = (bars["low"].iloc[0], bars["high"].iloc[-1])
        margin = 0 if log else (span[1] - span[0]) * 0.02
        lower.set_xlim(span[0] - margin, span[1] + margin)
        middle = float(quantiles.loc[quantiles["share"] == 0.5, "value"].iloc[0])
        for axes in (upper, lower):
            axes.axvline(middle, color=BAD, linewidth=1.6, linestyle="--")
        upper.set_ylim(0, bars["rows"].max() * 1.2)
        upper.annotate(
            f" median {number(middle)}", (middle, 1), xycoords=("data", "axes fraction"), va="top",
            color=BAD, fontweight="bold", path_effects=halo(),
        )  # fmt: skip
        headline(figure, title)
    return figure


def _draw_cumulative(axes: Axes, quantiles: pd.DataFrame) -> None:
    axes.plot(quantiles["value"], quantiles["share"], color=ACCENT)
    marked = quantiles[quantiles["share"].isin(MARKED)]
    axes.plot(marked["value"], marked["share"], "o", color=INK, markersize=6)
    for share, value in marked.drop_duplicates("value").to_numpy():
        left = share > 0.5
        axes.annotate(
            number(value), (value, share), xytext=(-7 if left else 7, 4 if left else -4),
            textcoords="offset points", ha="right" if left else "left", va="bottom" if left else "top",
            color=INK, path_effects=halo(),
        )  # fmt: skip
    axes.set_ylim(-0.16, 1.12)
    share_ticks(axes.yaxis)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_ylabel("rows at or below")
    axes.tick_params(axis="y", labelcolor=SOFT)


def class_alt(counts: pd.DataFrame, *, target: str) -> str:
    """Say how many rows each class has."""
    parts = [
        f"{level(row['class'])} {row['rows']:,} ({percent(row['share'])})"
        for row in counts.to_dict("records")
    ]
    rows = count(int(counts["rows"].sum()), "row")
    return f"Bars: how {rows} fall into the classes of {spoken(target)}: {joined(parts)}."


def number_alt(quantiles: pd.DataFrame, *, target: str, rows: int) -> str:
    """Say where the middle of the target lies, its middle half and nine tenths."""
    low, lower, middle, upper, high = _marked(quantiles)
    return (
        f"Histogram and cumulative shares of {spoken(target)} over {count(rows, 'row')}: the median is "
        f"{middle}, the middle half lies between {lower} and {upper}, and nine of ten rows between {low} and "
        f"{high}."
    )


def _class_picture(table: Table) -> Picture:
    shown = shown_classes(table)
    counts = class_counts(shown)
    common, share = level(counts["class"][0]), percent(counts["share"][0])
    caption = (
        f"Whoever always answers {common} is right in {share} of the rows; a model must do better than that."
    )
    title = f"{common} is the most common answer: {share} of the rows"
    figure = draw_class_counts(counts, title=title, looks=shown.looks)
    return Picture("03_target", figure, counts, class_alt(counts, target=table.target.title), caption)


def _number_picture(table: Table) -> Picture:
    values = table.y.to_numpy(dtype=float)
    bins = sensible_bins(values)
    bars, quantiles = histogram(values, bins), quantile_table(table.y)
    _, lower, _, upper, _ = _marked(quantiles)
    title = f"{name(table.target.label)}: half of the rows lie between {lower} and {upper}"
    scale = " The horizontal axis is logarithmic." if bins.log else ""
    caption = (
        "Above: how many rows have about this value. Below: the share of rows at or below it, with the 5 %, "
        f"25 %, 50 %, 75 % and 95 % quantiles marked.{scale}{far_words(bins.outside(values))}"
    )
    figure = draw_distribution(bars, quantiles, title=title, axis=name(table.target.title), log=bins.log)
    alt = number_alt(quantiles, target=table.target.title, rows=len(table))
    return Picture("03_target", figure, bars, alt, caption, {"03_target_quantiles": quantiles})


def _marked(quantiles: pd.DataFrame) -> list[str]:
    return [number(float(value)) for value in quantiles.loc[quantiles["share"].isin(MARKED), "value"]]
