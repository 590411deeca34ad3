"""What predictions are held against."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Truth:
    """What really was of some rows, and how much each of them counts.

    Attributes
    ----------
    y : pandas.Series
        The answers, classes (str) or numbers, in the order of the predictions; the index plays no part.
    classes : tuple of str
        All classes of the table, as in ``Table.classes``; empty for a regression.
    positive : str or None
        For two classes the one to find.
    weights : pandas.Series or None
        How much each row counts, 0 or more, in the order of `y`; None where all count the same.
    """

    y: pd.Series
    classes: tuple[str, ...] = ()
    positive: str | None = None
    weights: pd.Series | None = None
