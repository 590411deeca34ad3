"""How strongly two variables go together: an effect, its 95 % interval and a test, from plain arrays.

All measures work on ranks or on counts, so that neither heavy tails nor units matter. Rows are taken to be
independent of each other; where rows come in groups, intervals are too narrow and tests too sure.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy import optimize, stats

from helpers.tables.sample import NORMAL_95

AUC = "AUC"
SPEARMAN = "Spearman ρ"
EPSILON = "rank ε²"
CRAMER = "Cramér V"

# What a strength between 0 and 1 is made of.
STRENGTHS: Mapping[str, str] = MappingProxyType(
    {AUC: "AUC, as |2 AUC − 1|", SPEARMAN: "Spearman, as |ρ|", EPSILON: "rank ε², as ε", CRAMER: CRAMER}
)

LOWER_TAIL, UPPER_TAIL = 0.025, 0.975
# Below this expected count in a cell, the χ² distribution is replaced by random tables with the same margins.
SMALLEST_EXPECTED = 1.0
# One row of a kind has no variance that says how far its place may move.
FEWEST_PLACED = 2
RANDOM_TABLES = 1_999


@dataclass(frozen=True)
class Effect:
    """One relation between two variables.

    Attributes
    ----------
    measure : str
        `AUC`, `SPEARMAN`, `EPSILON` or `CRAMER`.
    value, low, high : float
        The effect and its 95 % interval, in the measure's own unit.
    test : str
        What `p` comes from.
    p : float
        Probability of an effect this far from none if there were none.
    """

    measure: str
    value: float
    low: float
    high: float
    test: str
    p: float

    @property
    def strength(self) -> float:
        """The effect between 0 (none) and 1 (one variable orders or decides the other)."""
        return _strength(self.measure, self.value)

    @property
    def strength_interval(self) -> tuple[float, float]:
        """The 95 % interval of `strength`; it starts at 0 where the effect's own holds 'none'."""
        none = 0.5 if self.measure == AUC else 0.0
        ends = sorted((_strength(self.measure, self.low), _strength(self.measure, self.high)))
        return (0.0 if self.low <= none <= self.high else ends[0]), ends[1]


def _strength(measure: str, value: float) -> float:
    if measure == AUC:
        return abs(2 * value - 1)
    return math.sqrt(max(value, 0.0)) if measure == EPSILON else abs(value)


def common_language(values: np.ndarray, first: np.ndarray) -> Effect:
    """Return how often a random row of the first kind has the higher value than one of the other kind.

    Parameters
    ----------
    values : numpy.ndarray of float
        One value a row, none missing.
    first : numpy.ndarray of bool
        Whether the row is of the first kind; both kinds occur.

    Returns
    -------
    Effect
        AUC between 0 and 1; 0.5 is none; ties count half. Interval of DeLong, DeLong and Clarke-Pearson
        (1988) on the logit scale, or, where it has no width or a kind has one row, Newcombe's fifth
        method (2006).
        Mann–Whitney test.
    """
    one, other = values[first], values[~first]
    ranks = stats.rankdata(values)
    above = (ranks[first] - stats.rankdata(one)) / len(other)
    below = 1 - (ranks[~first] - stats.rankdata(other)) / len(one)
    auc = float(above.mean())
    variance = _variance_of_mean(above) + _variance_of_mean(below)
    few = min(len(one), len(other)) < FEWEST_PLACED
    interval = None if few else _logit_interval(auc, variance)
    low, high = interval or _newcombe_interval(auc, len(one), len(other))
    test = stats.mannwhitneyu(one, other, method="auto" if len(values) <= 20 else "asymptotic")
    return Effect(AUC, auc, low, high, "Mann–Whitney", float(test.pvalue))


