"""What a model says of some rows, in one shape for every task."""

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
import pandas as pd

# The smallest probability that the log loss reckons with: a class ruled out that happened costs 34.5.
LEAST_PROBABILITY = 1e-15


@dataclass(frozen=True)
class Prediction:
    """What a model says of some rows.

    Attributes
    ----------
    values : numpy.ndarray
        One answer a row: a class (str) or a number.
    probabilities : pandas.DataFrame or None
        For classes: rows × classes, in the order of ``Table.classes``; None for a regression.
    """

    values: npt.NDArray[Any]
    probabilities: pd.DataFrame | None
