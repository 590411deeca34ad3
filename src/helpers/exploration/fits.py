"""Which known distribution a column's numbers follow, and how far they are from it at most.

The family is chosen by BIC among those whose support holds the values. How well it fits is said by a
distance, never by a p-value: with many rows every p is tiny, and with estimated parameters the usual one is
wrong. The distance is Kolmogorov and Smirnov's D: at no point is the share of values below it further than D
from the share that the fitted distribution has there. The inequality of Dvoretzky, Kiefer and Wolfowitz, with
Massart's (1990) constant, bounds it for the rows that the values were drawn from, whatever was estimated.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from helpers.exploration.families import (
    BOUNDED,
    BY_NAME,
    COUNTS,
    FAMILIES,
    KNOWN,
    POSITIVE,
    REAL,
    SHARES,
    Family,
)
from helpers.exploration.humps import why_none
from helpers.exploration.views import finite
from helpers.tables.table import Column, Kind, Role, Table

COLUMNS_FITTED = 20
FIT_ROWS = 10_000
FEWEST_VALUES = 50
FEWEST_DISTINCT = 5
# Shares that are at most so far apart at any point: the fit is close, or rough; beyond, none fits.
CLOSE, ROUGH = 0.025, 0.05
# log(2 / 0.05) / 2: with 95 % the shares of n rows are within √(this / n) of those of all rows like them.
MASSART = math.log(2 / 0.05) / 2
# Whole numbers that spread less are counts, and no distribution without steps can stand for them.
WIDEST_COUNTS = 5.0
LARGEST_COUNT = 1e5
# Positive numbers that spread less, as a share of their mean, are as well described without their start at 0.
NARROWEST_POSITIVE = 0.1
STEPS = (1000.0, 100.0, 10.0, 1.0, 0.1, 0.01, 0.001)
ON_GRID = 1e-6
ROWS_A_VALUE = 5
# Beyond these sizes, squares of the values are no longer numbers.
SMALLEST_SIZE, LARGEST_SIZE = 1e-100, 1e100
REFITS = 99
CHANCE = 0.95
ALL, ABOVE_ZERO = "all values", "values above 0"

CANDIDATE_COLUMNS = ("family", "parameters", "log-likelihood", "AIC", "BIC", "distance")


class Verdict(StrEnum):
    """How well the best family fits."""

    CLOSE = "fits closely"
    ROUGH = "fits roughly"
    TOO_FEW = "too few rows to tell"
    NONE = "none fits"
    NOT_FITTED = "not fitted"


@dataclass(frozen=True)
class Fit:
    """What came of comparing a column with the known distributions.

    Attributes
    ----------
    column : Column
        The column.
    verdict : Verdict
        How well the best family fits; `NOT_FITTED` where `why` says why nothing was fitted.
    why : str
        Why none fits, where the values show it, or why nothing was fitted.
    part : str
        `ALL` or `ABOVE_ZERO`: which values were fitted.
    part_share : float
        Their share of the values present, 0 to 1.
    values : numpy.ndarray
        The values fitted, at most `FIT_ROWS`.
    drawn : bool
        Whether the values were drawn from more.
    step : float
        The step that all values are multiples of; 0 where there is none.
    candidates : pandas.DataFrame
        One row a family, the best (smallest BIC) first. Columns: `CANDIDATE_COLUMNS`.
    """

    column: Column
    verdict: Verdict
    why: str = ""
    part: str = ALL
    part_share: float = 1.0
    values: np.ndarray = field(default_factory=lambda: np.empty(0))
    drawn: bool = False
    step: float = 0.0
    candidates: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CANDIDATE_COLUMNS)))

    @property
    def fits(self) -> bool:
        """Whether the best family fits closely or roughly."""
        return self.verdict in (Verdict.CLOSE, Verdict.ROUGH)

    @property
    def best(self) -> dict[str, Any]:
        """The best candidate's row."""
        return {str(key): value for key, value in self.candidates.iloc[0].items()}

    @property
    def family(self) -> Family:
        """The best family."""
        return BY_NAME[self.best["family"]]

    @property
    def frozen(self) -> Any:
        """The best family with its parameters, as scipy's distribution."""
        return self.family.frozen(self.best["parameters"])

    @property
    def distance(self) -> float:
        """The best family's D on the rows fitted, 0 to 1."""
        return float(self.best["distance"])

    @property
    def at_most(self) -> float:
        """The end of the 95 % interval for the distance over all rows like these, at most 1."""
        return min(1.0, self.distance + math.sqrt(MASSART / len(self.values)))


