"""Which columns name a row instead of describing it."""

import re

import numpy as np
from numpy.typing import NDArray

from helpers.tables.levels import Levels, matches

# Fewer rows than this say nothing about whether values repeat.
ROWS_TO_JUDGE = 30
# Texts name rows if at least this share of them are distinct …
UNIQUE_SHARE = 0.95
# … at least this share hold a digit or an @, as codes and addresses do and words do not …
CODE_SHARE = 0.9
# … at most this share hold a blank, as sentences and names of people do …
BLANK_SHARE = 0.1
# … and they are not long.
LONGEST_CODE = 64
# Whole numbers that only ever grow are row numbers if they fill at least this share of their range.
DENSE_SHARE = 0.5
# A counter that starts anew is told by its name, by steps of one in this share of the rows …
STEPS_SHARE = 0.9
# … and by this share of distinct values: an hour of the day repeats far more often.
COUNTER_DISTINCT_SHARE = 0.3
YEARS = (1500, 2200)
ID_WORDS = frozenset(
    {"id", "ids", "no", "nr", "num", "number", "index", "idx", "key", "uuid", "guid", "rownum", "row"}
)


def texts_name_rows(levels: Levels, missing: NDArray[np.bool_], *, name: str) -> bool:
    """Tell whether texts are identifiers: nearly all distinct, short, without blanks, with digits.

    Names of people, titles and sentences are distinct too, but hold blanks and no digits: those are text.
    """
    rows, distinct = levels.rows(~missing), int((~missing).sum())
    if rows < ROWS_TO_JUDGE or distinct < UNIQUE_SHARE * rows:
        return False
    blank = matches(levels.stripped, r"\s")[~missing].mean()
    coded = matches(levels.stripped, r"[0-9@]")[~missing].mean()
    short = not matches(levels.stripped, rf"^(?s:.{{{LONGEST_CODE + 1}}})")[~missing].any()
    return bool(blank <= BLANK_SHARE and short and (coded >= CODE_SHARE or name_says_id(name)))


def numbers_name_rows(values: NDArray[np.float64], *, name: str) -> bool:
    """Tell whether numbers are identifiers.

    They must be whole and known in every row, and either (1) all distinct and without a gap, in any order;
    (2) all distinct, growing from row to row and filling at least half of their range; (3) all distinct
    under a name such as 'id'; or (4) under such a name, a counter that starts anew. Years are none.
    """
    rows = len(values)
    if rows < ROWS_TO_JUDGE or not np.isfinite(values).all() or (values != np.floor(values)).any():
        return False
    low, high = float(values.min()), float(values.max())
    if YEARS[0] <= low and high <= YEARS[1]:
        return False
    distinct = len(np.unique(values))
    steps = np.diff(values)
    if distinct == rows:
        density = rows / (high - low + 1)
        return bool(density == 1 or name_says_id(name) or (density >= DENSE_SHARE and (steps > 0).all()))
    counting = (steps == 1).mean() >= STEPS_SHARE and distinct >= COUNTER_DISTINCT_SHARE * rows
    return bool(counting and name_says_id(name))


def name_says_id(name: str) -> bool:
    """Tell whether the last word of a column's name is one that names of identifiers end in."""
    words = re.findall(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    return bool(words) and words[-1].lower() in ID_WORDS
