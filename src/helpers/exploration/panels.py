"""What one small figure shows of a variable, as a table: its distribution, or the target along it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.exploration.describe import QUANTILES, heavy_tail
from helpers.exploration.effects import cut
from helpers.exploration.readings import range_text, value_text
from helpers.exploration.views import OTHER, View, view
from helpers.intervals import wilson
from helpers.metrics import Task
from helpers.tables.sample import NORMAL_95
from helpers.tables.table import Column, Kind, Table

LEVELS_DRAWN = 10
FEW_VALUES = 12
FEWEST_BINS, MOST_BINS = 8, 30
PARTS_DRAWN = 8
CLASSES_DRAWN = 6
# From this share of equal target values on, medians would hide most of what differs, and means are drawn.
MANY_EQUAL = 0.1
OUTER = (0.01, 0.99)
# How many times wider the whole range may be than its inner 98 % before the outer 1 % on each side is left
# out; a million rows of a normal distribution make it 2.1 times as wide.
STRETCHED = 4.0
# Beyond it a float has no halves, so that bins cannot end between two whole numbers.
EXACT_WHOLE = 2.0**52


class Scale(StrEnum):
    """How a variable's axis is drawn."""

    LEVELS = "levels"
    LINEAR = "linear"
    LOG = "log"
    INNER = "inner"  # linear, without the outer 1 % on each side
    DATE = "date"


@dataclass(frozen=True)
class Panel:
    """One small figure's content.

    Attributes
    ----------
    column : Column
        The variable.
    scale : Scale
        How its axis is drawn.
    frame : pandas.DataFrame
        Of a distribution: ``label``, ``from``, ``to``, ``rows``, ``share``. Of a relation: ``label``,
        ``middle``, ``rows``, ``series``, ``value``, ``low``, ``high``: the share of the class ``series``, or
        the target's median or mean, in that part of the variable, with a 95 % interval.
    """

    column: Column
    scale: Scale
    frame: pd.DataFrame


def distribution(column: Column, values: pd.Series) -> Panel | None:
    """Return how the column's values are distributed, or None where it has no two different values.

    Levels and numbers with at most 12 values become bars, of which the 10 longest are kept and the others
    counted together; other numbers become at most 30 bins, by the rule of Freedman and Diaconis (1981),
    with edges between whole numbers where all are whole.
    """
    found = view(column, values)
    if found.unusable:
        return None
    present = found.rows(found.present)
    scale = axis_scale(column, present)
    if scale is Scale.LEVELS:
        codes, labels = _parts(column, present, scale)
        rows = np.bincount(codes, minlength=len(labels))
        frame = pd.DataFrame({"label": labels, "from": np.nan, "to": np.nan, "rows": rows})
    else:
        edges = _edges(present.data, scale)
        rows = np.histogram(present.data, bins=edges)[0]
        labels = [_bin_text(column, low, high) for low, high in pairwise(edges)]
        frame = pd.DataFrame({"label": labels, "from": edges[:-1], "to": edges[1:], "rows": rows})
    frame["share"] = frame["rows"] / len(present.data)
    return Panel(column, scale, frame)


def relation(table: Table, column: Column) -> Panel | None:
    """Return the target along the column, or None where the column has no two different values.

    Numbers are cut into at most 8 parts of equal size. For two classes the series is the positive one, for
    several the 6 most frequent in the table's order, for a regression the median, or the mean where a tenth
    of the target's values or more are equal.
    """
    found = view(column, table.frame[column.name])
    if found.unusable:
        return None
    known = found.present
    present = found.rows(known)
    if present.unusable:
        return None
    scale = axis_scale(column, present)
    # Parts hold every row, so nothing is left out along the axis.
    scale = Scale.LINEAR if scale is Scale.INNER else scale
    codes, labels = _parts(column, present, scale)
    y = table.y.to_numpy()[known]
    frame = _centres(table, y, codes) if table.task is Task.REGRESSION else _class_shares(table, y, codes)
    frame.insert(0, "label", [labels[code] for code in frame["part"]])
    numbers = (
        present.data if present.numbers is not None and scale is not Scale.LEVELS else codes.astype(float)
    )
    middles = pd.Series(numbers).groupby(codes).median()
    frame.insert(1, "middle", frame.pop("part").map(middles))
    return Panel(column, scale, frame)


def axis_scale(column: Column, present: View) -> Scale:
    """Return how the axis of the values, none missing, is drawn."""
    if present.numbers is None or (column.kind is Kind.NUMBER and len(np.unique(present.data)) <= FEW_VALUES):
        return Scale.LEVELS
    if column.kind is Kind.DATE:
        return Scale.DATE
    quantiles = dict(zip(QUANTILES, map(float, np.quantile(present.data, QUANTILES)), strict=True))
    tail, inner = heavy_tail(quantiles), quantiles[OUTER[1]] - quantiles[OUTER[0]]
    low, high = float(present.data.min()), float(present.data.max())
    if tail == "upper" and low > 0:
        return Scale.LOG
    stretched = high / inner - low / inner > STRETCHED if inner > 0 else False
    return Scale.INNER if inner > 0 and (tail or stretched) else Scale.LINEAR