def fits(table: Table, names: Sequence[str], *, seed: int) -> tuple[list[Fit], int]:
    """Return the fit of the first 20 number columns among those named, and how many were left out.

    Parameters
    ----------
    table : Table
        The rows. Missing and infinite values are left out; of more than 10,000 values, so many are drawn.
    names : sequence of str
        The columns in order of importance. Only numbers that are features or the target are fitted.
    seed : int
        For the drawing and for the simulated tables.
    """
    columns = [table.columns[name] for name in names]
    wanted = [
        column
        for column in columns
        if column.kind is Kind.NUMBER and column.role in (Role.FEATURE, Role.TARGET)
    ]
    found = [fit(column, table.frame[column.name], seed=seed) for column in wanted[:COLUMNS_FITTED]]
    return found, max(0, len(wanted) - COLUMNS_FITTED)


def fit(column: Column, values: pd.Series, *, seed: int) -> Fit:
    """Return which known distribution the column's numbers follow.

    Where none fits and the lowest value is 0, the values above 0 are tried for themselves.
    """
    numbers = finite(values)
    numbers = numbers[~np.isnan(numbers)]
    drawn = len(numbers) > FIT_ROWS
    if drawn:
        numbers = np.random.default_rng(seed).choice(numbers, FIT_ROWS, replace=False)
    if len(numbers) < FEWEST_VALUES:
        return Fit(column, Verdict.NOT_FITTED, f"fewer than {FEWEST_VALUES} values")
    if len(np.unique(numbers)) < FEWEST_DISTINCT:
        return Fit(column, Verdict.NOT_FITTED, f"fewer than {FEWEST_DISTINCT} different values")
    if not SMALLEST_SIZE <= np.abs(numbers).max() <= LARGEST_SIZE:
        return Fit(column, Verdict.NOT_FITTED, "values too large or too small to compute with")
    whole = _fit(column, numbers, seed=seed)
    above = numbers[numbers > 0]
    if whole.verdict is Verdict.NONE and numbers.min() == 0 and len(above) >= FEWEST_VALUES:
        part = _fit(column, above, seed=seed)
        if part.fits:
            share = len(above) / len(numbers)
            return replace(part, part=ABOVE_ZERO, part_share=share, drawn=drawn)
    return replace(whole, drawn=drawn)


def grid_step(values: np.ndarray) -> float:
    """Return the largest power of ten, from 1000 down to 0.001, that all values are multiples of; else 0."""
    for step in STEPS:
        places = values / step
        if np.all(np.abs(places - np.round(places)) <= ON_GRID):
            return step
    return 0.0


def distance(values: np.ndarray, frozen: Any, *, discrete: bool) -> float:
    """Return Kolmogorov and Smirnov's D between the values and a distribution, 0 to 1.

    Values that repeat stand for all that is rounded to them, so that a smooth distribution is read between
    them and their neighbours; a discrete one is read at them and one before.
    """
    found, rows = np.unique(values, return_counts=True)
    share = np.cumsum(rows) / len(values)
    below, above = (found - 1, found) if discrete else rounding(values)
    over = np.abs(frozen.cdf(above) - share)
    under = np.abs(frozen.cdf(below) - (share - rows / len(values)))
    return float(max(over.max(), under.max()))


