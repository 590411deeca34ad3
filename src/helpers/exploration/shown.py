"""The tables of the exploration as a report shows them: fewer columns, readable headings."""

import numpy as np
import pandas as pd

from helpers.exploration.associations import Associations
from helpers.exploration.describe import RARE_LEVEL, Description
from helpers.exploration.effects import Effects, overall_strength
from helpers.tables.table import Table

SMALLEST_SHOWN = 0.001
SHOWN_ABOVE = ["role", "values"]
OVERVIEW_CAPTION = (
    "Variables, ordered by their strength against the target: 0 no relation, 1 the target is decided; the "
    "larger of the strength by order and that of any shape."
)
EFFECTS_CAPTION = (
    "Each variable against the target, strongest first. Strength is the larger of two: 'by order' (what "
    "rises or falls, of which effect, low and high tell) and 'any shape' (numbers cut into parts)."
)
CAPTIONS = {
    "numbers": "The numbers among the columns.",
    "categories": (
        "The categories among the columns. 'Levels for 90 %': how many of the most frequent hold 90 % of the "
        f"rows; 'rare' ones have fewer than {RARE_LEVEL} rows."
    ),
    "dates": "The dates among the columns; gaps in days.",
    "texts": "The texts among the columns; lengths in characters.",
}
FORMATS = {
    "missing": ".1%", "strength": ".2f", "any shape": ".2f", "by order": ".2f", "effect": ".3f",
    "low": ".3f", "high": ".3f", "at weekends": ".1%",
    "its share": ".1%", "share of second": ".1%", "share of top 10": ".1%", "zeros": ".1%",
}  # fmt: skip


def overview_table(description: Description, effects: Effects, table: Table) -> pd.DataFrame:
    """Return every variable with the strength that orders them, its kind, gaps and typical values."""
    known = pd.Series(overall_strength(effects.frame).to_numpy(), index=effects.frame["column"])
    shown = description.overview.copy()
    shown.insert(1, "strength", shown["column"].map(known))
    return labelled(shown, table)


def kind_tables(description: Description) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """Return for each kind the table to store and the one to show, which leaves out what is elsewhere."""
    stored = {
        "numbers": (description.numbers, number_table(description)),
        "categories": (description.categories, description.categories.drop(columns=SHOWN_ABOVE)),
        "dates": (description.dates, description.dates.drop(columns=SHOWN_ABOVE)),
        "texts": (description.texts, description.texts.drop(columns=SHOWN_ABOVE)),
    }
    return {kind: tables for kind, tables in stored.items() if len(tables[0])}


def number_table(description: Description) -> pd.DataFrame:
    """Return the numbers without the outermost 1 % and what else stands in the stored table only."""
    return description.numbers.drop(columns=[*SHOWN_ABOVE, "1 %", "99 %"])


def effect_table(effects: Effects, table: Table) -> pd.DataFrame:
    """Return the effects of the columns compared: what decides first, q in words where it is tiny."""
    frame = effects.compared
    shown = pd.DataFrame({"column": frame["column"], "strength": overall_strength(frame)})
    shown = shown.assign(
        **{"what it says": frame["reading"], "measure": frame["measure"]},
        **{key: frame[key] for key in ("effect", "low", "high")},
        **{"by order": frame["strength"], "any shape": frame["any shape"], "q": frame["q"].map(q_text)},
        rows=frame["rows"],
    )
    return labelled(shown, table)


def pair_table(associations: Associations, table: Table) -> pd.DataFrame:
    """Return the strongest pairs."""
    names = ["column", "other column", "effect", "reading", "measure", "low", "high", "rows"]
    return labelled(associations.pairs[names].rename(columns={"reading": "what it says"}), table)


def labelled(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the frame with the labels beside the columns' names, where one differs from its name."""
    titles = {column.name: column.title for column in table.columns.values()}
    found = frame.copy()
    for key, heading in (("column", "label"), ("other column", "other label")):
        if key in found and (labels := found[key].map(titles)).ne(found[key]).any():
            found.insert(list(found.columns).index(key) + 1, heading, labels)
    return found


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
