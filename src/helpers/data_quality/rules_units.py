"""Amounts in different units in one column: written beside the number, or only seen in its size."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from helpers.data_quality.amounts import KNOWN_UNITS, WITH_UNIT, are_amounts, unit_of
from helpers.data_quality.context import Context, looked_at
from helpers.data_quality.phrases import counted, named, written
from helpers.data_quality.rule import Outcome, not_applicable, passed, rule
from helpers.findings import Severity
from helpers.tables.table import Kind, Table
from helpers.wording import count, joined, number, percent

FEWEST_ROWS = 3
UNITS_AT_MOST = 6
# Most columns are ruled out by their first levels at little cost.
FIRST_LEVELS = 100
# The factors between units that people mix.
FACTORS: Mapping[float, str] = MappingProxyType(
    {
        2.20462: "kg and lb",
        1.60934: "miles and km",
        2.54: "inches and cm",
        3.28084: "m and ft",
        12.0: "feet and inches, or years and months",
        25.4: "inches and mm",
        28.3495: "ounces and g",
        60.0: "minutes and seconds, or hours and minutes",
        100.0: "m and cm, or shares and percentages",
        1000.0: "thousands",
        453.592: "pounds and g",
        3600.0: "hours and seconds",
        1_000_000.0: "millions",
    }
)  # fmt: skip
FEWEST_VALUES = 50
FEWEST_APART = 5
SHARE_APART = 0.005
# Of the width of the larger part on the scale of logarithms: its central 99 %.
GAP = 0.25
RATIO_ERROR = 0.05
ERRORS = 2.0
SAME_SPREAD = 2.0


@rule("Q134", "mixed_units")
def units_as_text(table: Table, context: Context) -> list[Outcome]:
    """Find columns of words that are amounts with their units, worst of all with several: 5 kg, 11 lb."""
    words = [c for c in looked_at(table) if c.kind in (Kind.CATEGORY, Kind.TEXT, Kind.IDENTIFIER)]
    if not words:
        return [not_applicable("There is no column of words that could hold amounts with their units.")]
    found = {column.name: units for column in words if (units := _units(context.sizes[column.name]))}
    if not found:
        return [passed(f"No column of words ({count(len(words), 'column')}) holds amounts with their units.")]
    several = {name: units for name, units in found.items() if len(units) > 1}
    one = {name: next(iter(units)) for name, units in found.items() if len(units) == 1}
    return [*([_several_outcome(several)] if several else []), *([_one_outcome(one)] if one else [])]


def _one_outcome(found: Mapping[str, str]) -> Outcome:
    first = next(iter(found))
    return Outcome(
        Severity.NOTE,
        f"{counted(len(found), 'column', 'holds', 'hold')} amounts with their unit behind them, read as "
        f"words: {named(list(found))}; in {named([first])} the unit is '{found[first]}'.",
        plain="Amounts are written together with their unit, so that they count as words.",
        remedy="Write the numbers alone in the table: as words their order and distance are lost.",
        columns=tuple(found),
        evidence=tuple({"column": name, "unit": unit} for name, unit in found.items()),
    )


def _several_outcome(found: Mapping[str, Mapping[str, int]]) -> Outcome:
    first = next(iter(found))
    shares = [f"'{unit}' ({rows:,})" for unit, rows in found[first].items()]
    return Outcome(
        Severity.WARN,
        f"{counted(len(found), 'column', 'holds', 'hold')} amounts in several units, read as words: "
        f"{named(list(found))}. In {named([first])} the units are {joined(shares)}.",
        plain="Amounts are written in different units within one column, so that they cannot be compared.",
        remedy="Bring them to one unit in the table; as words their order and distance are lost.",
        columns=tuple(found),
        evidence=tuple(
            {"column": name, "unit": unit, "rows": rows}
            for name, units in found.items()
            for unit, rows in units.items()
        ),
    )


def _units(sizes: pd.Series) -> dict[str, int]:
    """Return the units with their rows, the most frequent first; empty unless nearly all are such amounts."""
    if not are_amounts(sizes.index[:FIRST_LEVELS]):
        return {}
    rows: Counter[str] = Counter()
    for level, size in zip(sizes.index, sizes, strict=True):
        rows[unit_of(level)] += int(size)
    without = rows.pop("", 0)
    units = {unit: size for unit, size in rows.most_common() if size >= FEWEST_ROWS or unit in KNOWN_UNITS}
    enough = sum(units.values()) >= WITH_UNIT * (rows.total() + without)
    return units if enough and len(units) <= UNITS_AT_MOST else {}


@dataclass(frozen=True)
class Shifted:
    """A part of a column's values that looks like the rest in another unit."""

    column: str
    rows: int
    factor: float
    units: str
    low: float
    high: float
    rest_low: float
    rest_high: float


