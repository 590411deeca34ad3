"""What one way of predicting scores against another on the same rows: the price of a leak or of a split.

Decisions rest on the share of the error of guessing, which means the same for every task; people are told
the task's measure (`helpers.data_quality.score`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.data_quality.score import MEASURES, Interval, Measured, half_width, interval, measured
from helpers.metrics import Task


@dataclass(frozen=True)
class Price:
    """How much better one prediction seems than another.

    Attributes
    ----------
    measure : str
        What `flattered` and `honest` are, for instance AUC.
    flattered, honest : Interval
        The measure with what is priced (a column, folds drawn at random) and without it.
    known, known_honestly : float
        Share of the error of guessing that each removes.
    loss, low, high : float
        Their difference with its 95 % interval; positive where the first one seems better.
    rows : int
        Rows it was measured on.
    """

    measure: str
    flattered: Interval
    honest: Interval
    known: float
    known_honestly: float
    loss: float
    low: float
    high: float
    rows: int

    @property
    def is_sure(self) -> bool:
        """Whether the first one is better beyond chance."""
        return self.low > 0

    @property
    def told(self) -> float:
        """The difference in the measure that people are told."""
        return self.flattered.value - self.honest.value


def price(
    flattered: Sequence[np.ndarray],
    honest: Sequence[np.ndarray],
    target: np.ndarray,
    clusters: np.ndarray,
    *,
    task: Task,
) -> Price:
    """Return the difference of two predictions of the same rows, each averaged over its draws.

    Parameters
    ----------
    flattered, honest : sequence of numpy.ndarray of float64, each of shape (n, k)
        Predictions, one array a draw; rows where any is NaN are left out.
    target : numpy.ndarray of float64, shape (n, k)
        As from `target_matrix`.
    clusters : numpy.ndarray of int64, shape (n,)
        Rows that are not independent of each other share a number; the intervals rest on their sums.
    task : Task
        Decides the measure.
    """
    measure = MEASURES[task]
    judged = ~np.isnan(np.stack([draw[:, 0] for draw in (*flattered, *honest)])).any(axis=0)
    answers, together, rows = target[judged], clusters[judged], int(judged.sum())
    first = _side([draw[judged] for draw in flattered], answers, together, task)
    second = _side([draw[judged] for draw in honest], answers, together, task)
    scale = float(((answers - answers.mean(axis=0)) ** 2).sum(axis=1).mean()) if rows else 0.0
    if scale == 0:
        return Price(measure, first[0], second[0], 0.0, 0.0, 0.0, -np.inf, np.inf, rows)
    difference = (second[1] - first[1]) / scale
    loss = float(difference.mean())
    half = half_width(difference - loss, together)
    known, known_honestly = (1 - float(errors.mean()) / scale for _, errors in (first, second))
    return Price(
        measure, first[0], second[0], known, known_honestly, loss, loss - half, loss + half, rows
    )  # fmt: skip


def _side(
    draws: Sequence[np.ndarray], answers: np.ndarray, clusters: np.ndarray, task: Task
) -> tuple[Interval, np.ndarray]:
    """Return the measure with its interval, and each row's squared error, averaged over the draws."""
    if not len(answers):
        return Interval(np.nan, np.nan, np.nan), np.zeros(0)
    found = [measured(draw, answers, task) for draw in draws]
    mean = Measured(
        float(np.mean([each.value for each in found])), np.mean([each.influence for each in found], axis=0)
    )
    errors: np.ndarray = np.mean([((draw - answers) ** 2).sum(axis=1) for draw in draws], axis=0)
    return interval(mean, clusters), errors
