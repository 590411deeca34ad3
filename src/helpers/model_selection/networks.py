"""Small neural networks whose answers are averaged, each fitted without a part of the rows.

In batches a network passes over its rows with its layers kept on one scale and some units left out
(`normalised`), and stays as it was when it told the part that it was fitted without best: it finds by itself
how much there is to learn (early stopping; Prechelt, in Neural networks: tricks of the trade, 1998). At once
it has few smooth units and a strong penalty, and is fitted on all its rows by L-BFGS until it converges:
nearer to a linear model, steadier where rows are wild. Numbers are read as they are, or in pieces as well
(`pieces`), which is much better on some tables and worse on others.
"""

import math
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import softmax
from sklearn.base import BaseEstimator
from sklearn.neural_network import MLPClassifier, MLPRegressor

from helpers.model_selection.normalised import NormalisedNetwork, Weights, answers
from helpers.model_selection.pieces import ends_of_pieces, in_pieces
from helpers.scoring import LEAST_PROBABILITY

Floats = npt.NDArray[np.floating[Any]]
# scikit-learn's MLPClassifier or MLPRegressor.
Network = Any

BATCHES, AT_ONCE = "batches", "at_once"
# Each network is fitted without another one of so many parts of the rows.
PARTS = 5
# Up to so many rows a batch has so many of them, so that a pass over many does not take too long.
BATCHES_OF = ((3_000, 64), (10_000, 128), (math.inf, 256))
# So many passes, fewer where each has many rows; it stops after this share of them without a gain.
MOST_PASSES, FEWEST_PASSES, ROWS_IN_ALL = 80, 20, 120_000
PATIENCE = 0.5


class _Rows(NamedTuple):
    """Rows with their targets, and how much each counts."""

    rows: Floats
    target: npt.NDArray[Any]
    weights: Floats

    def at(self, chosen: npt.NDArray[np.bool_]) -> "_Rows":
        return _Rows(*(each[chosen] for each in self))


