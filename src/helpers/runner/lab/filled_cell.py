"""A notebook's `parameters` cell with other values in it, its types, comments and order left as they are."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from helpers.parameters import Parameters
from helpers.parameters.cell import literal, parameters_cell


def filled_cell(source: str, params: Parameters, *, own: Mapping[str, Any]) -> str:
    """Return the source of a `parameters` cell with the values of an experiment.

    Parameters
    ----------
    source : str
        The cell as it stands in the notebook; its names keep their place, type and comment.
    params : Parameters
        The values of the known parameters. One that the cell does not name is added below, unless it has its
        default.
    own : mapping
        The values given for parameters that only this notebook declares; its others stay as they are.
    """
    models_own = parameters_cell(params)
    lines = models_own.split("\n")  # and not at U+2028, which may be part of a text
    known = dict(_known(models_own))
    values = {**{name: literal(value) for name, value in own.items()}, **known}
    tree = ast.parse(source)
    filled = {name for name, _ in _assignments(tree)}
    # Some names may be set in a way that holds no value of their own, as in `a = b = 1`: a line below wins.
    elsewhere = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - filled
    added = [
        next((line for line in lines if line.startswith(f"{name}: ")), f"{name} = {value}")
        for name, value in values.items()
        if name not in filled and (name in elsewhere or not _is_default(params, name))
    ]
    kept = _with_values(source, values)
    return "\n".join([kept, *added] if kept else added)


def _known(source: str) -> Iterator[tuple[str, str]]:
    """Yield each name of the model's own cell with its value as source."""
    for name, statement in _assignments(ast.parse(source)):
        if statement.value is not None:
            yield name, ast.get_source_segment(source, statement.value) or ""


def _assignments(tree: ast.Module) -> Iterator[tuple[str, ast.Assign | ast.AnnAssign]]:
    """Yield the statements that give one name a value."""
    for statement in tree.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id, statement
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name):
                yield target.id, statement


def _is_default(params: Parameters, name: str) -> bool:
    """Tell whether a known parameter has its default; `run_folder` has it by hand, a notebook's own never."""
    field = Parameters.model_fields.get(name)
    if field is None:
        return name == "run_folder"
    return not field.is_required() and field.get_default(call_default_factory=True) == getattr(params, name)


def _with_values(source: str, values: Mapping[str, str]) -> str:
    """Return the source with the values in the place of those that it assigns."""
    # The places that ast tells count bytes of UTF-8.
    lines = [line.encode() for line in source.split("\n")]
    for name, statement in reversed(list(_assignments(ast.parse(source)))):
        if name not in values:
            continue
        if statement.value is None:  # a type alone, as in `alpha: float`
            last = statement.end_lineno or statement.lineno
            start = (last - 1, statement.end_col_offset or 0)
            end, text = start, f" = {values[name]}"
        else:
            start = (statement.value.lineno - 1, statement.value.col_offset)
            end = ((statement.value.end_lineno or 1) - 1, statement.value.end_col_offset or 0)
            text = values[name]
        fresh = lines[start[0]][: start[1]] + text.encode() + lines[end[0]][end[1] :]
        lines[start[0] : end[0] + 1] = [fresh]
    return b"\n".join(lines).decode()
