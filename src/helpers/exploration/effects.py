"""Each variable against one other, the target above all: effect, interval, corrected test."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.exploration import measures
from helpers.exploration.measures import Effect
from helpers.exploration.readings import reading
from helpers.exploration.views import View, counts, view
from helpers.multiple import benjamini_hochberg
from helpers.tables.table import Column, Table

FEWEST_ROWS = 10
FALSE_DISCOVERIES = 0.05

# Any shape: numbers are cut into at most so many parts of equal size, fewer where they would be too small.
PARTS = 10
FEWEST_PARTS = 3
ROWS_PER_PART = 20
EXPECTED_PER_CELL = 5
# By how much the cut numbers must tell more than their order before the relation is called not monotone.
SHAPE_GAIN = 0.1

COLUMNS = (
    "column", "label", "kind", "compared as", "measure", "effect", "low", "high", "strength", "strength low",
    "strength high", "any shape", "test", "p", "q", "shape p", "shape q", "rows", "reading", "not compared",
)  # fmt: skip


@dataclass(frozen=True)
class Effects:
    """What every column has to do with one column.

    Attributes
    ----------
    against : Column
        The one that all were compared with.
    frame : pandas.DataFrame
        One row a column, the strongest first, those that could not be compared last. Columns: `COLUMNS`.
        ``strength`` is between 0 and 1 and compares relations of different measures roughly; ``any shape``
        is the strength with numbers cut into parts, which also sees relations that rise and fall; ``q`` and
        ``shape q`` are Benjamini–Hochberg corrected over all tests made here; ``rows`` have both values.
    """

    against: Column
    frame: pd.DataFrame

    @property
    def compared(self) -> pd.DataFrame:
        """The columns that could be compared."""
        return self.frame[self.frame["not compared"] == ""]

    @property
    def related(self) -> pd.DataFrame:
        """The columns with a relation that the corrected tests confirm."""
        return self.compared[self.compared[["q", "shape q"]].min(axis=1) <= FALSE_DISCOVERIES]

    @property
    def unrelated(self) -> pd.DataFrame:
        """The columns that were compared and show no relation."""
        return self.compared.drop(self.related.index)

    @property
    def method(self) -> str:
        """How the relations were tested, as sentences say it: by rank tests, by χ² tests, or by both."""
        by_counts = self.compared["measure"] == measures.CRAMER
        if not by_counts.any():
            return "by rank tests"
        return "by χ² tests" if by_counts.all() else "by rank and χ² tests"

    @property
    def not_monotone(self) -> pd.DataFrame:
        """The columns whose relation is stronger than their order alone tells."""
        frame = self.compared
        gain = frame["any shape"] - frame["strength"]
        return frame[(gain >= SHAPE_GAIN) & (frame["shape q"] <= FALSE_DISCOVERIES)]

    @property
    def ranked(self) -> list[str]:
        """The names of all columns, in the frame's order."""
        return list(self.frame["column"])


def against_target(table: Table, *, seed: int) -> Effects:
    """Return what each feature has to do with the target; see `effects`."""
    return effects(table, table.features, against=table.target, seed=seed)


def effects(table: Table, columns: Sequence[Column], *, against: Column, seed: int) -> Effects:
    """Return what each of the columns has to do with the column `against`.

    Parameters
    ----------
    table : Table
        The rows. Rows in which either value is missing are left out pair by pair.
    columns : sequence of Column
        What to compare.
    against : Column
        What to compare it with.
    seed : int
        For tests by random tables.

    Returns
    -------
    Effects
        Two-level columns with numbers: AUC. Several levels with numbers: rank ε². Numbers with numbers:
        Spearman's ρ. Levels with levels: Cramér's V. Columns with fewer than 10 pairs are not compared.
    """
    other = view(against, table.frame[against.name]).led_by(table.positive or "")
    rows = [_row(table, column, against, other, seed=seed) for column in columns]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    q = benjamini_hochberg(frame[["p", "shape p"]].to_numpy(dtype=float).ravel()).reshape(-1, 2)
    frame["q"], frame["shape q"] = q[:, 0], q[:, 1]
    order = overall_strength(frame).sort_values(ascending=False, kind="stable", na_position="last").index
    return Effects(against, frame.loc[order].reset_index(drop=True))


