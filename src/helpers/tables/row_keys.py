"""A hash of each row's content as it was read: a row's side depends on what it holds, not on where."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.tables.kinds import Cells
from helpers.tables.levels import Levels

Keys = NDArray[np.uint64]
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)


def column_keys(cells: Cells) -> Keys:
    """Return a 64-bit hash of each cell; equal cells have equal hashes on any machine."""
    if isinstance(cells, Levels):
        hashes = pd.util.hash_array(cells.objects(), categorize=False).astype(np.uint64)
        return cells.spread(hashes, missing=0)
    if pd.api.types.is_numeric_dtype(cells.dtype):
        numbers = cells.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0  # turns −0 into 0
        return pd.util.hash_array(numbers)
    return np.asarray(pd.util.hash_pandas_object(cells, index=False), dtype=np.uint64)


def combined(keys: Iterable[Keys], *, rows: int) -> Keys:
    """Return one hash a row from the hashes of its cells, in the order given."""
    total = np.full(rows, 1, dtype=np.uint64)
    for part in keys:
        total = (total ^ part) * _MULTIPLIER
        total ^= total >> _SHIFT
    return total


def occurrence(keys: Keys) -> NDArray[np.int64]:
    """Return for each row how many rows before it have the same key."""
    return np.asarray(pd.Series(keys).groupby(keys, sort=False).cumcount(), dtype=np.int64)