class Networks(BaseEstimator):
    """The mean of several networks: of numbers, or of the probabilities of classes.

    Parameters
    ----------
    networks : int
        How many there are.
    units : int
        Units of the hidden layer. In batches a second one has half as many.
    alpha : float
        The penalty on large weights; in batches the share of them that a step of size 1 takes away.
    method : str
        ``batches`` or ``at_once``.
    left_out : float
        In batches, the share of a hidden layer's units that is left out at random.
    pieces : bool
        Whether each number is read in pieces as well, not only as it is.
    classifier : bool
        Whether it answers with probabilities; classes are whole numbers from 0.
    random_state : int
        Seed of the parts, the first weights and the order of the rows.
    """

    def __init__(
        self,
        *,
        networks: int = 3,
        units: int = 128,
        alpha: float = 0.1,
        method: str = BATCHES,
        left_out: float = 0.2,
        pieces: bool = False,
        classifier: bool = False,
        random_state: int = 0,
    ) -> None:
        self.networks = networks
        self.units = units
        self.alpha = alpha
        self.method = method
        self.left_out = left_out
        self.pieces = pieces
        self.classifier = classifier
        self.random_state = random_state

    def fit(self, X: pd.DataFrame | Floats, y: npt.NDArray[Any], sample_weight: Floats | None = None) -> Self:
        """Fit every network on its rows, each counted by its weight where there are weights."""
        weights = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        counted = weights > 0
        # Half the digits are enough to learn with, and twice as quick.
        rows, target, weights = (
            np.asarray(X, dtype=np.float32)[counted],
            np.asarray(y)[counted],
            weights[counted],
        )
        if self.classifier:
            self.classes_ = np.unique(target)
        else:
            self.mean_ = float(np.average(target, weights=weights))
            self.scale_ = float(np.sqrt(np.average((target - self.mean_) ** 2, weights=weights))) or 1.0
            target = ((target - self.mean_) / self.scale_).astype(np.float32)
        part = np.random.default_rng(self.random_state).permutation(np.arange(len(rows)) % PARTS)
        self.ends_ = ends_of_pieces(rows) if self.pieces else []
        table, every = _Rows(self._read(rows), target, weights), np.ones(len(rows), dtype=bool)
        self.networks_ = []
        for number in range(self.networks):
            left_out = part == number % PARTS
            # Of a single row, or of fewer than parts, there is nothing to leave out.
            used, judged = (~left_out, left_out) if 0 < left_out.sum() < len(rows) else (every, every)
            if self.method == BATCHES:
                network = self._in_batches(number, table.at(used), table.at(judged), rows=len(rows))
            else:
                network = self._at_once(number, table.at(used))
            self.networks_.append(network)
        return self

    def predict(self, X: pd.DataFrame | Floats) -> npt.NDArray[Any]:
        """Return the mean of the answers, or the most probable class."""
        if self.classifier:
            return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])
        rows = self._read(np.asarray(X, dtype=float))
        told = np.mean([network.predict(rows) for network in self.networks_], axis=0)
        return np.asarray(self.mean_ + self.scale_ * told)

    def predict_proba(self, X: pd.DataFrame | Floats) -> Floats:
        """Return rows × classes; a network that never saw a class gives it nothing."""
        rows = self._read(np.asarray(X, dtype=float))
        total = np.zeros((len(rows), len(self.classes_)))
        for network in self.networks_:
            total[:, np.searchsorted(self.classes_, network.classes_)] += network.predict_proba(rows)
        return np.asarray(total / total.sum(axis=1, keepdims=True))

    def _read(self, rows: Floats) -> Floats:
        """Return the rows as the networks read them."""
        return np.hstack([rows, in_pieces(rows, self.ends_)]) if self.pieces else rows

    def _in_batches(self, number: int, used: _Rows, judged: _Rows, *, rows: int) -> Network:
        """Return a network as it was after the pass that told the judged rows best."""
        batch = min(next(size for most, size in BATCHES_OF if rows <= most), len(used.rows))
        passes = min(MOST_PASSES, max(FEWEST_PASSES, ROWS_IN_ALL // rows))
        told = self._as_told(used.target)
        weights = (used.weights / used.weights.mean()).astype(np.float32)
        learning = NormalisedNetwork(
            (used.rows.shape[1], self.units, max(1, self.units // 2), told.shape[1]),
            steps=passes * (len(used.rows) // batch),
            classes=self.classifier,
            left_out=self.left_out,
            decay=self.alpha,
            rng=np.random.default_rng((self.random_state, number)),
        )
        best, kept, since = np.inf, learning.weights(), 0
        for _ in range(passes):
            learning.one_pass(used.rows, told, weights, batch=batch)
            found = learning.weights()
            loss, since = self._loss(found, judged), since + 1
            if loss < best:
                best, kept, since = loss, found, 0
            if since >= PATIENCE * passes:
                break
        return self._plain(kept, used)

    def _as_told(self, target: npt.NDArray[Any]) -> Floats:
        """Return the target as rows × answers: of a class 1 for it, and 0 for the others."""
        told = target[:, None] == self.classes_ if self.classifier else target[:, None]
        return np.asarray(told, dtype=np.float32)

    def _plain(self, weights: Weights, used: _Rows) -> Network:
        """Return scikit-learn's network of these weights.

        It has them with all digits: answers must not depend on how rows are cut into chunks.
        """
        coefficients, constants = ([*each] for each in weights)
        if self.classifier and len(self.classes_) == 2:
            for each in (coefficients, constants):
                each[-1] = each[-1][..., 1:] - each[-1][..., :1]
        units = tuple(len(each) for each in constants[:-1])
        network = self._network(hidden_layer_sizes=units, batch_size=1, random_state=self.random_state)
        known = {"classes": self.classes_} if self.classifier else {}
        # A step on one row, to set up all but the weights.
        network.partial_fit(used.rows[:1], used.target[:1], **known)
        network.coefs_ = [each.astype(float) for each in coefficients]
        network.intercepts_ = [each.astype(float) for each in constants]
        return network

    def _at_once(self, number: int, used: _Rows) -> Network:
        """Return a network fitted until it converges: nothing needs to say when to stop."""
        network = self._network(
            hidden_layer_sizes=(self.units,), activation="tanh", solver="lbfgs", tol=1e-3, max_iter=2_000,
            max_fun=40_000, random_state=self.random_state + number,
        )  # fmt: skip
        return network.fit(used.rows.astype(float), used.target, sample_weight=used.weights)

    def _network(self, **options: Any) -> Network:
        kind = MLPClassifier if self.classifier else MLPRegressor
        return kind(alpha=self.alpha, **options)

    def _loss(self, weights: Weights, judged: _Rows) -> float:
        """Return the log loss, or the squared error."""
        told = answers(weights, judged.rows)
        if self.classifier:
            places = np.searchsorted(self.classes_, judged.target)
            stated = softmax(told, axis=1)[np.arange(len(places)), places]
            losses = -np.log(np.clip(stated, LEAST_PROBABILITY, 1.0))
        else:
            losses = (told[:, 0] - judged.target) ** 2
        return float(losses @ judged.weights)