def rank_correlation(one: np.ndarray, other: np.ndarray) -> Effect:
    """Return Spearman's ρ of two numbers, none missing, neither constant.

    The interval is Fisher's with the standard error of Bonett and Wright (2000). A perfect correlation gets
    the interval of the next smaller one that its number of rows can show, since Fisher's would have no width.
    """
    result = stats.spearmanr(one, other)
    rows, rho = len(one), float(np.clip(result.statistic, -1.0, 1.0))
    next_smaller = 1 - 12 / (rows * (rows**2 - 1))
    middle = math.atanh(max(-next_smaller, min(next_smaller, rho)))
    half = NORMAL_95 * math.sqrt((1 + rho**2 / 2) / (rows - 3)) if rows > 3 else math.inf
    low, high = math.tanh(middle - half), math.tanh(middle + half)
    return Effect(SPEARMAN, rho, min(low, rho), max(high, rho), "Spearman", float(result.pvalue))


def rank_variance_explained(values: np.ndarray, codes: np.ndarray) -> Effect:
    """Return the share of the ranks' variance that lies between levels (ε² on ranks, bias-corrected).

    Parameters
    ----------
    values : numpy.ndarray of float
        One value a row, none missing, not all equal.
    codes : numpy.ndarray of int
        The level of each row, from 0; more rows than levels.

    Returns
    -------
    Effect
        (H − k + 1) / (n − k) with H of Kruskal and Wallis; not below 0. The interval inverts the noncentral
        F distribution (Steiger 2004); where the effect is strong it is widened to the large-sample interval
        of an R², which covers better there. Kruskal–Wallis test.
    """
    codes = np.unique(codes, return_inverse=True)[1]
    sizes = np.bincount(codes)
    rows, levels = len(values), len(sizes)
    ranks = stats.rankdata(values)
    centred = ranks - (rows + 1) / 2
    between = float(np.sum(np.bincount(codes, weights=centred) ** 2 / sizes))
    h = min((rows - 1) * between / float(np.sum(centred**2)), rows - 1.0)
    value = max(0.0, (h - levels + 1) / (rows - levels))
    low, high = _epsilon_interval(h, value, rows=rows, levels=levels)
    return Effect(EPSILON, value, low, high, "Kruskal–Wallis", float(stats.chi2.sf(h, levels - 1)))


def cramers_v(table: np.ndarray, *, seed: int) -> Effect:
    """Return Cramér's V of a table of counts, bias-corrected (Bergsma 2013), between 0 and 1.

    Parameters
    ----------
    table : numpy.ndarray of int, shape (rows, columns)
        Counts; at least two rows and two columns hold any.
    seed : int
        For the random tables that give the test where a cell's expected count is under 1.

    Returns
    -------
    Effect
        The interval inverts the noncentral χ² distribution (Smithson 2003); it covers at least 95 % and is
        wide where the relation is very strong. A bootstrap covers far less where there are many levels.
    """
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows = float(table.sum())
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / rows
    chi2 = float(np.sum((table - expected) ** 2 / expected))
    freedom = (table.shape[0] - 1) * (table.shape[1] - 1)
    value = float(corrected_v(chi2 / rows, rows=rows, shape=(table.shape[0], table.shape[1])))
    scale = rows * (min(table.shape) - 1)
    ends = (_noncentral_chi2(chi2, freedom, tail) / scale for tail in (UPPER_TAIL, LOWER_TAIL))
    low, high = (min(1.0, math.sqrt(end)) for end in ends)
    if expected.min() >= SMALLEST_EXPECTED:
        test, p = "χ²", float(stats.chi2.sf(chi2, freedom))
    else:
        test, p = "χ², random tables", _p_of_random_tables(table, expected, chi2, seed=seed)
    return Effect(CRAMER, value, min(low, value), max(high, value), test, p)


