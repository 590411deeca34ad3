"""Probabilities moved by a curve that was fitted on out-of-fold predictions: the holdout plays no part.

For two classes Platt's (1999) logistic curve or isotonic regression (Zadrozny and Elkan 2002), whichever has
the lower log loss under cross-validation on those predictions; for more classes one temperature (Guo et al.
2017).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize
from scipy.special import softmax
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from helpers.scoring import Prediction
from helpers.scoring.stored import stated_columns
from helpers.scoring.weighted import Floats

Method = Literal["platt", "isotonic", "temperature"]
Move = Callable[[Floats], Floats]

LEAST_ROWS = 100
LEAST_OF_A_CLASS = 10
# Isotonic regression has as many steps as the rows give it: on fewer it learns them by heart.
LEAST_ISOTONIC = 500
FOLDS = 5
LEAST_PROBABILITY = 1e-6
_TEMPERATURES = (-3.0, 3.0)


@dataclass(frozen=True)
class Recalibration:
    """A fitted curve.

    Attributes
    ----------
    method : str
        "platt", "isotonic" or "temperature".
    rows : int
        Out-of-fold predictions that it was fitted on.
    move : callable
        From probabilities (rows × classes, in the order of the classes) to recalibrated ones.
    """

    method: Method
    rows: int
    move: Move

    def of(self, said: Prediction) -> Prediction:
        """Return the predictions with recalibrated probabilities; the answers stay as they are."""
        if said.probabilities is None:
            raise ValueError("a regression states no probabilities")
        stated = said.probabilities
        moved = pd.DataFrame(self.move(stated.to_numpy(dtype=float)), stated.index, stated.columns)
        return Prediction(said.values, moved)


def why_not_recalibrated(unseen: pd.DataFrame | None) -> str:
    """Return why no curve can be fitted on these out-of-fold predictions; empty where one can."""
    if unseen is None or len(unseen) < LEAST_ROWS:
        known = 0 if unseen is None else len(unseen)
        return f"There are {known:,} out-of-fold predictions; a curve is fitted from {LEAST_ROWS} on."
    rarest = int(unseen["truth"].value_counts().min())
    if unseen["truth"].nunique() < 2 or rarest < LEAST_OF_A_CLASS:
        return f"A class has fewer than {LEAST_OF_A_CLASS} out-of-fold predictions."
    return ""


def fit_recalibration(
    unseen: pd.DataFrame,
    *,
    classes: tuple[str, ...],
    positive: str | None,
    seed: int,
    groups: pd.Series | None = None,
) -> Recalibration:
    """Return the curve that makes the out-of-fold probabilities agree with what happened.

    Parameters
    ----------
    unseen : pandas.DataFrame
        As 04 stores it: ``truth`` and ``probability:<class>``; ask `why_not_recalibrated` first.
    classes : tuple of str
        All classes, in their order.
    positive : str or None
        For two classes the one to find; without it a temperature is fitted.
    seed : int
        Draws the folds that choose between the two curves.
    groups : pandas.Series, optional
        A value a row of `unseen`, in its order; equal ones stay in one fold.
    """
    stated = unseen[stated_columns(classes)].to_numpy(dtype=float)
    truth = unseen["truth"].astype(object).to_numpy()
    if len(classes) != 2 or positive is None:
        codes = pd.Index(classes, dtype=object).get_indexer(pd.Index(truth, dtype=object))
        return Recalibration("temperature", len(unseen), _temperature(stated, codes))
    place = classes.index(positive)
    happened, own = truth == positive, stated[:, place]
    fits: dict[Method, Callable[[Floats, npt.NDArray[np.bool_]], Move]] = {"platt": _platt}
    if len(unseen) >= LEAST_ISOTONIC:
        fits["isotonic"] = _isotonic
    method = min(fits, key=lambda name: _loss_of(fits[name], own, happened, seed, groups))
    curve = fits[method](own, happened)

    def move(table: Floats) -> Floats:
        moved = curve(table[:, place])
        both = np.column_stack([1 - moved, moved])
        return both if place == 1 else both[:, ::-1]

    return Recalibration(method, len(unseen), move)


def _loss_of(
    fit: Callable[[Floats, npt.NDArray[np.bool_]], Move],
    stated: Floats,
    happened: npt.NDArray[np.bool_],
    seed: int,
    groups: pd.Series | None,
) -> float:
    """Return the log loss of the curve under cross-validation."""
    units = np.arange(len(stated)) if groups is None else pd.factorize(groups, use_na_sentinel=False)[0]
    fold = np.random.default_rng(seed).permutation(int(units.max()) + 1)[units] % FOLDS
    losses = np.zeros(len(stated))
    for number in range(FOLDS):
        here = fold == number
        if not here.any() or len(np.unique(happened[~here])) < 2:
            continue
        moved = fit(stated[~here], happened[~here])(stated[here])
        losses[here] = -np.log(np.where(happened[here], moved, 1 - moved))
    return float(losses.mean())


def _platt(stated: Floats, happened: npt.NDArray[np.bool_]) -> Move:
    model = LogisticRegression(C=100.0).fit(_log_odds(stated)[:, None], happened)
    return lambda values: _bounded(model.predict_proba(_log_odds(values)[:, None])[:, 1])


def _isotonic(stated: Floats, happened: npt.NDArray[np.bool_]) -> Move:
    # Where every row so far was of one class the next need not be: as many rows again are thought of, one
    # of them of the other class.
    least = 1 / (len(stated) + 2)
    model = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip").fit(stated, happened)
    return lambda values: _bounded(model.predict(values))


def _temperature(stated: Floats, codes: npt.NDArray[np.intp]) -> Move:
    logs = np.log(np.clip(stated, LEAST_PROBABILITY, 1.0))

    def loss(log_temperature: float) -> float:
        moved = softmax(logs / np.exp(log_temperature), axis=1)
        return float(-np.log(moved[np.arange(len(codes)), codes]).mean())

    found = optimize.minimize_scalar(loss, bounds=_TEMPERATURES, method="bounded")
    scale = float(np.exp(found.x))
    return lambda values: np.asarray(softmax(np.log(np.clip(values, LEAST_PROBABILITY, 1.0)) / scale, axis=1))


def _log_odds(stated: Floats) -> Floats:
    clipped = _bounded(stated)
    return np.log(clipped / (1 - clipped))


def _bounded(stated: Floats) -> Floats:
    return np.clip(stated, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
