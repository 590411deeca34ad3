"""Numbers of which a part is in another unit than the rest, as only their size shows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from helpers.data_quality.context import Context, looked_at
from helpers.data_quality.phrases import counted, named, written
from helpers.data_quality.rule import Outcome, not_applicable, passed, rule
from helpers.data_quality.unit_mixtures import Mixture, two_peaks
from helpers.findings import Severity
from helpers.tables.table import Kind, Table
from helpers.wording import count, number, percent

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
def silent_units(table: Table, context: Context) -> list[Outcome]:
    """Find numbers of which a part is of the same shape by a known factor away."""
    numbers = [column for column in looked_at(table) if column.kind is Kind.NUMBER]
    if not any(table.frame[column.name].count() >= FEWEST_VALUES for column in numbers):
        return [not_applicable(f"No column of numbers has at least {FEWEST_VALUES} values.")]
    found = [
        shifted
        for column in numbers
        if (shifted := shifted_part(table.frame[column.name], column.name)) is not None
    ]
    apart = {each.column for each in found}
    peaks = {
        column.name: (peak, factor)
        for column in numbers
        if column.name not in apart
        and (peak := two_peaks(table.frame[column.name], seed=context.seed)) is not None
        and (factor := _factor_of(peak)) is not None
    }
    outcomes = [
        *([_apart_outcome(found, table)] if found else []),
        *([_peaks_outcome(peaks)] if peaks else []),
    ]
    return outcomes or [
        passed(f"In none of {count(len(numbers), 'column')} does a part look like the rest in another unit.")
    ]


def _factor_of(peak: Mixture) -> float | None:
    """Return the known factor that lies between two peaks, if one does."""
    error = peak.spread / np.sqrt(peak.rows_small)
    return _nearest_factor(np.log(peak.factor), error)


def _peaks_outcome(found: Mapping[str, tuple[Mixture, float]]) -> Outcome:
    name, (peak, factor) = max(found.items(), key=lambda each: each[1][0].rows_small)
    return Outcome(
        Severity.NOTE,
        f"{count(len(found), 'column')} may mix units: {named(list(found))}. In {named([name])} "
        f"about {count(peak.rows_small, 'row')} gather around {number(peak.middle_small)}, the others around "
        f"{number(peak.middle_large)}: a factor of about {number(factor)}, as between {FACTORS[factor]}.",
        plain="A part of the numbers in a column may be in another unit than the rest.",
        remedy="Two kinds of things can look the same. If it is two units, bring them to one in the table.",
        columns=tuple(found),
        evidence=tuple(
            {"column": column, "rows, about": each.rows_small, "around": number(each.middle_small),
             "others around": number(each.middle_large), "units": FACTORS[near]}
            for column, (each, near) in found.items()
        ),
    )  # fmt: skip


def _apart_outcome(found: list[Shifted], table: Table) -> Outcome:
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
    return _nearest_factor(distance, error)


def _nearest_factor(distance: float, error: float) -> float | None:
    """Return the known factor whose logarithm is this distance, within its error."""
    allowed = min(max(RATIO_ERROR, ERRORS * error), 3 * RATIO_ERROR)
    nearest = min(FACTORS, key=lambda factor: abs(np.log(factor) - distance))
    return nearest if abs(np.log(nearest) - distance) <= allowed else None
