"""The `parameters` cell that every notebook opens with, written from the model so that the two agree."""

import json
import math
from typing import Any

from helpers.parameters.model import Parameters

# papermill reads these lines with a pattern that knows no `str | None`.
_ANNOTATIONS = {
    "experiment": "str",
    "question": "str",
    "data": "list",
    "query": "str",
    "target": "str",
    "task": "str",
    "positive": "str",
    "id": "str",
    "group": "str",
    "group_parts": "list",
    "time": "str",
    "weight": "str",
    "drop": "list",
    "columns": "dict",
    "clean": "dict",
    "contract": "str",
    "holdout": "float",
    "validation": "dict",
    "metric": "str",
    "models": "list",
    "monotone": "dict",
    "incumbent": "str",
    "budget": "dict",
    "goal": "float",
    "costs": "dict",
    "sensitive": "list",
    "seed": "int",
    "memory": "dict",
    "timeout": "dict",
    "retries": "int",
    "grid": "dict",
}


def parameters_cell(params: Parameters) -> str:
    """Return the source of the `parameters` cell with the values of `params`.

    One typed literal a line, with a trailing comment that papermill's own help prints.
    """
    values = params.model_dump(mode="json")
    if params.costs is not None:
        values["costs"] = params.costs.model_dump(mode="json", exclude_none=True)
    lines = [
        f"{name}: {_ANNOTATIONS[name]} = {literal(values[name])}  # {field.description}"
        for name, field in Parameters.model_fields.items()
    ]
    last = 'run_folder: str = ""  # where results go; empty: reports/<experiment>/interactive'
    return "\n".join(["# fmt: off", *lines, last])


def literal(value: Any) -> str:
    """Return the value as Python source, with double quotes as everywhere in the house."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)
