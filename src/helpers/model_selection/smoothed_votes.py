"""Forests and nearest neighbours whose probabilities never say 'never': one more vote is that of all rows.

Where all trees, or all neighbours, agree, their shares are 0 and 1, and one mistake outweighs all else in the
log loss. One more vote for the classes as they are shared out over the table takes the certainty away, and
moves everything else by a two-hundredth (forests) or a sixteenth (neighbours).
"""

from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from helpers.model_selection.smoothed_tree import drawn

Floats = npt.NDArray[np.float64]
Rows = pd.DataFrame | Floats
# One more vote.
ONE = 1.0


class SmoothedForest(RandomForestClassifier):
    """scikit-learn's random forest with one more vote."""

    def predict_proba(self, X: Rows) -> Floats:
        """Return rows × classes."""
        return _of_forest(super().predict_proba(X), self.estimators_)


class SmoothedExtraTrees(ExtraTreesClassifier):
    """scikit-learn's extra trees with one more vote."""

    def predict_proba(self, X: Rows) -> Floats:
        """Return rows × classes."""
        return _of_forest(super().predict_proba(X), self.estimators_)


class SmoothedNeighbours(KNeighborsClassifier):
    """scikit-learn's nearest neighbours with one more vote."""

    def fit(self, X: Rows, y: npt.NDArray[np.int64]) -> Self:
        """Keep the rows, and how the classes are shared out over them."""
        super().fit(X, y)
        self.shares_ = np.unique(y, return_counts=True)[1] / len(y)
        return self

    def predict_proba(self, X: Rows) -> Floats:
        """Return rows × classes."""
        return drawn(super().predict_proba(X), self.shares_, counted=self.n_neighbors, extra=ONE)


def _of_forest(shares: Floats, trees: list[DecisionTreeClassifier]) -> Floats:
    """Return the shares with the vote of all rows: what the trees say unasked."""
    overall = np.mean([tree.tree_.value[0, 0] for tree in trees], axis=0)
    return drawn(shares, overall, counted=len(trees), extra=ONE)
