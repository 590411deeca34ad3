import math

import numpy as np
import pytest
from scipy import stats

from helpers.exploration import measures


def test_common_language_counts_pairs() -> None:
    # 3 beats 1, 5 beats 1 and 4; 3 does not beat 4: three of four pairs.
    effect = measures.common_language(np.array([3.0, 5.0, 1.0, 4.0]), np.array([True, True, False, False]))
    assert effect.value == 0.75
    assert effect.strength == 0.5
    # Variance of the placements (0.5, 1) and (1, 0.5): 0.0625 each, in the logit's unit 0.125 / 0.1875².
    half = 1.959964 * math.sqrt(0.125) / 0.1875
    assert effect.low == pytest.approx(1 / (1 + math.exp(half - math.log(3))), abs=1e-6)
    assert effect.high == pytest.approx(1 / (1 + math.exp(-half - math.log(3))), abs=1e-6)
    assert effect.strength_interval == pytest.approx((0.0, 2 * effect.high - 1))
    assert effect.test == "Mann–Whitney"
    assert effect.p == pytest.approx(stats.mannwhitneyu([3, 5], [1, 4]).pvalue)


def test_common_language_counts_ties_half() -> None:
    effect = measures.common_language(np.array([1.0, 1.0, 1.0, 2.0]), np.array([True, True, False, False]))
    assert effect.value == 0.25


def test_perfect_separation_has_an_interval_of_some_width() -> None:
    values = np.arange(10.0)
    effect = measures.common_language(values, values >= 5)
    assert (effect.value, effect.high) == (1.0, 1.0)
    theta = effect.low
    spread = (1 - theta) / (2 - theta) + theta / (1 + theta)
    variance = theta * (1 - theta) / 25 * (1 + 4 * spread)
    assert (theta - 1) ** 2 == pytest.approx(1.959964**2 * variance, rel=1e-5)
    mirrored = measures.common_language(values, values < 5)
    assert (mirrored.value, mirrored.low) == (0.0, 0.0)
    assert mirrored.high == pytest.approx(1 - theta)


def test_rank_correlation_by_hand() -> None:
    effect = measures.rank_correlation(np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 1, 4, 3, 5]))
    assert effect.value == pytest.approx(0.8)  # 1 − 6·4 / (5·24)
    half = 1.959964 * math.sqrt((1 + 0.64 / 2) / 2)
    assert effect.low == pytest.approx(math.tanh(math.atanh(0.8) - half), abs=1e-6)
    assert effect.high == pytest.approx(math.tanh(math.atanh(0.8) + half), abs=1e-6)
    assert effect.p == pytest.approx(stats.spearmanr([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]).pvalue)


def test_a_perfect_correlation_has_an_interval_of_some_width() -> None:
    effect = measures.rank_correlation(np.arange(10.0), -np.arange(10.0))
    assert effect.value == pytest.approx(-1.0)
    assert effect.low == effect.value
    assert -1 < effect.high < -0.9


def test_rank_variance_explained_by_hand() -> None:
    effect = measures.rank_variance_explained(np.arange(1.0, 10.0), np.repeat([0, 1, 2], 3))
    assert effect.value == pytest.approx((7.2 - 2) / 6)  # H = 7.2, three levels, nine rows
    assert effect.strength == pytest.approx(math.sqrt(5.2 / 6))
    assert effect.p == pytest.approx(stats.kruskal([1, 2, 3], [4, 5, 6], [7, 8, 9]).pvalue)
    assert 0 < effect.low < effect.value < effect.high <= 1


def test_rank_variance_explained_inverts_the_noncentral_f() -> None:
    values, codes = np.random.default_rng(1).normal(size=200), np.repeat([0, 1, 2, 3], 50)
    effect = measures.rank_variance_explained(values + 0.2 * codes, codes)
    h = stats.kruskal(*(values[codes == code] + 0.2 * code for code in range(4))).statistic
    ratio = (h / 3) / ((199 - h) / 196)
    noncentrality = 200 * effect.high / (1 - effect.high)
    assert stats.ncf.cdf(ratio, 3, 196, noncentrality) == pytest.approx(0.025, abs=0.02)
    assert effect.low > 0
    assert effect.p < 0.05


