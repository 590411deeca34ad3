"""Columns that say the same are shuffled together: apart, each would look less important than they are."""

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from helpers.errors import shortened
from helpers.evaluation.importance import ALIKE, MOST_ALIKE_COLUMNS, Predict, shuffled_together
from helpers.exploration.measures import corrected_v
from helpers.metrics import Metric
from helpers.results import GroupImportanceResult
from helpers.tables.table import Kind, Table
from helpers.wording import joined

# Categories of more levels are not compared: their tables of counts are empty for the most part.
MOST_LEVELS = 40
MOST_NAMED = 3


def groups_of_columns(rows: Table) -> list[list[str]]:
    """Return the features in groups whose members say much the same, a lone one as a group of itself.

    Numbers and yes/no columns are compared by the size of Spearman's correlation, categories of at most 40
    levels by Cramér's V (corrected); a group's pairs reach 0.8 on average. Dates, texts and pairs of a number
    and a category are not compared; of each kind the first 300 columns are.
    """
    numbers, categories = (
        [column.name for column in rows.features if column.kind in kinds][:MOST_ALIKE_COLUMNS]
        for kinds in ((Kind.NUMBER, Kind.BOOLEAN), (Kind.CATEGORY,))
    )
    numbers = [name for name in numbers if rows.frame[name].min() < rows.frame[name].max()]
    categories = [name for name in categories if 2 <= rows.frame[name].nunique() <= MOST_LEVELS]
    groups = [*_clusters(numbers, _rank_similarity(rows, numbers)),
              *_clusters(categories, _level_similarity(rows, categories))]  # fmt: skip
    grouped = {name for group in groups for name in group}
    order = {column.name: place for place, column in enumerate(rows.features)}
    groups += [[column.name] for column in rows.features if column.name not in grouped]
    return sorted(groups, key=lambda group: order[group[0]])


def group_importance(
    sample: Table,
    predict: Predict,
    groups: list[list[str]],
    *,
    metric: Metric,
    seed: int,
    units: pd.Series | None = None,
    repeats: int,
) -> list[GroupImportanceResult]:
    """Return how much worse the metric gets when each group's columns are shuffled together, worst first.

    Takes what `helpers.evaluation.importance.shuffled_together` takes; `units` are drawn together.
    """
    found = shuffled_together(
        sample, predict, groups, metric=metric, seed=seed, groups=units, repeats=repeats
    )
    results = [
        GroupImportanceResult(columns=group, label=_label(sample, group), worse_by=worse)
        for group, worse in zip(groups, found, strict=True)
    ]
    return sorted(results, key=lambda result: -(result.worse_by.value or 0.0))


def _label(rows: Table, group: list[str]) -> str:
    names = [f"“{shortened(rows.columns[name].label, limit=40)}”" for name in group[:MOST_NAMED]]
    more = [f"{len(group) - MOST_NAMED} more"] if len(group) > MOST_NAMED else []
    return joined([*names, *more])


def _clusters(names: list[str], similarity: np.ndarray) -> list[list[str]]:
    if len(names) < 2:
        return [[name] for name in names]
    distance = np.clip(1 - similarity, 0, 1)
    np.fill_diagonal(distance, 0)
    tree = hierarchy.linkage(squareform(distance, checks=False), method="average")
    numbers = hierarchy.fcluster(tree, t=1 - ALIKE, criterion="distance")
    return [
        [name for name, here in zip(names, numbers, strict=True) if here == number]
        for number in dict.fromkeys(numbers)
    ]


def _rank_similarity(rows: Table, names: list[str]) -> np.ndarray:
    if len(names) < 2 or len(rows) < 3:
        return np.eye(len(names))
    matrix = rows.frame[names].astype(float).corr(method="spearman", min_periods=3)
    return np.asarray(np.abs(np.nan_to_num(matrix.to_numpy())))


def _level_similarity(rows: Table, names: list[str]) -> np.ndarray:
    matrix = np.eye(len(names))
    for one in range(len(names)):
        for other in range(one + 1, len(names)):
            strength = _cramer(rows.frame[names[one]], rows.frame[names[other]])
            matrix[one, other] = matrix[other, one] = strength
    return matrix


def _cramer(one: pd.Series, other: pd.Series) -> float:
    counts = pd.crosstab(one.astype(object), other.astype(object)).to_numpy(dtype=float)
    total = counts.sum()
    if total < 2 or min(counts.shape) < 2:
        return 0.0
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    phi2 = float(((counts - expected) ** 2 / expected).sum()) / total
    shape = (counts.shape[0], counts.shape[1])
    return corrected_v(phi2, rows=float(total), shape=shape)
