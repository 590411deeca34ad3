"""Intervals that assume little: of a share (Wilson) and of a median (order statistics)."""

import numpy as np
from scipy import stats

CONFIDENCE = 0.95


def wilson(
    successes: np.ndarray, trials: np.ndarray, *, confidence: float = CONFIDENCE
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper ends of the Wilson score interval of each share.

    Parameters
    ----------
    successes, trials : numpy.ndarray
        Counts, of equal shape; where `trials` is 0 the interval is 0 to 1.
    confidence : float
        Between 0 and 1.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22; recommended by Brown, Cai and
    DasGupta (2001) for its coverage at small counts.
    """
    z = stats.norm.ppf(0.5 + confidence / 2)
    n = np.maximum(np.asarray(trials, dtype=float), 1)
    share = np.asarray(successes, dtype=float) / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    empty = np.asarray(trials) == 0
    low = np.where(empty | (share == 0), 0.0, centre - half)
    high = np.where(empty | (share == 1), 1.0, centre + half)
    return low, high


def median_interval(values: np.ndarray, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return an interval for the median that assumes nothing about the distribution.

    Its ends are two of the values: those whose ranks a fair coin's number of heads stays between with at
    least the probability asked for. With fewer than 6 values (at 95 %) no such pair exists, and the ends are
    the smallest and the largest value.

    Parameters
    ----------
    values : numpy.ndarray
        At least one finite value.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    lower = int(stats.binom.ppf((1 - confidence) / 2, n, 0.5))
    rank = max(lower, 1)  # the interval from rank `lower` to rank `n + 1 - lower` holds at least `confidence`
    return float(ordered[rank - 1]), float(ordered[n - rank])
