"""The tables of the exploration as a report shows them: fewer columns, readable headings."""

import numpy as np
import pandas as pd

from helpers.exploration.associations import Associations
from helpers.exploration.describe import Description
from helpers.exploration.effects import Effects

SMALLEST_SHOWN = 0.001
FORMATS = {
    "missing": ".1%", "strength": ".2f", "any shape": ".2f", "effect": ".3f", "low": ".3f", "high": ".3f",
    "its share": ".1%", "share of second": ".1%", "share of top 10": ".1%", "zeros": ".1%",
}  # fmt: skip


def overview_table(description: Description, effects: Effects) -> pd.DataFrame:
    """Return every variable with its kind, gaps, typical values, and the strength against the target."""
    known = effects.frame.set_index("column")["strength"]
    return description.overview.assign(strength=description.overview["column"].map(known))


def number_table(description: Description) -> pd.DataFrame:
    """Return the numbers without the outermost 1 % and what else stands in the stored table only."""
    return description.numbers.drop(columns=["role", "values", "1 %", "99 %"])


def effect_table(effects: Effects) -> pd.DataFrame:
    """Return the effects of the columns compared, q in words where it is tiny."""
    frame = effects.compared
    names = ["column", "measure", "effect", "low", "high", "strength", "any shape", "q", "rows", "reading"]
    return frame[names].assign(q=frame["q"].map(q_text)).rename(columns={"reading": "what it says"})


def pair_table(associations: Associations) -> pd.DataFrame:
    """Return the strongest pairs."""
    names = ["column", "other column", "measure", "effect", "low", "high", "rows", "reading"]
    return associations.pairs[names].rename(columns={"reading": "what it says"})


def matrix_table(matrix: pd.DataFrame) -> pd.DataFrame:
    """Return a square matrix of strengths as one row a pair, so that no column's name meets another."""
    rows, columns = np.indices(matrix.shape).reshape(2, -1)
    names = matrix.index.to_numpy()
    values = matrix.to_numpy().ravel()
    return pd.DataFrame({"column": names[rows], "other column": names[columns], "strength": values})


def q_text(q: float) -> str:
    """Return a corrected q in three decimals.

    >>> q_text(0.0123), q_text(0.00001)
    ('0.012', 'under 0.001')
    """
    return f"under {SMALLEST_SHOWN}" if q < SMALLEST_SHOWN else f"{q:.3f}"
