"""The known distributions that numbers are compared with: where each can stand, its fit, and its use.

Every family is fitted by maximum likelihood, with the start of its support known (0, or 1 for counts from 1),
never estimated: a free start makes the likelihood unbounded for several of them.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import optimize, special, stats

COUNTS, POSITIVE, SHARES, REAL, BOUNDED = "counts", "positive", "shares", "real", "bounded"
# Student's t nears the normal distribution as its degrees of freedom grow; from here on it is the same.
MOST_FREEDOM, LEAST_FREEDOM = 100.0, 0.3
STEPS_OF_T = 60
T_CONVERGED = 1e-4
# Beyond this number of successes, a negative binomial distribution is a Poisson one.
LEAST_SUCCESSES, MOST_SUCCESSES = 1e-3, 1e4
# Between these, a Weibull distribution's shape is looked for.
LEAST_SHAPE, MOST_SHAPE = 0.02, 200.0

# Where a family starts; read off the kind of count, not estimated.
KNOWN = "from"

Parameters = dict[str, float]


@dataclass(frozen=True)
class Family:
    """One known distribution.

    Attributes
    ----------
    name : str
        What people call it.
    support : str
        `COUNTS` (whole numbers from 0 or 1), `POSITIVE`, `SHARES` (between 0 and 1), `REAL` (any number), or
        `BOUNDED` (any numbers between two ends that only the values tell).
    fit : callable
        Values to the parameters of greatest likelihood, by name.
    frozen : callable
        Parameters to a distribution of scipy with ``cdf`` and ``ppf``, and ``logpdf`` or ``logpmf``.
    use : str
        What follows for a model where the family fits.
    """

    name: str
    support: str
    fit: Callable[[np.ndarray], Parameters]
    frozen: Callable[[Mapping[str, float]], Any]
    use: str

    @property
    def discrete(self) -> bool:
        """Whether the family gives whole numbers only."""
        return self.support == COUNTS


def _normal(values: np.ndarray) -> Parameters:
    return {"mean": float(values.mean()), "standard deviation": float(values.std())}


def _log_normal(values: np.ndarray) -> Parameters:
    logs = np.log(values)
    return {"median": math.exp(float(logs.mean())), "σ of logs": float(logs.std())}


def _exponential(values: np.ndarray) -> Parameters:
    return {"mean": float(values.mean())}


def _gamma(values: np.ndarray) -> Parameters:
    mean = float(values.mean())
    gap = math.log(mean) - float(np.log(values).mean())
    # log(k) − ψ(k) = gap has its root between these two (Minka 2002 bounds it by 1/(2k) and 1/k).
    shape = optimize.brentq(lambda k: math.log(k) - special.digamma(k) - gap, 0.4 / gap, 1.1 / gap)
    return {"shape": float(shape), "mean": mean}


def _weibull(values: np.ndarray) -> Parameters:
    logs = np.log(values)
    centre = float(logs.mean())
    scaled = logs - logs.max()

    def excess(shape: float) -> float:
        weights = np.exp(shape * scaled)
        return float(weights @ logs) / float(weights.sum()) - 1 / shape - centre

    low, high = excess(LEAST_SHAPE), excess(MOST_SHAPE)
    shape = float(optimize.brentq(excess, LEAST_SHAPE, MOST_SHAPE)) if low < 0 < high else LEAST_SHAPE
    scale = math.exp(logs.max() + math.log(float(np.exp(shape * scaled).mean())) / shape)
    return {"shape": shape, "scale": scale}


def _beta(values: np.ndarray) -> Parameters:
    logs, complements = float(np.log(values).mean()), float(np.log1p(-values).mean())
    mean, variance = float(values.mean()), float(values.var())
    size = max(mean * (1 - mean) / variance - 1, 0.1)

    def gradient(place: np.ndarray) -> np.ndarray:
        a, b = np.exp(place)
        common = special.digamma(a + b)
        return np.array([special.digamma(a) - common - logs, special.digamma(b) - common - complements])

    start = np.log([mean * size, (1 - mean) * size])
    a, b = np.exp(optimize.root(gradient, start).x)
    return {"a": float(a), "b": float(b)}


def _uniform(values: np.ndarray) -> Parameters:
    return {"lowest": float(values.min()), "highest": float(values.max())}


def _student(values: np.ndarray) -> Parameters:
    """Fit location, scale and degrees of freedom by the ECME algorithm (Liu and Rubin 1995)."""
    centre, scale, freedom = (
        float(np.median(values)),
        float(np.subtract(*np.quantile(values, [0.75, 0.25]))),
        5.0,
    )
    scale = scale / 1.5 if scale > 0 else float(values.std())
    for _ in range(STEPS_OF_T):
        before = freedom
        squares = ((values - centre) / scale) ** 2
        weights = (freedom + 1) / (freedom + squares)
        centre = float(weights @ values) / float(weights.sum())
        scale = math.sqrt(float((weights * (values - centre) ** 2).mean()))
        squares = ((values - centre) / scale) ** 2
        freedom = _freedom(squares)
        if abs(freedom / before - 1) < T_CONVERGED:
            break
    return {"freedom": freedom, "centre": centre, "scale": scale}


def _freedom(squares: np.ndarray) -> float:
    """Return the degrees of freedom of greatest likelihood for standardised squares."""

    def negative(log_freedom: float) -> float:
        v = math.exp(log_freedom)
        constant = special.gammaln((v + 1) / 2) - special.gammaln(v / 2) - math.log(v) / 2
        return float((v + 1) / 2 * np.log1p(squares / v).mean() - constant)

    ends = (math.log(LEAST_FREEDOM), math.log(MOST_FREEDOM))
    return math.exp(float(optimize.minimize_scalar(negative, bounds=ends, method="bounded").x))


def _poisson(values: np.ndarray) -> Parameters:
    return {"mean": float(values.mean())}


def _geometric(values: np.ndarray) -> Parameters:
    first = float(min(values.min(), 1.0))
    return {KNOWN: first, "chance": 1 / (1 + float(values.mean()) - first)}


def _negative_binomial(values: np.ndarray) -> Parameters:
    """Fit mean and number of successes; the mean of greatest likelihood is that of the values."""
    mean = float(values.mean())
    found, rows = np.unique(values, return_counts=True)

    def negative(log_successes: float) -> float:
        r = math.exp(log_successes)
        return -float(rows @ stats.nbinom.logpmf(found, r, r / (r + mean)))

    ends = (math.log(LEAST_SUCCESSES), math.log(MOST_SUCCESSES))
    found_at = optimize.minimize_scalar(negative, bounds=ends, method="bounded")
    return {"mean": mean, "successes": math.exp(float(found_at.x))}


FAMILIES: tuple[Family, ...] = (
    Family(
        "normal", REAL, _normal, lambda p: stats.norm(p["mean"], p["standard deviation"]),
        "mean and standard deviation say all; linear models take it as it is",
    ),
    Family(
        "Student t", REAL, _student, lambda p: stats.t(p["freedom"], p["centre"], p["scale"]),
        "far values are part of it: use a robust loss and medians, do not cut them off",
    ),
    Family(
        "uniform", BOUNDED, _uniform, lambda p: stats.uniform(p["lowest"], p["highest"] - p["lowest"]),
        "no value is typical; a running number or a drawn one looks like this",
    ),
    Family(
        "log-normal", POSITIVE, _log_normal, lambda p: stats.lognorm(p["σ of logs"], scale=p["median"]),
        "take its logarithm; differences are ratios",
    ),
    Family(
        "exponential", POSITIVE, _exponential, lambda p: stats.expon(scale=p["mean"]),
        "a time until something happens at a constant rate; take its logarithm for linear models",
    ),
    Family(
        "gamma", POSITIVE, _gamma, lambda p: stats.gamma(p["shape"], scale=p["mean"] / p["shape"]),
        "spread grows with the mean: a gamma loss as a target, a logarithm as a feature",
    ),
    Family(
        "Weibull", POSITIVE, _weibull, lambda p: stats.weibull_min(p["shape"], scale=p["scale"]),
        "a time until failure; the shape says whether the rate rises (over 1) or falls (under 1)",
    ),
    Family(
        "beta", SHARES, _beta, lambda p: stats.beta(p["a"], p["b"]),
        "a share; take its logit for linear models",
    ),
    Family(
        "Poisson", COUNTS, _poisson, lambda p: stats.poisson(p["mean"]),
        "a count at a constant rate; a Poisson loss suits it as a target",
    ),
    Family(
        "geometric", COUNTS, _geometric, lambda p: stats.geom(p["chance"], loc=p[KNOWN] - 1),
        "a number of trials until something happens",
    ),
    Family(
        "negative binomial", COUNTS, _negative_binomial,
        lambda p: stats.nbinom(p["successes"], p["successes"] / (p["successes"] + p["mean"])),
        "a count whose rate differs between rows; its spread is wider than a Poisson loss takes it to be",
    ),
)  # fmt: skip

BY_NAME: Mapping[str, Family] = MappingProxyType({family.name: family for family in FAMILIES})
