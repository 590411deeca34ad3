"""An effect in words: which way it goes, and between which levels."""

import numpy as np
import pandas as pd

from helpers.exploration.measures import AUC, CRAMER, SPEARMAN, Effect
from helpers.exploration.views import View, counts
from helpers.style import short
from helpers.tables.table import Column, Kind
from helpers.wording import number, percent

NAME_CHARACTERS = 30
FEWEST_ROWS_OF_A_LEVEL = 5

Seen = tuple[Column, View]


def reading(effect: Effect, one: Seen, other: Seen) -> str:
    """Return what the effect says, in one short clause.

    Parameters
    ----------
    effect : Effect
        The effect of the two.
    one, other : tuple of Column and View
        The column compared and the one compared with, both views without missing values.
    """
    if effect.measure == SPEARMAN:
        return _direction(effect, other[0])
    if effect.measure == CRAMER:
        return _shares(one[1], other[1])
    numbers, levels = (one, other) if one[1].numbers is not None else (other, one)
    if effect.measure == AUC:
        return _pairs(effect, numbers[0], levels[1])
    return _centres(numbers, levels[1])


def name(text: object) -> str:
    """Return a level's name in quotation marks, short."""
    return f"‘{short(text, NAME_CHARACTERS)}’"


def value_text(column: Column, value: float) -> str:
    """Return a value of a column seen as numbers: a date as a date, others with sensible digits and unit."""
    return f"{_bare(column, value)} {_unit(column)}".strip()


def range_text(column: Column, low: float, high: float) -> str:
    """Return the range of values from `low` to `high`, or the one value that they are."""
    if low == high:
        return value_text(column, low)
    return f"{_bare(column, low)} to {_bare(column, high)} {_unit(column)}".strip()


def _bare(column: Column, value: float) -> str:
    if column.kind is Kind.DATE:
        return (pd.Timestamp(0) + pd.Timedelta(days=value)).date().isoformat()
    return number(value)


def _unit(column: Column) -> str:
    if column.kind is Kind.DATE:
        return ""
    return "characters" if column.kind is Kind.TEXT else short(column.unit, 12)


def _direction(effect: Effect, other: Column) -> str:
    if effect.low <= 0 <= effect.high:
        return "no clear direction"
    return f"{'rises' if effect.value > 0 else 'falls'} with {name(other.name)}"


def _pairs(effect: Effect, numbers: Column, levels: View) -> str:
    """Say in how many pairs of rows, one of each level, which has the higher value."""
    if effect.low <= 0.5 <= effect.high:
        return "no clear direction"
    ahead, share = (0, effect.value) if effect.value >= 0.5 else (1, 1 - effect.value)
    what = {Kind.DATE: "later", Kind.TEXT: "longer"}.get(numbers.kind, "higher")
    first, second = name(levels.levels[ahead]), name(levels.levels[1 - ahead])
    return f"{what} for {first} than for {second} in {percent(share)} of pairs"


def _centres(numbers: Seen, levels: View) -> str:
    """Say from where to where the levels' medians go, or their means where all medians are equal."""
    column, found = numbers
    sizes = np.bincount(levels.data)
    usable = np.flatnonzero(sizes >= FEWEST_ROWS_OF_A_LEVEL)
    if len(usable) < 2:
        return "too few rows a level to say which"
    groups = [found.data[levels.data == code] for code in usable]
    what, centres = "median", [float(np.median(group)) for group in groups]
    if min(centres) == max(centres):
        what, centres = "mean", [float(np.mean(group)) for group in groups]
    low, high = int(np.argmin(centres)), int(np.argmax(centres))
    return (
        f"{what} from {value_text(column, centres[low])} ({name(levels.levels[usable[low]])}) "
        f"to {value_text(column, centres[high])} ({name(levels.levels[usable[high]])})"
    )


def _shares(one: View, other: View) -> str:
    """Say where the shares differ: from lowest to highest for two classes, else the most striking pair."""
    table = counts(one, other)
    usable = np.flatnonzero(table.sum(axis=1) >= FEWEST_ROWS_OF_A_LEVEL)
    if len(usable) < 2:
        return "too few rows a level to say which"
    shares = table[usable] / table[usable].sum(axis=1, keepdims=True)
    levels = [one.levels[code] for code in usable]
    if len(other.levels) == 2:
        low, high = int(np.argmin(shares[:, 0])), int(np.argmax(shares[:, 0]))
        return (
            f"share of {name(other.levels[0])} from {percent(shares[low, 0])} ({name(levels[low])}) "
            f"to {percent(shares[high, 0])} ({name(levels[high])})"
        )
    overall = table.sum(axis=0) / table.sum()
    surprise = (shares - overall) * np.sqrt(table[usable].sum(axis=1, keepdims=True) / overall)
    row, column = np.unravel_index(int(np.argmax(surprise)), surprise.shape)
    return (
        f"{name(other.levels[column])} is {percent(shares[row, column])} of {name(levels[row])}, "
        f"{percent(overall[column])} of all"
    )
