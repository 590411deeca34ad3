"""Faults that give the target away: in one column, or in two together."""

import numpy as np
import pandas as pd

from benchmarks.planted.fault import CLASSES, NUMBERS, Fault, Planted, added, answers, fault, is_number

LEAK = frozenset({"target_leak", "strong_column"})
# A pair that is merely said to be strong is named as well, if both columns are.
PARTS = frozenset({"target_parts", "strong_column"})
BINS = 20


@fault("noisy copy of the target", (0.01, 0.1, 0.3, 0.6))
def noisy_copy(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add the target as numbers, classes by their place, with noise of this many standard deviations."""
    copy = answers(frame, target) + strength * rng.normal(size=len(frame))
    return Planted(added(frame, target, index_b=np.round(100 + 15 * copy, 3)), ("index_b",), LEAK)


@fault("copy of the target as words", (0.0, 0.02, 0.1, 0.25))
def copied_words(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add the class, or which of 20 parts of the target, as words that are wrong in a share of the rows."""
    parts = _parts(frame, target, BINS)
    wrong = rng.random(len(frame)) < strength
    parts = np.where(wrong, rng.permutation(parts), parts)
    return Planted(
        added(frame, target, stage=[f"stage {chr(65 + part)}" for part in parts]), ("stage",), LEAK
    )


def _parts(frame: pd.DataFrame, target: str, bins: int) -> np.ndarray:
    """Return the number of each row's class, or of the part of the target's range that it is in."""
    if not is_number(frame, target):
        return np.asarray(pd.factorize(frame[target], sort=True)[0])
    ranks = frame[target].rank(pct=True).to_numpy()
    found: np.ndarray = np.minimum((ranks * bins).astype(int), bins - 1)
    return found


@fault("transformed target", (0.0, 0.02, 0.1))
def transformed(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add a bent function of the target, falling and far from linear, with a share of noise."""
    blurred = answers(frame, target) + strength * rng.normal(size=len(frame))
    bent = np.exp(-1.5 * blurred)
    return Planted(added(frame, target, decay=[float(f"{value:.6g}") for value in bent]), ("decay",), LEAK)


@fault("hashed target", (1, 5, 25))
def hashed(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add codes of no order, so many for each class or each of 20 parts of the target."""
    each = int(strength)
    parts = _parts(frame, target, BINS)
    codes = rng.permutation(16**5)[: each * (int(parts.max()) + 1)]
    cells = [
        f"k{codes[part * each + other]:05x}"
        for part, other in zip(parts, rng.integers(0, each, len(frame)), strict=True)
    ]
    return Planted(added(frame, target, batch_key=cells), ("batch_key",), LEAK)


@fault("a level of one class only", (0.1, 0.3, 0.6), tasks=CLASSES)
def one_class_level(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add a category in which a level stands for a share of the rows of one class and for no other."""
    classes = sorted(frame[target].unique())
    cells = rng.choice(np.array(["north", "east", "harbour"], dtype=object), size=len(frame))
    chosen = (frame[target] == classes[-1]).to_numpy() & (rng.random(len(frame)) < strength)
    return Planted(added(frame, target, desk=np.where(chosen, "closing", cells)), ("desk",), LEAK)


@fault("target is a difference", (0.0, 0.01, 0.05), tasks=NUMBERS)
def difference(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add two columns whose difference is the target, with noise of this many standard deviations."""
    values = frame[target].to_numpy(float)
    first = values.mean() + 3 * values.std() * rng.normal(size=len(frame))
    second = first + values + strength * values.std() * rng.normal(size=len(frame))
    more = {"reading_old": np.round(first, 3), "reading_new": np.round(second, 3)}
    return Planted(added(frame, target, **more), tuple(more), PARTS, all_columns=True)


@fault("target is a sum", (2, 3, 5), tasks=NUMBERS)
def target_sum(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add so many columns that add up to the target."""
    weights = rng.dirichlet(np.full(int(strength), 3.0), size=len(frame))
    values = frame[target].to_numpy(float)[:, None] * weights
    more = {f"part_{place + 1}": values[:, place] for place in range(int(strength))}
    return Planted(added(frame, target, **more), tuple(more), PARTS, all_columns=True)


@fault("two columns compared decide the class", (0.0, 0.02, 0.1), tasks=CLASSES)
def compared(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add two columns of which the larger one tells the last class, wrongly in a share of the rows."""
    last = (frame[target] == sorted(frame[target].unique())[-1]).to_numpy()
    last = last ^ (rng.random(len(frame)) < strength)
    first = 50 + 10 * rng.normal(size=len(frame))
    second = first + np.where(last, 1, -1) * rng.uniform(0.5, 4, len(frame))
    more = {"due": np.round(first, 2), "paid": np.round(second, 2)}
    return Planted(added(frame, target, **more), tuple(more), PARTS, all_columns=True)


@fault("two columns crossed decide the class", (0.0, 0.02, 0.1), tasks=CLASSES)
def crossed(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add two columns that are equal exactly for the last class, but for a share of the rows."""
    last = (frame[target] == sorted(frame[target].unique())[-1]).to_numpy()
    last = last ^ (rng.random(len(frame)) < strength)
    first = rng.random(len(frame)) < 0.5
    more = {
        "sent_by": np.where(first, "agent", "branch"),
        "closed_by": np.where(first == last, "agent", "branch"),
    }
    return Planted(added(frame, target, **more), tuple(more), PARTS, all_columns=True)


FAULTS: tuple[Fault, ...] = (
    noisy_copy,
    copied_words,
    transformed,
    hashed,
    one_class_level,
    difference,
    target_sum,
    compared,
    crossed,
)
