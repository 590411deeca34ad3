"""The user's own estimators as candidates: built behind a preparation of ours, searched like the others.

Any scikit-learn estimator can stand in the place of the last step. It is fitted on one thread and with the
run's seed where it takes them, unless the params say otherwise.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sklearn.pipeline import Pipeline

import helpers.model_selection.preprocessing as preprocessing
from helpers.metrics import Task
from helpers.model_selection.space import Choice, Range, Space
from helpers.own_classes import CLASSIFIER, kind_of, made, trusted_names
from helpers.parameters import Parameters
from helpers.parameters.own_model import OwnModel, SpacePart, own_models
from helpers.tables.table import Table

_PREPARATIONS: Mapping[str, Callable[[Table, int], Pipeline]] = MappingProxyType(
    {"scaled": preprocessing.scaled, "plain": preprocessing.plain, "native": preprocessing.native}
)
_CLASSES = frozenset({Task.BINARY, Task.MULTICLASS})


def build_own(_task: Task, table: Table, seed: int, *, own: OwnModel) -> Pipeline:
    """Return the user's estimator behind the preparation that the params name."""
    model = made(own)
    fixed = {"random_state": seed, "n_jobs": 1}
    known = model.get_params()
    model.set_params(**{key: fixed[key] for key in fixed if key in known and key not in own.parameters})
    return Pipeline([*_PREPARATIONS[own.preparation](table, seed).steps, ("model", model)])


def own_space(own: OwnModel) -> Space:
    """Return what a search may vary, by the pipeline's names."""
    known = made(own).get_params()
    return {f"model__{name}": _part(part, known[name]) for name, part in own.space.items()}


def own_tasks(own: OwnModel) -> frozenset[Task]:
    """Return what the estimator can answer."""
    return _CLASSES if kind_of(made(own)) == CLASSIFIER else frozenset({Task.REGRESSION})


def own_label(own: OwnModel) -> str:
    """Return its name for people."""
    return own.label or own.model.partition(":")[2]


def own_plain(own: OwnModel) -> str:
    """Return what kind of model it is, for everyone."""
    return own.plain or f"a model of our own, called {own_label(own)}"


def trusted_types(params: Parameters) -> tuple[str, ...]:
    """Return the types that a model stored by a run of these params may hold beside those of the house.

    Only what the params of that run name, never what a file names of itself. Afterwards the types can be
    imported, modules of the repository included.
    """
    return trusted_names(own_models(params.models))


def _part(part: SpacePart, own_value: Any) -> Choice | Range:
    if part.values is not None:
        return Choice(tuple(part.values))
    if part.low is None or part.high is None:
        raise ValueError("a part of a space with neither values nor ends")
    whole = part.whole
    if whole is None:
        whole = isinstance(part.low, int) and isinstance(part.high, int) and not isinstance(own_value, float)
    return Range(float(part.low), float(part.high), log=part.log, whole=whole)
