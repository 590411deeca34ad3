"""Values: some far from all others, some piled up at the end of a column's range."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data_quality.coding import distinct
from helpers.data_quality.context import Context, looked_at
from helpers.data_quality.probe import as_numbers
from helpers.data_quality.rule import Outcome, named, not_applicable, passed, rule, written
from helpers.findings import Severity
from helpers.tables.table import Column, Kind, Table
from helpers.wording import count, number, percent

FEWEST_VALUES = 50
BULK = 0.99
GAP = 1.0
FEW_SHARE = 0.02
SKEWED = 4.0
CAPPED_SHARE = 0.01
CAPPED_ROWS = 10
CAPPED_DISTINCT = 50
CAPPED_TIMES = 10


@dataclass(frozen=True)
class Isolated:
    """The values at one end of a column that stand apart from all others."""

    column: str
    rows: int
    nearest: float
    farthest: float
    bulk_low: float
    bulk_high: float


@rule("Q131", "outlier")
def outlier(table: Table, context: Context) -> list[Outcome]:
    """Find values that a wide gap separates from all others; long tails without a gap are no outliers."""
    columns = [column for column in looked_at(table) if column.kind in (Kind.NUMBER, Kind.DATE)]
    enough = [column for column in columns if table.frame[column.name].notna().sum() >= FEWEST_VALUES]
    if not enough:
        return [not_applicable(f"No column of numbers or dates has at least {FEWEST_VALUES} values.")]
    markers = {marker.column for marker in context.markers}
    found = [
        (column, apart)
        for column in enough
        if column.name not in markers
        for apart in isolated_values(table.frame[column.name], column)
    ]
    target = [pair for pair in found if pair[0].name == table.target.name]
    others = [pair for pair in found if pair[0].name != table.target.name]
    outcomes = []
    if target:
        outcomes.append(_outlier_outcome(target, table, Severity.WARN, "the target"))
    if others:
        names = dict.fromkeys(column.name for column, _ in others)
        outcomes.append(_outlier_outcome(others, table, Severity.NOTE, count(len(names), "feature")))
    return outcomes or [
        passed(f"In none of {count(len(enough), 'column')} do values stand apart from all others.")
    ]


def isolated_values(values: pd.Series, column: Column) -> list[Isolated]:
    """Return the values at either end that stand apart from the rest.

    At most 2 % of the values, beyond a gap at least as wide as the range of the central 99 %. In a skewed
    column of positive numbers the gap must be as wide on the scale of logarithms as well.
    """
    numbers = as_numbers(values.dropna())
    numbers = np.sort(numbers[np.isfinite(numbers)])
    if len(numbers) < FEWEST_VALUES:
        return []
    found = []
    for sign in (1.0, -1.0):
        ends = _beyond_gap(np.sort(sign * numbers))
        if ends is not None and _still_apart_in_logarithms(numbers, ends, sign):
            tail, rest = np.split(np.sort(sign * numbers)[::-1] * sign, [ends])
            low, high = np.quantile(rest, [(1 - BULK) / 2, (1 + BULK) / 2])
            found.append(
                Isolated(column.name, ends, float(tail[-1]), float(tail[0]), float(low), float(high))
            )
    return found


def _beyond_gap(ordered: np.ndarray) -> int | None:
    """Return how many of the highest values lie beyond the gap, None where there is no gap."""
    most = max(1, int(FEW_SHARE * len(ordered)))
    kept = ordered[: len(ordered) - most]
    low, high = np.quantile(kept, [(1 - BULK) / 2, (1 + BULK) / 2])
    if high <= low:
        return None
    gaps = np.diff(ordered[-most - 1 :])
    wide = np.flatnonzero(gaps >= GAP * (high - low))
    return int(most - wide[0]) if len(wide) else None


def _still_apart_in_logarithms(numbers: np.ndarray, ends: int, sign: float) -> bool:
    rest = numbers[:-ends] if sign > 0 else numbers[ends:]
    low, middle, high = np.quantile(rest, [0.01, 0.5, 0.99])
    skewed = (high - middle) > SKEWED * (middle - low)
    if sign < 0 or not skewed:
        return True
    if numbers[0] < 0:
        return False
    logarithms = np.log1p(numbers)
    return _beyond_gap(logarithms) is not None


def _outlier_outcome(
    found: list[tuple[Column, Isolated]], table: Table, severity: Severity, where: str
) -> Outcome:
    found = sorted(found, key=lambda pair: -_distance(pair[1]))
    names = list(dict.fromkeys(column.name for column, _ in found))
    # A list of its own for each, or YAML would write references.
    limits = {name: ["lowest", "highest"] for name in names}
    column, first = found[0]
    values = table.frame[column.name]
    return Outcome(
        severity,
        f"Values of {where} stand far apart from all others, for instance {_shown(values, first.farthest)} "
        f"in {named([column.name])}, where {percent(BULK)} of the rest lie between "
        f"{_shown(values, first.bulk_low)} and "
        f"{_shown(values, first.bulk_high)}.",
        plain="A few values are far from all others and may be mistakes.",
        remedy="Find out whether they are real. If not, set limits: "
        f"{written({'clean': {'limits': limits}})}.",
        columns=tuple(names),
        evidence=tuple(
            {
                "column": column.name,
                "rows": apart.rows,
                "farthest": _shown(table.frame[column.name], apart.farthest),
                f"{percent(BULK)} from": _shown(table.frame[column.name], apart.bulk_low),
                "to": _shown(table.frame[column.name], apart.bulk_high),
            }
            for column, apart in found
        ),
    )


def _distance(apart: Isolated) -> float:
    """Return how far out the farthest value is, in widths of the bulk."""
    width = apart.bulk_high - apart.bulk_low
    beyond = max(apart.farthest - apart.bulk_high, apart.bulk_low - apart.farthest)
    return beyond / width if width > 0 else np.inf


def _shown(values: pd.Series, value: float) -> str:
    """Return a number, or for a column of dates the day that it stands for."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return str((values.min() + pd.Timedelta(seconds=value)).date())
    return number(value)


