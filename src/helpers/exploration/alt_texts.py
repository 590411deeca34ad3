"""What the figures of the exploration show, in words with their numbers, for those who cannot see them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import listed
from helpers.exploration.effects import Effects
from helpers.exploration.panels import Panel
from helpers.exploration.readings import name
from helpers.metrics import Task
from helpers.style import short
from helpers.tables.table import Table
from helpers.wording import count, number, percent

NAMED = 6
LABEL_CHARACTERS = 30


def of_distributions(panels: Sequence[Panel]) -> str:
    """Say where each distribution has its most rows."""
    parts = []
    for panel in panels:
        top = panel.frame.iloc[int(panel.frame["rows"].argmax())]
        where = f"{short(top['label'], LABEL_CHARACTERS)} ({percent(top['share'])} of rows)"
        parts.append(f"{name(panel.column.label)} most often {where}")
    return f"Distributions of {count(len(panels), 'variable')}: {'; '.join(parts)}."


def of_relations(panels: Sequence[Panel], table: Table) -> str:
    """Say from where to where the target goes along each variable."""
    parts = [f"along {name(panel.column.label)} {_span(panel, table)}" for panel in panels]
    return f"{name(table.target.label)} in parts of {count(len(panels), 'variable')}: {'; '.join(parts)}."


def of_strengths(effects: Effects, *, drawn: int) -> str:
    """Say how many variables are drawn, and name the strongest with their intervals."""
    frame = effects.compared.head(drawn)
    named = [_strength(row) for row in frame.head(NAMED).to_dict("records")]
    return (
        f"Strength of the relation with {name(effects.against.label)} for {count(len(frame), 'variable')}, "
        f"strongest first: {listed(named, limit=NAMED)}."
    )


def _strength(row: dict[Any, Any]) -> str:
    if row["any shape"] > row["strength"]:
        return f"{name(row['label'])} {number(row['any shape'])} (any shape)"
    interval = f"{number(row['strength low'])} to {number(row['strength high'])}"
    return f"{name(row['label'])} {number(row['strength'])} ({interval})"


def of_associations(matrix: pd.DataFrame, table: Table) -> str:
    """Say how many columns are drawn, and which pairs are strongest."""
    first, second = np.triu_indices(len(matrix), k=1)
    values = np.nan_to_num(matrix.to_numpy(dtype=float)[first, second])
    order = np.argsort(-values, kind="stable")[:NAMED]
    labels = [name(table.columns[column].label) for column in matrix.index]
    named = [
        f"{labels[first[place]]} with {labels[second[place]]} {number(values[place])}" for place in order
    ]
    return f"Associations among {count(len(matrix), 'variable')}; strongest: {', '.join(named)}."


def _span(panel: Panel, table: Table) -> str:
    pieces = []
    for series in panel.frame["series"].unique()[:NAMED]:
        part = panel.frame[panel.frame["series"] == series]
        low, high = part.iloc[int(part["value"].argmin())], part.iloc[int(part["value"].argmax())]
        text = number if table.task is Task.REGRESSION else percent
        label = f"the {series}" if table.task is Task.REGRESSION else f"the share of {name(series)}"
        pieces.append(
            f"{label} goes from {text(low['value'])} (at {short(low['label'], LABEL_CHARACTERS)}) "
            f"to {text(high['value'])} (at {short(high['label'], LABEL_CHARACTERS)})"
        )
    return ", ".join(pieces)