def rounding(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return from where to where each different value, in rising order, may have been rounded.

    Multiples of a power of ten reach half a step to either side. Others reach halfway to their neighbours
    where each stands for 5 rows or more on average, and only to themselves where it does not.
    """
    found = np.unique(values)
    step = grid_step(found)
    if step or len(found) * ROWS_A_VALUE > len(values):
        return found - step / 2, found + step / 2
    halves = np.diff(found) / 2
    return found - np.append(halves[0], halves), found + np.append(halves, halves[-1])


def _fit(column: Column, numbers: np.ndarray, *, seed: int) -> Fit:
    step = grid_step(numbers)
    with np.errstate(all="ignore"):  # a family that overflows on these values is dropped below
        rows = [row for family in _able(numbers, step) if (row := _candidate(family, numbers))]
    candidates = pd.DataFrame(rows, columns=list(CANDIDATE_COLUMNS))
    candidates = candidates.sort_values("BIC", kind="stable", ignore_index=True)
    best = Fit(column, Verdict.CLOSE, values=numbers, step=step, candidates=candidates)
    verdict = _verdict(best, seed=seed)
    return replace(best, verdict=verdict, why=why_none(numbers) if verdict is Verdict.NONE else "")


def _able(values: np.ndarray, step: float) -> list[Family]:
    """Return the families whose support holds the values."""
    low, high = float(values.min()), float(values.max())
    whole = step >= 1
    supports = {COUNTS} if whole and low >= 0 and high <= LARGEST_COUNT else set()
    # Of counts that spread little, a smooth distribution would be read between its few steps.
    # Where half of the values or more are one value, a smooth one would only be very narrow.
    narrow = np.subtract(*np.quantile(values, (0.75, 0.25))) == 0
    smooth = not narrow and not (supports and values.std() < WIDEST_COUNTS)
    if smooth and low > 0 and values.std() >= NARROWEST_POSITIVE * values.mean():
        supports |= {POSITIVE, SHARES} if high < 1 else {POSITIVE}
    return [
        family
        for family in FAMILIES
        if family.support in supports or family.support == BOUNDED or (smooth and family.support == REAL)
    ]


def _candidate(family: Family, values: np.ndarray) -> dict[str, Any] | None:
    """Return a family's row, or None where its likelihood has no maximum for these values."""
    try:
        parameters = family.fit(_widened(values) if family.support == BOUNDED else values)
        frozen = family.frozen(parameters)
        density = frozen.logpmf(values) if family.discrete else frozen.logpdf(values)
    except (ValueError, ArithmeticError, RuntimeError):
        return None
    likelihood, free = float(np.sum(density)), len(parameters) - (KNOWN in parameters)
    apart = distance(values, frozen, discrete=family.discrete)
    if not (math.isfinite(likelihood) and math.isfinite(apart)):
        return None
    aic, bic = 2 * free - 2 * likelihood, free * math.log(len(values)) - 2 * likelihood
    cells = (family.name, parameters, likelihood, aic, bic, apart)
    return dict(zip(CANDIDATE_COLUMNS, cells, strict=True))


def _widened(values: np.ndarray) -> np.ndarray:
    """Return the values with the ends that what is rounded to the outermost of them can have."""
    below, above = rounding(values)
    return np.append(values, (below[0], above[-1]))


def _verdict(best: Fit, *, seed: int) -> Verdict:
    if best.distance <= CLOSE:
        return Verdict.CLOSE
    if best.distance <= ROUGH:
        return Verdict.ROUGH
    # With estimated parameters the distances that chance makes are smaller than with known ones (Anderson
    # 1955, of Gaussian processes with a smaller covariance): beyond the bound for those no table is drawn.
    if best.distance > math.sqrt(MASSART / len(best.values)):
        return Verdict.NONE
    return Verdict.TOO_FEW if _is_chance(best, seed=seed) else Verdict.NONE


def _is_chance(best: Fit, *, seed: int) -> bool:
    """Return whether more than 5 % of tables drawn from the fitted family, and refitted, are as far from it.

    A parametric bootstrap, since the parameters are estimated; it ends as soon as the answer is known.
    """
    generator = np.random.default_rng(seed)
    reached = 0
    for _ in range(REFITS):
        drawn = np.asarray(best.frozen.rvs(len(best.values), random_state=generator), dtype=float)
        if best.step and not best.family.discrete:
            drawn = np.round(drawn / best.step) * best.step
        with np.errstate(all="ignore"):
            row = _candidate(best.family, drawn)
        reached += row is not None and row["distance"] >= best.distance
        if reached > (1 - CHANCE) * REFITS:
            return True
    return False
