"""How many rounds a boosting model should take: found on a part of the rows that it learns from.

The part is held back from those rows, never from the rows that a model is judged on. It respects what the
folds do: the latest rows where there is a time, whole groups where there are groups, else the same share of
each class.
"""

import copy
import importlib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator

from helpers.metrics import Task
from helpers.tables.folds import group_numbers
from helpers.tables.table import Table

# With fewer rows the part held back is too small to tell a good number of rounds from a bad one.
FEWEST_ROWS = 100
HELD_SHARE = 0.15
HELD_ROWS = 10_000
# So many rounds in a row without a better score end it.
PATIENCE = 40
# Up to here a model is fitted again on all rows with the rounds that were found.
AGAIN_ROWS = 5_000
# A model that is to be stored takes steps so much smaller, and so many times the rounds; past so many rows a
# fit takes long, and what is drawn at random matters little.
SMALLER, SMALLER_ROWS = 3, 50_000
STEP = "learning_rate"

# The type of a model to its parameter that says how many rounds it takes.
ROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "XGBClassifier": "n_estimators",
        "XGBRegressor": "n_estimators",
        "HistGradientBoostingClassifier": "max_iter",
        "HistGradientBoostingRegressor": "max_iter",
        "LGBMClassifier": "n_estimators",
        "LGBMRegressor": "n_estimators",
        "CatBoostClassifier": "iterations",
        "CatBoostRegressor": "iterations",
    }
)

Target = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
Weights = npt.NDArray[np.float64]


def rounds_parameter(model: BaseEstimator) -> str | None:
    """Return the name of the parameter with the number of rounds; None for a model that has no rounds."""
    return ROUNDS.get(type(model).__name__)


def in_smaller_steps(model: BaseEstimator, rows: int) -> BaseEstimator:
    """Return the unfitted boosting model set to go the same way in a third of the steps, for `rows` rows.

    Smaller steps lose less on new rows (Friedman, Greedy function approximation: a gradient boosting machine,
    Annals of Statistics 29, 2001), and what is drawn at random for a step weighs less. Any other model is
    returned as it is.
    """
    parameter, step = rounds_parameter(model), model.get_params().get(STEP)
    if parameter is None or not isinstance(step, float) or rows > SMALLER_ROWS:
        return model
    return model.set_params(**{STEP: step / SMALLER, parameter: SMALLER * model.get_params()[parameter]})


def held_back(table: Table, *, seed: int) -> Mask | None:
    """Return which rows to hold back; None where there are too few rows, groups or times to do so."""
    if len(table) < FEWEST_ROWS:
        return None
    wanted = min(HELD_ROWS, round(HELD_SHARE * len(table)))
    times = table.times
    held = _drawn(table, wanted, seed) if times is None else _latest(times, wanted)
    return held if held.any() and not held.all() else None


def _latest(times: pd.Series, wanted: int) -> Mask:
    ranks = times.rank(method="min", na_option="top").to_numpy()
    return np.asarray(ranks > len(times) - wanted, dtype=np.bool_)


def _drawn(table: Table, wanted: int, seed: int) -> Mask:
    """Hold back whole groups, or rows of each class in its share, in a random order until it is enough."""
    rng = np.random.default_rng(seed)
    if table.groups is not None:
        groups = group_numbers(table)
        shuffled = rng.permutation(int(groups.max()) + 1)
        enough = np.cumsum(np.bincount(groups)[shuffled]) <= wanted
        return np.asarray(np.isin(groups, shuffled[enough]), dtype=np.bool_)
    order = rng.permutation(len(table))
    if table.task is Task.REGRESSION:
        held = np.zeros(len(table), dtype=np.bool_)
        held[order[:wanted]] = True
        return held
    # The place of each row among those of its class, as a share of the class.
    labels = table.y.astype(object).iloc[order]
    place = labels.groupby(labels, sort=False).cumcount().to_numpy() + 1
    size = labels.map(labels.value_counts()).to_numpy(dtype=float)
    held = np.zeros(len(table), dtype=np.bool_)
    held[order[place <= size * wanted / len(table)]] = True
    return held