def corrected_v(phi2: float, *, rows: float, shape: tuple[int, int]) -> float:
    """Return Cramér's V, corrected after Bergsma (2013), from χ²/n of a table without empty lines."""
    first, second = shape
    excess = max(0.0, phi2 - (first - 1) * (second - 1) / (rows - 1))
    sizes = (size - (size - 1) ** 2 / (rows - 1) for size in shape)
    scale = min(sizes) - 1
    return min(1.0, math.sqrt(excess / scale)) if scale > 0 else 0.0


def _variance_of_mean(placements: np.ndarray) -> float:
    return float(placements.var(ddof=1)) / len(placements) if len(placements) > 1 else 0.0


def _logit_interval(auc: float, variance: float) -> tuple[float, float] | None:
    if variance <= 0 or not 0 < auc < 1:
        return None
    middle = math.log(auc / (1 - auc))
    half = NORMAL_95 * math.sqrt(variance) / (auc * (1 - auc))
    low, high = (1 / (1 + math.exp(-max(-700.0, min(700.0, end)))) for end in (middle - half, middle + half))
    return low, high


def _newcombe_interval(auc: float, first: int, second: int) -> tuple[float, float]:
    """Solve (θ − AUC)² = z² var(θ) for θ on both sides of the AUC; var after Hanley and McNeil (1982)."""

    def excess(theta: float) -> float:
        spread = (1 - theta) / (2 - theta) + theta / (1 + theta)
        variance = theta * (1 - theta) / (first * second) * (1 + ((first + second) / 2 - 1) * spread)
        return (theta - auc) ** 2 - NORMAL_95**2 * variance

    edge = 1e-9
    low = float(optimize.brentq(excess, edge, auc - edge)) if auc > 2 * edge else 0.0
    high = float(optimize.brentq(excess, auc + edge, 1 - edge)) if auc < 1 - 2 * edge else 1.0
    return low, high


def _epsilon_interval(h: float, value: float, *, rows: int, levels: int) -> tuple[float, float]:
    within = (rows - 1 - h) / (rows - levels)
    if within <= 1e-12:
        return 1.0, 1.0
    ratio = h / (levels - 1) / within
    shares = (_noncentral_f(ratio, levels - 1, rows - levels, tail) for tail in (UPPER_TAIL, LOWER_TAIL))
    low, high = (noncentrality / (noncentrality + rows) for noncentrality in shares)
    half = NORMAL_95 * 2 * math.sqrt(value / rows) * (1 - value)
    if value > half:
        low, high = min(low, value - half), max(high, value + half)
    return min(low, value), min(1.0, max(high, value))


def _noncentral_f(ratio: float, first: int, second: int, tail: float) -> float:
    """Return the noncentrality for which a smaller F than `ratio` has the probability `tail`; 0 if none."""
    if stats.f.cdf(ratio, first, second) <= tail:
        return 0.0
    start = ratio * first + 10
    return _inverted(lambda nc: float(stats.ncf.cdf(ratio, first, second, nc)) - tail, start=start)


def _noncentral_chi2(chi2: float, freedom: int, tail: float) -> float:
    """Return the noncentrality for which a smaller χ² than `chi2` has the probability `tail`; 0 if none."""
    if stats.chi2.cdf(chi2, freedom) <= tail:
        return 0.0
    return _inverted(lambda nc: float(stats.ncx2.cdf(chi2, freedom, nc)) - tail, start=chi2 + 10)


def _inverted(excess: Callable[[float], float], *, start: float) -> float:
    high = start
    while excess(high) > 0:
        high *= 2
    return float(optimize.brentq(excess, 1e-9, high, rtol=1e-6))


def _p_of_random_tables(table: np.ndarray, expected: np.ndarray, chi2: float, *, seed: int) -> float:
    random = stats.random_table(table.sum(axis=1), table.sum(axis=0))
    tables = random.rvs(RANDOM_TABLES, random_state=np.random.default_rng(seed))
    reached = int(np.sum(np.sum((tables - expected) ** 2 / expected, axis=(1, 2)) >= chi2 - 1e-9))
    return (1 + reached) / (1 + RANDOM_TABLES)
