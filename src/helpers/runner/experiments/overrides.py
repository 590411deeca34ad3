"""`--set` on the command line: a key of a params file, dots leading into a section, and its new value."""

from collections.abc import Sequence
from typing import Any

from helpers.errors import Problem, UserError, shortened
from helpers.strict_yaml import read_yaml

Override = tuple[list[str], Any]


def read_overrides(texts: Sequence[str]) -> tuple[list[Override], list[Problem]]:
    """Return the keys and values of ``key=value`` texts, the values read as YAML, and what is wrong."""
    overrides: list[Override] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            keys, value = key_and_text(text, option="--set", example="seed=3", expected="key=value")
            if any(keys == known for known, _ in overrides):
                place = f"--set {shortened('.'.join(keys))}"
                raise UserError(Problem(place, "the key more than once", "each key once"))
            overrides.append((keys, read_yaml(value, where=f"--set {'.'.join(keys)}")))
        except UserError as error:
            problems.extend(error.problems)
    return overrides, problems


def key_and_text(text: str, *, option: str, example: str, expected: str) -> tuple[list[str], str]:
    """Return the key, a part for each section it leads through, and what stands behind the equals sign."""
    name, mark, rest = text.partition("=")
    keys = [part.strip() for part in name.split(".")]
    if not mark or not all(keys):
        raise UserError(Problem(option, shortened(repr(text)), expected, f"For instance: {option} {example}"))
    return keys, rest


def override(values: dict[str, Any], keys: Sequence[str], value: Any, *, place: str) -> None:
    """Write the value into `values` where the keys lead; `place` says in messages who wants it there."""
    section = values
    for key in keys[:-1]:
        section = section.setdefault(key, {})
        if not isinstance(section, dict):
            raise UserError(Problem(place, f"{key} is {shortened(repr(section))}", "a section of keys"))
    section[keys[-1]] = value
