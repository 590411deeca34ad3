"""Simulations with known answers: whether intervals cover, and whether noise stays unconfirmed.

Holdouts are drawn from a world whose true metrics are known (from a very large sample of it), each is
evaluated as 05 does, and the share of intervals that hold the truth is counted: 95 % ± 2 is the promise.
Then errors of pure noise are searched for weak groups: at most 5 % of the searches may confirm one.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.another_table import on_another_table
from helpers.bootstrap import resamples
from helpers.evaluation.comparison import compare
from helpers.evaluation.slice_tests import Measure
from helpers.evaluation.slices import weak_slices
from helpers.metrics import METRICS, Metric, Task, bounds, metrics_for
from helpers.results import Estimate
from helpers.scoring import Prediction, score
from helpers.tables.table import Column, Kind, Role, Table

REPETITIONS = 1_000
SIZES = (50, 100, 300)
DRAWS = 1_000
LARGE = 400_000
PROMISED, TOLERANCE = 0.95, 0.02
SEARCHES, SEARCHED_ROWS, NOISE_COLUMNS = 1_000, 400, 12
MOST_ALARMS = 0.05

World = Callable[[int, np.random.Generator], tuple[Table, Prediction, Prediction]]


@dataclass(frozen=True)
class Covered:
    """How often the intervals of one metric held its true value, and that of as many other rows."""

    world: str
    rows: int
    metric: str
    value: float
    gain: float
    width: float
    another: float


def two_classes(rows: int, rng: np.random.Generator) -> tuple[Table, Prediction, Prediction]:
    """Draw rows of two classes, a quarter positive, with a model that states true probabilities."""
    positive = rng.random(rows) < 0.25
    signal = rng.normal(size=rows) + 1.2 * positive
    odds = 1.2 * signal - 1.2**2 / 2 + np.log(0.25 / 0.75)
    names = np.where(positive, "yes", "no")
    return (_table(names, Task.BINARY), _stating(1 / (1 + np.exp(-odds)), at=0.4),
            _stating(np.full(rows, 0.25), at=0.4))  # fmt: skip


def even_errors(rows: int, rng: np.random.Generator) -> tuple[Table, Prediction, Prediction]:
    """Draw a number whose errors are normal."""
    return _numbers(rows, rng, rng.normal(size=rows))


def heavy_errors(rows: int, rng: np.random.Generator) -> tuple[Table, Prediction, Prediction]:
    """Draw a number whose errors have Laplace's heavy tails."""
    return _numbers(rows, rng, rng.laplace(size=rows))


WORLDS: Mapping[str, World] = {
    "two classes": two_classes, "normal errors": even_errors, "heavy-tailed errors": heavy_errors,
}  # fmt: skip


def coverage(
    name: str, *, rows: int, repetitions: int, draws: int = DRAWS, large: int = LARGE
) -> list[Covered]:
    """Return how often the intervals of each metric, and of its gain over the baseline, hold the truth."""
    world = WORLDS[name]
    task = world(10, np.random.default_rng(0))[0].task
    metrics = metrics_for(task)
    true_values, true_gains = _truth(world, metrics, large)
    held, gained, widths, others = (defaultdict(list) for _ in range(4))
    for repetition in range(repetitions):
        table, chosen, baseline = world(rows, np.random.default_rng([repetition, rows]))
        found = compare(
            table, chosen, baseline, metrics=metrics, draws=resamples(rows, seed=repetition, draws=draws)
        )
        other, said, _ = world(rows, np.random.default_rng([repetition, rows, 1]))
        for result in found:
            if result.chosen.low is None or result.chosen.high is None:
                continue
            held[result.metric].append(_holds(result.chosen, true_values[result.metric]))
            gained[result.metric].append(_holds(result.gain, true_gains[result.metric]))
            widths[result.metric].append(result.chosen.high - result.chosen.low)
            metric = METRICS[result.metric]
            another = on_another_table(result.chosen, rows=rows, new_rows=rows, limits=bounds(metric))
            others[result.metric].append(_holds(another, score(metric, other.truth, said)))
    return [
        Covered(name, rows, metric, float(np.mean(held[metric])), float(np.mean(gained[metric])),
                float(np.mean(widths[metric])), float(np.mean(others[metric])))
        for metric in held
    ]  # fmt: skip