def overall_strength(frame: pd.DataFrame) -> pd.Series:
    """Return what orders the columns: the larger of ``strength`` and ``any shape``; NaN if not compared."""
    return frame[["strength", "any shape"]].astype(float).max(axis=1)


def pair_effect(one: View, other: View, *, seed: int) -> Effect:
    """Return the effect of two views without missing values, neither of them constant."""
    if one.numbers is not None and other.numbers is not None:
        return measures.rank_correlation(one.numbers, other.numbers)
    if one.numbers is None and other.numbers is None:
        return measures.cramers_v(counts(one, other), seed=seed)
    numbers, levels = (one, other) if one.numbers is not None else (other, one)
    if len(levels.levels) == 2:
        return measures.common_language(numbers.data, levels.data == 0)
    return measures.rank_variance_explained(numbers.data, levels.data)


def paired(one: View, other: View) -> tuple[View, View, str]:
    """Return both views on the rows where both have a value, and why they cannot be compared, or nothing."""
    reason = one.unusable or other.unusable
    if reason:
        return one, other, reason
    both = one.present & other.present
    rows = int(both.sum())
    if rows < FEWEST_ROWS:
        return one, other, f"fewer than {FEWEST_ROWS} rows with both values"
    kept, others = one.rows(both), other.rows(both)
    if kept.unusable or others.unusable:
        return kept, others, "one value only where both are known"
    if rows <= max(len(kept.levels), len(others.levels)):
        return kept, others, "no more rows than levels"
    return kept, others, ""


def cut(numbers: np.ndarray, parts: int) -> np.ndarray:
    """Return to which of `parts` parts of about equal size each number belongs; equal ones stay together."""
    edges = np.unique(np.quantile(numbers, np.linspace(0, 1, parts + 1)[1:-1]))
    return np.unique(np.searchsorted(edges, numbers, side="left"), return_inverse=True)[1]


def _row(table: Table, column: Column, against: Column, other: View, *, seed: int) -> dict[str, object]:
    own = view(column, table.frame[column.name])
    row: dict[str, object] = {
        "column": column.name,
        "label": column.label,
        "kind": column.kind.value,
        "compared as": own.how,
    }
    one, two, reason = paired(own, other)
    row |= {"not compared": reason, "measure": "", "test": "", "reading": "", "rows": 0}
    if reason:
        return row
    effect = pair_effect(one, two, seed=seed)
    shape, shape_p = _any_shape(one, two, seed=seed)
    low, high = effect.strength_interval
    return row | {
        "measure": effect.measure, "effect": effect.value, "low": effect.low, "high": effect.high,
        "strength": effect.strength, "strength low": low, "strength high": high, "any shape": shape,
        "test": effect.test, "p": effect.p, "shape p": shape_p, "rows": len(one.data),
        "reading": reading(effect, (column, one), (against, two)),
    }  # fmt: skip


def _any_shape(one: View, other: View, *, seed: int) -> tuple[float, float]:
    """Return strength and p with the numbers of `one` cut into parts; NaN where there is nothing to cut."""
    parts = min(PARTS, len(one.data) // ROWS_PER_PART)
    if other.numbers is None:
        parts = min(parts, int(np.bincount(other.data).min()) // EXPECTED_PER_CELL)
    if one.numbers is None or parts < FEWEST_PARTS:
        return np.nan, np.nan
    codes = cut(one.data, parts)
    found = int(codes.max()) + 1
    if found < FEWEST_PARTS:
        return np.nan, np.nan
    effect = pair_effect(View(codes=codes, levels=tuple(map(str, range(found)))), other, seed=seed)
    return effect.strength, effect.p
