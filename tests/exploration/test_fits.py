"""Samples drawn from each family are recognised; mixtures, capped and heaped values are 'none fits'."""

from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.exploration import fits_shown
from helpers.exploration.families import BY_NAME
from helpers.exploration.fit_figures import fit_figure
from helpers.exploration.fits import ABOVE_ZERO, Fit, Verdict, distance, fit, fits, grid_step
from helpers.exploration.humps import hump_places
from helpers.tables.table import Column, Kind, Role, Table

MakeTable = Callable[..., Table]
ROWS = 4_000
DRAW = np.random.default_rng(7)
DRAWN = {
    "normal": DRAW.normal(5, 2, ROWS),
    "Student t": DRAW.standard_t(3, ROWS),
    "uniform": DRAW.uniform(2, 9, ROWS),
    "log-normal": DRAW.lognormal(1, 0.8, ROWS),
    "exponential": DRAW.exponential(3, ROWS),
    "gamma": DRAW.gamma(2.5, 2, ROWS),
    "Weibull": 3 * DRAW.weibull(1.8, ROWS),
    "beta": DRAW.beta(2, 5, ROWS),
    "Poisson": DRAW.poisson(4, ROWS).astype(float),
    "geometric": DRAW.geometric(0.3, ROWS).astype(float),
    "negative binomial": DRAW.negative_binomial(3, 0.3, ROWS).astype(float),
}


def fitted(values: np.ndarray, *, role: Role = Role.FEATURE) -> Fit:
    return fit(Column("x", Kind.NUMBER, role, "x"), pd.Series(values), seed=0)


@pytest.mark.parametrize("family", DRAWN)
def test_values_drawn_from_a_family_are_recognised(family: str) -> None:
    found = fitted(DRAWN[family])
    assert (found.best["family"], found.verdict) == (family, Verdict.CLOSE)
    assert found.distance < 1.36 / ROWS**0.5  # chance alone keeps 95 % of tables under it


@pytest.mark.parametrize(
    ("family", "oracle"),
    [
        ("gamma", lambda values: stats.gamma.fit(values, floc=0)),
        ("Weibull", lambda values: stats.weibull_min.fit(values, floc=0)),
        ("beta", lambda values: stats.beta.fit(values, floc=0, fscale=1)),
        ("Student t", stats.t.fit),
    ],
)
def test_the_likelihood_is_that_of_scipys_own_fit(
    family: str, oracle: Callable[[np.ndarray], tuple[float, ...]]
) -> None:
    values = DRAWN[family][:400]
    known = BY_NAME[family]
    ours = known.frozen(known.fit(values)).logpdf(values).sum()
    name = {"gamma": stats.gamma, "Weibull": stats.weibull_min, "beta": stats.beta, "Student t": stats.t}
    theirs = name[family].logpdf(values, *oracle(values)).sum()
    assert ours == pytest.approx(theirs, abs=1e-2)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.concatenate([DRAWN["normal"], DRAWN["normal"] + 12]), "2 humps, near "),
        (-(DRAWN["log-normal"] ** 2), "the lower tail reaches "),
        (np.minimum(DRAWN["normal"], 7.0), "16 % of the values are the highest value, 7"),
        (np.round(np.where(DRAWN["uniform"] < 6, DRAWN["normal"] // 2 * 20, DRAWN["normal"] * 10)), ""),
    ],
)
def test_mixed_capped_and_heaped_values_have_none(values: np.ndarray, why: str) -> None:
    found = fitted(values)
    assert found.verdict is Verdict.NONE
    assert found.why.startswith(why) if why else found.why


def test_values_rounded_to_no_power_of_ten_are_read_between_them() -> None:
    twelfths = np.round(np.round(DRAWN["normal"] * 4) / 4 * 12) / 12 / 3
    assert fitted(twelfths).verdict is Verdict.CLOSE
    # Nearly always one value: a narrow distribution beside it would say nothing.
    assert fitted(np.where(DRAWN["uniform"] > 8.8, DRAWN["normal"], 0.25)).verdict is Verdict.NONE


def test_values_above_zero_are_tried_for_themselves() -> None:
    found = fitted(np.where(DRAWN["uniform"] < 4, 0.0, DRAWN["log-normal"]))
    assert (found.part, found.best["family"], found.verdict) == (ABOVE_ZERO, "log-normal", Verdict.CLOSE)
    assert found.part_share == pytest.approx(5 / 7, abs=0.02)


def test_the_distance_is_kolmogorov_and_smirnovs() -> None:
    values = DRAWN["normal"][:200]
    frozen = stats.norm(5, 2)
    assert distance(values, frozen, discrete=False) == pytest.approx(
        stats.kstest(values, frozen.cdf).statistic
    )
    # Of one die, thrown 1 to 6 once each, the shares are those of the uniform distribution from ½ to 6½.
    die = np.arange(1.0, 7.0)
    assert distance(die, stats.uniform(0.5, 6), discrete=False) == pytest.approx(0.0)
    assert distance(die, stats.randint(1, 7), discrete=True) == pytest.approx(0.0)


@pytest.mark.slow
def test_the_interval_of_the_distance_holds_the_true_one() -> None:
    inside = 0
    for seed in range(30):
        values = np.random.default_rng(seed).exponential(1.0, 900)
        found = fitted(values)
        places = np.linspace(0, 12, 2_000)
        true = np.abs(found.frozen.cdf(places) - stats.expon.cdf(places)).max()
        inside += true <= found.at_most
    assert inside >= 28


def test_few_rows_leave_the_answer_open_where_chance_would_do_as_much() -> None:
    exponential = np.random.default_rng(0).exponential(3.0, 60)
    assert fitted(exponential).verdict in (Verdict.TOO_FEW, Verdict.ROUGH)
    two = np.concatenate([exponential[:30] / 100, 50 + exponential[30:] / 100])
    assert fitted(two).verdict is Verdict.NONE


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.arange(49.0), "fewer than 50 values"),
        (np.tile([1.0, 2, 3, 4], 30), "fewer than 5 different values"),
        (np.geomspace(1e120, 1e300, 60), "values too large or too small to compute with"),
        (np.full(80, np.nan), "fewer than 50 values"),
    ],
)
def test_what_cannot_be_fitted_says_why(values: np.ndarray, why: str) -> None:
    found = fitted(values)
    assert (found.verdict, found.why) == (Verdict.NOT_FITTED, why)


