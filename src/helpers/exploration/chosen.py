"""Which variables are drawn: those that matter most, and the strongest of every kind that they leave out."""

from collections.abc import Sequence

from helpers.tables.table import Column, Table

DRAWN = 6


def columns_drawn(table: Table, ranked: Sequence[str]) -> list[Column]:
    """Return 6 columns at most, in the order given: the first, save for the first of each further kind.

    Parameters
    ----------
    table : Table
        The rows.
    ranked : sequence of str
        Columns that vary, the most important first.
    """
    columns = [table.columns[name] for name in ranked]
    first_of_kind = list({column.kind: column for column in reversed(columns)}.values())
    kinds = sorted(first_of_kind, key=columns.index)[:DRAWN]
    others = [column for column in columns if column not in kinds][: DRAWN - len(kinds)]
    return sorted([*kinds, *others], key=columns.index)
