"""The groups of holdout rows for which it is shown how often intervals hold: few, and chosen blindly.

None is chosen for how its intervals fare, or chance alone would make some look bad.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import shortened
from helpers.evaluation.case import Case
from helpers.metrics import Task
from helpers.prediction.encoded import Floats
from helpers.tables.table import Kind, Role
from helpers.wording import number

# Groups of fewer rows say too little to be shown.
LEAST_ROWS = 20
MOST_GROUPS = 6
MOST_COLUMNS = 2
ALL = "all rows"
Mask = npt.NDArray[np.bool_]


def groups_of(case: Case) -> Iterator[tuple[str, Mask]]:
    """Yield all rows, then groups of them, each with its name and a mask of its rows.

    By the size of the prediction, or for classes by the true one; by the params' `group`; and by the columns
    of few categories with which the model's answers differ most.
    """
    yield ALL, np.ones(len(case.rows), dtype=bool)
    if case.task is Task.REGRESSION:
        yield from _by_size(np.asarray(case.answers, dtype=float))
    else:
        yield from _by_level("truth", pd.Series(case.rows.y).reset_index(drop=True))
    if case.rows.groups is not None:
        column = case.rows.with_role(Role.GROUP)[0]
        yield from _by_level(column.label, case.rows.groups.reset_index(drop=True))
    for name in _telling_columns(case):
        label = case.rows.columns[name].label
        yield from _by_level(label, case.rows.frame[name].reset_index(drop=True))


def _by_size(predicted: Floats) -> Iterator[tuple[str, Mask]]:
    low, high = np.quantile(predicted, [1 / 3, 2 / 3])
    masks = {
        f"predicted up to {number(low)}": predicted <= low,
        f"predicted {number(low)} to {number(high)}": (predicted > low) & (predicted <= high),
        f"predicted above {number(high)}": predicted > high,
    }
    yield from ((name, mask) for name, mask in masks.items() if LEAST_ROWS <= mask.sum() < len(mask))


def _by_level(label: str, values: pd.Series) -> Iterator[tuple[str, Mask]]:
    """Yield the largest levels of a column; none where one level holds every row that could be shown."""
    counted = values.astype(object).value_counts()
    large = counted[counted >= LEAST_ROWS].index[:MOST_GROUPS]
    if len(counted) < 2:
        return
    for level in large:
        shown = number(level) if isinstance(level, float) else str(level)
        yield (
            f"{shortened(label, limit=40)}: {shortened(shown, limit=40)}",
            (values == level).to_numpy(dtype=bool),
        )


def _telling_columns(case: Case) -> list[str]:
    """Return the few columns of categories with which the model's answers differ most."""
    if case.chosen.probabilities is None:
        answers = np.asarray(case.answers, dtype=float)[:, None]
    else:
        answers = case.chosen.probabilities.to_numpy(dtype=float)
    about = answers - answers.mean(axis=0)
    told = {}
    for column in case.rows.features:
        values = case.rows.frame[column.name]
        if column.kind not in (Kind.CATEGORY, Kind.BOOLEAN) or not 2 <= values.nunique() <= MOST_GROUPS:
            continue
        codes = pd.factorize(values.astype(object), use_na_sentinel=False)[0]
        often = np.bincount(codes)
        means = np.column_stack([np.bincount(codes, weights=part) / often for part in about.T])
        told[column.name] = float((often[:, None] * means**2).sum())
    ranked = sorted(told, key=lambda name: (-told[name], name))
    return [name for name in ranked if told[name] > 0][:MOST_COLUMNS]