def test_the_step_of_values_and_the_places_of_humps() -> None:
    assert grid_step(np.array([20.0, 150.0])) == 10.0
    assert grid_step(np.array([0.25, 1.0])) == 0.01
    assert grid_step(np.array([np.pi, 1.0])) == 0.0
    assert len(hump_places(DRAWN["normal"])) == 1
    assert hump_places(np.concatenate([DRAWN["normal"], DRAWN["normal"] + 20])) == pytest.approx(
        [5, 25], abs=1
    )


def test_the_report_says_what_fits_what_not_and_what_follows(make_table: MakeTable) -> None:
    columns = {
        "count": (Kind.NUMBER, DRAWN["Poisson"]),
        "mixed": (Kind.NUMBER, np.where(DRAWN["beta"] < 0.3, DRAWN["normal"], DRAWN["normal"] + 20)),
        "flag": (Kind.NUMBER, DRAWN["Poisson"] % 2),
    }
    table = make_table(columns, DRAWN["log-normal"])
    found, left = fits(table, ["y", "count", "mixed", "flag"], seed=0)
    assert left == 0
    shown = fits_shown.fit_table(found)
    assert list(shown["verdict"]) == ["fits closely", "fits closely", "none fits", "not fitted"]
    first, second, last = fits_shown.fit_words(found)
    assert first == "A known distribution fits 2 numbers closely: ‘y’ (log-normal), ‘count’ (Poisson)."
    assert second.startswith("None fits 1 number: ‘mixed’ (2 humps, near ")
    assert last == "The target, ‘y’, is log-normal: take its logarithm; differences are ratios."
    assert set(fits_shown.candidate_table(found)["column"]) == {"y", "count", "mixed"}
    panels = fits_shown.fit_panels(found)
    assert [panel.log for panel in panels] == [True, False, False]
    assert "‘mixed’ against" in fits_shown.fit_alt(panels)
    figure = fit_figure(panels)
    assert len(figure.axes) == 4
    plt.close(figure)
    assert "13 numbers are not" in fits_shown.caption(found, 13)
    assert fits_shown.fit_words([]) == [
        "The table has no numbers, so there is no distribution to compare them with."
    ]
