"""The parameters as the foot of a report lists them: those that the experiment gave before the defaults."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from helpers.errors import shortened
from helpers.parameters import Parameters
from helpers.wording import capital

AT_THE_HEAD = frozenset({"experiment", "question"})  # every report opens with them
ITEMS_SHOWN = 12
ITEM_CHARACTERS = 80
TEXT_CHARACTERS = 400


@dataclass(frozen=True)
class ShownParameter:
    """One line of the list.

    Attributes
    ----------
    name : str
        As it is written in the experiment's file; a dot leads into a section.
    label : str
        What it says, for people.
    value : str
        Its value on one line, shortened; what comes from the environment is a name, as in the file.
    given : bool
        Whether it differs from the default.
    """

    name: str
    label: str
    value: str
    given: bool


def shown_parameters(
    values: Mapping[str, Any], *, hidden: Collection[str] = ()
) -> tuple[ShownParameter, ...]:
    """Return the known parameters among `values`, those that differ from their defaults first.

    Parameters
    ----------
    values : mapping of str to Any
        By name the values as JSON has them: what a run's record holds.
    hidden : collection of str
        Names to leave out: a notebook's report does not list what the notebook cannot read.
    """
    left_out = AT_THE_HEAD | set(hidden)
    lines = [
        line
        for name, field in Parameters.model_fields.items()
        if name in values and name not in left_out
        for line in _lines(name, field, values[name])
    ]
    return tuple(sorted(lines, key=lambda line: not line.given))


def _lines(name: str, field: FieldInfo, value: Any) -> Iterator[ShownParameter]:
    section = _section(field)
    if section is None or not isinstance(value, Mapping):
        yield _line(name, field, value)
        return
    for part, about in section.model_fields.items():
        if part in value:
            yield _line(f"{name}.{part}", about, value[part])


def _line(name: str, field: FieldInfo, value: Any) -> ShownParameter:
    return ShownParameter(
        name=name,
        label=capital(field.description or name),
        value=_text(value),
        given=field.is_required() or value != _plain(field.get_default(call_default_factory=True)),
    )


def _section(field: FieldInfo) -> type[BaseModel] | None:
    """Return the section that the parameter is, which has descriptions of its parts; None for a value."""
    union = get_origin(field.annotation) in (Union, UnionType)
    options = get_args(field.annotation) if union else (field.annotation,)
    found = [one for one in options if isinstance(one, type) and issubclass(one, BaseModel)]
    return found[0] if found else None


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        items = [f"{shortened(name, limit=ITEM_CHARACTERS)}: {_inner(part)}" for name, part in value.items()]
        return _listed(items, between="; ")
    if isinstance(value, list):
        return _listed([_inner(part) for part in value], between=", ")
    return _one(value, limit=TEXT_CHARACTERS)


def _inner(value: Any) -> str:
    """Return a value within another on one line: what is not set in it says nothing."""
    if isinstance(value, Mapping):
        parts = [f"{name} {_inner(part)}" for name, part in value.items() if part is not None]
        return shortened(", ".join(parts), limit=ITEM_CHARACTERS)
    if isinstance(value, list):
        return f"[{shortened(', '.join(map(_inner, value)), limit=ITEM_CHARACTERS)}]"
    return _one(value, limit=ITEM_CHARACTERS)


def _one(value: Any, *, limit: int) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{value:.0f}"
    return shortened(value, limit=limit) or "none"


def _listed(items: list[str], *, between: str) -> str:
    if not items:
        return "none"
    more = len(items) - ITEMS_SHOWN
    return between.join(items[:ITEMS_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
