"""How probable it is that a mix of models is better: by its folds, and by what mixes gained on other tables.

The folds of one table say little: five differences, and not independent ones. What a mix gains on other
tables is known, and is where one begins; the folds of this table move it as far as they are sure (Corani and
others, Statistical comparison of classifiers through Bayesian hierarchical modelling, Machine Learning 106,
2017).
"""

import numpy as np
from scipy import stats

from helpers.model_selection.comparison import CONFIDENCE, Difference
from helpers.wording import percent

# What a mix gains on rows kept away, as a share of the loss of the best single model: mean and standard
# deviation over tables. `python -m benchmarks mixes` measured 1.7 % (standard error 0.6 %) and 2.1 % on
# fourteen public tables of 600 to 3,800 rows. They were known when settings were chosen: less is expected
# elsewhere.
KNOWN_MEAN, KNOWN_SPREAD = 0.010, 0.015
# How probable it must be that the mix is truly better than the best single model.
CREDIBLE = 0.6
# So many standard deviations of what is known are looked at, on so many points.
REACH, POINTS = 8, 4_001


def probability(gain: Difference, *, loss: float, folds: int) -> float:
    """Return the probability that a mix is truly better than the best single model.

    Parameters
    ----------
    gain : Difference
        The mix minus the single model on the folds, more is better.
    loss : float
        The loss of the mix, in the unit of the gain; above 0.
    folds : int
        How many differences there were.

    Returns
    -------
    float
        0 where too few folds define a difference.
    """
    half = (gain.high - gain.low) / 2
    if not np.isfinite(half):
        return 0.0
    if half == 0 or loss == 0:
        return float(gain.mean > 0)
    error = half / float(stats.t.ppf((1 + CONFIDENCE) / 2, folds - 1)) / loss
    true = KNOWN_MEAN + KNOWN_SPREAD * np.linspace(-REACH, REACH, POINTS)
    before = stats.norm.logpdf(true, KNOWN_MEAN, KNOWN_SPREAD)
    likely = before + stats.t.logpdf((gain.mean / loss - true) / error, folds - 1)
    weights = np.exp(likely - likely.max())
    return float(weights[true > 0].sum() / weights.sum())


def known_sentence() -> str:
    """Return what is known from other tables, as a sentence."""
    mean, spread = percent(KNOWN_MEAN, digits=1), percent(KNOWN_SPREAD, digits=1)
    return f"From other tables a gain of {mean} of the loss, give or take {spread}, is expected."