def fit_stopping(
    model: BaseEstimator, features: Any, target: Target, held: Mask, *, weights: Weights | None = None
) -> tuple[BaseEstimator, int]:
    """Return the model fitted with a good number of rounds, and that number.

    Parameters
    ----------
    model : sklearn estimator
        A type of `ROUNDS`, unfitted; its own number of rounds is the most that it takes.
    features : array or DataFrame
        The prepared rows.
    target : numpy.ndarray
        Their target; classes as whole numbers from 0.
    held : numpy.ndarray of bool
        Which rows decide on the rounds; `held_back` gives them.
    weights : numpy.ndarray, optional
        How much each row counts, in learning and in deciding.

    Returns
    -------
    tuple of estimator and int
        Few rows are learnt from a second time, all of them; of many those held back are not missed. With a
        class that is only among the rows held back, all rows are learnt from in all rounds.
    """
    name = ROUNDS[type(model).__name__]
    if type(model).__name__.endswith("Classifier") and len(np.unique(target[~held])) < len(np.unique(target)):
        return model.fit(features, target, sample_weight=weights), int(model.get_params()[name])
    learnt, rest = (_part(features, target, weights, rows) for rows in (~held, held))
    # Copies and not clones: CatBoost copies its lists, which scikit-learn takes for a fault.
    stopped = copy.deepcopy(model)
    rounds = max(1, _FITS[type(model).__name__[:3]](stopped, learnt, rest))
    if len(target) > AGAIN_ROWS:
        return stopped, rounds
    again = copy.deepcopy(model).set_params(**{name: rounds})
    return again.fit(features, target, sample_weight=weights), rounds


@dataclass(frozen=True)
class _Part:
    """Rows to learn from, or to decide on the rounds."""

    features: Any
    target: Target
    weights: Weights | None


def _part(features: Any, target: Target, weights: Weights | None, rows: Mask) -> _Part:
    return _Part(_at(features, rows), target[rows], None if weights is None else weights[rows])


def _at(features: Any, mask: Mask) -> Any:
    return features.loc[mask] if isinstance(features, pd.DataFrame) else features[mask]


def _xgboost(model: Any, learnt: _Part, held: _Part) -> int:
    model.set_params(early_stopping_rounds=PATIENCE)
    model.fit(
        learnt.features, learnt.target,
        sample_weight=learnt.weights,
        eval_set=[(held.features, held.target)],
        sample_weight_eval_set=None if held.weights is None else [held.weights],
        verbose=False,
    )  # fmt: skip
    return int(model.best_iteration) + 1


def _hist(model: Any, learnt: _Part, held: _Part) -> int:
    model.set_params(early_stopping=True, n_iter_no_change=PATIENCE, tol=0.0)
    model.fit(
        learnt.features, learnt.target,
        sample_weight=learnt.weights,
        X_val=held.features, y_val=held.target,
        sample_weight_val=held.weights,
    )  # fmt: skip
    return int(np.argmax(model.validation_score_))


def _lightgbm(model: Any, learnt: _Part, held: _Part) -> int:
    stop = importlib.import_module("lightgbm").early_stopping(PATIENCE, verbose=False)
    # The names of what is held back changed, and the old ones warn.
    renamed = "eval_X" in inspect.signature(model.fit).parameters
    rest = (
        {"eval_X": held.features, "eval_y": held.target}
        if renamed
        else {"eval_set": [(held.features, held.target)]}
    )
    model.fit(
        learnt.features, learnt.target,
        sample_weight=learnt.weights,
        eval_sample_weight=None if held.weights is None else [held.weights],
        callbacks=[stop],
        **rest,
    )  # fmt: skip
    return int(model.best_iteration_)


def _catboost(model: Any, learnt: _Part, held: _Part) -> int:
    # Only in a table of its own does it take weights for the rows that decide.
    decides = importlib.import_module("catboost").Pool(
        held.features, held.target, weight=held.weights, cat_features=model.get_params().get("cat_features")
    )
    model.set_params(early_stopping_rounds=PATIENCE)
    model.fit(
        learnt.features, learnt.target, sample_weight=learnt.weights, eval_set=decides, verbose=False
    )  # fmt: skip
    return int(model.get_best_iteration()) + 1


_FITS: Mapping[str, Any] = MappingProxyType(
    {"XGB": _xgboost, "His": _hist, "LGB": _lightgbm, "Cat": _catboost}
)
