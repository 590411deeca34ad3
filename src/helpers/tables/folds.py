"""The development rows cut into training and validation parts, as the params' `validation` says."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import KFold, StratifiedKFold

from helpers.errors import Problem, UserError, shortened
from helpers.metrics import Task
from helpers.parameters import Parameters
from helpers.tables.split import strata_of
from helpers.tables.table import Role, Table
from helpers.wording import count

Positions = NDArray[np.int64]
Part = tuple[Positions, Positions]
LEAST_FOLDS = 2


@dataclass(frozen=True)
class Folds:
    """Training and validation rows, fold after fold, repeat after repeat.

    Attributes
    ----------
    parts : tuple of (training, validation) positions
        Positions count rows of ``table.frame`` from 0; `repeats` × `folds` pairs.
    strategy : str
        stratified, random, group or time.
    folds, repeats : int
        How many there are of each, which may be fewer than asked for.
    reason : str
        Why this strategy, and why fewer folds or repeats than asked for, as a sentence.
    """

    parts: tuple[Part, ...]
    strategy: str
    folds: int
    repeats: int
    reason: str

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)


def folds(table: Table, params: Parameters) -> Folds:
    """Return the folds of the development rows.

    Parameters
    ----------
    table : Table
        The development rows.
    params : Parameters
        Its `validation` says how; its `seed` draws the folds (not those by time, which have no choice).

    Returns
    -------
    Folds
        By time: the training part is everything before the validation part, and grows from fold to fold;
        rows of the same time stay together, rows without a time are always learnt from. By group: groups
        stay whole, and classes (or bands of a numeric target) are kept as even as groups allow. A class of
        few groups may be absent from a training part.

    Raises
    ------
    UserError
        If there are fewer than two groups or times, or too few rows of a class to be in two folds.
    """
    strategy, reason = _strategy(table, params)
    if strategy == "time":
        return _by_time(table, params, reason)
    wanted = params.validation.folds
    possible, limit = _possible(table, strategy)
    number = min(wanted, possible)
    if number < LEAST_FOLDS:
        raise UserError(_too_few(params, strategy, limit))
    if number < wanted:
        reason += f"; {number} folds instead of {wanted}, because there are only {limit}"
    repeats = params.validation.repeats
    seeds = np.random.default_rng(params.seed).integers(0, 2**31 - 1, size=repeats)
    parts = tuple(part for seed in seeds for part in _drawn(table, strategy, number, int(seed)))
    return Folds(parts, strategy, number, repeats, f"{reason}.")


def _strategy(table: Table, params: Parameters) -> tuple[str, str]:
    named = params.validation.strategy
    if named != "auto":
        return named, f"Folds are {_WORDS[named]}, as the params say"
    if table.times is not None:
        return "time", "Folds are by time, because a time column is named"
    if table.groups is not None:
        return "group", "Folds keep groups whole, because a group column is named"
    if table.task is Task.REGRESSION:
        return "random", "Folds are random, because the target is a number"
    return "stratified", "Folds hold each class in the same share, because the target has classes"


_WORDS = {"random": "random", "stratified": "stratified by class", "group": "by group", "time": "by time"}


def _possible(table: Table, strategy: str) -> tuple[int, str]:
    """Return how many folds there can be, and what limits them."""
    if strategy == "group":
        groups = int(group_numbers(table).max()) + 1
        return groups, count(groups, "group")
    if strategy == "stratified":
        sizes = table.y.value_counts()
        rarest = int(sizes.min())
        return rarest, f"{count(rarest, 'row')} of the class {shortened(sizes.idxmin())!r}"
    return len(table), count(len(table), "row")


def _too_few(params: Parameters, strategy: str, limit: str) -> Problem:
    remedy = "" if strategy == "random" else "Choose another column, or validation: random."
    place = f"{params.experiment}: validation"
    return Problem(place, f"{strategy} folds of {limit}", "enough for two folds", remedy)


def _drawn(table: Table, strategy: str, number: int, seed: int) -> Iterator[Part]:
    rows = np.zeros(len(table))
    if strategy == "group":
        fold = _grouped(group_numbers(table), strata_of(table.y), number, seed)
        cut = ((np.flatnonzero(fold != each), np.flatnonzero(fold == each)) for each in range(number))
    elif strategy == "stratified":
        classes = pd.factorize(table.y, sort=True)[0]
        cut = StratifiedKFold(n_splits=number, shuffle=True, random_state=seed).split(rows, classes)
    else:
        cut = KFold(n_splits=number, shuffle=True, random_state=seed).split(rows)
    for train, validation in cut:
        yield train.astype(np.int64), validation.astype(np.int64)


def group_numbers(table: Table) -> Positions:
    """Return the number of each row's group; rows without a group are each a group of their own."""
    numbers = pd.factorize(table.frame[table.with_role(Role.GROUP)[0].name])[0].astype(np.int64)
    alone = numbers < 0
    numbers[alone] = numbers.max(initial=-1) + 1 + np.arange(alone.sum())
    return numbers


def _grouped(groups: Positions, strata: Positions, number: int, seed: int) -> Positions:
    """Return the fold of each row: whole groups, largest first, each to the fold that lacks its classes most.

    Groups of equal size come in a random order. As long as a fold is empty it lacks most, so that none
    stays empty.
    """
    table = np.zeros((int(groups.max()) + 1, int(strata.max()) + 1))
    np.add.at(table, (groups, strata), 1)
    drawn = np.random.default_rng(seed).permutation(len(table))
    order = drawn[np.argsort(-table[drawn].sum(axis=1), kind="stable")]
    totals = np.maximum(table.sum(axis=0), 1)
    held = np.zeros((number, table.shape[1]))
    fold_of = np.empty(len(table), dtype=np.int64)
    for group in order:
        crowded = (held * table[group] / totals).sum(axis=1)
        best = np.lexsort((held.sum(axis=1), np.round(crowded, 12)))[0]
        held[best] += table[group]
        fold_of[group] = best
    return fold_of[groups]


def _by_time(table: Table, params: Parameters, reason: str) -> Folds:
    """Cut the rows, in the order of time, into one block more than folds; all but the first are validated."""
    numbers, names = pd.factorize(table.frame[table.with_role(Role.TIME)[0].name], sort=True)
    wanted = params.validation.folds
    if len(names) < LEAST_FOLDS:
        place, given = f"{params.experiment}: validation", "folds by time of rows that all have the same one"
        raise UserError(
            Problem(place, given, "at least two different times", "Choose another column as time.")
        )
    starts = _block_starts(np.bincount(numbers[numbers >= 0], minlength=len(names)), wanted + 1)
    parts = tuple(
        (_positions(numbers < start), _positions((numbers >= start) & (numbers < end)))
        for start, end in zip(starts, [*starts[1:], len(names)], strict=True)
    )
    if len(parts) < wanted:
        few = f"because times repeat so often ({len(names):,} different ones)"
        reason += f"; {count(len(parts), 'fold')} instead of {wanted}, {few}"
    if params.validation.repeats > 1:
        reason += "; not repeated, because time leaves nothing to draw"
    return Folds(parts, "time", len(parts), 1, f"{reason}.")


def _positions(mask: NDArray[np.bool_]) -> Positions:
    return np.flatnonzero(mask).astype(np.int64)


def _block_starts(sizes: Positions, blocks: int) -> list[int]:
    """Return where the second, third … block begins, so that the blocks are about equal in rows."""
    before = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    goals = sizes.sum() * np.arange(1, blocks) / blocks
    return sorted({int(np.argmin(np.abs(before[1:] - goal))) + 1 for goal in goals})
