"""The order of the file: what a row's place tells of the target, and what the columns tell of the place."""

import numpy as np
from scipy import stats

from helpers.data_quality.probe import ColumnSkill, Skill, folds_of, skills_for, target_matrix, tree_skill
from helpers.tables.table import Kind, Table

FEWEST_ROWS = 30
ROW_NUMBER_RANK = 0.99
# Eight stretches of a file sorted by a number leave a 64th of its variance.
STRETCHES_OF_A_SORTED_FILE = 8
SORTED = 0.80


def places_of(table: Table) -> np.ndarray:
    """Return the place of each row in the file as it was read."""
    places: np.ndarray = table.frame.index.to_numpy(float)
    return places


def target_by_place(table: Table, *, seed: int) -> Skill:
    """Return how well a row's place predicts its target."""
    return tree_skill(places_of(table), target_matrix(table), folds_of(len(table), seed=seed))


def is_sorted(table: Table, *, seed: int) -> bool:
    """Return whether the file is in order of the target: a few stretches of it tell nearly all."""
    target = target_matrix(table)
    stretches = max(STRETCHES_OF_A_SORTED_FILE, target.shape[1])
    folds = folds_of(len(table), seed=seed)
    return tree_skill(places_of(table), target, folds, most_leaves=stretches).low >= SORTED


def place_by_column(table: Table, *, seed: int) -> tuple[ColumnSkill, ...]:
    """Return how well each feature predicts a row's place, best first."""
    return skills_for(table, (stats.rankdata(places_of(table)) / len(table))[:, None], seed=seed)


def row_numbers(table: Table) -> list[str]:
    """Return the features of numbers or dates that rise or fall with the rows' places."""
    places, found = places_of(table), []
    for column in table.features:
        if column.kind not in (Kind.NUMBER, Kind.DATE):
            continue
        values = table.frame[column.name]
        known = values.notna().to_numpy()
        if known.sum() < FEWEST_ROWS or values.nunique() < FEWEST_ROWS:
            continue
        ranks = values[known].rank().to_numpy(float)
        if abs(float(stats.pearsonr(ranks, stats.rankdata(places[known])).statistic)) >= ROW_NUMBER_RANK:
            found.append(column.name)
    return found
