"""How the rows are best split: what folds at random score beside folds of whole groups and later rows.

Each way is priced by the same small model on the same rows, once with folds drawn at random and once with
folds that keep a group together, or with later rows held out. Where a random split flatters, the score of
new groups or later rows is the honest one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from helpers.data_quality.cheap_model import (
    PRICED_FEATURES,
    PRICED_ROWS,
    Split,
    at_random,
    by_folds,
    inputs,
    most_used,
    predictions,
)
from helpers.data_quality.coding import PerColumn, coded, distinct
from helpers.data_quality.evidence import Evidence
from helpers.data_quality.file_order import is_sorted, row_numbers
from helpers.data_quality.group_candidates import Candidate, group_candidates
from helpers.data_quality.price import Price, price
from helpers.data_quality.probe import FOLDS, as_numbers, folds_of, target_matrix
from helpers.data_quality.time_candidates import TimeCandidate, is_in_order, time_candidates
from helpers.tables.sample import sampled
from helpers.tables.table import Kind, Role, Table

FEWEST_ROWS = 100
PRICED_GROUPS = 4
PRICED_TIMES = 2
SCREENED_FEATURES = 60
# Shares of the error of guessing: from the first on a random split is said to flatter, from the second on
# it is given up where `validation` is auto.
LOSS_NOTE = 0.02
LOSS_WARN = 0.05
# And the measure that people are told must differ by as much as they would notice.
MEASURE_NOTE = 0.01
# Rows of a level with more rows than this are no surprise to come again: it describes rather than names.
ROWS_OF_A_NAME = 25
LATEST = 0.2
# Rows near each other in the file are no independent witnesses: so many stretches of it are.
STRETCHES = 50


@dataclass(frozen=True)
class SplitOption:
    """A way of splitting other than at random, and what it scores.

    Attributes
    ----------
    way : str
        group, time or file order.
    columns : tuple of str
        What it goes by; empty for the file's order.
    words : str
        How to say it.
    lines : mapping of str to Any
        The keys of the params that ask for it, empty where none can.
    identifies : bool
        Whether the column names things rather than describes them.
    in_order : bool
        Whether the file is in the order of the column.
    groups, rows : int
        How many groups there are, 0 where it goes by time, and how many rows have one.
    price : Price
        Folds drawn at random against this way.
    """

    way: str
    columns: tuple[str, ...]
    words: str
    lines: Mapping[str, Any]
    identifies: bool
    in_order: bool
    groups: int
    rows: int
    price: Price

    @property
    def flatters(self) -> bool:
        """Whether a random split flatters by a share that matters, and surely by some."""
        price = self.price
        return price.is_sure and min(price.loss, price.known) >= LOSS_NOTE and price.told >= MEASURE_NOTE

    @property
    def names_things(self) -> bool:
        """Whether the groups are persons or things, of which there will be new ones."""
        return self.identifies or 0 < self.rows <= ROWS_OF_A_NAME * self.groups

    @property
    def decides(self) -> bool:
        """Whether a random split flatters so much that this way is to be taken."""
        return self.flatters and self.price.loss >= LOSS_WARN


@dataclass(frozen=True)
class SplitAdvice:
    """What the ways of splitting score, and which is advised.

    Attributes
    ----------
    options : tuple of SplitOption
        The ways that were priced besides folds at random; those that cost most first.
    chosen : int or None
        The place of the way to take; None where folds at random are as good.
    failed : str
        The error that kept the ways from being priced, empty if there was none.
    """

    options: tuple[SplitOption, ...] = ()
    chosen: int | None = None
    failed: str = ""

    @property
    def advised(self) -> SplitOption | None:
        """The way to take; None where folds at random are as good."""
        return None if self.chosen is None else self.options[self.chosen]


def split_advice(table: Table, *, seed: int = 0) -> SplitAdvice:
    """Return what each way of splitting the rows scores, and the one to take.

    Parameters
    ----------
    table : Table
        Rows to look at, the development rows for one. With fewer than 100 nothing is priced.
    seed : int
        Seed of samples, folds and forests.
    """
    if len(table) < FEWEST_ROWS or not table.features:
        return SplitAdvice()
    groups = (
        [] if table.groups is not None else group_candidates(table, PerColumn(table, coded))[:PRICED_GROUPS]
    )
    times = [] if table.times is not None else time_candidates(table)[:PRICED_TIMES]
    few = narrowed(sampled(table, rows=PRICED_ROWS, seed=seed), seed=seed)
    evidence = Evidence(few, seed=seed)
    pricing = _Pricing(table, evidence, seed)
    options = [pricing.group(each) for each in groups]
    options += [pricing.time(each) for each in times]
    if not any(option.in_order for option in options):
        options += pricing.file_order()
    ordered = sorted(options, key=lambda option: (not option.decides, -option.price.loss))
    return SplitAdvice(tuple(ordered), _chosen(ordered))


def narrowed(table: Table, *, seed: int) -> Table:
    """Return the table with the features that a forest uses most, where there are more than 60."""
    names = [column.name for column in table.features]
    if len(names) <= SCREENED_FEATURES:
        return table
    kept = set(most_used(table, names, at_most=SCREENED_FEATURES, seed=seed))
    columns = {
        name: column
        for name, column in table.columns.items()
        if column.role is not Role.FEATURE or name in kept
    }
    return replace(table, frame=table.frame[list(columns)], columns=columns)


def _chosen(options: Sequence[SplitOption]) -> int | None:
    """Return the place of the option to take: what names things before time, small groups before large ones.

    Rows that share an owner share the owner's country too, and it is the owner that will be new.
    """
    deciding = [place for place, option in enumerate(options) if option.decides]
    names = [place for place in deciding if options[place].names_things]
    if names:
        return min(names, key=lambda place: (not options[place].identifies, -options[place].groups))
    return next((place for place in deciding if options[place].way != "group"), None)


@dataclass(frozen=True)
class _Pricing:
    """Prices ways of splitting the rows of one table."""

    table: Table
    evidence: Evidence
    seed: int

    def group(self, candidate: Candidate) -> SplitOption:
        """Price folds of whole groups, on rows of whole groups."""
        codes, chosen = candidate.codes, _whole_groups(candidate.codes, seed=self.seed)
        part, places = _some_rows(self.table, chosen, seed=self.seed)
        groups = codes[places]

        def folds(draw: int) -> Iterator[Split]:
            return by_folds(folds_of(distinct(codes), seed=draw)[groups])

        names = (candidate.column,)
        found = self._price(part, names, folds, groups)
        together = bool((np.diff(codes) != 0).sum() < distinct(codes))
        return SplitOption(
            "group", names, candidate.words, candidate.lines, candidate.identifies, together,
            distinct(codes), int((codes >= 0).sum()), found,
        )  # fmt: skip

    def time(self, candidate: TimeCandidate) -> SplitOption:
        """Price learning from earlier rows only, on the latest fifth."""
        name = candidate.column
        part, _ = _some_rows(self.table, np.flatnonzero(self.table.frame[name].notna()), seed=self.seed)
        when = as_numbers(part.frame[name])
        start = np.quantile(when, 1 - LATEST)
        late, early = np.flatnonzero(when > start), np.flatnonzero(when <= start)
        later = [(early, late)] if len(late) and len(early) else []
        # Rows of one moment (a day, say) are alike: they count as one for the interval.
        alike = coded(part.frame[name], Kind.NUMBER)
        found = self._price(part, (name,), lambda _draw: iter(later), alike)
        in_order = is_in_order(self.table, name)
        return SplitOption(
            "time", (name,), f"time by '{name}'", {"time": name}, False, in_order, 0, len(part), found
        )  # fmt: skip

    def file_order(self) -> list[SplitOption]:
        """Price stretches of the file held out, unless the file is sorted by the target."""
        part, _ = _some_rows(self.table, np.arange(len(self.table)), seed=self.seed)
        if is_sorted(part, seed=self.seed):
            return []
        places = np.arange(len(part))
        stretch, blocks = places * STRETCHES // len(part), places * FOLDS // len(part)
        # What counts rows would have to be guessed beyond all that was learnt.
        found = self._price(part, tuple(row_numbers(part)), lambda _draw: by_folds(blocks), stretch)
        return [SplitOption("file order", (), "the order of the file", {}, False, True, 0, len(part), found)]

    def _price(self, part: Table, names: tuple[str, ...], folds: Any, clusters: np.ndarray) -> Price:
        seen = [name for name in self.evidence.honest_features(at_most=PRICED_FEATURES) if name not in names]
        target, values = target_matrix(part), inputs(part, seen)
        random = predictions(values, target, at_random(len(part)), seed=self.seed)
        honest = predictions(values, target, folds, seed=self.seed)
        return price(random, honest, target, clusters, task=self.table.task)


def _whole_groups(codes: np.ndarray, *, seed: int) -> np.ndarray:
    """Return the places of the rows of enough groups drawn at random."""
    chosen = np.random.default_rng(seed).permutation(distinct(codes))
    sizes = np.bincount(codes[codes >= 0])[chosen]
    kept = chosen[: max(2 * FOLDS, int(np.searchsorted(np.cumsum(sizes), PRICED_ROWS)) + 1)]
    is_kept = np.zeros(distinct(codes) + 1, dtype=bool)
    is_kept[kept] = True
    return np.flatnonzero(is_kept[codes])


def _some_rows(table: Table, places: np.ndarray, *, seed: int) -> tuple[Table, np.ndarray]:
    """Return at most 3,000 of the rows at these places, in their order, and their places."""
    if len(places) > PRICED_ROWS:
        places = np.sort(np.random.default_rng(seed).choice(places, size=PRICED_ROWS, replace=False))
    return replace(table, frame=table.frame.iloc[places]), places


def asks_for_advice(table: Table) -> bool:
    """Return whether nothing is declared that decides the split."""
    return not any(table.with_role(role) for role in (Role.GROUP, Role.TIME, Role.ID))