@rule("Q132", "capped_value")
def capped_value(table: Table, context: Context) -> list[Outcome]:
    """Find columns whose values pile up at the end of their range, as if everything beyond were cut off."""
    columns = [column for column in looked_at(table) if column.kind is Kind.NUMBER]
    markers = {marker.column for marker in context.markers}
    enough = [
        column
        for column in columns
        if distinct(context.codes[column.name]) >= CAPPED_DISTINCT and column.name not in markers
    ]
    if not enough:
        return [not_applicable(f"No column has at least {CAPPED_DISTINCT} different numbers.")]
    rows = [
        row
        for column in enough
        for row in _piles(table.frame[column.name], column.name, distinct(context.codes[column.name]))
    ]
    target = [row for row in rows if row["column"] == table.target.name]
    others = [row for row in rows if row["column"] != table.target.name]
    outcomes = []
    for found, severity in ((target, Severity.WARN), (others, Severity.NOTE)):
        if found:
            names = list(dict.fromkeys(str(row["column"]) for row in found))
            outcomes.append(
                Outcome(
                    severity,
                    f"Values pile up at the end of the range of {named(names)}, for instance "
                    f"{percent(float(found[0]['share']), digits=1)} at {number(float(found[0]['value']))}: "
                    "values beyond may have been cut off.",
                    plain="Values beyond a limit seem to have been recorded as the limit itself.",
                    remedy="A model learns the limit, not what lies beyond it. Find out how it came about.",
                    columns=tuple(names),
                    evidence=tuple(found),
                )
            )
    return outcomes or [passed(f"In none of {count(len(enough), 'column')} do values pile up at an end.")]


def _piles(values: pd.Series, name: str, levels: int) -> list[dict[str, str | float | int]]:
    """Return the ends at which values pile up; zero as the lowest value is no cap but 'nothing'."""
    known = values.dropna().to_numpy(float)
    usual = len(known) / levels
    rows: list[dict[str, str | float | int]] = []
    for end, value in (("lowest", float(known.min())), ("highest", float(known.max()))):
        if end == "lowest" and value == 0:
            continue
        size = int((known == value).sum())
        share = size / len(known)
        if size >= CAPPED_ROWS and share >= CAPPED_SHARE and size >= CAPPED_TIMES * usual:
            rows.append({"column": name, "end": end, "value": value, "rows": size, "share": share})
    return rows
