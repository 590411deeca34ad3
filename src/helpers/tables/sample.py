"""Fewer rows where a table has more than a step needs: drawn at random, always the same for a seed."""

import math
from dataclasses import replace

import numpy as np

from helpers.tables.table import Table

NORMAL_95 = 1.959963984540054


def share_error(rows: int, of: int) -> float:
    """Return how far a share among rows drawn at random is from that of all, at most, in 95 % of draws.

    Parameters
    ----------
    rows, of : int
        How many were drawn without replacement, of how many; 0 where all were.
    """
    return NORMAL_95 * 0.5 / math.sqrt(rows) * math.sqrt((of - rows) / max(of - 1, 1))


def sampled(table: Table, *, rows: int, seed: int) -> Table:
    """Return the table with at most `rows` rows, drawn at random without replacement, in their old order.

    For one seed a smaller sample is a part of a larger one, so that what is seen in the one is in the other.
    """
    if len(table) <= rows:
        return table
    places = np.sort(np.random.default_rng(seed).permutation(len(table))[:rows])
    return replace(table, frame=table.frame.iloc[places])
