"""What the rules share: how the rows were read and split, the seed, and work that several rules need."""

from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from helpers.data_quality.coding import PerColumn, level_sizes
from helpers.data_quality.evidence import Evidence
from helpers.data_quality.markers import Marker, markers_of
from helpers.data_quality.split_advice import SplitAdvice, split_advice
from helpers.tables.prepare import Development
from helpers.tables.table import Column, Role, Table


class Context(Evidence):
    """What a rule may know besides the rows.

    Parameters
    ----------
    development : Development
        The development rows with how they were read and split.
    seed : int
        Seed of samples and folds.
    advice : SplitAdvice, optional
        What was measured to split the rows; measured here if it is needed and was not.
    """

    def __init__(self, development: Development, seed: int = 0, *, advice: SplitAdvice | None = None) -> None:
        super().__init__(development.table, seed=seed)
        self.development = development
        self._advice = advice

    def has(self, role: Role) -> bool:
        """Return whether the params name a column for the role."""
        return bool(self.table.with_role(role))

    def reported_on_reading(self, kind: str) -> str:
        """Return the code of the finding of this kind that reading the table gave, empty if it gave none."""
        return next((found.code for found in self.development.findings if found.kind == kind), "")

    @cached_property
    def advice(self) -> SplitAdvice:
        """What other ways of splitting the rows score than at random."""
        advice = split_advice(self.table) if self._advice is None else self._advice
        if advice.failed:
            raise RuntimeError(f"the ways of splitting could not be priced: {advice.failed}")
        return advice

    @cached_property
    def sizes(self) -> Mapping[str, pd.Series]:
        """The rows of each level of a column, the most frequent first, by column name."""
        return PerColumn(self.table, level_sizes)

    @cached_property
    def markers(self) -> tuple[Marker, ...]:
        """The numbers and dates that seem to stand for 'no value'."""
        return tuple(markers_of(self.table, looked_at(self.table)))

    @property
    def sample_note(self) -> str:
        """Say on how many rows the checks by prediction were made, empty where it was all of them."""
        if len(self.sample) == len(self.table):
            return ""
        return f" Measured on {len(self.sample):,} of {len(self.table):,} rows, drawn at random."


def feature_names(table: Table) -> list[str]:
    """Return the names of the features, in the frame's order."""
    return [column.name for column in table.features]


def looked_at(table: Table) -> list[Column]:
    """Return the features and the target."""
    return [*table.features, table.target]
