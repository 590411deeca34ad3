"""Numbers seen from other sides: the principal components of the number columns, beside the columns.

A tree cuts along one column at a time. What follows a sum of several columns takes it many cuts, and along a
component few (Rodriguez, Kuncheva and Alonso, Rotation forest, IEEE TPAMI 2006).
"""

from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.model_selection.encoders import FrameTransformer


class PrincipalComponents(FrameTransformer):
    """Turn numbers, gaps filled with the median and on one scale, into their principal components.

    Parameters
    ----------
    components : int
        The most of them, 0 for none; there are no more than columns or rows.
    seed : int
        Seed of the decomposition, which is approximate where there are many columns to few rows.
    """

    def __init__(self, components: int = 0, seed: int = 0) -> None:
        self.components = components
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:  # noqa: ARG002
        """Learn medians, scales and components; of columns that are all constant there are none."""
        self.names_: list[str] = []
        self.steps_: Pipeline | None = None
        if self.components == 0:
            return self
        scale = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
        scaled = scale.fit_transform(X)
        if scaled.any():
            turn = PCA(min(self.components, *X.shape), random_state=self.seed).fit(scaled)
            self.steps_ = make_pipeline(*scale, turn)
            self.names_ = [f"component_{place}" for place in range(turn.n_components_)]
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the components as float64."""
        values = np.empty((len(X), 0)) if self.steps_ is None else self.steps_.transform(X)
        return pd.DataFrame(values, index=X.index, columns=self.names_)
