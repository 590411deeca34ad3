"""Simulated selections: models with known losses, and linear models fitted on drawn rows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpers.model_selection.candidates import CANDIDATES
from helpers.model_selection.cross_validation import CandidateResult, FoldScore

Floats = npt.NDArray[np.float64]
SHARE = 0.25
FOLDS = 5
ORDER = tuple(sorted(CANDIDATES.values(), key=lambda candidate: candidate.complexity))
FRESH_TABLES, FRESH_ROWS = 40, 4_000


def as_result(losses: Floats, *, place: int = 0, trial: int = -1) -> CandidateResult:
    """Return a result with these losses, one a fold, of the candidate at this place of complexity."""
    folds = tuple(FoldScore(400, 100, float(loss), float(loss), 0.0, 0.0) for loss in losses)
    settings = {} if trial < 0 else {"trial": trial}
    return CandidateResult(ORDER[place % len(ORDER)], settings, folds)


def fold_losses(
    true: Floats, rng: np.random.Generator, *, error: float, common: float = 0.0, folds: int = FOLDS
) -> Floats:
    """Return models × folds: noise of each fold, a part that no fold shows, and one that all models share."""
    shape = (len(true), folds)
    own = rng.normal(0, error * np.sqrt(SHARE), (len(true), 1)) + rng.normal(0, error, shape)
    shared = rng.normal(0, common * np.sqrt(SHARE)) + rng.normal(0, common, (1, folds))
    return np.asarray(true[:, None] + own + shared)


@dataclass(frozen=True)
class LinearWorld:
    """Rows of a linear truth, and models that each read some of the columns by least squares.

    Attributes
    ----------
    slopes : numpy.ndarray
        Of all columns.
    noise : float
        Standard deviation of the answer around the truth.
    columns : tuple of numpy.ndarray
        What each model reads.
    """

    slopes: Floats
    noise: float
    columns: tuple[npt.NDArray[np.int64], ...]

    def rows(self, amount: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Return so many rows and their answers."""
        X = rng.normal(size=(amount, len(self.slopes)))
        return X, X @ self.slopes + rng.normal(0, self.noise, amount)

    def folds(self, X: Floats, y: Floats, rng: np.random.Generator, *, repeats: int = 1) -> Floats:
        """Return each model's RMSE on each fold of `repeats` cuts."""
        found = []
        for _ in range(repeats):
            part = rng.permutation(len(y)) % FOLDS
            found += [
                self._losses(X[part != k], y[part != k], X[part == k], y[part == k]) for k in range(FOLDS)
            ]
        return np.array(found).T

    def truth(self, amount: int, rng: np.random.Generator) -> Floats:
        """Return each model's RMSE when it has learnt from `amount` rows, over many tables of so many."""
        test, answers = self.rows(FRESH_ROWS, rng)
        losses = [self._losses(*self.rows(amount, rng), test, answers) for _ in range(FRESH_TABLES)]
        return np.asarray(np.mean(losses, axis=0))

    def _losses(self, X: Floats, y: Floats, test: Floats, answers: Floats) -> Floats:
        found = []
        for columns in self.columns:
            slopes = np.linalg.lstsq(X[:, columns], y, rcond=None)[0]
            found.append(np.sqrt(np.mean((answers - test[:, columns] @ slopes) ** 2)))
        return np.array(found)


def equal_models(*, models: int) -> LinearWorld:
    """Return models that are equal by symmetry: each reads one of as many exchangeable columns."""
    return LinearWorld(np.ones(models), 1.0, tuple(np.array([column]) for column in range(models)))


def different_models(rng: np.random.Generator, *, models: int, columns: int = 12) -> LinearWorld:
    """Return models that each read a random half of the columns, whose slopes differ."""
    slopes = rng.normal(size=columns) * rng.choice([0.05, 0.3])
    read = tuple(np.sort(rng.choice(columns, size=columns // 2, replace=False)) for _ in range(models))
    return LinearWorld(slopes, 1.0, read)
