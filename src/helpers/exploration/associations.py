"""Which columns say alike: associations of mixed kinds, the strongest pairs, and groups of alike columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse, stats
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from threadpoolctl import threadpool_limits

from helpers.exploration.effects import FEWEST_ROWS, pair_effect, paired
from helpers.exploration.measures import Effect, corrected_v, rank_variance_explained
from helpers.exploration.readings import reading
from helpers.exploration.views import View, view
from helpers.tables.table import Table

COLUMNS_COMPARED = 500
COLUMNS_DRAWN = 15  # more names could not be read on a phone
PAIRS_LISTED = 40
ALIKE = 0.9
WORTH_LISTING = 0.3
SMALLEST_VARIANCE = 1e-12  # of scaled ranks: below it a column is constant

PAIR_COLUMNS = ("column", "other column", "measure", "effect", "low", "high", "strength", "rows", "reading")


@dataclass(frozen=True)
class Associations:
    """What the columns have to do with each other.

    Attributes
    ----------
    strengths : pandas.DataFrame
        Columns by columns, symmetrical, 1 on the diagonal: the size of Spearman's ρ between numbers, the
        correlation ratio of ranks between numbers and levels, bias-corrected Cramér's V between levels. NaN
        where fewer than 10 rows have both values. Named on both sides, in the order that was asked for.
    pairs : pandas.DataFrame
        The strongest pairs, strongest first, with interval and direction. Columns: `PAIR_COLUMNS`.
    alike : tuple of tuples of str
        Groups of columns of which every two have a strength of at least 0.9, the largest group first.
    left_out : int
        How many columns were not compared because the most important 500 were enough.
    """

    strengths: pd.DataFrame
    pairs: pd.DataFrame
    alike: tuple[tuple[str, ...], ...]
    left_out: int


def associations(table: Table, names: Sequence[str], *, seed: int) -> Associations:
    """Return the associations among the columns named, which come in order of importance.

    Columns that hold one value only, or none, have no association and are absent.
    """
    views = {name: view(table.columns[name], table.frame[name]) for name in names}
    usable = {name: found for name, found in views.items() if not found.unusable}
    compared = dict(list(usable.items())[:COLUMNS_COMPARED])
    strengths = strength_matrix(compared)
    return Associations(
        strengths=strengths,
        pairs=_pairs(table, compared, strengths, seed=seed),
        alike=alike_columns(strengths),
        left_out=len(usable) - len(compared),
    )


def strength_matrix(views: Mapping[str, View]) -> pd.DataFrame:
    """Return the strength of the association of every two views.

    Ranks are those among all rows that have a value, not among the rows that have both: without missing
    values that is exact; with them it differs little, and `Associations.pairs` computes its pairs anew.
    """
    names = list(views)
    ranked = [name for name in names if views[name].numbers is not None]
    levelled = [name for name in names if views[name].numbers is None]
    result = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    rows = max((len(found.data) for found in views.values()), default=0)
    with threadpool_limits(1):
        ranks = np.column_stack([_ranks(views[name]) for name in ranked]) if ranked else np.empty((rows, 0))
        known = ~np.isnan(ranks)
        ranks = np.where(known, ranks, 0.0)
        squared, counted = ranks**2, known.astype(float)
        result.loc[ranked, ranked] = _correlations(ranks, known)
        for place, name in enumerate(levelled):
            ratios = _correlation_ratios(views[name], ranks, squared, counted)
            result.loc[name, ranked] = ratios
            result.loc[ranked, name] = ratios
            vs = [_v_of(_counts_of_known(views[name], views[other])) for other in levelled[:place]]
            result.loc[name, levelled[:place]] = vs
            result.loc[levelled[:place], name] = vs
    return result


def drawing_order(strengths: pd.DataFrame) -> list[str]:
    """Return the names of the matrix ordered so that alike columns stand together."""
    if len(strengths) < 3:
        return list(strengths.index)
    tree = hierarchy.linkage(_distances(strengths), method="average", optimal_ordering=True)
    return [str(strengths.index[leaf]) for leaf in hierarchy.leaves_list(tree)]


def alike_columns(strengths: pd.DataFrame, *, at_least: float = ALIKE) -> tuple[tuple[str, ...], ...]:
    """Return groups of at least two columns of which every two have the strength, the largest group first."""
    if len(strengths) < 2:
        return ()
    tree = hierarchy.linkage(_distances(strengths), method="complete")
    numbers = hierarchy.fcluster(tree, t=1 - at_least + 1e-9, criterion="distance")
    groups: dict[int, list[str]] = {}
    for number, name in zip(numbers, strengths.index, strict=True):
        groups.setdefault(int(number), []).append(str(name))
    found = [tuple(group) for group in groups.values() if len(group) > 1]
    return tuple(sorted(found, key=lambda group: -len(group)))


def _pairs(table: Table, views: Mapping[str, View], strengths: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Return the strongest pairs of the matrix, each computed anew on the rows that have both values."""
    names = list(strengths.index)
    first, second = np.triu_indices(len(names), k=1)
    found = strengths.to_numpy()[first, second]
    strong = np.flatnonzero(np.nan_to_num(found) >= WORTH_LISTING)
    strongest = strong[np.argsort(-found[strong], kind="stable")][:PAIRS_LISTED]
    rows = []
    for place in strongest:
        name, other = names[first[place]], names[second[place]]
        one, two, reason = paired(views[name], views[other])
        if reason:
            continue
        effect = _effect(one, two, seed=seed)
        words = reading(effect, (table.columns[name], one), (table.columns[other], two))
        interval = (effect.value, effect.low, effect.high)
        rows.append((name, other, effect.measure, *interval, effect.strength, len(one.data), words))
    pairs = pd.DataFrame(rows, columns=list(PAIR_COLUMNS))
    return pairs.sort_values("strength", ascending=False, kind="stable", ignore_index=True)


