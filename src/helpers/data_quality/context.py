"""What the rules share: how the rows were read and split, the seed, and work that several rules need."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from helpers.data_quality.coding import coded
from helpers.data_quality.parts import Parts, Together, best_together, parts_of_number
from helpers.data_quality.probe import ColumnSkill, column_skills
from helpers.metrics import Task
from helpers.tables.prepare import Development
from helpers.tables.sample import sampled
from helpers.tables.table import Column, Role, Table

SAMPLE_ROWS = 20_000
SAMPLE_CELLS = 1_000_000
SAMPLE_FEWEST = 2_000
SMALL_ROWS = 5_000
LEAK_CLASSES = 0.95
# Numbers need more: an honest neighbour of the target, the weight of a stone for its price, comes close.
LEAK_NUMBERS = 0.98
# Hundreds of combinations are tried, so that the best of them must be surer than a single column.
DECIDED_TOGETHER = 0.97


@dataclass(frozen=True)
class Context:
    """What a rule may know besides the rows.

    Attributes
    ----------
    development : Development
        The development rows with how they were read and split.
    seed : int
        Seed of samples and folds.
    """

    development: Development
    seed: int = 0

    @property
    def table(self) -> Table:
        """The development rows."""
        return self.development.table

    def has(self, role: Role) -> bool:
        """Return whether the params name a column for the role."""
        return bool(self.table.with_role(role))

    def reported_on_reading(self, kind: str) -> str:
        """Return the code of the finding of this kind that reading the table gave, empty if it gave none."""
        return next((found.code for found in self.development.findings if found.kind == kind), "")

    @cached_property
    def codes(self) -> Mapping[str, np.ndarray]:
        """Each column's values as whole numbers (see `coded`), by column name."""
        return {
            column.name: coded(self.table.frame[column.name], column.kind)
            for column in self.table.columns.values()
        }

    @cached_property
    def sample(self) -> Table:
        """The rows that the checks by prediction look at: all, or a random part of them in their order.

        At most 20,000 rows, and fewer where there are more than 50 features.
        """
        features = max(1, len(self.table.features))
        limit = max(SAMPLE_FEWEST, min(SAMPLE_ROWS, SAMPLE_CELLS // features))
        return sampled(self.table, rows=limit, seed=self.seed)

    @cached_property
    def skills(self) -> tuple[ColumnSkill, ...]:
        """How well each feature alone predicts the target on rows of the sample not learnt from."""
        return column_skills(self.sample, seed=self.seed)

    @cached_property
    def small_sample(self) -> Table:
        """At most 5,000 rows of the sample, for checks that try hundreds of combinations."""
        return sampled(self.sample, rows=SMALL_ROWS, seed=self.seed)

    @cached_property
    def leaks(self) -> tuple[ColumnSkill, ...]:
        """The features of which we are sure that they alone nearly decide the target."""
        limit = leak_limit(self.table.task)
        return tuple(item for item in self.skills if item.skill.low >= limit)

    @cached_property
    def may_decide_together(self) -> tuple[str, ...]:
        """The features that do not give the target away alone, the strongest first; empty if only one."""
        alone = {item.column for item in self.leaks}
        left = tuple(item.column for item in self.skills if item.column not in alone)
        return left if len(left) > 1 else ()

    @cached_property
    def parts_of_number(self) -> Parts | None:
        """The features of which a target of numbers is a sum or a product."""
        return parts_of_number(self.sample) if self.table.task is Task.REGRESSION else None

    @cached_property
    def deciding_together(self) -> Together | None:
        """The two or three features that decide the class together, though none does alone."""
        if self.table.task is Task.REGRESSION or not self.may_decide_together:
            return None
        best = best_together(self.small_sample, self.may_decide_together, seed=self.seed)
        return best if best is not None and best.skill.low >= DECIDED_TOGETHER else None

    @property
    def given_away(self) -> frozenset[str]:
        """The features that give the target away alone or together; left out where a split is priced."""
        together = self.parts_of_number or self.deciding_together
        return frozenset(item.column for item in self.leaks) | frozenset(together.columns if together else ())

    @property
    def sample_note(self) -> str:
        """Say on how many rows the checks by prediction were made, empty where it was all of them."""
        if len(self.sample) == len(self.table):
            return ""
        return f" Measured on {len(self.sample):,} of {len(self.table):,} rows, drawn at random."


def leak_limit(task: Task) -> float:
    """Return the share of the error of guessing above which a prediction is too good to be honest."""
    return LEAK_NUMBERS if task is Task.REGRESSION else LEAK_CLASSES


def feature_names(table: Table) -> list[str]:
    """Return the names of the features, in the frame's order."""
    return [column.name for column in table.features]


def looked_at(table: Table) -> list[Column]:
    """Return the features and the target."""
    return [*table.features, table.target]
