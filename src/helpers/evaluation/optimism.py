"""What luck gives the best of several models that were judged on the same holdout rows."""

import numpy as np
from scipy import stats

from helpers.bootstrap import CONFIDENCE
from helpers.results import Estimate, OptimismResult

# Models for one table err on much the same rows, so that their scores rise and fall together; how much is not
# known of models that are gone. Half is assumed, and said.
CORRELATION = 0.5
_REACH, _STEPS = 8.0, 4_001


def expected_best(looks: int) -> float:
    """Return the expected largest of so many standard normal numbers (0 for one).

    >>> round(expected_best(2), 4), round(expected_best(3), 4)
    (0.5642, 0.8463)
    """
    points = np.linspace(-_REACH, _REACH, _STEPS)
    density = looks * stats.norm.pdf(points) * stats.norm.cdf(points) ** (looks - 1)
    return float(np.trapezoid(points * density, points)) if looks > 1 else 0.0


def optimism(score: Estimate, looks: int) -> OptimismResult | None:
    """Return how much the best of `looks` equally good models would seem better than it is, by luck alone.

    Parameters
    ----------
    score : Estimate
        The headline metric on the rows, whose interval gives its standard error.
    looks : int
        How many models were judged on them.

    Returns
    -------
    OptimismResult or None
        None for a first look, or where the score has no interval.

    Notes
    -----
    The expected largest of k normal numbers of one standard error and a common correlation ρ is
    √(1 − ρ) times that of independent ones. It holds for models that were each judged once; who picks the
    next model by the scores of those before can do worse (Dwork et al. 2015).
    """
    if looks <= 1 or score.low is None or score.high is None:
        return None
    error = (score.high - score.low) / (2 * float(stats.norm.ppf(0.5 + CONFIDENCE / 2)))
    at_most = error * expected_best(looks)
    return OptimismResult(
        looks=looks,
        standard_error=error,
        correlation=CORRELATION,
        expected=at_most * float(np.sqrt(1 - CORRELATION)),
        at_most=at_most,
    )
