"""Clean tables to plant faults into: scikit-learn's own and generated ones.

Clean means: rows drawn independently and in random order, no copies, values missing at random if at all, and
no column that states the target. scikit-learn's tables of classes are sorted by class and hold a few copies;
they are shuffled and the copies taken out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine

from helpers.metrics import Task

WORDS = (
    "income", "spend", "tenure", "distance", "visits", "weight", "pressure", "depth", "speed", "volume",
    "density", "length", "usage", "balance", "rating", "claims", "calls", "orders", "returns", "area",
    "energy", "moisture", "salinity", "thickness", "load", "torque", "latency", "exposure", "traffic",
    "yield", "dose", "rainfall", "humidity", "turnover", "margin", "delay", "mileage", "capacity",
    "noise", "altitude",
)  # fmt: skip
LEVELS = (
    ("standard", "premium", "basic"),
    ("oak", "maple", "birch", "willow"),
    ("web", "shop", "phone", "partner", "mail"),
    ("northern", "southern", "eastern", "western", "central", "overseas"),
)
GAP_SHARES = (0.02, 0.05)
FACTORS = 4
KEPT = 0.9


@dataclass(frozen=True)
class Base:
    """A clean table.

    Attributes
    ----------
    name : str
        What it is.
    frame : pandas.DataFrame
        The rows; classes are texts.
    target : str
        The column to predict.
    task : Task
        What the target is.
    unseen : tuple of str
        Identifiers, which the priced model does not see.
    """

    name: str
    frame: pd.DataFrame
    target: str
    task: Task
    unseen: tuple[str, ...] = ()


def base_names(*, tasks: frozenset[Task] | None = None) -> list[str]:
    """Return the names of the base tables, only those of these tasks if any are given."""
    return [name for name, (task, _) in _BASES.items() if tasks is None or task in tasks]


def base_table(name: str, *, seed: int) -> Base:
    """Return a base table; another seed gives other rows."""
    return _BASES[name][1](name, np.random.default_rng([seed, list(_BASES).index(name)]))


def _bundled(
    name: str,
    rng: np.random.Generator,
    *,
    load: Callable[..., Any],
    task: Task,
    columns: int | None = None,
) -> Base:
    bunch = load(as_frame=True)
    frame: pd.DataFrame = bunch.frame.drop_duplicates()
    if task is not Task.REGRESSION:
        names = dict(enumerate(map(str, bunch.target_names)))
        frame = frame.assign(target=frame["target"].map(names))
    if columns is not None:
        frame = _few_digits(frame, columns)
    rows = rng.permutation(len(frame))[: round(KEPT * len(frame))]
    return Base(name, frame.iloc[rows].reset_index(drop=True), "target", task)


def _few_digits(frame: pd.DataFrame, columns: int) -> pd.DataFrame:
    """Return four of the ten digits in the pixels that vary most."""
    four = frame[frame["target"].isin(["0", "1", "2", "3"])]
    pixels = four.drop(columns="target").std().nlargest(columns).index
    return four[[*sorted(pixels), "target"]].assign(target="digit " + four["target"]).drop_duplicates()


def _generated(
    name: str, rng: np.random.Generator, *, task: Task, rows: tuple[int, int], columns: tuple[int, int]
) -> Base:
    """Return a table of correlated numbers, some of them skewed or counts, and a few categories."""
    size = int(np.exp(rng.uniform(*np.log(rows))))
    width = int(rng.integers(columns[0], columns[1] + 1))
    names = [str(each) for each in rng.choice(WORDS, size=width, replace=False)]
    factors = rng.normal(size=(size, FACTORS))
    latent = factors @ rng.normal(size=(FACTORS, width)) / np.sqrt(FACTORS) + 0.7 * rng.normal(
        size=(size, width)
    )
    latent /= latent.std(axis=0)
    target = _target(latent, rng, task)
    of_words = set(rng.choice(width, size=max(1, width // 6), replace=False).tolist())
    cells: dict[str, object] = {"record": [f"{value:012x}" for value in _different(size, rng)]}
    for place, column in enumerate(names):
        cells[column] = (
            _levels(latent[:, place], rng) if place in of_words else _numbers(latent[:, place], rng)
        )
    frame = _with_gaps(pd.DataFrame(cells), names, rng)
    return Base(name, frame.assign(outcome=target), "outcome", task, unseen=("record",))


def _different(size: int, rng: np.random.Generator) -> np.ndarray:
    """Return so many large numbers, none twice."""
    found = np.unique(rng.integers(16**11, 16**12, size=size + 10))
    return rng.permutation(found)[:size]


def _numbers(latent: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    shape = rng.choice(["normal", "skewed", "count"], p=[0.5, 0.35, 0.15])
    if shape == "count":
        return rng.poisson(np.exp(1.5 + 0.5 * latent))
    if shape == "skewed":
        return np.round(np.exp(rng.uniform(2, 6) + rng.uniform(0.5, 0.9) * latent), 2)
    centre = rng.uniform(20, 200)
    return np.round(centre + centre * rng.uniform(0.1, 0.2) * latent, 2)


def _levels(latent: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    levels = np.array(LEVELS[int(rng.integers(len(LEVELS)))], dtype=object)
    blurred = pd.Series(latent + rng.normal(size=len(latent))).rank(pct=True).to_numpy()
    # Frequent and rarer levels, none of them rare.
    ends = np.cumsum(rng.dirichlet(np.full(len(levels), 8.0)))
    return rng.permutation(levels)[np.minimum(np.searchsorted(ends, blurred), len(levels) - 1)]


def _with_gaps(frame: pd.DataFrame, names: list[str], rng: np.random.Generator) -> pd.DataFrame:
    """Return the table with 2 to 5 % of the values missing at random in a third of the columns."""
    for name in rng.choice(names, size=len(names) // 3, replace=False):
        frame[name] = frame[name].mask(rng.random(len(frame)) < rng.uniform(*GAP_SHARES))
    return frame


def _target(latent: np.ndarray, rng: np.random.Generator, task: Task) -> np.ndarray:
    """Return a target that half the columns tell in part: straight, bent and in pairs."""
    used = latent[:, rng.permutation(latent.shape[1])[: max(4, latent.shape[1] // 2)]]
    eta = used @ rng.uniform(0.4, 1.0, used.shape[1])
    eta = eta / eta.std() + 0.4 * (used[:, 0] ** 2 - 1) + 0.5 * used[:, 1] * used[:, 2]
    eta = eta / eta.std() + 0.6 * rng.normal(size=len(eta))
    if task is Task.REGRESSION:
        numbers: np.ndarray = np.round(1_000 + 250 * eta, 1)
        return numbers
    ranks = pd.Series(eta).rank(pct=True).to_numpy()
    if task is Task.BINARY:
        # Words that readers know as a truth value, and words that they do not.
        first, second = (("yes", "no"), ("left", "stayed"))[int(rng.integers(2))]
        return np.where(ranks > rng.uniform(0.5, 0.75), first, second).astype(object)
    grades = np.array(["bronze", "copper", "silver", "gold"], dtype=object)
    return grades[np.searchsorted([0.3, 0.55, 0.8], ranks)]


_SMALL, _LARGE = (300, 1_000), (1_000, 5_000)
_NARROW, _WIDE = (8, 16), (16, 40)
_BINARY, _SEVERAL, _NUMBERS = Task.BINARY, Task.MULTICLASS, Task.REGRESSION
# Generated and bundled ones in turn: a fault that is planted a few times then meets both.
_BASES: dict[str, tuple[Task, Callable[[str, np.random.Generator], Base]]] = {
    "two classes, few rows": (_BINARY, partial(_generated, task=_BINARY, rows=_SMALL, columns=_NARROW)),
    "breast_cancer": (_BINARY, partial(_bundled, load=load_breast_cancer, task=_BINARY)),
    "four classes": (_SEVERAL, partial(_generated, task=_SEVERAL, rows=_SMALL, columns=_NARROW)),
    "wine": (_SEVERAL, partial(_bundled, load=load_wine, task=_SEVERAL)),
    "numbers, few rows": (_NUMBERS, partial(_generated, task=_NUMBERS, rows=_SMALL, columns=_NARROW)),
    "iris": (_SEVERAL, partial(_bundled, load=load_iris, task=_SEVERAL)),
    "two classes, many rows": (_BINARY, partial(_generated, task=_BINARY, rows=_LARGE, columns=_WIDE)),
    "diabetes": (_NUMBERS, partial(_bundled, load=load_diabetes, task=_NUMBERS)),
    "two classes, wide": (_BINARY, partial(_generated, task=_BINARY, rows=_SMALL, columns=_WIDE)),
    "digits": (_SEVERAL, partial(_bundled, load=load_digits, task=_SEVERAL, columns=12)),
    "numbers, many rows": (_NUMBERS, partial(_generated, task=_NUMBERS, rows=_LARGE, columns=_WIDE)),
}
