"""Fewer rows for a figure: drawn at random, always the same for a seed, and said so."""

from dataclasses import replace

import numpy as np

from helpers.tables.table import Table
from helpers.wording import count

FIGURE_ROWS = 20_000


def sampled(table: Table, *, seed: int, rows: int = FIGURE_ROWS) -> Table:
    """Return the table with at most `rows` rows, drawn at random without replacement, in their old order.

    For one seed a smaller sample is a part of a larger one, so that what is seen in the one is in the other.
    """
    if len(table) <= rows:
        return table
    places = np.sort(np.random.default_rng(seed).permutation(len(table))[:rows])
    return replace(table, frame=table.frame.iloc[places])


def sample_words(shown: int, whole: int) -> str:
    """Return which rows a figure or a measure rests on.

    >>> sample_words(20_000, 1_000_000)
    '20,000 of 1,000,000 rows, picked at random'
    >>> sample_words(455, 455)
    'all 455 rows'
    """
    if shown < whole:
        return f"{shown:,} of {count(whole, 'row')}, picked at random"
    return f"all {count(whole, 'row')}" if whole > 1 else "the only row"
