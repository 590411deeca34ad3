"""Columns of yes and no: whether all of a table's are written in the same way."""

from collections import defaultdict
from collections.abc import Mapping

from helpers.errors import listed
from helpers.findings import Finding, Severity
from helpers.tables.kinds import BOOLEAN_PAIRS, Cells
from helpers.tables.levels import Levels
from helpers.wording import count, joined

NUMBERS = ("0", "1")
NAMES_SHOWN = 3


def words_of(cells: Cells) -> tuple[str, ...]:
    """Return the two words, in lower case, that a column of yes and no is written with."""
    if not isinstance(cells, Levels):
        return NUMBERS
    words = {str(word) for word in cells.lower.to_pylist()}
    return next((pair for pair in BOOLEAN_PAIRS if words & set(pair)), NUMBERS)


def in_several_ways(ways: Mapping[str, tuple[str, ...]]) -> list[Finding]:
    """Return the finding on columns of yes and no that are written in two ways or more, if there are any.

    Parameters
    ----------
    ways : mapping of str to tuple of str
        By column the two words that it is written with.
    """
    columns: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, words in ways.items():
        columns[words].append(name)
    if len(columns) < 2:
        return []
    order = sorted(columns, key=lambda words: -len(columns[words]))
    said = [
        f"{'/'.join(words)} in {count(len(columns[words]), 'column')} "
        f"({listed(columns[words], limit=NAMES_SHOWN)})"
        for words in order
    ]
    rarer = tuple(name for words in order[1:] for name in columns[words])
    return [
        Finding(
            "T123",
            "assumption",
            Severity.NOTE,
            f"Yes and no are written in {len(columns)} ways: {joined(said)}; all were read as yes or no.",
            "Yes and no are written in several ways.",
            "Make sure that 1 means yes in each.",
            rarer,
            tuple({"column": name, "written": "/".join(words)} for name, words in ways.items()),
        )
    ]
