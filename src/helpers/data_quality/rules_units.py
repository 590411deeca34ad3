"""Amounts with their units written behind them, in one unit or in several."""

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from helpers.data_quality.amounts import KNOWN_UNITS, WITH_UNIT, are_amounts, unit_of
from helpers.data_quality.context import Context, looked_at
from helpers.data_quality.phrases import counted, named
from helpers.data_quality.rule import Outcome, not_applicable, passed, rule
from helpers.findings import Severity
from helpers.tables.table import Kind, Table
from helpers.wording import count, joined

FEWEST_ROWS = 3
UNITS_AT_MOST = 6
# Most columns are ruled out by their first levels at little cost.
FIRST_LEVELS = 100


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
