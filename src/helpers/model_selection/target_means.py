"""What rows of the same level had as their target: one number for a category of many levels.

As in Micci-Barreca (SIGKDD Explorations 3, 2001). A row's own target must not be in the number that it is
described by: rows that are learnt from are described by the others of five random parts. scikit-learn's
TargetEncoder does the same; it warns on rare classes, and draws its parts by another parameter in each of the
versions that this project takes.
"""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.model_selection.encoders import FrameTransformer

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

PARTS = 5
# A level counts so many rows more, of the mean of all: few rows say little.
EXTRA_ROWS = 10.0


class TargetMeans(FrameTransformer):
    """Turn levels into the mean target of their rows (a share for each class), and how many rows they have.

    Parameters
    ----------
    classes : int
        How many classes the coded target has; 0 for a target that is a number.
    seed : int
        Seed of the parts.
    """

    def __init__(self, classes: int = 0, seed: int = 0) -> None:
        self.classes = classes
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: Any) -> Self:
        """Learn the levels' means from all rows."""
        targets = self._targets(y)
        self.columns_ = list(X.columns)
        self.levels_, self.means_, self.rows_ = [], [], []
        self.overall_ = targets.mean(axis=0)
        for name in self.columns_:
            codes, levels = _codes(X[name])
            sums, rows = _sums(codes, targets, len(levels))
            self.levels_.append([str(level) for level in levels])
            self.means_.append(_smoothed(sums, rows, self.overall_))
            self.rows_.append(np.log1p(rows))
        parts = [*(f"mean{place}" for place in range(targets.shape[1])), "rows"]
        self.names_ = [f"{name}_{part}" for name in self.columns_ for part in parts]
        return self

    def fit_transform(self, X: pd.DataFrame, y: Any) -> pd.DataFrame:
        """Learn the levels' means, and describe the rows by those of the others."""
        self.fit(X, y)
        targets = self._targets(y)
        part = np.random.default_rng(self.seed).permutation(np.arange(len(X)) % PARTS)
        blocks = []
        for name, rows in zip(self.columns_, self.rows_, strict=True):
            codes, levels = _codes(X[name])
            blocks.append(_by_others(codes, targets, part, len(levels)))
            blocks.append(_taken(rows[:, None], codes, np.zeros(1)))
        return pd.DataFrame(np.hstack(blocks), index=X.index, columns=self.names_)

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the means and the logarithm of the rows as float64; unknown levels have those of no row."""
        blocks = []
        for name, levels, means, rows in zip(
            self.columns_, self.levels_, self.means_, self.rows_, strict=True
        ):
            codes = pd.Index(levels, dtype=object).get_indexer(pd.Index(X[name], dtype=object))
            blocks.append(_taken(means, codes, self.overall_))
            blocks.append(_taken(rows[:, None], codes, np.zeros(1)))
        return pd.DataFrame(np.hstack(blocks), index=X.index, columns=self.names_)

    def _targets(self, y: Any) -> Floats:
        """Return rows × targets: the numbers, or 0 and 1 for each class (for two, of the second alone)."""
        values = np.asarray(y)
        if self.classes == 0:
            return values.astype(float)[:, None]
        shown = [1] if self.classes == 2 else range(self.classes)
        return np.stack([(values == code).astype(float) for code in shown], axis=1)


def _codes(values: pd.Series) -> tuple[Codes, pd.Index]:
    codes, levels = pd.factorize(values)
    return codes.astype(np.int64), levels


def _sums(codes: Codes, targets: Floats, levels: int) -> tuple[Floats, Floats]:
    """Return the sums of the targets and the number of rows of each level; rows without one are in none."""
    known = codes >= 0
    rows = np.bincount(codes[known], minlength=levels).astype(float)
    sums = [np.bincount(codes[known], weights=column[known], minlength=levels) for column in targets.T]
    return np.stack(sums, axis=1), rows


def _smoothed(sums: Floats, rows: Floats, overall: Floats) -> Floats:
    return np.asarray((sums + EXTRA_ROWS * overall) / (rows + EXTRA_ROWS)[:, None])


def _by_others(codes: Codes, targets: Floats, part: Codes, levels: int) -> Floats:
    """Return for each row the smoothed mean of its level among the rows of the other parts."""
    found = np.empty_like(targets)
    for number in range(PARTS):
        own = part == number
        if not own.any():
            continue
        others = ~own if not own.all() else own
        overall = targets[others].mean(axis=0)
        means = _smoothed(*_sums(codes[others], targets[others], levels), overall)
        found[own] = _taken(means, codes[own], overall)
    return found


def _taken(values: Floats, codes: Any, otherwise: Floats) -> Floats:
    """Return the values at the codes, and where there is none what is said of no level."""
    return np.asarray(np.vstack([values, otherwise])[codes])
