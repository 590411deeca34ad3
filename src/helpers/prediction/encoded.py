"""Rows as numbers that say how usual each value is: to flag unlike rows, and for widths of intervals."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from helpers.prediction.contract import as_numbers
from helpers.tables.table import Kind

Floats = NDArray[np.float64]

# Points of a column's distribution that are kept.
KNOTS = 256
# Levels of a column that are known by name; all others count as one that was never seen.
MOST_LEVELS = 5_000


@dataclass(frozen=True)
class NumberCode:
    """A column of numbers, dates or lengths of texts.

    Attributes
    ----------
    name : str
        The column.
    kind : Kind
        What it holds.
    knots, scores : float arrays
        Values in ascending order, and the normal score of each: where it stands in the distribution.
    step : float
        By how much a value outside must differ from the end for one more standard deviation.
    missing_share : float
        Share of rows without a value.
    """

    name: str
    kind: Kind
    knots: Floats
    scores: Floats
    step: float
    missing_share: float

    def z(self, values: pd.Series) -> Floats:
        """Return each value's normal score, beyond the ends in equal steps, NaN where it is missing."""
        numbers = _measured(values, self.kind)
        if not len(self.knots):
            return np.full(len(numbers), np.nan)
        inside = np.interp(numbers, self.knots, self.scores)
        below = np.minimum(numbers - self.knots[0], 0.0)
        above = np.maximum(numbers - self.knots[-1], 0.0)
        return np.asarray(inside + (below + above) / self.step)


@dataclass(frozen=True)
class LevelCode:
    """A column of categories: its levels, and the share of each among the rows that have a value."""

    name: str
    levels: tuple[str, ...]
    shares: Floats
    rows: int
    missing_share: float

    def shares_of(self, values: pd.Series) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the share of each value's level (1 where it is missing), and whether it was never seen."""
        codes, found = pd.factorize(values, use_na_sentinel=True)
        places = pd.Index(self.levels, dtype=object).get_indexer(pd.Index(found, dtype=object).astype(object))
        known = np.append(
            np.where(places < 0, 0.5 / (self.rows + 1), np.append(self.shares, 1.0)[places]), 1.0
        )
        return known[codes], np.append(places < 0, False)[codes]


@dataclass(frozen=True)
class Encoded:
    """Rows as numbers.

    Attributes
    ----------
    z : float array, rows × number columns
        Normal scores; 0, the middle, where there is no value.
    surprise : float array
        A row: −2 log of the shares of its levels and of its gaps, summed.
    unseen : bool array, rows × columns
        Whether the level was never seen, or a value is missing where none ever was.
    features : float array, rows × columns
        Normal scores with NaN, and shares: what a model of the errors' size can read.
    """

    z: Floats
    surprise: Floats
    unseen: NDArray[np.bool_]
    features: Floats


@dataclass(frozen=True)
class Encoding:
    """How usual each value of each column is, learnt from rows."""

    numbers: tuple[NumberCode, ...]
    levels: tuple[LevelCode, ...]

    @property
    def names(self) -> list[str]:
        """The columns in the order of `Encoded.unseen` and of `Encoded.features`."""
        return [*(code.name for code in self.numbers), *(code.name for code in self.levels)]

    def encode(self, frame: pd.DataFrame) -> Encoded:
        """Return the rows as numbers; the frame holds the columns typed as the table's."""
        rows = len(frame)
        scores = [code.z(frame[code.name]) for code in self.numbers]
        gaps = [np.isnan(score) for score in scores]
        shares, unseen = [], []
        surprise = np.zeros(rows)
        for code, gap in zip(self.numbers, gaps, strict=True):
            surprise += _gap_surprise(gap, code.missing_share)
            unseen.append(gap & (code.missing_share == 0))
        for level in self.levels:
            gap = frame[level.name].isna().to_numpy()
            share, new = level.shares_of(frame[level.name])
            surprise += _gap_surprise(gap, level.missing_share) - 2 * np.log(share)
            unseen.append(new | (gap & (level.missing_share == 0)))
            shares.append(np.where(gap, np.nan, share))
        z = np.column_stack(scores) if scores else np.zeros((rows, 0))
        features = np.column_stack([z, *shares]) if shares else z
        never = np.column_stack(unseen) if unseen else np.zeros((rows, 0), dtype=bool)
        return Encoded(np.nan_to_num(z, nan=0.0), surprise, never, features)

    def to_plain(self) -> dict[str, Any]:
        """Return what `from_plain` reads: texts, numbers, lists and arrays."""
        return {
            "numbers": [{**vars(code), "kind": code.kind.value} for code in self.numbers],
            "levels": [
                # One text: a list would be stored text by text, and an array as wide as the longest.
                {**vars(code), "levels": json.dumps(code.levels)}
                for code in self.levels
            ],
        }

    @classmethod
    def from_plain(cls, content: Mapping[str, Any]) -> "Encoding":
        """Return what `to_plain` gave."""
        numbers = [NumberCode(**{**code, "kind": Kind(code["kind"])}) for code in content["numbers"]]
        levels = [
            LevelCode(**{**code, "levels": tuple(json.loads(code["levels"]))}) for code in content["levels"]
        ]
        return cls(tuple(numbers), tuple(levels))


