"""Several fitted models whose answers are averaged, as one scikit-learn estimator that can be stored.

Parts that prepare the columns in the same way share one fitted preparation, which is then stored once and
asked once for each table.
"""

import copy
from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator

from helpers.model_selection.parallel import in_order
from helpers.model_selection.prepared import cut, key_of, prepare
from helpers.model_selection.text_components import TextMemory, remember
from helpers.model_selection.weighting import options_of

Floats = npt.NDArray[np.float64]


class WeightedEnsemble(BaseEstimator):
    """The weighted mean of what its parts answer: numbers, or probabilities of classes.

    Parameters
    ----------
    parts : list of sklearn estimators
        Unfitted pipelines, each from the columns to its model.
    weights : list of float
        One for each part; their sum is 1.
    rows : list of int
        The most rows that each part is fitted on; more are sampled.
    seed : int
        Seed of these samples.
    cores : int
        How many parts are fitted at the same time.
    classifier : bool
        Whether it answers with probabilities; classes are whole numbers from 0.
    """

    def __init__(
        self,
        parts: Sequence[BaseEstimator] = (),
        weights: Sequence[float] = (),
        rows: Sequence[int] = (),
        *,
        seed: int = 0,
        cores: int = 1,
        classifier: bool = False,
    ) -> None:
        self.parts = parts
        self.weights = weights
        self.rows = rows
        self.seed = seed
        self.cores = cores
        self.classifier = classifier

    def fit(self, X: pd.DataFrame, y: npt.NDArray[Any], sample_weight: Floats | None = None) -> Self:
        """Fit every part on the rows, each counted by its weight where there are weights."""
        self.classes_ = np.unique(y) if self.classifier else np.empty(0)
        cuts = [cut(copy.deepcopy(part)) for part in self.parts]
        sizes = [min(rows, len(X)) for rows in self.rows]
        keys = [f"{key_of(before)} {size}" for (before, _), size in zip(cuts, sizes, strict=True)]
        ways = list(dict.fromkeys(keys))
        first = [keys.index(way) for way in ways]
        memory = TextMemory()
        for before, _ in cuts:
            remember(before, memory)

        def prepared(place: int) -> Any:
            chosen = self._sample(len(X), self.rows[place])
            rows = X.iloc[chosen]
            return chosen, prepare(cuts[place][0], rows, rows.head(0), y[chosen])

        shared = dict(zip(ways, in_order(prepared, first, at_once=self.cores), strict=True))

        def fitted(place: int) -> BaseEstimator:
            chosen, rows = shared[keys[place]]
            weights = None if sample_weight is None else sample_weight[chosen]
            return cuts[place][1].fit(rows.train, y[chosen], **options_of(cuts[place][1], weights))

        # What is learnt is kept as pairs: which preparation, and the model behind it.
        self.preparations_ = [shared[way][1].steps for way in ways]
        self.places_ = [ways.index(key) for key in keys]
        self.models_ = in_order(fitted, range(len(cuts)), at_once=self.cores)
        return self

    def predict(self, X: pd.DataFrame) -> npt.NDArray[Any]:
        """Return the weighted mean, or the most probable class."""
        if self.classifier:
            return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])
        answers = (np.asarray(model.predict(rows), dtype=float).reshape(-1) for model, rows in self._asked(X))
        return self._mean(answers)

    def predict_proba(self, X: pd.DataFrame) -> Floats:
        """Return rows × classes; a part that never saw a class gives it nothing."""
        return self._mean(self._stated(model, rows, len(X)) for model, rows in self._asked(X))

    def _stated(self, model: BaseEstimator, rows: Any, number: int) -> Floats:
        stated = np.zeros((number, len(self.classes_)))
        stated[:, np.searchsorted(self.classes_, model.classes_)] = model.predict_proba(rows)
        return stated

    def _asked(self, X: pd.DataFrame) -> Iterator[tuple[BaseEstimator, Any]]:
        """Yield each model with the rows as it reads them, each preparation done once."""
        rows = [X if steps is None else steps.transform(X) for steps in self.preparations_]
        for model, place in zip(self.models_, self.places_, strict=True):
            yield model, rows[place]

    def _mean(self, answers: Iterator[Floats]) -> Floats:
        weighted = (weight * answer for weight, answer in zip(self.weights, answers, strict=True))
        return np.asarray(sum(weighted))

    def _sample(self, rows: int, limit: int) -> npt.NDArray[np.int64]:
        if rows <= limit:
            return np.arange(rows)
        return np.sort(np.random.default_rng(self.seed).choice(rows, size=limit, replace=False))