def test_levels_that_decide_the_number() -> None:
    effect = measures.rank_variance_explained(np.repeat([1.0, 5.0, 9.0], 4), np.repeat([0, 1, 2], 4))
    assert (effect.value, effect.low, effect.high) == (1.0, 1.0, 1.0)


def test_cramers_v_by_hand() -> None:
    effect = measures.cramers_v(np.array([[16, 4], [4, 16]]), seed=0)
    excess, scale = 0.36 - 1 / 39, 1 - 1 / 39  # χ² = 14.4 of 40 rows
    assert effect.value == pytest.approx(math.sqrt(excess / scale))
    assert effect.p == pytest.approx(stats.chi2.sf(14.4, 1))
    assert effect.test == "χ²"
    assert stats.ncx2.cdf(14.4, 1, effect.low**2 * 40) == pytest.approx(0.975, abs=1e-4)
    assert stats.ncx2.cdf(14.4, 1, effect.high**2 * 40) == pytest.approx(0.025, abs=1e-4)


def test_cramers_v_of_independence_and_of_identity() -> None:
    none = measures.cramers_v(np.full((3, 4), 10), seed=0)
    assert (none.value, none.low, none.p) == (0.0, 0.0, 1.0)
    same = measures.cramers_v(np.diag([20, 20, 20]), seed=0)
    assert same.value == pytest.approx(1.0)
    assert (same.high, same.low < 0.95) == (1.0, True)


def test_empty_rows_and_columns_count_for_nothing() -> None:
    table = np.array([[8, 0, 2], [0, 0, 0], [2, 0, 8]])
    assert measures.cramers_v(table, seed=0) == measures.cramers_v(np.array([[8, 2], [2, 8]]), seed=0)


def test_rare_cells_are_tested_with_random_tables() -> None:
    effect = measures.cramers_v(np.array([[1, 0], [0, 9]]), seed=3)
    assert effect.test == "χ², random tables"
    assert effect.p == pytest.approx(0.1, abs=0.03)  # one of the ten rows that could have been the rare one
    assert effect == measures.cramers_v(np.array([[1, 0], [0, 9]]), seed=3)


@pytest.mark.slow
@pytest.mark.parametrize("shift", [0.0, 1.0, 2.0])
def test_auc_intervals_cover(shift: float) -> None:
    random, truth = np.random.default_rng(7), stats.norm.cdf(shift / math.sqrt(2))
    first = np.arange(50) < 20
    effects = [measures.common_language(random.normal(size=50) + shift * first, first) for _ in range(200)]
    assert np.mean([effect.low <= truth <= effect.high for effect in effects]) >= 0.92


@pytest.mark.slow
@pytest.mark.parametrize("slope", [0.0, 0.5, 1.5])
def test_spearman_intervals_cover(slope: float) -> None:
    random = np.random.default_rng(8)
    pearson = slope / math.hypot(slope, 1)
    truth = 6 / math.pi * math.asin(pearson / 2)
    hits = 0
    for _ in range(200):
        x, noise = random.normal(size=(2, 40))
        effect = measures.rank_correlation(x, slope * x + noise)
        hits += effect.low <= truth <= effect.high
    assert hits / 200 >= 0.92


@pytest.mark.slow
@pytest.mark.parametrize("strength", [0.0, 0.3, 0.8])
def test_cramers_v_intervals_cover(strength: float) -> None:
    shares = (1 - strength) * np.full((4, 2), 1 / 8) + strength * np.array([[1, 0], [0, 1]] * 2) / 4
    tables = np.random.default_rng(9).multinomial(150, shares.ravel(), size=200).reshape(-1, 4, 2)
    effects = [measures.cramers_v(table, seed=0) for table in tables]
    assert np.mean([effect.low <= strength + 1e-9 <= effect.high + 2e-9 for effect in effects]) >= 0.93


@pytest.mark.slow
@pytest.mark.parametrize(("gap", "truth"), [(0.0, 0.0), (1.0, 0.4137)])
def test_epsilon_intervals_cover(gap: float, truth: float) -> None:
    random, codes = np.random.default_rng(10), np.repeat([0, 1, 2], 40)
    effects = [
        measures.rank_variance_explained(random.normal(size=120) + gap * codes, codes) for _ in range(200)
    ]
    assert np.mean([effect.low <= truth <= effect.high for effect in effects]) >= 0.9