def _effect(one: View, other: View, *, seed: int) -> Effect:
    """Return the effect that the matrix holds too: also for two levels the share of the ranks' variance."""
    if (one.numbers is None) == (other.numbers is None):
        return pair_effect(one, other, seed=seed)
    numbers, levels = (one, other) if one.numbers is not None else (other, one)
    return rank_variance_explained(numbers.data, levels.data)


def _ranks(found: View) -> np.ndarray:
    """Return the ranks of a view's numbers, centred and scaled; NaN where missing."""
    ranks: np.ndarray = stats.rankdata(found.data, nan_policy="omit")
    scaled: np.ndarray = (ranks - np.nanmean(ranks)) / np.nanstd(ranks)
    return scaled


def _correlations(ranks: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return |r| of every two columns over the rows that have both; NaN for fewer than 10 rows."""
    present = known.astype(float)
    rows = present.T @ present
    products = ranks.T @ ranks
    if known.all():
        without: np.ndarray = np.clip(np.abs(products / rows), 0.0, 1.0)
        return without
    sums, squares = ranks.T @ present, (ranks**2).T @ present
    with np.errstate(divide="ignore", invalid="ignore"):  # pairs without common rows, or constant on them
        covariance = products / rows - sums * sums.T / rows**2
        variance = squares / rows - (sums / rows) ** 2
        found = np.abs(covariance) / np.sqrt(variance * variance.T)
    np.fill_diagonal(found, 1.0)
    usable = (rows >= FEWEST_ROWS) & (np.minimum(variance, variance.T) > SMALLEST_VARIANCE)
    return np.where(usable, np.clip(found, 0.0, 1.0), np.nan)


def _correlation_ratios(
    found: View, ranks: np.ndarray, squared: np.ndarray, counted: np.ndarray
) -> np.ndarray:
    """Return the bias-corrected correlation ratio of each column of ranks with the levels.

    `ranks` and their squares are 0 where missing; `counted` is 1 where there is a value, else 0.
    """
    present = found.present.astype(float)
    dummies = _dummies(found)
    sums, squares = np.asarray(dummies @ ranks), present @ squared
    sizes = np.asarray(dummies @ counted)
    rows, levels = sizes.sum(axis=0), (sizes > 0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):  # columns without rows in common with the levels
        centre = sums.sum(axis=0) ** 2 / rows
        between = np.sum(sums**2 / np.where(sizes > 0, sizes, 1.0), axis=0) - centre
        explained = between / (squares - centre)
        corrected = ((rows - 1) * explained - levels + 1) / (rows - levels)
    usable = (rows >= FEWEST_ROWS) & (levels > 1) & (rows > levels) & (squares - centre > SMALLEST_VARIANCE)
    return np.where(usable, np.sqrt(np.clip(corrected, 0.0, 1.0)), np.nan)


def _dummies(found: View) -> sparse.csr_matrix:
    """Return one row a level with 1 where a row of the table has it; rows without a value have none."""
    rows = np.flatnonzero(found.present)
    shape = (len(found.levels), len(found.data))
    return sparse.csr_matrix((np.ones(len(rows)), (found.data[rows], rows)), shape=shape)


def _counts_of_known(one: View, other: View) -> np.ndarray:
    """Return how many rows have each pair of levels, leaving out rows without a value."""
    width = len(other.levels) + 1
    pairs = (one.data + 1) * width + other.data + 1
    found = np.bincount(pairs, minlength=(len(one.levels) + 1) * width).reshape(-1, width)
    return found[1:, 1:]


def _v_of(table: np.ndarray) -> float:
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows = float(table.sum())
    if rows < FEWEST_ROWS or min(table.shape) < 2:
        return float("nan")
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / rows
    phi2 = float(np.sum((table - expected) ** 2 / expected)) / rows
    return corrected_v(phi2, rows=rows, shape=(table.shape[0], table.shape[1]))


def _distances(strengths: pd.DataFrame) -> np.ndarray:
    distances = 1.0 - np.nan_to_num(strengths.to_numpy(dtype=float), nan=0.0)
    np.fill_diagonal(distances, 0.0)
    condensed: np.ndarray = squareform((distances + distances.T) / 2, checks=False)
    return condensed
