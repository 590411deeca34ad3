"""What a planted fault is: a table with it, the columns concerned, the kinds of finding that name it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.metrics import Task

CLASSES = frozenset({Task.BINARY, Task.MULTICLASS})
NUMBERS = frozenset({Task.REGRESSION})
EVERY_TASK = CLASSES | NUMBERS
MANY_VALUES = 10


@dataclass(frozen=True)
class Planted:
    """A table with one fault.

    Attributes
    ----------
    frame : pandas.DataFrame
        The table with the fault.
    columns : tuple of str
        The columns concerned; a finding names the fault if it names one of them. Empty where the fault is in
        no column.
    kinds : frozenset of str
        Kinds of finding that count as naming it.
    before : pandas.DataFrame, optional
        The table without the fault where that is not the base table: with a column added in which the fault
        was then planted.
    together : numpy.ndarray, optional
        Each row's number, equal where an honest split keeps rows on one side. Then the price of the fault is
        the score of random folds against folds of whole numbers, else with against without the fault.
    moment : numpy.ndarray, optional
        Each row's time; then the price is the score of random splits against that of learning from earlier
        rows.
    unseen : tuple of str
        Columns that the priced model does not see, identifiers for one.
    all_columns : bool
        Whether a finding must name all of `columns`.
    without_column : frozenset of str
        Kinds that count although they name no column.
    """

    frame: pd.DataFrame
    columns: tuple[str, ...]
    kinds: frozenset[str]
    before: pd.DataFrame | None = None
    together: np.ndarray | None = None
    moment: np.ndarray | None = None
    unseen: tuple[str, ...] = ()
    all_columns: bool = False
    without_column: frozenset[str] = frozenset()


Plant = Callable[[pd.DataFrame, str, float, np.random.Generator], Planted]


@dataclass(frozen=True)
class Fault:
    """One fault that can be planted into a clean table.

    Attributes
    ----------
    name : str
        What it is.
    strengths : tuple of float
        Weak to strong, or otherwise telling apart; what the number means stands in the planter's docstring.
    tasks : frozenset of Task
        Tasks of the tables that can have it.
    plant : callable
        Takes the clean table, its target's name, a strength and a random generator.
    """

    name: str
    strengths: tuple[float, ...]
    tasks: frozenset[Task]
    plant: Plant


def fault(
    name: str, strengths: Sequence[float], *, tasks: frozenset[Task] = EVERY_TASK
) -> Callable[[Plant], Fault]:
    """Make a fault of the planter below it."""
    return lambda plant: Fault(name, tuple(strengths), tasks, plant)


def is_number(frame: pd.DataFrame, target: str) -> bool:
    """Return whether the target is a number; classes are texts in all base tables."""
    return bool(pd.api.types.is_numeric_dtype(frame[target].dtype))


def answers(frame: pd.DataFrame, target: str) -> np.ndarray:
    """Return the target as standardised numbers, classes by their place in the alphabet."""
    values = (
        frame[target].to_numpy(float)
        if is_number(frame, target)
        else np.asarray(pd.factorize(frame[target], sort=True)[0], dtype=float)
    )
    standard: np.ndarray = (values - values.mean()) / values.std()
    return standard


def telling(
    frame: pd.DataFrame, target: str, rng: np.random.Generator, *, strength: float = 0.6
) -> np.ndarray:
    """Return normal numbers that correlate with the target by about `strength`."""
    noise = rng.normal(size=len(frame))
    found: np.ndarray = strength * answers(frame, target) + np.sqrt(1 - strength**2) * noise
    return found


def strongest_number(
    frame: pd.DataFrame, target: str, rng: np.random.Generator, *, positive: bool = False
) -> str:
    """Return one of the two columns of many different numbers that correlate most with the target."""
    wanted = answers(frame, target)
    found = {}
    for name in frame.columns.drop(target):
        values = frame[name]
        if not pd.api.types.is_numeric_dtype(values.dtype) or values.nunique() < MANY_VALUES:
            continue
        if positive and values.min() <= 0:
            continue
        known = values.notna().to_numpy()
        ranks = values[known].rank().to_numpy()
        found[name] = abs(float(np.corrcoef(ranks, wanted[known])[0, 1]))
    best = sorted(found, key=lambda name: -found[name])[:2]
    return str(rng.choice(best))


def some_rows(rows: int, share: float, rng: np.random.Generator, *, fewest: int = 3) -> np.ndarray:
    """Return the places of a share of the rows, at least a few, drawn at random."""
    return rng.choice(rows, size=min(rows, max(fewest, round(share * rows))), replace=False)


def replaced(frame: pd.DataFrame, name: str, places: np.ndarray, values: object) -> pd.DataFrame:
    """Return the table with other values, texts among them, at some places of a column."""
    cells = frame[name].astype(object).to_numpy(copy=True)
    cells[places] = values
    return frame.assign(**{name: pd.Series(cells, index=frame.index).infer_objects()})


def without_gaps(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the table with the column's gaps filled by its median: a fault needs its cells."""
    return frame.assign(**{name: frame[name].fillna(frame[name].median())})


def added(frame: pd.DataFrame, target: str, **columns: Any) -> pd.DataFrame:
    """Return the table with more columns before the target."""
    more = frame.drop(columns=target).assign(**columns)
    return more.assign(**{target: frame[target]})


def with_category(
    frame: pd.DataFrame,
    target: str,
    rng: np.random.Generator,
    *,
    levels: Sequence[str],
    name: str = "material",
) -> pd.DataFrame:
    """Return the table with a column of these levels that tells something of the target."""
    ranks = pd.Series(telling(frame, target, rng)).rank(pct=True).to_numpy()
    places = np.minimum((ranks * len(levels)).astype(int), len(levels) - 1)
    # Which level stands for much and which for little follows no alphabet.
    names = rng.permutation(np.array(levels, dtype=object))
    return added(frame, target, **{name: names[places]})
