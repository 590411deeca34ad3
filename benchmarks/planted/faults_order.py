"""Faults of the order of rows and of rows that belong together: the file, time, groups."""

import numpy as np
import pandas as pd

from benchmarks.planted.fault import (
    EVERY_TASK,
    Fault,
    Plant,
    Planted,
    added,
    answers,
    fault,
    is_number,
    telling,
)
from benchmarks.planted.faults_missing import days

BLOCKS = 5
ORDER = frozenset({"row_order_leak", "time_order", "drift_in_file"})
# A name that states the target is called a leak, with the advice to declare it as the group.
GROUPS = frozenset({"group_structure", "target_leak"})
PERSONS = 40
MOST_ROWS = 2_000


def _blocks(rows: int) -> np.ndarray:
    return np.arange(rows) * BLOCKS // rows


def _in_order(frame: pd.DataFrame, target: str, blur: float, rng: np.random.Generator) -> pd.DataFrame:
    """Return the rows in the order of the target, blurred by this many standard deviations."""
    place = answers(frame, target) + blur * rng.normal(size=len(frame))
    return frame.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)


@fault("file sorted by the target", (1.0, 0.3, 0.0))
def sorted_file(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Sort the rows by the target, blurred by so many standard deviations."""
    planted = _in_order(frame, target, strength, rng)
    return Planted(planted, (), ORDER, together=_blocks(len(frame)))


@fault("sorted, with a row number", (1.0, 0.3, 0.0))
def numbered_rows(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Sort the rows by the target, blurred by so many standard deviations, and number them with gaps."""
    before = _in_order(frame, target, strength, rng)
    numbers = 1_000 + np.cumsum(rng.integers(1, 4, len(frame)))
    kinds = frozenset({"row_order_leak", "target_leak", "strong_column"})
    return Planted(
        added(before, target, entry=numbers), ("entry",), kinds, before=before,
        without_column=frozenset({"row_order_leak"}),
    )  # fmt: skip


def _moved_answers(
    frame: pd.DataFrame, target: str, along: np.ndarray, strength: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the table with targets that rise with `along`, by `strength` deviations for each of its own."""
    if is_number(frame, target):
        values = frame[target].to_numpy(float)
        return frame.assign(**{target: np.round(values + strength * values.std() * along, 3)})
    # Answers change places until their order follows both their old score and the new one.
    score = answers(frame, target) + 0.5 * rng.normal(size=len(frame)) + strength * along
    names = np.empty(len(frame), dtype=object)
    names[np.argsort(score, kind="stable")] = np.sort(frame[target].to_numpy(object))
    return frame.assign(**{target: names})


@fault("hidden drift over time", (0.5, 1.0, 2.0))
def hidden_drift(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Let the target and two new columns drift along the file with this slope in standard deviations."""
    time = np.linspace(-1.7, 1.7, len(frame))
    moved = _moved_answers(frame, target, time, strength, rng)
    more = {
        name: np.round(60 + 10 * (strength * time + rng.normal(size=len(frame))), 2)
        for name in ("index_a", "index_b")
    }
    return Planted(added(moved, target, **more), (), ORDER, together=_blocks(len(frame)))


@fault("neighbouring rows alike", (0.9, 0.97, 0.99))
def autocorrelated(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Let the target and three new columns follow slow series with this correlation from row to row."""

    def slow() -> np.ndarray:
        steps = rng.normal(size=len(frame))
        found = np.zeros(len(frame))
        found[0] = steps[0]
        for row in range(1, len(frame)):
            found[row] = strength * found[row - 1] + np.sqrt(1 - strength**2) * steps[row]
        return found

    moved = _moved_answers(frame, target, slow(), 1.0, rng)
    more = {
        name: np.round(60 + 10 * slow() + rng.normal(size=len(frame)), 2)
        for name in ("probe_a", "probe_b", "probe_c")
    }
    return Planted(added(moved, target, **more), (), ORDER, together=_blocks(len(frame)))


@fault("second half of the file differs", (0.5, 1.0, 3.0))
def shifted_half(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add a telling column that is so many standard deviations higher in the second half."""
    late = np.arange(len(frame)) >= len(frame) // 2
    values = telling(frame, target, rng) + strength * late
    planted = added(frame, target, gauge=np.round(40 + 8 * values, 2))
    return Planted(
        planted, ("gauge",), ORDER, together=_blocks(len(frame)), without_column=frozenset({"time_order"})
    )


@fault("future rows are harder", (0.5, 1.0, 2.0))
def harder_future(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add dates, and let the target drift with them by so many standard deviations; rows in random order."""
    time = rng.permutation(np.linspace(-1.7, 1.7, len(frame)))
    moved = _moved_answers(frame, target, time, strength, rng)
    planted = added(moved, target, opened=days(700 + 400 * time))
    return Planted(planted, ("opened",), frozenset({"time_order"}), moment=time)


def _names(way: str, group: np.ndarray, rng: np.random.Generator) -> object:
    """Return what names each row in the way given; `group` counts from 0."""
    visit = pd.Series(group).groupby(group).cumcount().to_numpy() + 1
    numbers = rng.permutation(9_000)[: group.max() + 1] + 1_000
    known = numbers[group]
    pairs = list(zip(known, visit, rng.permutation(len(group)), strict=True))
    return {
        "text": [f"P{number}" for number in known],
        "whole number": group + 1,
        "large number": known,
        "prefix": [f"{number}_{turn}" for number, turn, _ in pairs],
        "suffix": [f"{serial:05d}-{number}" for number, _, serial in pairs],
        "middle": [f"v{turn}/{number}/{serial:05d}" for number, turn, serial in pairs],
    }[way]


def _grouped(way: str) -> Plant:
    def plant(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
        """Repeat so many slightly different rows of each of some persons, all with the person's target.

        The persons are rows of the base table; numbers of repeated rows differ by a tenth of their spread.
        """
        each = int(strength)
        persons = min(len(frame), max(PERSONS, min(len(frame), MOST_ROWS) // each))
        chosen = rng.choice(len(frame), size=persons, replace=False)
        group = rng.permutation(np.repeat(np.arange(persons), each))
        rows = frame.drop(columns="record", errors="ignore").iloc[chosen[group]].reset_index(drop=True)
        for name in rows.columns.drop(target):
            if pd.api.types.is_numeric_dtype(rows[name].dtype):
                blurred = rows[name].to_numpy(float) + 0.1 * rows[name].std() * rng.normal(size=len(rows))
                rows[name] = [float(f"{value:.5g}") for value in blurred]
        if is_number(rows, target):
            values = rows[target].to_numpy(float)
            rows[target] = np.round(values + 0.2 * values.std() * rng.normal(size=len(rows)), 3)
        planted = added(rows, target, tag=_names(way, group, rng))
        return Planted(planted, ("tag",), GROUPS, together=group, unseen=("tag",))

    return plant


GROUPED: tuple[Fault, ...] = tuple(
    Fault(f"groups in {words}", (3, 8, 20), EVERY_TASK, _grouped(way))
    for way, words in (
        ("text", "a text of its own"),
        ("whole number", "numbers from one"),
        ("large number", "large numbers"),
        ("prefix", "a prefix of an identifier"),
        ("suffix", "a suffix of an identifier"),
        ("middle", "the middle of an identifier"),
    )
)

FAULTS: tuple[Fault, ...] = (
    sorted_file,
    numbered_rows,
    hidden_drift,
    autocorrelated,
    shifted_half,
    harder_future,
    *GROUPED,
)