def learn_encoding(frame: pd.DataFrame, kinds: Mapping[str, Kind | str]) -> Encoding:
    """Return how usual each value is among the rows.

    Parameters
    ----------
    frame : pandas.DataFrame
        Typed values, as `Table.X` holds them.
    kinds : mapping of str to Kind
        The columns to learn, with their kinds. Of texts only the length is looked at.
    """
    numbers, levels = [], []
    for name, kind in kinds.items():
        if Kind(kind) is Kind.CATEGORY:
            levels.append(_level_code(frame[name], name))
        else:
            numbers.append(_number_code(frame[name], name, Kind(kind)))
    return Encoding(tuple(numbers), tuple(levels))


def _number_code(values: pd.Series, name: str, kind: Kind) -> NumberCode:
    measured = _measured(values, kind)
    known = np.sort(measured[np.isfinite(measured)])
    missing = 1 - len(known) / max(len(measured), 1)
    if not len(known):
        return NumberCode(name, kind, known, known, 1.0, missing)
    knots, first, often = np.unique(known, return_index=True, return_counts=True)
    # Equal values share the middle of their ranks.
    scores = norm.ppf((first + often / 2) / len(known))
    if len(knots) > KNOTS:
        kept = np.unique(np.linspace(0, len(knots) - 1, KNOTS).round().astype(int))
        knots, scores = knots[kept], scores[kept]
    return NumberCode(name, kind, knots, np.asarray(scores), _step(knots, scores), missing)


def _step(knots: Floats, scores: Floats) -> float:
    """Return how many units of the column are one standard deviation, taken over its whole range."""
    spread, width = float(scores[-1] - scores[0]), float(knots[-1] - knots[0])
    return width / spread if width > 0 and spread > 0 else max(abs(float(knots[0])), 1.0) / 10


def _level_code(values: pd.Series, name: str) -> LevelCode:
    counted = values.value_counts()
    counted = counted[counted > 0]
    ranked: Sequence[tuple[Any, int]] = sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    kept = ranked[:MOST_LEVELS]
    rows = int(counted.sum())
    shares = np.array([times / rows for _, times in kept], dtype=np.float64)
    missing = 1 - rows / max(len(values), 1)
    return LevelCode(name, tuple(str(level) for level, _ in kept), shares, rows, missing)


def _measured(values: pd.Series, kind: Kind) -> Floats:
    if kind is Kind.TEXT:
        lengths = values.str.len().to_numpy(dtype=np.float64, na_value=np.nan)
        return np.asarray(np.log1p(lengths))
    return np.asarray(as_numbers(values), dtype=np.float64)


def _gap_surprise(gap: NDArray[np.bool_], missing_share: float) -> Floats:
    """Return −2 log of how usual it is that the value is missing, or that it is there; never a log of 0."""
    least = 1e-4
    shares = np.clip([1 - missing_share, missing_share], least, 1.0)
    return np.asarray(-2 * np.log(shares)[gap.astype(int)])
