"""Faults of rows and of the target's own values: copies, contradictions, unequal classes, gaps."""

import numpy as np
import pandas as pd

from benchmarks.planted.fault import CLASSES, Fault, Planted, added, fault, is_number, replaced, some_rows

COPIED = frozenset({"duplicate_rows", "duplicates_across_split"})


def _with_copies(
    frame: pd.DataFrame, share: float, rng: np.random.Generator
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the table with a share of its rows once more, in random order, and which row each one was."""
    copied = some_rows(len(frame), share, rng)
    rows = rng.permutation(np.concatenate([np.arange(len(frame)), copied]))
    return frame.iloc[rows].reset_index(drop=True), rows


@fault("copies of rows", (0.02, 0.1, 0.5))
def copies(frame: pd.DataFrame, _target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Write a share of the rows once more."""
    planted, rows = _with_copies(frame, strength, rng)
    return Planted(planted, (), COPIED, together=rows)


@fault("copies with identifiers of their own", (0.02, 0.1, 0.5))
def copies_with_identifiers(
    frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator
) -> Planted:
    """Write a share of the rows once more, and give every row a number of its own."""
    planted, rows = _with_copies(frame.drop(columns="record", errors="ignore"), strength, rng)
    numbers = [f"R{number:07d}" for number in rng.permutation(10 * len(planted))[: len(planted)]]
    return Planted(added(planted, target, receipt=numbers), (), COPIED, together=rows, unseen=("receipt",))


@fault("equal rows with different targets", (0.02, 0.1, 0.3))
def conflicting(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Write a share of the rows once more with the target of a row of another answer."""
    copied = some_rows(len(frame), strength, rng)
    wrong = frame.iloc[copied].copy()
    values = frame[target].to_numpy(object)
    wrong[target] = [rng.choice(values[values != own]) for own in wrong[target]]
    if is_number(frame, target):
        wrong[target] = wrong[target].astype(float)
    planted = pd.concat([frame, wrong]).sample(frac=1, random_state=int(rng.integers(2**31)))
    return Planted(planted.reset_index(drop=True), (), frozenset({"conflicting_labels"}))


@fault("unequal classes", (0.1, 0.05, 0.02), tasks=CLASSES)
def unequal_classes(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Leave only so many rows of the smallest class that it holds this share."""
    smallest = str(frame[target].value_counts().index[-1])
    return _with_fewer(frame, target, smallest, strength, rng)


def _with_fewer(
    frame: pd.DataFrame, target: str, name: str, share: float, rng: np.random.Generator
) -> Planted:
    is_it = (frame[target] == name).to_numpy()
    left = max(6, round(share / (1 - share) * (~is_it).sum()))
    gone = rng.permutation(np.flatnonzero(is_it))[left:]
    planted = frame.drop(index=frame.index[gone]).reset_index(drop=True)
    # As many rows as are left with the classes as they were: the price is not that of having fewer rows.
    before = frame.iloc[np.sort(rng.permutation(len(frame))[: len(planted)])].reset_index(drop=True)
    kinds = frozenset({"class_imbalance", "rare_class"})
    return Planted(planted, (target,), kinds, before=before)


@fault("a rare class", (3, 6, 12), tasks=CLASSES)
def rare_class(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Give so many rows a class of their own."""
    places = some_rows(len(frame), 0, rng, fewest=int(strength))
    kinds = frozenset({"rare_class", "class_imbalance"})
    return Planted(replaced(frame, target, places, "unclear"), (target,), kinds)


@fault("classes differ by case", (0.02, 0.1, 0.3), tasks=CLASSES)
def class_variants(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Write a share of the targets in capitals."""
    places = some_rows(len(frame), strength, rng)
    capitals = [str(each).upper() for each in frame[target].iloc[places]]
    kinds = frozenset({"category_variants"})
    return Planted(replaced(frame, target, places, capitals), (target,), kinds)


@fault("target missing", (0.01, 0.1, 0.4))
def target_missing(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Empty a share of the targets."""
    places = some_rows(len(frame), strength, rng)
    planted = frame.assign(**{target: frame[target].mask(np.isin(np.arange(len(frame)), places))})
    return Planted(planted, (target,), frozenset({"target_missing"}))


FAULTS: tuple[Fault, ...] = (
    copies,
    copies_with_identifiers,
    conflicting,
    unequal_classes,
    rare_class,
    class_variants,
    target_missing,
)
