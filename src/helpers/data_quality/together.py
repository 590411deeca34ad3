"""Two or three columns that decide the class together, though none does alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from scipy.stats import rankdata
from threadpoolctl import threadpool_limits

from helpers.data_quality.coding import coded, combined, distinct
from helpers.data_quality.probe import (
    LOOKED_UP,
    Skill,
    as_numbers,
    baseline_squares,
    folds_of,
    lookup_squares,
    skill_of,
    target_matrix,
    tree_squares,
)
from helpers.tables.table import Kind, Table

ALONE_COLUMNS = 60
PAIR_LEVELS = 50
PAIR_COLUMNS = 30
ARITHMETIC_COLUMNS = 30
ARITHMETIC_TRIED = 6
SCREEN_ROWS = 1_000
# A class of fewer rows is not asked about by itself.
CLASS_ROWS = 30
ANY_CLASS = ""
# Hundreds of combinations are tried, so that the best of them must be surer than a single column.
DECIDED = 0.97
# A class that any one column tells well is not told by two together.
MOST_ALONE = 0.60


@dataclass(frozen=True)
class Together:
    """Columns that predict the class, or one of the classes, together.

    Attributes
    ----------
    columns : tuple of str
        Two or three columns.
    way : str
        How they decide it, in words.
    skill : Skill
        How well.
    alone : float
        How well the best of them does alone.
    answer : str
        The class that they tell from all others, empty where it is all classes.
    """

    columns: tuple[str, ...]
    way: str
    skill: Skill
    alone: float
    answer: str = ANY_CLASS


def best_together(table: Table, order: Sequence[str], *, seed: int) -> Together | None:
    """Return the two or three features that predict the class, or one class, best together.

    Parameters
    ----------
    table : Table
        Rows to look at; at most some thousands, since hundreds of combinations are tried.
    order : sequence of str
        The features to combine, the strongest first: 30 of few values are looked up in twos and threes, and
        30 of numbers subtracted and divided in twos.
    seed : int
        Seed of the folds.
    """
    search = _Search(table, order, seed)
    with threadpool_limits(1):
        tried = [*search.looked_up(), *search.arithmetic()]
    return max(tried, key=_rank, default=None)


def _rank(found: Together) -> tuple[bool, bool, float]:
    """Rank what decides before what only tells, all classes before one, then by what is more than alone."""
    decides = found.skill.low >= DECIDED
    return decides, decides and found.answer == ANY_CLASS, found.skill.low - max(0.0, found.alone)


class _Search:
    """Tries combinations of the columns of one table."""

    def __init__(self, table: Table, order: Sequence[str], seed: int) -> None:
        self._table = table
        self._order = list(order)
        self._target = target_matrix(table)
        self._folds = folds_of(len(table), seed=seed)
        self._baseline = baseline_squares(self._target, self._folds)
        self._codes = {name: coded(table.frame[name], table.columns[name].kind) for name in order}
        self._alone = {name: self._alone_skills(name) for name in self._order[:ALONE_COLUMNS]}

    @cached_property
    def _answers(self) -> dict[str, int]:
        """The column of the target's matrix of each class that is asked about by itself."""
        if self._target.shape[1] <= 2:
            return {}
        sizes = self._table.y.value_counts()
        names = sorted(sizes.index, key=lambda name: (-int(sizes[name]), str(name)))[: self._target.shape[1]]
        return {
            str(name): place
            for place, name in enumerate(names)
            if CLASS_ROWS <= int(sizes[name]) <= len(self._table) - CLASS_ROWS
        }

    @cached_property
    def _told_alone(self) -> frozenset[str]:
        """The classes that one column tells well from all others."""
        return frozenset(
            answer
            for answer in self._answers
            if any(skills[answer].value > MOST_ALONE for skills in self._alone.values())
        )

    def looked_up(self) -> Iterator[Together]:
        """Yield what pairs of columns of few values tell, and what a third adds to the best pair."""
        codes = self._codes
        few = [name for name in self._alone if 2 <= distinct(codes[name]) <= PAIR_LEVELS][:PAIR_COLUMNS]
        way = "each combination of their values has one class"

        def together(names: tuple[str, ...]) -> list[Together]:
            squares = lookup_squares(combined([codes[name] for name in names]), self._target, self._folds)
            return self._judged(names, way, squares)

        pairs = [found for pair in combinations(few, 2) for found in together(pair)]
        yield from pairs
        if pairs:
            best = max(pairs, key=lambda item: item.skill.value).columns
            yield from (found for name in few if name not in best for found in together((*best, name)))

    def arithmetic(self) -> Iterator[Together]:
        """Yield what the differences and ratios of two columns of numbers tell, the likeliest of them."""
        kinds = self._table.columns
        names = [name for name in self._alone if kinds[name].kind is Kind.NUMBER][:ARITHMETIC_COLUMNS]
        numbers = {name: as_numbers(self._table.frame[name]) for name in names}
        tried = []
        for one, other in combinations(names, 2):
            for way, values in (
                ("by their difference", numbers[one] - numbers[other]),
                ("by their ratio", _ratio(numbers[one], numbers[other])),
            ):
                tried.append((self._screened(values), one, other, way, values))
        tried.sort(key=lambda item: -item[0])
        for _, one, other, way, values in tried[:ARITHMETIC_TRIED]:
            yield from self._judged((one, other), way, tree_squares(values, self._target, self._folds))

    def _alone_skills(self, name: str) -> dict[str, Skill]:
        column = self._table.columns[name]
        few = distinct(self._codes[name]) <= PAIR_LEVELS
        if few or column.kind in LOOKED_UP:
            return self._skills(lookup_squares(self._codes[name], self._target, self._folds))
        values = as_numbers(self._table.frame[name])
        return self._skills(tree_squares(values, self._target, self._folds))

    def _screened(self, values: np.ndarray) -> float:
        """Return how far apart the classes are by the ranks of the values, on the first rows."""
        first, target = values[:SCREEN_ROWS], self._target[:SCREEN_ROWS]
        known = np.isfinite(first)
        if known.sum() < CLASS_ROWS:
            return 0.0
        ranks = rankdata(first[known])
        centred, classes = ranks - ranks.mean(), target[known] - target[known].mean(axis=0)
        scale = np.sqrt((classes**2).sum(axis=0) * (centred**2).sum())
        return float(np.abs(centred @ classes / np.where(scale > 0, scale, np.inf)).max())

    def _judged(self, names: tuple[str, ...], way: str, squares: np.ndarray) -> list[Together]:
        return [
            Together(names, way, skill, max(self._alone[name][answer].value for name in names), answer)
            for answer, skill in self._skills(squares).items()
            if answer not in self._told_alone
        ]

    def _skills(self, squares: np.ndarray) -> dict[str, Skill]:
        """Return the skill for all classes, and for each class against all others."""
        found = {ANY_CLASS: skill_of(squares.sum(axis=1), self._baseline.sum(axis=1))}
        for answer, place in self._answers.items():
            found[answer] = skill_of(squares[:, place], self._baseline[:, place])
        return found


def _ratio(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the ratio, missing where the divisor is zero."""
    divisor = np.where(other == 0, np.nan, other)
    return one / divisor
