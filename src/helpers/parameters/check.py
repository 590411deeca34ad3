"""Parameters from plain values: every problem at once, in the words of the params file."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from helpers.errors import Problem, UserError, did_you_mean, shortened
from helpers.parameters.model import EVERY_NOTEBOOK, Parameters
from helpers.parameters.own_model import OwnModel, SpacePart, own_models
from helpers.parameters.together import problems_together

_TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping of names to values",
    "model_type": "a mapping of names to values",
    "model_attributes_type": "a mapping of names to values",
    "finite_number": "a finite number",
    "string_too_short": "text that is not empty",
    "too_short": "at least one",
}


def checked(values: Mapping[str, Any], *, where: str) -> Parameters:
    """Return the parameters that `values` describe.

    Parameters
    ----------
    values : mapping
        The top-level keys of a params file, or of a notebook's `parameters` cell.
    where : str
        The file or notebook, for the messages.

    Raises
    ------
    UserError
        With one problem for each thing that is wrong.
    """
    params, problems = checked_partly(values, where=where)
    if problems or params is None:
        raise UserError(*problems)
    return params


def checked_partly(values: Mapping[str, Any], *, where: str) -> tuple[Parameters | None, list[Problem]]:
    """Return what the right ones among the values describe, and every problem of the wrong ones.

    Where there are problems, the parameters serve to look for more of them in the table, and for nothing
    else; they are None where too little is right.
    """
    problems = problems_together(values, where=where)
    wrong = {problem.where.rpartition(": ")[2] for problem in problems}
    try:
        params = Parameters.model_validate(dict(values))
        if not problems and not own_models(params.models):
            return params, []
    except ValidationError as error:
        found = {str(problem): problem for problem in (_problem(item, where) for item in error.errors())}
        problems = [*found.values(), *problems]
        wrong |= {str(item["loc"][0]) for item in error.errors() if item["loc"]}
    right = _of_the_right_ones(values, wrong)
    unusable = _own_problems(right, where) if right is not None else []
    if unusable:
        right = _of_the_right_ones(values, {*wrong, "models"})
    return right, [*problems, *unusable]


def _of_the_right_ones(values: Mapping[str, Any], wrong: Collection[str]) -> Parameters | None:
    try:
        return Parameters.model_validate({key: values[key] for key in values if key not in wrong})
    except ValidationError:
        return None


def _own_problems(params: Parameters, where: str) -> list[Problem]:
    if not own_models(params.models):
        return []
    from helpers.own_classes import own_problems  # it brings scikit-learn

    return own_problems(params, task=params.task, where=where)


def _problem(error: ErrorDetails, where: str) -> Problem:
    keys = [str(part) for part in error["loc"] if not _is_branch(part)]
    if keys == ["memory", EVERY_NOTEBOOK]:
        keys = keys[:1]  # it was given as one number for all
    place = f"{where}: {shortened('.'.join(keys))}" if keys else where
    if error["type"] == "extra_forbidden":
        known = _names_beside(keys)
        return Problem(
            place,
            f"the unknown key {shortened(repr(keys[-1]))}",
            f"one of {', '.join(known)}",
            did_you_mean(keys[-1], known),
        )
    if error["type"] == "missing":
        return Problem(place, "nothing", _help(keys) or "a value")
    given = "nothing" if error["input"] is None else shortened(repr(error["input"]))
    expected = _TYPES.get(error["type"]) or _message(error)
    remedy = f"It means: {_help(keys)}." if _help(keys) else ""
    return Problem(place, given, expected, remedy)


def _is_branch(part: int | str) -> bool:
    """Tell whether a part of pydantic's location names a branch of a union rather than a key."""
    return isinstance(part, str) and (
        part.startswith(("list[", "literal["))
        or part in {"bool", "str", "float", "int", "text", "mapping", "function-before[_single()"}
    )


def _message(error: ErrorDetails) -> str:
    text = error["msg"].removeprefix("Value error, ")
    return text.removeprefix("Input should be ").removeprefix("Input should have ")


def _names_beside(keys: list[str]) -> list[str]:
    """Return the names that could stand where the last of `keys` stands."""
    if keys[0] == "models":
        return list((SpacePart if keys[2:3] == ["space"] else OwnModel).model_fields)
    fields = Parameters.model_fields
    for key in keys[:-1]:
        annotation = fields[key].annotation if key in fields else None
        section = next((part for part in _parts(annotation) if hasattr(part, "model_fields")), None)
        if section is None:
            return ["label", "unit"]
        fields = section.model_fields
    return list(fields)


def _parts(annotation: Any) -> list[Any]:
    return [annotation, *getattr(annotation, "__args__", ())]


def _help(keys: list[str]) -> str:
    field = Parameters.model_fields.get(keys[0]) if len(keys) == 1 else None
    return (field.description or "") if field else ""
