"""Whether two tables of counts differ beyond chance, and by how much."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

# The usual bound under which the approximation of chi-squared is not trusted.
LEAST_EXPECTED = 5.0


def chance_of_counts(old: Sequence[int], new: Sequence[int]) -> float:
    """Return the p-value of both rows of counts coming from one distribution.

    Parameters
    ----------
    old, new : sequence of int
        Rows in the same bins; bins in which too few are expected are taken together.

    Returns
    -------
    float
        Pearson's chi-squared test of homogeneity, Fisher's exact test for two bins; 1 where fewer than two
        bins are left. Rows that stand in both tables make the test cautious, never rash.
    """
    table = np.array([old, new], dtype=np.float64)
    if (table.sum(axis=1) == 0).any():
        return 1.0
    expected = table.sum(axis=0) * table.sum(axis=1).min() / table.sum()
    small = (expected > 0) & (expected < LEAST_EXPECTED)
    if table.shape[1] > 2 and small.any():
        table = np.column_stack([table[:, ~small], table[:, small].sum(axis=1)])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return 1.0
    if table.shape[1] == 2:
        return float(stats.fisher_exact(table.astype(np.int64)).pvalue)
    return float(stats.chi2_contingency(table, correction=False).pvalue)


def moved_share(old: Sequence[int], new: Sequence[int]) -> float:
    """Return the share of rows that would have to be in another bin to make both alike, from 0 to 1.

    >>> moved_share([50, 50], [100, 0])
    0.5
    """
    return float(np.abs(_shares(old) - _shares(new)).sum() / 2)


def _shares(counts: Sequence[int]) -> NDArray[np.float64]:
    values = np.asarray(counts, dtype=np.float64)
    shares: NDArray[np.float64] = values / max(float(values.sum()), 1.0)
    return shares
