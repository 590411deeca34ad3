"""Faults of columns as such: saying nothing, naming rows, repeating each other, codes read as amounts."""

import numpy as np
import pandas as pd

from benchmarks.planted.fault import (
    EVERY_TASK,
    Fault,
    Plant,
    Planted,
    added,
    fault,
    strongest_number,
    telling,
    with_category,
)

REDUNDANT = frozenset({"redundant_column"})
KEPT = (0.99, 0.999, 1.0)
WORDS = (
    "the", "of", "parcel", "arrived", "late", "yesterday", "but", "was", "opened", "in", "good", "order",
    "customer", "called", "again", "about", "refund", "engine", "makes", "odd", "sound", "when", "cold",
    "seat", "torn", "window", "replaced", "owner", "asks", "for", "quote", "delivery", "to", "third",
    "floor", "no", "lift", "ring", "twice", "leave", "with", "neighbour", "paint", "scratched", "near",
    "door", "battery", "empty", "after", "two", "weeks",
)  # fmt: skip


def _partly(values: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Return the values with those of the other rows exchanged among these."""
    found = values.copy()
    others = np.flatnonzero(rng.random(len(values)) >= share)
    found[others] = values[rng.permutation(others)]
    return found


def _repeated(way: str) -> Plant:
    def plant(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
        """Add a column that repeats another one in a share of the rows."""
        if way in ("equal", "linear"):
            name = strongest_number(frame, target, rng)
            values = frame[name].to_numpy(float)
            more = _partly(values if way == "equal" else 32 + 1.8 * values, strength, rng)
            return Planted(added(frame, target, again=more), (name, "again"), REDUNDANT)
        if way == "one-to-one":
            levels = ("aspen", "beech", "cedar", "elm", "fir")
            before = with_category(frame, target, rng, levels=levels)
            names = dict(zip(levels, rng.permutation([11, 12, 13, 14, 15]).tolist(), strict=True))
            more = _partly(before["material"].map(names).to_numpy(), strength, rng)
            return Planted(added(before, target, again=more), ("material", "again"), REDUNDANT, before=before)
        codes = [f"{first}{rest:02d}" for first in ("KA", "MU", "RO", "TX") for rest in range(1, 6)]
        before = with_category(frame, target, rng, levels=codes, name="district")
        more = _partly(before["district"].str[:2].to_numpy(object), strength, rng)
        return Planted(
            added(before, target, area_code=more), ("district", "area_code"), REDUNDANT, before=before
        )

    return plant


REPEATED: tuple[Fault, ...] = tuple(
    Fault(f"column {words}", KEPT, EVERY_TASK, _repeated(way))
    for way, words in (
        ("equal", "equal to another"),
        ("one-to-one", "one-to-one with another"),
        ("linear", "linear in another"),
        ("prefix", "that is the prefix of another"),
    )
)


@fault("codes stored as numbers", (5, 15, 40))
def codes_as_numbers(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add a column of as many codes, numbers without order."""
    codes = rng.choice(np.arange(101, 1_000), size=int(strength), replace=False)
    before = with_category(frame, target, rng, levels=[f"c{code}" for code in codes], name="branch")
    planted = before.assign(branch=before["branch"].str[1:].astype(int))
    return Planted(planted, ("branch",), frozenset({"code_as_number"}), before=before)


@fault("constant column", (0.99, 0.999, 1.0))
def constant(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add a column with one value in this share of the rows."""
    cells = np.where(rng.random(len(frame)) < strength, "active", "closed")
    return Planted(added(frame, target, state=cells), ("state",), frozenset({"constant_column"}))


@fault("identifier", (1, 2, 3))
def identifier(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add a column that names rows: 1 numbers in random order, 2 large numbers with gaps, 3 texts."""
    rows = len(frame)
    names: dict[int, object] = {
        1: rng.permutation(rows) + 1,
        2: rng.permutation(np.cumsum(rng.integers(1, 90, rows)) + 4_000_000),
        3: [f"M-{number:06d}" for number in rng.permutation(10 * rows)[:rows]],
    }
    return Planted(
        added(frame, target, member_no=names[int(strength)]), ("member_no",), frozenset({"identifier_column"})
    )


@fault("free text", (4, 10, 40))
def free_text(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add a column of sentences of about this many words."""
    sizes = np.maximum(2, rng.poisson(strength, size=len(frame)))
    texts = [" ".join(rng.choice(np.array(WORDS, dtype=object), size=size)) for size in sizes]
    return Planted(added(frame, target, remark=texts), ("remark",), frozenset({"free_text"}))


@fault("high cardinality", (0.1, 0.25, 0.5))
def high_cardinality(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Add a column of names, as many different ones as this share of the rows."""
    beginnings = ("ba", "do", "ke", "li", "mo", "nu", "pe", "ra", "si", "to", "vu", "za")
    names = np.unique(
        ["".join(rng.choice(beginnings, size=4)).title() for _ in range(int(strength * len(frame)))]
    )
    ranks = pd.Series(telling(frame, target, rng)).rank(pct=True).to_numpy()
    cells = rng.permutation(names)[np.minimum((ranks * len(names)).astype(int), len(names) - 1)]
    kinds = frozenset({"high_cardinality", "identifier_column", "free_text"})
    return Planted(added(frame, target, town=cells), ("town",), kinds)


FAULTS: tuple[Fault, ...] = (*REPEATED, codes_as_numbers, constant, identifier, free_text, high_cardinality)
