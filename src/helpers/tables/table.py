"""What the notebooks work on: the rows of one side of the split, typed, each column with its role."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import pandas as pd

from helpers.metrics import Task
from helpers.scoring.truth import Truth


class Kind(StrEnum):
    """What the values of a column are. The frame holds each kind as the type named here."""

    NUMBER = "number"  # float64 or int64
    BOOLEAN = "boolean"  # float64: 0, 1, missing
    CATEGORY = "category"  # pandas category of str
    DATE = "date"  # datetime64
    TEXT = "text"  # str
    IDENTIFIER = "identifier"  # as read: int64 or str
    EMPTY = "empty"  # no value at all; float64


class Role(StrEnum):
    """What a column is for."""

    TARGET = "target"
    FEATURE = "feature"
    ID = "id"
    GROUP = "group"
    TIME = "time"
    WEIGHT = "weight"  # how much a row counts
    DROPPED = "dropped"  # named under `drop`
    UNUSED = "unused"  # an identifier or an empty column that nobody named


@dataclass(frozen=True)
class Column:
    """A column's name, kind and role, and what people call it."""

    name: str
    kind: Kind
    role: Role
    label: str
    unit: str = ""

    @property
    def title(self) -> str:
        """The label, with the unit in brackets where there is one."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class Table:
    """Rows of one side, with their columns described.

    Attributes
    ----------
    frame : pandas.DataFrame
        The rows; the index counts rows of the table as it was read (after cleaning), so that a row can be
        found again. The target of a classification is `str`; of a regression float64.
    columns : mapping of str to Column
        In the order of the frame's columns.
    task : Task
        Binary, multiclass or regression.
    classes : tuple of str
        The target's classes in sorted order; empty for a regression.
    positive : str or None
        For two classes the one to find.
    """

    frame: pd.DataFrame
    columns: Mapping[str, Column]
    task: Task
    classes: tuple[str, ...] = ()
    positive: str | None = None

    def __len__(self) -> int:
        return len(self.frame)

    def with_role(self, role: Role) -> list[Column]:
        """Return the columns that play the role, in the frame's order."""
        return [column for column in self.columns.values() if column.role is role]

    @property
    def target(self) -> Column:
        """The column to predict."""
        return self.with_role(Role.TARGET)[0]

    @property
    def features(self) -> list[Column]:
        """The columns that models may see."""
        return self.with_role(Role.FEATURE)

    @property
    def X(self) -> pd.DataFrame:  # noqa: N802
        """The features' values."""
        return self.frame[[column.name for column in self.features]]

    @property
    def y(self) -> pd.Series:
        """The target's values, none missing."""
        return self.frame[self.target.name]

    @property
    def groups(self) -> pd.Series | None:
        """The values of the group column, if one was named."""
        found = self.with_role(Role.GROUP)
        return self.frame[found[0].name] if found else None

    @property
    def times(self) -> pd.Series | None:
        """The values of the time column, if one was named."""
        found = self.with_role(Role.TIME)
        return self.frame[found[0].name] if found else None

    @property
    def weights(self) -> pd.Series | None:
        """How much each row counts, as float64 of 0 or more; None where all count the same."""
        found = self.with_role(Role.WEIGHT)
        return self.frame[found[0].name].astype("float64") if found else None

    @property
    def truth(self) -> Truth:
        """What predictions for the rows are held against."""
        return Truth(self.y, self.classes, self.positive, self.weights)

    def rows(self, mask: pd.Series) -> "Table":
        """Return the same table with only the rows where `mask` is true."""
        return replace(self, frame=self.frame.loc[mask])
