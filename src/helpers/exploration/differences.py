"""What differs over groups or time, where the parameters name them."""

from dataclasses import dataclass

import numpy as np

from helpers.exploration.effects import Effects, effects
from helpers.exploration.panels import Panel, relation
from helpers.style import short
from helpers.tables.table import Column, Role, Table
from helpers.wording import count


@dataclass(frozen=True)
class Difference:
    """What differs over one column.

    Attributes
    ----------
    column : Column
        The group or time column.
    effects : Effects
        The target and each feature against that column.
    panel : Panel or None
        The target along it; None where the column has no two different values.
    sizes : str
        How many groups there are and how large; empty for time.
    """

    column: Column
    effects: Effects
    panel: Panel | None
    sizes: str

    @property
    def role(self) -> str:
        """``group`` or ``time``."""
        return self.column.role.value

    def caption(self, note: str) -> str:
        """Say what the table of differences holds, with the note on the sample."""
        return f"What differs over {self.title}, the target included. {note}".strip()

    @property
    def title(self) -> str:
        """The role and the column's name, short."""
        return f"{self.role} ‘{short(self.column.name, 40)}’"


def all_differences(table: Table, *, seed: int) -> list[Difference]:
    """Return what differs over the group and over time; empty where neither is named."""
    columns = [*table.with_role(Role.GROUP), *table.with_role(Role.TIME)]
    return [_difference(table, column, seed=seed) for column in columns]


def _difference(table: Table, column: Column, *, seed: int) -> Difference:
    compared = effects(table, [table.target, *table.features], against=column, seed=seed)
    sizes = _sizes(table, column) if column.role is Role.GROUP else ""
    return Difference(column, compared, relation(table, column), sizes)


def _sizes(table: Table, column: Column) -> str:
    rows = table.frame[column.name].value_counts().to_numpy()
    rows = rows[rows > 0]
    if len(rows) == 0:
        return "There is no group."
    text = f"{count(len(rows), 'group')} of {rows.min():,} to {count(int(rows.max()), 'row')}"
    return f"{text}, half of them up to {count(int(np.median(rows)), 'row')}."
