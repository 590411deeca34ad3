"""Which values a notebook was given: its `parameters` cell, and what papermill injected over it."""

import ast
from collections.abc import Iterable, Mapping
from typing import Any

from helpers.parameters.model import Parameters

INJECTED = "# Parameters\n"


def given_values(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that the notebook's names give to the known parameters.

    A params file that papermill injects describes an experiment of its own: it replaces the `parameters`
    cell, so that this cell's positive class or costs do not leak into another experiment. Injected values
    without an `experiment`, such as a seed alone, change the cell's experiment.

    Parameters
    ----------
    namespace : mapping
        ``globals()`` of the notebook. IPython keeps the cells that ran under ``In``.
    """
    values = {name: namespace[name] for name in Parameters.model_fields if name in namespace}
    injected = injected_names(namespace.get("In", ()))
    if "experiment" in injected:
        return {name: value for name, value in values.items() if name in injected}
    return values


def injected_names(cells: Iterable[str]) -> set[str]:
    """Return the names that the last cell with papermill's heading assigns.

    Parameters
    ----------
    cells : iterable of str
        The sources of the cells that ran.
    """
    injected = [source for source in cells if source.startswith(INJECTED)]
    if not injected:
        return set()
    return {
        target.id
        for statement in ast.parse(injected[-1]).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
