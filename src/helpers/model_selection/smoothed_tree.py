"""A decision tree whose probabilities never say 'never' on the word of a few rows."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

Floats = npt.NDArray[np.float64]

# Each leaf counts so many rows more, spread over the classes as in the whole table.
EXTRA_ROWS = 2.0


class SmoothedTree(DecisionTreeClassifier):
    """scikit-learn's tree with leaves whose shares are drawn towards the shares of all rows.

    A leaf of five rows of one class says nothing about one in a thousand; unsmoothed it states certainty,
    and one mistake then outweighs all else in the log loss (the m-estimate of Cestnik 1990).
    """

    def predict_proba(self, X: pd.DataFrame | Floats) -> Floats:
        """Return rows × classes."""
        rows = self.tree_.n_node_samples[self.apply(X)][:, None]
        overall = self.tree_.value[0, 0] / self.tree_.value[0, 0].sum()
        return drawn(super().predict_proba(X), overall, counted=rows, extra=EXTRA_ROWS)


def drawn(shares: Floats, overall: Floats, *, counted: Floats | int, extra: float) -> Floats:
    """Return shares of so many rows, or votes, with `extra` more of them at the shares of all rows."""
    return np.asarray((shares * counted + extra * overall) / (counted + extra))
