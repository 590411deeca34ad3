"""Columns that tell when: dates, moments counted from 1970, years; and whether the file is in their order."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.tables.table import Kind, Table

EPOCH_DISTINCT = 50
# Seconds since 1970: from 1990 to 2050; milliseconds are a thousand times as many.
EPOCH_LOW, EPOCH_HIGH = 631_152_000, 2_524_608_000
EPOCH_UNITS: Mapping[int, str] = {1: "seconds", 1_000: "milliseconds"}
FIRST_YEAR, LAST_YEAR = 1900, 2100
FEWEST_YEARS = 4
# Of the years between the first and the last at least this share occurs: numbers such as prices have gaps.
YEARS_PRESENT = 0.5


@dataclass(frozen=True)
class TimeCandidate:
    """A column that tells when.

    Attributes
    ----------
    column : str
        Its name.
    unit : str
        What it counts: seconds or milliseconds since 1970, years; empty for dates.
    """

    column: str
    unit: str = ""


def time_candidates(table: Table) -> list[TimeCandidate]:
    """Return the features that hold dates, then those whose numbers read as moments or years."""
    dates = [TimeCandidate(column.name) for column in table.features if column.kind is Kind.DATE]
    numbers = [column.name for column in table.features if column.kind is Kind.NUMBER]
    units = {name: epoch_unit(table.frame[name]) or year_unit(table.frame[name]) for name in numbers}
    return [*dates, *(TimeCandidate(name, unit) for name, unit in units.items() if unit)]


def epoch_unit(values: pd.Series) -> str:
    """Return the unit if the numbers read as moments counted from 1970, else an empty text."""
    known = values.dropna()
    for factor, unit in EPOCH_UNITS.items():
        if known.empty or known.min() < factor * EPOCH_LOW or known.max() > factor * EPOCH_HIGH:
            continue
        if (known == known.round()).all() and known.nunique() >= EPOCH_DISTINCT:
            return f"{unit} since 1970"
    return ""


def year_unit(values: pd.Series) -> str:
    """Return 'years' if the numbers read as years, with few gaps between the first and the last."""
    known = values.dropna()
    if known.empty or known.min() < FIRST_YEAR or known.max() > LAST_YEAR:
        return ""
    different = np.unique(known.to_numpy(float))
    if len(different) < FEWEST_YEARS or (different != np.rint(different)).any():
        return ""
    return "years" if len(different) >= YEARS_PRESENT * (different[-1] - different[0] + 1) else ""


def is_in_order(table: Table, name: str) -> bool:
    """Return whether the rows of the file are in the order of the column, earliest or latest first."""
    values = table.frame[name].dropna()
    return bool(values.is_monotonic_increasing or values.is_monotonic_decreasing)
