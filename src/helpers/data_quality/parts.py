"""Columns that state the target together: numbers that add up to it, columns that decide its class."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from threadpoolctl import threadpool_limits

from helpers.data_quality.coding import coded, combined, distinct
from helpers.data_quality.probe import Skill, as_numbers, folds_of, lookup_skill, target_matrix, tree_skill
from helpers.tables.table import Kind, Table

PARTS_R2 = 0.9999
PARTS_TYPICAL_ERROR = 0.02
PARTS_AT_MOST = 60
PARTS_PRESENT = 0.8
PAIR_LEVELS = 50
PAIR_COLUMNS = 20
ARITHMETIC_COLUMNS = 10
SCREEN_ROWS = 1_000
SCREEN_SKILL = 0.6


@dataclass(frozen=True)
class Parts:
    """Columns of numbers of which the target is a sum or a product, with fitted weights."""

    columns: tuple[str, ...]
    way: str


@dataclass(frozen=True)
class Together:
    """Columns that predict the class together, in which way, and how well."""

    columns: tuple[str, ...]
    way: str
    skill: Skill


def additive_features(table: Table) -> list[str]:
    """Return the features of numbers with few gaps: what could add up to the target."""
    return [
        column.name
        for column in table.features
        if column.kind in (Kind.NUMBER, Kind.BOOLEAN)
        and table.frame[column.name].notna().mean() >= PARTS_PRESENT
    ]


def parts_of_number(table: Table) -> Parts | None:
    """Return the features of which the target is a sum or product, with R² above 0.9999 on rows not seen."""
    names = additive_features(table)
    with threadpool_limits(1):
        for way, find in (("sum", _sum_parts), ("product", _product_parts)):
            found = find(table, names) if names else []
            if found:
                return Parts(tuple(found), way)
    return None


def best_together(table: Table, order: Sequence[str], *, seed: int) -> Together | None:
    """Return the two or three features that predict the class best together.

    Parameters
    ----------
    table : Table
        Rows to look at; at most some thousands, since hundreds of combinations are tried.
    order : sequence of str
        The features to combine, the strongest first: 20 of few values are looked up in twos and threes, and
        10 of numbers subtracted and divided in twos.
    seed : int
        Seed of the folds.
    """
    target, folds = target_matrix(table), folds_of(len(table), seed=seed)
    with threadpool_limits(1):
        tried = [*_looked_up(table, order, target, folds), *_arithmetic(table, order, target, folds)]
    return max(tried, key=lambda item: item.skill.low, default=None)


def _sum_parts(table: Table, names: Sequence[str]) -> list[str]:
    return _linear_parts(table.frame[list(names)].to_numpy(float), table.y.to_numpy(float), names)


def _product_parts(table: Table, names: Sequence[str]) -> list[str]:
    """Return the columns of which the target is a product of powers: a sum on the scale of logarithms."""
    target = table.y.to_numpy(float)
    positive = [name for name in names if (table.frame[name].dropna() > 0).all()]
    if not positive or (target <= 0).any():
        return []
    return _linear_parts(np.log(table.frame[positive].to_numpy(float)), np.log(target), positive)


def _linear_parts(values: np.ndarray, target: np.ndarray, names: Sequence[str]) -> list[str]:
    """Return the fewest columns found whose linear combination is the target, empty if there is none.

    Weights come from every other row and are judged on the rest. A column is given up where the others do
    without it, the least important first.
    """
    complete = np.isfinite(values).all(axis=1)
    values, target = values[complete], target[complete]
    varying = np.flatnonzero(values.std(axis=0) > 0) if len(values) else np.array([], dtype=int)
    if target.size == 0 or target.std() == 0 or not len(varying):
        return []
    standard = (values - values.mean(axis=0)) / np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0)
    correlation = np.abs(standard.T @ (target - target.mean()))
    kept = sorted(varying.tolist(), key=lambda i: -correlation[i])[:PARTS_AT_MOST]
    if len(target) < 3 * len(kept) + 10 or not _is_exact(standard[:, kept], target):
        return []
    weights = np.abs(np.linalg.lstsq(standard[:, kept], target - target.mean(), rcond=None)[0])
    for column in [kept[i] for i in np.argsort(weights, kind="stable")]:
        others = [i for i in kept if i != column]
        if others and _is_exact(standard[:, others], target):
            kept = others
    return [names[i] for i in sorted(kept)]


def _is_exact(values: np.ndarray, target: np.ndarray) -> bool:
    """Return whether weights from every other row give the target on the rest, in the mean and typically."""
    design = np.column_stack([np.ones(len(values)), values])
    weights = np.linalg.lstsq(design[::2], target[::2], rcond=None)[0]
    left = target[1::2]
    residual = left - design[1::2] @ weights
    spread = left - np.median(left)
    if (residual**2).mean() > (1 - PARTS_R2) * left.var():
        return False
    # One huge value in column and target alone would give the R² asked for.
    return bool(np.median(np.abs(residual)) <= PARTS_TYPICAL_ERROR * max(np.median(np.abs(spread)), 1e-12))


def _looked_up(
    table: Table, order: Sequence[str], target: np.ndarray, folds: np.ndarray
) -> Iterator[Together]:
    """Yield what pairs of columns of few values tell, and what a third adds to the best pair."""
    codes = {name: coded(table.frame[name], table.columns[name].kind) for name in order}
    few = [name for name in order if 2 <= distinct(codes[name]) <= PAIR_LEVELS][:PAIR_COLUMNS]

    def together(names: tuple[str, ...]) -> Together:
        skill = lookup_skill(combined([codes[name] for name in names]), target, folds)
        return Together(names, "each combination of their values has one class", skill)

    pairs = sorted((together(pair) for pair in combinations(few, 2)), key=lambda item: -item.skill.value)
    yield from pairs
    if pairs:
        yield from (together((*pairs[0].columns, name)) for name in few if name not in pairs[0].columns)


def _arithmetic(
    table: Table, order: Sequence[str], target: np.ndarray, folds: np.ndarray
) -> Iterator[Together]:
    """Yield what the differences and ratios of two columns of numbers tell."""
    names = [name for name in order if table.columns[name].kind is Kind.NUMBER][:ARITHMETIC_COLUMNS]
    numbers = {name: as_numbers(table.frame[name]) for name in names}
    ways: tuple[tuple[str, Callable[[np.ndarray, np.ndarray], np.ndarray]], ...] = (
        ("by their difference", np.subtract),
        ("by their ratio", _ratio),
    )
    for one, other in combinations(names, 2):
        for way, operation in ways:
            values = operation(numbers[one], numbers[other])
            first = tree_skill(values[:SCREEN_ROWS], target[:SCREEN_ROWS], folds[:SCREEN_ROWS])
            if first.value < SCREEN_SKILL:
                continue
            yield Together((one, other), way, tree_skill(values, target, folds))


def _ratio(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the ratio, missing where the divisor is zero."""
    divisor = np.where(other == 0, np.nan, other)
    return one / divisor
