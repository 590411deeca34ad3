"""Numbers told in pieces: how far a value has come through each stretch of its column's range.

A network bends a number slowly. Told by how much of each stretch between two quantiles lies below it, the
same network can follow steps and steep slopes (piecewise linear encoding; Gorishniy, Rubachev and Babenko, On
embeddings for numerical features in tabular deep learning, NeurIPS 2022).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

# A column is cut into so many pieces of as many rows each; into fewer where many columns are cut.
PIECES, PIECES_IN_ALL = 16, 400


def ends_of_pieces(rows: Floats) -> list[Floats]:
    """Return for each column where its pieces begin and end.

    Parameters
    ----------
    rows : numpy.ndarray
        rows × columns, without gaps.

    Returns
    -------
    list of numpy.ndarray
        Of each column the ends in rising order, one more than it has pieces; empty for one with fewer than
        two pieces, as a 0/1 column, for there is nothing to be told.
    """
    cut = max(1, sum(len(np.unique(column)) > 2 for column in rows.T))
    shares = np.linspace(0, 1, min(PIECES, PIECES_IN_ALL // cut) + 1)
    found = [np.unique(np.quantile(column, shares)) for column in rows.T]
    return [ends if len(ends) > 2 else ends[:0] for ends in found]


def in_pieces(rows: Floats, ends: Sequence[Floats]) -> Floats:
    """Return rows × pieces: -0.5 for a value below the piece, 0.5 above it, within it what lies between."""
    told = [
        (np.clip((column[:, None] - each[:-1]) / np.diff(each), 0, 1) - 0.5).astype(rows.dtype)
        for column, each in zip(rows.T, ends, strict=True)
        if len(each)
    ]
    return np.hstack(told) if told else rows[:, :0]
