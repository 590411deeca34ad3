"""Some rows of a table of new rows, and what all kinds of files share on the way to them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from helpers.errors import Problem, UserError, listed, shortened

# A part holds about so many cells: what is computed from it takes some ten times their memory.
CELLS = 1_000_000
MOST_ROWS = 50_000
LEAST_ROWS = 1_000
ROWS_WANTED = "a table with a header and rows"


@dataclass(frozen=True)
class Part:
    """Some rows of a table.

    Attributes
    ----------
    frame : pandas.DataFrame
        Raw values: text, or the types of the file.
    done : float
        The share of the table that was read with this part, from 0 to 1.
    others : tuple of str
        Columns of the table that were not read, because nobody wants them.
    even : bool
        Whether all parts have the same columns; objects of JSON lines may differ.
    """

    frame: pd.DataFrame
    done: float
    others: tuple[str, ...] = ()
    even: bool = True


def rows_of_part(columns: int) -> int:
    """Return how many rows a part has, of a table of which so many columns are read."""
    return int(min(max(CELLS // max(columns, 1), LEAST_ROWS), MOST_ROWS))


def aligned(frames: Iterator[pd.DataFrame], rows: int) -> Iterator[pd.DataFrame]:
    """Yield the same rows in frames of exactly so many, but for the last, each counted from 0.

    Sums of products can differ in the last digit with the rows that stand beside them. So a table is always
    cut at the same places, whichever way it comes.
    """
    held: list[pd.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(map(len, held)) >= rows:
            whole = pd.concat(held, ignore_index=True)
            full = len(whole) - len(whole) % rows
            yield from (
                whole.iloc[first : first + rows].reset_index(drop=True) for first in range(0, full, rows)
            )
            held = [whole.iloc[full:]]
    rest = pd.concat(held, ignore_index=True) if held else pd.DataFrame()
    if len(rest):
        yield rest


def cut(frame: pd.DataFrame, rows: int) -> Iterator[Part]:
    """Yield a frame in parts of at most so many rows, each counted from 0."""
    for first in range(0, len(frame), rows):
        part = frame.iloc[first : first + rows].reset_index(drop=True)
        yield Part(part, (first + len(part)) / len(frame))


def names_of(given: Sequence[Any], place: str) -> list[str]:
    """Return the columns' names; those without one are named by their place, as in a run.

    Raises
    ------
    UserError
        If a name stands twice.
    """
    names = [str(name) if str(name).strip() else f"column {at}" for at, name in enumerate(given, 1)]
    twice = sorted(name for name, often in Counter(names).items() if often > 1)
    if twice:
        raise UserError(
            Problem(place, f"more than one column called {listed(twice)}", "column names that differ")
        )
    return names


@contextmanager
def told(place: str, kind: str) -> Iterator[None]:
    """Turn what a reader raises into a problem of the table."""
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeError) as error:
        reason = shortened(error, limit=160)
        raise UserError(
            Problem(place, f"a file that cannot be read as {kind} ({reason})", f"a table written as {kind}")
        ) from None
