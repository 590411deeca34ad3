"""What the params demand of every model: rows that count by a weight, answers that move one way.

A model that cannot promise it is left out with the reason: a demand that only some of the candidates keep is
none. The baseline stays: it takes weights, and the same answer for every row moves with no column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from sklearn.pipeline import Pipeline

from helpers.metrics import Task
from helpers.model_selection.candidates import Build, Candidate
from helpers.model_selection.fitted import BASELINE, FittedModel
from helpers.model_selection.weighting import takes_weights
from helpers.parameters import Parameters
from helpers.tables.table import Table
from helpers.wording import joined

INCREASING = "increasing"
# The type of a model to its parameter of constraints by the names of the prepared columns; LightGBM takes
# them by place, which the prepared columns do not keep.
CONSTRAINTS: Mapping[str, str] = MappingProxyType(
    {
        "HistGradientBoostingClassifier": "monotonic_cst",
        "HistGradientBoostingRegressor": "monotonic_cst",
        "XGBClassifier": "monotone_constraints",
        "XGBRegressor": "monotone_constraints",
        "CatBoostClassifier": "monotone_constraints",
        "CatBoostRegressor": "monotone_constraints",
    }
)


def able(
    candidates: Sequence[Candidate], table: Table, params: Parameters
) -> tuple[list[Candidate], list[str]]:
    """Return the candidates that can do what is demanded, ready to do it, and a sentence on the others.

    Parameters
    ----------
    candidates : sequence of Candidate
        The baseline among them.
    table : Table
        The development rows.
    params : Parameters
        Its `weight` and `monotone` say what is demanded.
    """
    signs = demanded(table, params)
    if table.weights is None and not signs:
        return list(candidates), []
    models = {each.name: each.build(table.task, table, params.seed).steps[-1][1] for each in candidates}
    unweighted = [
        each for each in candidates if table.weights is not None and not takes_weights(models[each.name])
    ]
    free = [
        each
        for each in candidates
        if signs and each.name != BASELINE and type(models[each.name]).__name__ not in CONSTRAINTS
    ]
    kept = [each for each in candidates if each not in unweighted and each not in free]
    if signs:
        kept = [each if each.name == BASELINE else constrained(each, table, signs) for each in kept]
    reasons = [
        (unweighted, "cannot count rows by a weight"),
        (free, f"cannot promise to move one way with {joined(list(params.monotone))}"),
    ]
    return kept, [
        f"Left out, because they {reason}: {joined([each.label for each in left])}."
        for left, reason in reasons
        if left
    ]


def demanded(table: Table, params: Parameters) -> dict[str, int]:
    """Return for each column under `monotone` 1 for an answer that rises with it, -1 for one that falls.

    Inside, a model states the probability of the second class; where the one to find is the first, the
    directions turn round. A column without any value in these rows is none.
    """
    turned = table.task is Task.BINARY and table.positive == table.classes[0]
    names = {column.name for column in table.features}
    return {
        name: 1 if (direction == INCREASING) is not turned else -1
        for name, direction in params.monotone.items()
        if name in names
    }


def promised(model: FittedModel) -> dict[str, int]:
    """Return the same of a fitted model, by what it was built with; nothing where it promises nothing."""
    if not isinstance(model.estimator, Pipeline):
        return {}
    last = model.estimator.steps[-1][1]
    signs = last.get_params().get(CONSTRAINTS.get(type(last).__name__, "")) or {}
    return {name: signs[place] for name, place in _places(list(model.columns)).items() if place in signs}


def constrained(candidate: Candidate, table: Table, signs: Mapping[str, int]) -> Candidate:
    """Return the candidate, its answers held to move with the columns as `signs` says."""
    places = _places([column.name for column in table.features])
    held = {places[name]: sign for name, sign in signs.items()}
    build = partial(build_constrained, build=candidate.build, signs=held)
    # A component moves with many columns: constraints on these would promise nothing beside it.
    return replace(candidate, build=build, other_space=None)


def _places(columns: Sequence[str]) -> dict[str, str]:
    """Return by column what it is called once it is prepared."""
    return {name: f"f{place}" for place, name in enumerate(columns)}


def build_constrained(
    task: Task, table: Table, seed: int, *, build: Build, signs: Mapping[str, int]
) -> Pipeline:
    """Return what `build` does, with constraints on the prepared columns that `signs` names."""
    pipeline = build(task, table, seed)
    name, model = pipeline.steps[-1]
    return pipeline.set_params(**{f"{name}__{CONSTRAINTS[type(model).__name__]}": dict(signs)})
