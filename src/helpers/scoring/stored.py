"""How probabilities stand in a stored table of answers: a column for each class, named after it."""

from collections.abc import Iterable

import pandas as pd

_PREFIX = "probability:"


def stated_column(name: str) -> str:
    """Return the column that holds the probability of a class.

    >>> stated_column("yes")
    'probability:yes'
    """
    return f"{_PREFIX}{name}"


def stated_columns(classes: Iterable[str]) -> list[str]:
    """Return the columns that hold the probabilities of the classes, in their order."""
    return [stated_column(name) for name in classes]


def stated_classes(answers: pd.DataFrame) -> tuple[str, ...]:
    """Return the classes whose probabilities the answers hold, in their order; none for a regression."""
    names = (str(name) for name in answers.columns)
    return tuple(name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX))


def stated_probabilities(answers: pd.DataFrame, classes: Iterable[str]) -> pd.DataFrame:
    """Return the probabilities that the answers hold, a column a class under its own name."""
    names = list(classes)
    return answers[stated_columns(names)].set_axis(names, axis=1)
