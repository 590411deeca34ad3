"""`--grid` on the command line and `grid` in a params file: the values that vary, and their combinations."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from helpers.errors import Problem, UserError, shortened
from helpers.parameters.model import RUN_SETTINGS
from helpers.runner.experiments.overrides import Override, key_and_text
from helpers.runner.experiments.variant import label, same
from helpers.strict_yaml import read_yaml

MOST_COMBINATIONS = 1_000

Axes = Mapping[str, Sequence[Any]]

_CANNOT_VARY = {
    **dict.fromkeys(
        RUN_SETTINGS, "It says how a run goes and changes no result: the runs would be the same."
    ),
    "grid": "A grid holds no other grid.",
    "experiment": "The combinations of a file are runs of one experiment, in its folder.",
}


def axes_given(texts: Sequence[str]) -> tuple[dict[str, list[Any]], list[Problem]]:
    """Return what the `--grid` texts of the command line let vary, key to values, and what is wrong.

    ``seed=1,2`` holds values separated by commas, each read as YAML; ``models=[[linear, xgboost], [linear]]``
    one YAML list, whose items are the values.
    """
    axes: dict[str, list[Any]] = {}
    problems: list[Problem] = []
    for text in texts:
        try:
            keys, rest = key_and_text(text, option="--grid", example="seed=1,2,3", expected="KEY=VALUE,VALUE")
            key = ".".join(keys)
            values = _values(rest, place=f"--grid {shortened(key)}")
        except UserError as error:
            problems.extend(error.problems)
            continue
        wrong = _axis_problems(key, values, place=f"--grid {shortened(key)}")
        if key in axes:
            wrong.append(
                Problem(f"--grid {shortened(key)}", "the key twice", "one --grid with all its values")
            )
        axes[key] = [] if wrong else values
        problems.extend(wrong)
    return axes, problems


def axes_of_file(
    values: dict[str, Any], given: Axes, *, overrides: Sequence[Override], where: str
) -> tuple[dict[str, Sequence[Any]], list[Problem]]:
    """Take the grid out of a file's values and return what varies, and what is wrong with it.

    What the command line lets vary replaces the same key of the file's grid. A grid that is no mapping of
    keys to lists stays in `values`, for the check of parameters to refuse.

    Parameters
    ----------
    values : dict
        The top-level keys of the file, overridden already; loses its `grid`.
    given : mapping
        What the command line lets vary; an empty list stands for values with a problem that was told.
    overrides : sequence
        What `--set` said, which a grid must not undo.
    where : str
        The file, for messages.
    """
    problems: list[Problem] = []
    axes: dict[str, Sequence[Any]] = {}
    for key, items in (values.pop("grid") if _is_grid(values.get("grid")) else {}).items():
        wrong = [] if key in given else _axis_problems(key, items, place=f"{where}: grid.{shortened(key)}")
        axes[key] = [] if wrong else items
        problems.extend(wrong)
    axes.update(given)
    inner = {key for key in axes for other in axes if key.startswith(f"{other}.")}
    problems.extend(_overlaps(axes, overrides, where))
    return {key: items for key, items in axes.items() if items and key not in inner}, problems


def combinations(axes: Axes) -> Iterator[dict[str, Any]]:
    """Yield every combination of the values, the last key's changing fastest; one empty one of nothing."""
    return (dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values()))


def too_many(grids: Mapping[str, Axes]) -> list[Problem]:
    """Return a problem where the grids, by params file, have more combinations than one call may run."""
    found = sum(math.prod(len(values) for values in axes.values()) for axes in grids.values() if axes)
    if found <= MOST_COMBINATIONS:
        return []
    named = ", ".join(shortened(where) for where, axes in grids.items() if axes)
    expected = f"at most {MOST_COMBINATIONS:,} in a call"
    return [Problem(f"{named}: grid", f"{found:,} combinations", expected, "Let fewer keys or values vary.")]


def _is_grid(block: Any) -> bool:
    return isinstance(block, dict) and all(
        isinstance(key, str) and isinstance(values, list) and values for key, values in block.items()
    )


def _values(text: str, *, place: str) -> list[Any]:
    """Return the values that stand behind the equals sign; at least one."""
    if text.lstrip().startswith("["):
        values = _read(text, place=place)
        pieces = values if isinstance(values, list) else [values]
    else:
        pieces = text.split(",")
        values = [_read(piece, place=place) for piece in pieces if piece.strip()]
    if not values or len(values) < len(pieces):
        given = "nothing" if not values else "nothing beside a comma"
        remedy = "Write null for no value, '' for empty text."
        raise UserError(Problem(place, given, "values separated by commas", remedy))
    return list(values)


def _read(text: str, *, place: str) -> Any:
    try:
        return read_yaml(text, where=place)
    except UserError as error:
        remedy = "Values that hold a comma stand in a list: --grid 'models=[[linear, xgboost], [linear]]'"
        raise UserError(*(replace(problem, remedy=remedy) for problem in error.problems)) from None


def _axis_problems(key: str, values: Sequence[Any], *, place: str) -> list[Problem]:
    parts = key.split(".")
    if not all(part.strip() for part in parts):
        return [Problem(place, shortened(repr(key)), "a key, where single dots lead into a section")]
    if parts[0] in _CANNOT_VARY:
        return [
            Problem(place, f"the key {shortened(repr(key))}", "a key that can vary", _CANNOT_VARY[parts[0]])
        ]
    seen: dict[str, Any] = {}
    twice: dict[str, Any] = {}
    for value in values:
        mark = same(value)
        (twice if mark in seen else seen)[mark] = value
    return [
        Problem(place, f"{label({key: value})} more than once", "each value once") for value in twice.values()
    ]


def _overlaps(axes: Axes, overrides: Sequence[Override], where: str) -> list[Problem]:
    """Return where one key of a grid, or what `--set` said, would be undone by another key of the grid."""
    problems: list[Problem] = []
    for key in axes:
        inside = f"{key}."
        problems.extend(
            Problem(f"{where}: grid", f"{shortened(key)} and {shortened(other)}", "one of the two")
            for other in axes
            if other.startswith(inside)
        )
        said = [".".join(keys) for keys, _ in overrides]
        problems.extend(
            Problem(
                f"{where}: --set {shortened(other)}",
                f"a value where the grid lets {shortened(key)} vary",
                "one of the two",
                f"One value in the grid's place: --grid {shortened(key)}=VALUE",
            )
            for other in said
            if f"{other}.".startswith(inside)
        )
    return problems
