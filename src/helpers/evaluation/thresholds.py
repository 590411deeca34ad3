"""What other thresholds give: how many rows are named positive, how many rightly, and how much is found."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.bootstrap import Resamples
from helpers.evaluation.classes import share_among
from helpers.scoring.weighted import Floats

# Those that people ask about; the one in use stands among them.
USUAL = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def at_thresholds(
    happened: npt.NDArray[np.bool_],
    stated: Floats,
    *,
    in_use: float,
    thresholds: Sequence[float] = USUAL,
    draws: Resamples | None = None,
) -> pd.DataFrame:
    """Return what naming a row positive from each threshold on finds, and how often that is right.

    Parameters
    ----------
    happened : numpy.ndarray of bool
        Whether each row is positive.
    stated : numpy.ndarray
        The probability of it that the model states, between 0 and 1.
    in_use : float
        The threshold that the model uses.
    thresholds : sequence of float
        The others.
    draws : Resamples, optional
        As for `classes.class_results`, whose row of the positive class is that of the threshold in use.

    Returns
    -------
    pandas.DataFrame
        One row a threshold, ascending: ``threshold``, ``in_use``, ``named`` (share of all rows), ``found``
        and ``right`` (each an `Estimate` of a share; `right` without a value where no row is named).
    """
    records = []
    for threshold in sorted({*thresholds, in_use}):
        says = stated >= threshold
        records.append(
            {
                "threshold": threshold,
                "in_use": threshold == in_use,
                "named": float(says.mean()) if len(says) else np.nan,
                "found": share_among(says, happened, draws),
                "right": share_among(happened, says, draws),
            }
        )
    return pd.DataFrame(records)