def _parts(column: Column, present: View, scale: Scale) -> tuple[np.ndarray, list[str]]:
    """Return the part of each row, and the parts' names."""
    if present.numbers is None:
        return _longest(present)
    if scale is Scale.LEVELS:
        numbers, codes = np.unique(present.data, return_inverse=True)
        return codes, [value_text(column, number) for number in numbers]
    codes = cut(present.data, PARTS_DRAWN)
    ends = pd.Series(present.data).groupby(codes).agg(["min", "max"])
    return codes, [range_text(column, low, high) for low, high in ends.itertuples(index=False)]


def _longest(present: View) -> tuple[np.ndarray, list[str]]:
    """Return the codes with only the 10 most frequent levels apart, the rest as one."""
    levels = list(present.levels)
    if len(levels) <= LEVELS_DRAWN + 1:
        return present.data, levels
    return np.minimum(present.data, LEVELS_DRAWN), [*levels[:LEVELS_DRAWN], OTHER]


def _edges(numbers: np.ndarray, scale: Scale) -> np.ndarray:
    if scale is Scale.INNER:
        low, high = np.quantile(numbers, OUTER)
        numbers = numbers[(numbers >= low) & (numbers <= high)]
    if scale is Scale.LOG:
        return np.asarray(10.0 ** _even_edges(np.log10(numbers)))
    edges = _even_edges(numbers)
    return _between_whole(edges) if np.all(numbers == np.round(numbers)) else edges


def _even_edges(numbers: np.ndarray) -> np.ndarray:
    low, high = float(numbers.min()), float(numbers.max())
    quarter = float(np.subtract(*np.quantile(numbers, [0.75, 0.25])))
    width = 2 * quarter / len(numbers) ** (1 / 3)
    bins = round((high - low) / width) if width > (high - low) / MOST_BINS else MOST_BINS
    return np.linspace(low, high, max(FEWEST_BINS, min(MOST_BINS, bins)) + 1)


def _between_whole(edges: np.ndarray) -> np.ndarray:
    """Return edges between whole numbers that give every bin equally many of them."""
    low, high = np.round(edges[0]), np.round(edges[-1])
    if max(abs(low), abs(high)) > EXACT_WHOLE:
        return edges
    step = max(1.0, np.ceil((high - low + 1) / (len(edges) - 1)))
    return np.arange(low - 0.5, high + step, step)


def _bin_text(column: Column, low: float, high: float) -> str:
    """Name a bin by its ends, or by the whole numbers that it holds where it ends between two."""
    if low % 1 == 0.5 and high % 1 == 0.5:
        return range_text(column, low + 0.5, high - 0.5)
    return range_text(column, low, high)


def _class_shares(table: Table, y: np.ndarray, codes: np.ndarray) -> pd.DataFrame:
    if table.task is Task.BINARY and table.positive is not None:
        drawn = [table.positive]
    else:
        sizes = pd.Series(y).astype(str).value_counts()
        common = sorted(sizes.index, key=lambda name: (-sizes[name], name))[:CLASSES_DRAWN]
        drawn = [name for name in table.classes if name in common]
    rows = np.bincount(codes)
    parts = np.flatnonzero(rows)
    pieces = []
    for name in drawn:
        hits = np.bincount(codes, weights=(y == name).astype(float))[parts]
        low, high = wilson(hits, rows[parts])
        content = {"part": parts, "rows": rows[parts], "series": name, "value": hits / rows[parts]}
        pieces.append(pd.DataFrame({**content, "low": low, "high": high}))
    return pd.concat(pieces, ignore_index=True)


def _centres(table: Table, y: np.ndarray, codes: np.ndarray) -> pd.DataFrame:
    """Return the target's median or mean in each part with its interval."""
    sizes = pd.Series(table.y).value_counts()
    by_mean = sizes.iloc[0] >= MANY_EQUAL * len(table)
    rows = []
    for part in np.unique(codes):
        values = np.sort(y[codes == part].astype(float))
        centre = _mean(values) if by_mean else _median(values)
        rows.append((part, len(values), "mean" if by_mean else "median", *centre))
    return pd.DataFrame(rows, columns=["part", "rows", "series", "value", "low", "high"])


def _mean(ordered: np.ndarray) -> tuple[float, float, float]:
    mean = float(ordered.mean())
    half = NORMAL_95 * float(ordered.std(ddof=1)) / np.sqrt(len(ordered)) if len(ordered) > 1 else 0.0
    return mean, mean - half, mean + half


def _median(ordered: np.ndarray) -> tuple[float, float, float]:
    """Return the median with the interval between the order statistics that hold it with 95 %."""
    half = NORMAL_95 * np.sqrt(len(ordered)) / 2
    first = int(max(0, np.floor(len(ordered) / 2 - half)))
    last = int(min(len(ordered) - 1, np.ceil(len(ordered) / 2 + half)))
    return float(np.median(ordered)), float(ordered[first]), float(ordered[last])


def stacked(panels: Sequence[Panel]) -> pd.DataFrame:
    """Return the panels' tables below each other, with the column's name first."""
    return (
        pd.concat([panel.frame.assign(column=panel.column.name) for panel in panels], ignore_index=True)
        .set_index("column")
        .reset_index()
    )
