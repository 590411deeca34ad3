"""The last accepted table and the one in question, counted alike, and what every rule says of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.contracts.accepted import ColumnDescription, Description, in_bins, levels_in
from helpers.contracts.delivered import Delivered
from helpers.findings import ORDER, Severity
from helpers.tables.table import Kind
from helpers.wording import count

# Tables that were alike would differ so much in one of a hundred comparisons, all columns of a rule together.
ALPHA = 0.01
NAMES_SHOWN = 6
Row = Mapping[str, Any]
Steps = Sequence[tuple[float, Severity]]


@dataclass(frozen=True)
class Both:
    """The last accepted table and the one in question.

    Attributes
    ----------
    old, new : Description
        What they are.
    levels : mapping of str to (mapping of str to int)
        By column of words the rows of each level in the new table, however many there are.
    binned : mapping of str to list of int
        By column of numbers the rows of the new table between the old one's edges.
    """

    old: Description
    new: Description
    levels: Mapping[str, Mapping[str, int]]
    binned: Mapping[str, list[int]]

    @property
    def shared(self) -> dict[str, tuple[ColumnDescription, ColumnDescription]]:
        """The columns of both, in the new table's order."""
        old = self.old.columns
        return {name: (old[name], column) for name, column in self.new.columns.items() if name in old}


def both_of(old: Description, new: Description, table: Delivered) -> Both:
    """Return what is compared, the new table counted in the old one's bins."""
    levels, binned = {}, {}
    for name, before in old.columns.items():
        column = table.columns.get(name)
        if column is None:
            continue
        if before.levels is not None and column.kind is Kind.CATEGORY:
            levels[name] = levels_in(column)
        if before.edges is not None and column.kind in (Kind.NUMBER, Kind.BOOLEAN):
            binned[name] = in_bins(column.series, before.edges)
    return Both(old, new, levels, binned)


def size(value: float, steps: Steps) -> Severity | None:
    """Return the severity of the first step that the value reaches; None below the last."""
    return next((severity for least, severity in steps if value >= least), None)


def worst(severities: Iterable[Severity | None]) -> Severity:
    """Return the most serious of some severities."""
    return min((each for each in severities if each is not None), key=ORDER.index)


def columns_words(rows: Sequence[Row]) -> str:
    """Return how many columns the rows of evidence are of."""
    return count(len(rows), "column")


def names(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the columns that the rows of evidence are of."""
    return tuple(str(row["column"]) for row in rows)


def evidence(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows without what only decided how serious they are."""
    return tuple(
        {key: value for key, value in row.items() if key not in ("likely", "severity")} for row in rows
    )
