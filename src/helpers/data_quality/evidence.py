"""What a table's own rows say of the target: how much each column tells, and which give the answer away."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from helpers.data_quality.coding import PerColumn, coded
from helpers.data_quality.file_order import is_sorted, target_by_place
from helpers.data_quality.parts import Parts, parts_of_number
from helpers.data_quality.probe import ColumnSkill, Skill, column_skills
from helpers.data_quality.together import DECIDED, Together, best_together
from helpers.metrics import Task
from helpers.tables.sample import sampled
from helpers.tables.table import Table

SAMPLE_ROWS = 20_000
SAMPLE_CELLS = 1_000_000
SAMPLE_FEWEST = 2_000
SMALL_ROWS = 5_000
LEAK_CLASSES = 0.95
# Numbers need more: an honest neighbour of the target, the weight of a stone for its price, comes close.
LEAK_NUMBERS = 0.98
# Up to three columns far above all others, four or more, are too strong to be believed unseen.
LEADERS_AT_MOST = 3
FOLLOWERS_AT_LEAST = 4
LEADING = 0.50
FALL = 0.30
# What does not decide the class together must tell much, and several times what the best of them tells alone.
TELLING_TOGETHER = 0.40
ALONE_SHARE = 0.30
MOST_SHARE = 0.70


class Evidence:
    """What can be learnt from some rows about what tells the target; each part is worked out when asked for.

    Parameters
    ----------
    table : Table
        The rows.
    seed : int
        Seed of samples and folds.
    """

    def __init__(self, table: Table, *, seed: int = 0) -> None:
        self.table = table
        self.seed = seed

    @cached_property
    def codes(self) -> Mapping[str, np.ndarray]:
        """Each column's values as whole numbers (see `coded`), by column name."""
        return PerColumn(self.table, coded)

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
    def place_skill(self) -> Skill:
        """How well a row's place in the file predicts its target."""
        return target_by_place(self.sample, seed=self.seed)

    @cached_property
    def is_sorted(self) -> bool:
        """Whether the file is in order of the target."""
        return is_sorted(self.sample, seed=self.seed)

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
    def leaders(self) -> tuple[ColumnSkill, ...]:
        """The strong features that all the others fall far behind, where none gives the target away alone."""
        if self.leaks:
            return ()
        for size in range(1, LEADERS_AT_MOST + 1):
            if len(self.skills) < size + FOLLOWERS_AT_LEAST:
                break
            last, follower = self.skills[size - 1].skill, self.skills[size].skill
            if last.low >= LEADING and follower.value <= FALL * last.value:
                return self.skills[:size]
        return ()

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
    def best_together(self) -> Together | None:
        """The two or three features that predict the class best together, if there are two to try."""
        if self.table.task is Task.REGRESSION or not self.may_decide_together:
            return None
        return best_together(self.small_sample, self.may_decide_together, seed=self.seed)

    @cached_property
    def deciding_together(self) -> Together | None:
        """The two or three features that decide the class together, though none does alone."""
        best = self.best_together
        return best if best is not None and best.skill.low >= DECIDED else None

    @cached_property
    def telling_together(self) -> Together | None:
        """The features that together tell far more of the class than each alone, without deciding it."""
        best = self.best_together
        if best is None or best is self.deciding_together:
            return None
        is_more = best.alone <= ALONE_SHARE * best.skill.value
        # What any other column tells better alone is nothing to be surprised at.
        is_most = self.skills[0].skill.value <= MOST_SHARE * best.skill.value
        return best if best.skill.low >= TELLING_TOGETHER and is_more and is_most else None

    @cached_property
    def given_away(self) -> frozenset[str]:
        """The features that give the target away alone or together, or nearly so together."""
        together = self.parts_of_number or self.deciding_together or self.telling_together
        return frozenset(item.column for item in self.leaks) | frozenset(together.columns if together else ())

    def honest_features(self, *, at_most: int) -> list[str]:
        """Return the features, the strongest first, without those that give the target away or lead by far.

        They are what something is priced beside: next to a leak every difference is small.
        """
        suspected = self.given_away | {item.column for item in self.leaders}
        return [item.column for item in self.skills if item.column not in suspected][:at_most]


def leak_limit(task: Task) -> float:
    """Return the share of the error of guessing above which a prediction is too good to be honest."""
    return LEAK_NUMBERS if task is Task.REGRESSION else LEAK_CLASSES