@rule("Q135", "mixed_units")
def silent_units(table: Table, _context: Context) -> Outcome:
    """Find numbers of which a part, apart from the rest, is of the same shape by a known factor away."""
    numbers = [column for column in looked_at(table) if column.kind is Kind.NUMBER]
    if not any(table.frame[column.name].count() >= FEWEST_VALUES for column in numbers):
        return not_applicable(f"No column of numbers has at least {FEWEST_VALUES} values.")
    found = [
        shifted
        for column in numbers
        if (shifted := shifted_part(table.frame[column.name], column.name)) is not None
    ]
    if not found:
        return passed(
            f"In none of {count(len(numbers), 'column')} does a part look like the rest in another unit."
        )
    first = max(found, key=lambda each: each.rows)
    names = [each.column for each in found]
    return Outcome(
        Severity.WARN,
        f"{counted(len(names), 'column', 'seems', 'seem')} to mix units: {named(names)}. In "
        f"{named([first.column])} {count(first.rows, 'row')} from {number(first.low)} to "
        f"{number(first.high)} stand apart from the rest ({number(first.rest_low)} to "
        f"{number(first.rest_high)}) by a factor of about {number(first.factor)}, as {first.units} do.",
        plain="A part of the numbers in a column seems to be in another unit than the rest.",
        remedy="If they are, bring them to one unit in the table; or take them out: "
        f"{written({'clean': {'limits': _limits(found)}})}.",
        columns=tuple(names),
        evidence=tuple(
            {
                "column": each.column,
                "rows": each.rows,
                "share": percent(each.rows / max(1, int(table.frame[each.column].count())), digits=1),
                "factor": number(each.factor),
                "units": each.units,
            }
            for each in found
        ),
    )


def _limits(found: list[Shifted]) -> dict[str, list[float | None]]:
    limits: dict[str, list[float | None]] = defaultdict(lambda: [None, None])
    for each in found:
        limits[each.column] = [each.rest_low, each.rest_high]
    return dict(limits)


def shifted_part(values: pd.Series, name: str) -> Shifted | None:
    """Return the smaller of two parts of positive numbers whose medians are a known factor apart.

    The parts are separated by a gap on the scale of logarithms and about equally wide on it.
    """
    known = values.dropna().to_numpy(float)
    if len(known) < FEWEST_VALUES or known.min() <= 0 or not np.isfinite(known).all():
        return None
    logs = np.log(np.sort(known))
    fewest = max(FEWEST_APART, int(np.ceil(SHARE_APART * len(logs))))
    if len(logs) < 2 * fewest:
        return None
    steps = np.diff(logs)[fewest - 1 : len(logs) - fewest]
    cut = int(np.argmax(steps)) + fewest
    lower, upper = logs[:cut], logs[cut:]
    large, small = (lower, upper) if len(lower) >= len(upper) else (upper, lower)
    width = float(np.subtract(*np.quantile(large, [0.995, 0.005])))
    if width <= 0 or steps.max() < GAP * width:
        return None
    factor = _factor(large, small)
    if factor is None:
        return None
    ends = [float(np.exp(end)) for end in (small[0], small[-1], large[0], large[-1])]
    return Shifted(name, len(small), factor, FACTORS[factor], *ends)


def _factor(large: np.ndarray, small: np.ndarray) -> float | None:
    """Return the known factor that lies between both medians, if both parts are equally wide."""
    spread_large, spread_small = (
        float(np.subtract(*np.quantile(part, [0.75, 0.25]))) for part in (large, small)
    )
    if spread_large <= 0 or not 1 / SAME_SPREAD <= spread_small / spread_large <= SAME_SPREAD:
        return None
    distance = abs(float(np.median(large) - np.median(small)))
    error = 1.25 * spread_large / 1.35 * np.sqrt(1 / len(large) + 1 / len(small))
    allowed = min(max(RATIO_ERROR, ERRORS * error), 3 * RATIO_ERROR)
    nearest = min(FACTORS, key=lambda factor: abs(np.log(factor) - distance))
    return nearest if abs(np.log(nearest) - distance) <= allowed else None
