"""Numbers of which a part gathers a known factor away from the rest, though both overlap at their ends."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.mixture import GaussianMixture

FEWEST_VALUES = 100
ROWS_LOOKED_AT = 5_000
FEWEST_APART = 10
SHARE_APART = 0.02
# A second peak is worth a fit where this share lies so many standard deviations from the middle; of normal
# logarithms 1.2 % do.
FAR = 2.5
FAR_SHARE = 0.03
# Parts of about equal size are two kinds of things rather than a slip.
SMALLER_PART = 0.25
# The distance of both peaks in their common standard deviation: there is then a valley between them.
PEAKS_APART = 3.0
VALLEY = 0.9


@dataclass(frozen=True)
class Mixture:
    """Two peaks of a column on the scale of logarithms.

    Attributes
    ----------
    middle_large, middle_small : float
        The middle of the larger and of the smaller part, as values.
    rows_small : int
        About how many rows the smaller part has.
    spread : float
        The standard deviation of either part, in logarithms.
    """

    middle_large: float
    middle_small: float
    rows_small: int
    spread: float

    @property
    def factor(self) -> float:
        """How many times larger the larger middle is than the smaller one."""
        return float(np.exp(abs(np.log(self.middle_large / self.middle_small))))


def two_peaks(values: pd.Series, *, seed: int = 0) -> Mixture | None:
    """Return the two peaks of positive numbers; None where there is one, or both are about equally large.

    A mixture of two normal distributions of the same spread is fitted to the logarithms of at most 5,000 rows
    (McLachlan and Peel 2000).
    """
    known = values.dropna().to_numpy(float)
    if len(known) < FEWEST_VALUES or known.min() <= 0 or not np.isfinite(known).all():
        return None
    if len(known) > ROWS_LOOKED_AT:
        known = np.random.default_rng(seed).choice(known, ROWS_LOOKED_AT, replace=False)
    logs = np.log(known)
    low, middle, high = np.quantile(logs, [0.25, 0.5, 0.75])
    spread = (high - low) / 1.349
    if spread <= 0 or (np.abs(logs - middle) > FAR * spread).mean() < FAR_SHARE:
        return None
    sides = [np.quantile(logs, 0.02), np.quantile(logs, 0.98)]
    fits = [_fitted(logs, middle, side) for side in sides]
    best = max(fits, key=lambda fit: fit.lower_bound_)
    return _peaks(best, len(values.dropna()))


def _fitted(logs: np.ndarray, middle: float, side: float) -> GaussianMixture:
    start = np.array([[middle], [side]])
    model = GaussianMixture(
        2, covariance_type="tied", means_init=start, weights_init=[0.9, 0.1], max_iter=200
    )
    return model.fit(logs[:, None])


def _peaks(fit: GaussianMixture, rows: int) -> Mixture | None:
    small, large = np.argsort(fit.weights_)
    share, spread = float(fit.weights_[small]), float(np.sqrt(fit.covariances_[0, 0]))
    distance = abs(float(fit.means_[small, 0] - fit.means_[large, 0]))
    if (
        not SHARE_APART <= share <= SMALLER_PART
        or share * rows < FEWEST_APART
        or distance < PEAKS_APART * spread
    ):
        return None
    places = np.linspace(float(fit.means_[:, 0].min()), float(fit.means_[:, 0].max()), num=50)
    density = np.exp(fit.score_samples(places[:, None]))
    if density.min() > VALLEY * min(density[0], density[-1]):
        return None
    middles = np.exp(fit.means_[:, 0])
    return Mixture(float(middles[large]), float(middles[small]), round(share * rows), spread)
