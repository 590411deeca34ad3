"""A column seen as numbers or as levels, so that any two columns can be compared."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.tables.table import Column, Kind, Role

LEVELS_COMPARED = 30
SMALLEST_LEVEL = 5
OTHER = "other levels"
NO, YES = "no", "yes"
SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True)
class View:
    """A column's values, one a row, as numbers or as the codes of levels.

    Attributes
    ----------
    numbers : numpy.ndarray of float or None
        NaN where missing; None where the column is seen as levels.
    codes : numpy.ndarray of int or None
        -1 where missing; None where the column is seen as numbers.
    levels : tuple of str
        The names that the codes count.
    how : str
        What was made of the values, for instance ``length in characters``; empty where nothing was.
    unusable : str
        Why nothing can be compared with the column; empty where it can be.
    """

    numbers: np.ndarray | None = None
    codes: np.ndarray | None = None
    levels: tuple[str, ...] = ()
    how: str = ""
    unusable: str = ""

    @property
    def data(self) -> np.ndarray:
        """The numbers or the codes."""
        return self.numbers if self.numbers is not None else np.asarray(self.codes)

    @property
    def present(self) -> np.ndarray:
        """Where there is a value, one truth value a row."""
        return ~np.isnan(self.numbers) if self.numbers is not None else self.data >= 0

    def rows(self, mask: np.ndarray) -> "View":
        """Return the view of only the rows where `mask` is true, without levels that none of them has."""
        if self.numbers is not None:
            return _constant_or(replace(self, numbers=self.numbers[mask]))
        codes = self.data[mask]
        kept = np.unique(codes[codes >= 0])
        place = np.full(len(self.levels) + 1, -1)
        place[kept] = np.arange(len(kept))
        levels = tuple(self.levels[code] for code in kept)
        return _constant_or(replace(self, codes=place[codes], levels=levels))

    def led_by(self, level: str) -> "View":
        """Return the view with `level`, if it has it, counted first."""
        if level not in self.levels:
            return self
        order = sorted(range(len(self.levels)), key=lambda code: self.levels[code] != level)
        place = np.append(np.argsort(order), -1)
        return replace(self, codes=place[self.data], levels=tuple(self.levels[code] for code in order))


def view(column: Column, values: pd.Series) -> View:
    """Return how a column is compared with others.

    Numbers and dates (as days) are seen as numbers, free text by its length, booleans and categories as
    levels. Levels beyond the 30 most frequent count together as one, and so do those of features with
    fewer than 5 rows. A time that is neither number nor date is seen as the order of its values.
    """
    if column.kind is Kind.EMPTY or not values.notna().any():
        return View(unusable="no value")
    if column.role is Role.GROUP or (column.role is Role.TARGET and column.kind is not Kind.NUMBER):
        return _constant_or(_levels(values, smallest=1))
    if column.role is Role.TIME and column.kind not in (Kind.NUMBER, Kind.DATE):
        codes = pd.factorize(values, sort=True)[0].astype(float)
        return _constant_or(View(numbers=np.where(codes < 0, np.nan, codes), how="order of its values"))
    if column.kind is Kind.IDENTIFIER:
        return View(unusable="an identifier")
    if column.kind is Kind.BOOLEAN:
        return _constant_or(_levels(values.map({0.0: NO, 1.0: YES}), smallest=1).led_by(YES))
    if column.kind is Kind.CATEGORY:
        return _constant_or(_levels(values, smallest=SMALLEST_LEVEL))
    return _constant_or(_numbers(column.kind, values))


def finite(values: pd.Series) -> np.ndarray:
    """Return the values as float64 with NaN for what is missing or infinite."""
    numbers = values.to_numpy(dtype=float, na_value=np.nan).copy()
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def days(values: pd.Series) -> np.ndarray:
    """Return dates as days since 1970, NaN where missing."""
    moments = values.dt.tz_localize(None) if values.dt.tz is not None else values
    seconds = moments.to_numpy().astype("datetime64[s]")
    return np.where(np.isnat(seconds), np.nan, seconds.astype("int64") / SECONDS_PER_DAY)


def lengths(values: pd.Series) -> np.ndarray:
    """Return how many characters each text has, NaN where missing."""
    return values.str.len().to_numpy(dtype=float, na_value=np.nan)


def counts(one: View, other: View) -> np.ndarray:
    """Return how many rows have each pair of levels; both views without missing values."""
    width = len(other.levels)
    found = np.bincount(one.data * width + other.data, minlength=len(one.levels) * width)
    return found.reshape(len(one.levels), width)


def _numbers(kind: Kind, values: pd.Series) -> View:
    if kind is Kind.DATE:
        return View(numbers=days(values), how="date in days")
    if kind is Kind.TEXT:
        return View(numbers=lengths(values), how="length in characters")
    return View(numbers=finite(values))


def _levels(values: pd.Series, *, smallest: int) -> View:
    """Return the values as codes, the most frequent level first, names deciding between equals."""
    codes, found = pd.factorize(values)
    names = [str(name) for name in found]
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    order = sorted(range(len(names)), key=lambda code: (-sizes[code], names[code]))
    kept = [code for code in order if sizes[code] >= smallest][:LEVELS_COMPARED]
    # A single level left over keeps its name: pooling it would say nothing less.
    kept = order if len(order) - len(kept) <= 1 and len(order) <= LEVELS_COMPARED + 1 else kept
    if not kept:
        return View(unusable=f"no level with {SMALLEST_LEVEL} rows")
    place = np.full(len(names) + 1, len(kept))
    place[kept] = np.arange(len(kept))
    place[-1] = -1
    pooled = len(order) - len(kept)
    levels = tuple(names[code] for code in kept) + ((OTHER,) if pooled else ())
    how = f"{len(kept)} levels, {pooled:,} others as one" if pooled else ""
    return View(codes=place[codes], levels=levels, how=how)


def _constant_or(found: View) -> View:
    if found.unusable:
        return found
    if found.numbers is not None:
        present = found.numbers[found.present]
        constant = len(present) == 0 or bool(present.min() == present.max())
    else:
        constant = len(found.levels) < 2
    return View(unusable="one value only") if constant else found