def noise_confirmed(measure: Measure, *, searches: int, rows: int = SEARCHED_ROWS) -> float:
    """Return the share of searches among errors of pure noise that confirm a weak group."""
    confirmed = 0
    for search in range(searches):
        rng = np.random.default_rng([search, rows])
        frame = pd.DataFrame({f"x{place}": rng.normal(size=rows) for place in range(NOISE_COLUMNS)})
        frame["level"] = pd.Categorical(rng.choice(list("abcde"), rows))
        frame["y"] = rng.normal(size=rows)
        columns = {
            str(name): Column(
                str(name),
                Kind.CATEGORY if name == "level" else Kind.NUMBER,
                Role.TARGET if name == "y" else Role.FEATURE,
                str(name),
            )
            for name in frame
        }
        errors = (
            (rng.random(rows) < 0.2).astype(float) if measure == "error rate" else rng.exponential(size=rows)
        )
        table = Table(frame, columns, Task.REGRESSION)
        confirmed += any(
            part.confirmed for part in weak_slices(table, errors, measure=measure, seed=search).results
        )
    return confirmed / searches


def main() -> None:
    """Measure and print."""
    print(f"Coverage of 95 % intervals, {REPETITIONS:,} simulated holdouts each, {DRAWS:,} draws")
    print(f"{'world':<22}{'rows':>5}  {'metric':<24}{'value':>7}{'gain':>8}{'width':>9}{'others':>8}")
    for name in WORLDS:
        for rows in SIZES:
            for found in coverage(name, rows=rows, repetitions=REPETITIONS):
                off = "" if found.value >= PROMISED - TOLERANCE else "  too narrow"
                print(
                    f"{found.world:<22}{found.rows:>5}  {found.metric:<24}{found.value:>7.1%}"
                    f"{found.gain:>8.1%}{found.width:>9.3f}{found.another:>8.1%}{off}",
                    flush=True,
                )
    measures: tuple[Measure, ...] = ("error rate", "mean absolute error")
    for measure in measures:
        share = noise_confirmed(measure, searches=SEARCHES)
        print(f"Weak groups confirmed on pure noise ({measure}): {share:.1%} of {SEARCHES:,} searches, "
              f"at most {MOST_ALARMS:.0%}", flush=True)  # fmt: skip


def _truth(world: World, metrics: list[Metric], large: int) -> tuple[dict[str, float], dict[str, float]]:
    table, chosen, baseline = world(large, np.random.default_rng(987_654_321))
    values, gains = {}, {}
    for metric in metrics:
        one, other = (score(metric, table.truth, said) for said in (chosen, baseline))
        values[metric.name] = one
        gains[metric.name] = (one - other) * (1 if METRICS[metric.name].higher_is_better else -1)
    return values, gains


def _holds(estimate: Estimate, truth: float) -> bool:
    return estimate.low is not None and estimate.high is not None and estimate.low <= truth <= estimate.high


def _table(target: np.ndarray, task: Task) -> Table:
    kind = Kind.NUMBER if task is Task.REGRESSION else Kind.CATEGORY
    frame = pd.DataFrame({"y": pd.Series(target, dtype=None if task is Task.REGRESSION else object)})
    classes = () if task is Task.REGRESSION else ("no", "yes")
    return Table(frame, {"y": Column("y", kind, Role.TARGET, "y")}, task, classes, "yes" if classes else None)


def _stating(probability: np.ndarray, *, at: float) -> Prediction:
    stated = pd.DataFrame({"no": 1 - probability, "yes": probability})
    return Prediction(np.where(probability >= at, "yes", "no").astype(object), stated)


def _numbers(rows: int, rng: np.random.Generator, errors: np.ndarray) -> tuple[Table, Prediction, Prediction]:
    said = 2 * rng.normal(size=rows)
    return (_table(said + errors, Task.REGRESSION), Prediction(said, None),
            Prediction(np.zeros(rows), None))  # fmt: skip
