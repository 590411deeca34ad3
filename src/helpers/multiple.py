"""Corrections for making many tests at once."""

from collections.abc import Sequence

import numpy as np
from scipy import stats


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number, in the order given (Holm 1979).

    Rejecting those below 5 % rejects a true hypothesis in at most 5 % of all tables, however the tests
    depend on each other.
    """
    given = np.asarray(p_values, dtype=float)
    order = np.argsort(given, kind="stable")
    factors = len(given) - np.arange(len(given))
    corrected = np.minimum(1.0, np.maximum.accumulate(given[order] * factors))
    found = np.empty(len(given))
    found[order] = corrected
    return [float(value) for value in found]


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Return Benjamini and Hochberg's (1995) q of each p; NaN, a test that was not made, stays NaN."""
    q = np.full(len(p), np.nan)
    made = ~np.isnan(p)
    if made.any():
        q[made] = stats.false_discovery_control(p[made])
    return q
