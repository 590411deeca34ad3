"""Which values are missing together, and what a gap has to do with the target."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.errors import listed
from helpers.exploration.associations import alike_columns
from helpers.exploration.effects import FEWEST_ROWS, Effects
from helpers.exploration.indicators import indicator_effects
from helpers.exploration.readings import name
from helpers.exploration.shown import effect_table
from helpers.tables.table import Table
from helpers.wording import count, percent

COLUMNS_COMPARED = 100
PATTERNS_SHOWN = 10
TOGETHER = 0.9  # correlation of two columns' gaps from which they are called one
NAMED = 6
FORMATS = {"missing": ".1%", "strength": ".2f", "effect": ".3f", "low": ".3f", "high": ".3f"}
EFFECT_CAPTION = (
    "The target in rows where the value is missing ('yes') against the others ('no'), strongest first; "
    f"columns with at least {FEWEST_ROWS} rows of either."
)
PATTERN_CAPTION = "Which features are missing together, in how many of the rows."


def gaps(table: Table) -> dict[str, np.ndarray]:
    """Return where each feature with gaps and values is missing; the 100 with most gaps at most."""
    missing = table.X.isna()
    shares = missing.mean()
    order = shares[(shares > 0) & (shares < 1)].sort_values(ascending=False, kind="stable").index
    return {str(name): missing[name].to_numpy() for name in order[:COLUMNS_COMPARED]}


def limit_words(table: Table) -> str:
    """Return how many of the features with gaps are looked at, and why not more; empty where all are."""
    some = int((table.X.isna().any() & table.X.notna().any()).sum())
    if some <= COLUMNS_COMPARED:
        return ""
    return f"Looked at are the {COLUMNS_COMPARED} features with most gaps, of {some:,}; rarer gaps tell less."


def patterns(found: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return the most frequent 10 combinations of columns that are missing together, the others as one line.

    Columns: ``missing together``, ``columns`` (how many), ``rows`` (a percentage in words).
    """
    names = list(found)
    packed = np.packbits(np.column_stack([found[name] for name in names]), axis=1)
    kinds, first, sizes = np.unique(packed, axis=0, return_index=True, return_counts=True)
    order = np.argsort(-sizes, kind="stable")
    rows = [
        _pattern(found, int(first[place]), sizes[place] / len(packed)) for place in order[:PATTERNS_SHOWN]
    ]
    rest = order[PATTERNS_SHOWN:]
    if len(rest):
        share = float(sizes[rest].sum()) / len(packed)
        rows.append(
            {
                "missing together": count(len(kinds) - PATTERNS_SHOWN, "other pattern"),
                "rows": percent(share, digits=1),
            }
        )
    return pd.DataFrame(rows, columns=["missing together", "columns", "rows"])


def together(found: Mapping[str, np.ndarray]) -> tuple[tuple[str, ...], ...]:
    """Return groups of columns of which every two have gaps that correlate by 0.9 or more."""
    if len(found) < 2:
        return ()
    matrix = np.corrcoef(np.column_stack([mask.astype(float) for mask in found.values()]), rowvar=False)
    return alike_columns(pd.DataFrame(matrix, index=list(found), columns=list(found)), at_least=TOGETHER)


def gap_effects(table: Table, *, seed: int) -> Effects:
    """Return what missing or not has to do with the target, for each column with 10 rows of either."""
    enough = {
        name: mask
        for name, mask in gaps(table).items()
        if FEWEST_ROWS <= int(mask.sum()) <= len(mask) - FEWEST_ROWS
    }
    return indicator_effects(table, enough, seed=seed)


def gap_table(effects: Effects, table: Table) -> pd.DataFrame:
    """Return the effects of the gaps as a report shows them, with the share of missing values."""
    shown = effect_table(effects, table).drop(columns=["by order", "any shape"], errors="ignore")
    shown.insert(1, "missing", shown["column"].map(table.X.isna().mean()))
    return shown


def gap_words(groups: tuple[tuple[str, ...], ...], effects: Effects) -> str:
    """Return which columns are missing together, and which gaps tell something of the target."""
    said = "No two columns are missing in the same rows."
    if groups:
        number, parts = sum(map(len, groups)), count(len(groups), "group")
        largest = listed([name(column) for column in groups[0]], limit=NAMED)
        said = f"{number} columns are missing in the same rows, in {parts}; the largest: {largest}."
    if effects.compared.empty:
        return f"{said} No column has {FEWEST_ROWS} rows with and without a value to compare."
    telling = effects.related
    compared = count(len(effects.compared), "column")
    if telling.empty:
        return f"{said} A gap tells nothing of the target ({compared} compared)."
    named = [f"{name(row['column'])} ({row['reading']})" for row in telling.to_dict("records")]
    return (
        f"{said} Whether a value is missing has to do with the target in {len(telling)} of {compared}: "
        f"{listed(named, limit=NAMED)}; 01_data_quality says whether that is a leak."
    )


def _pattern(found: Mapping[str, np.ndarray], row: int, share: float) -> dict[str, object]:
    names = [name for name, mask in found.items() if mask[row]]
    text = listed(names, limit=NAMED) if names else "nothing"
    return {"missing together": text, "columns": len(names), "rows": percent(share, digits=1)}
