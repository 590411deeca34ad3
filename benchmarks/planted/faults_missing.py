"""Faults of missing values: how they are spelt, where they are, what they tell."""

from collections.abc import Callable

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
    replaced,
    some_rows,
    strongest_number,
    telling,
    with_category,
    without_gaps,
)

SHARES = (0.005, 0.02, 0.05, 0.2)
MARKED = frozenset({"missing_marker", "mixed_type"})
NUMBER_MARKED = MARKED | {"impossible_value", "outlier"}
LEVELS = ("cotton", "linen", "silk", "wool", "nylon")


def _marker_in_numbers(marker: object, kinds: frozenset[str]) -> Plant:
    def plant(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
        """Write the marker instead of a share of the values of a strong column of numbers."""
        name = strongest_number(frame, target, rng)
        before = without_gaps(frame, name)
        places = some_rows(len(frame), strength, rng)
        return Planted(replaced(before, name, places, marker), (name,), kinds, before=before)

    return plant


def _marker_in_words(marker: str) -> Plant:
    def plant(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
        """Write the marker instead of a share of the values of a category."""
        before = with_category(frame, target, rng, levels=LEVELS)
        places = some_rows(len(frame), strength, rng)
        return Planted(replaced(before, "material", places, marker), ("material",), MARKED, before=before)

    return plant


MARKERS: tuple[Fault, ...] = (
    *(
        Fault(f"missing as {words} among numbers", SHARES, EVERY_TASK, _marker_in_numbers(marker, kinds))
        for words, marker, kinds in (
            ("'?'", "?", MARKED),
            ("a blank", " ", MARKED),
            ("' - '", " - ", MARKED),
            ("'NA'", "NA", MARKED),
            ("-200", -200, NUMBER_MARKED),
            ("99999999", 99_999_999, NUMBER_MARKED),
        )
    ),
    Fault("missing as '?' among words", SHARES, EVERY_TASK, _marker_in_words("?")),
    Fault("missing as a blank among words", SHARES, EVERY_TASK, _marker_in_words(" ")),
)


def days(values: np.ndarray, *, first: str = "2019-01-01") -> np.ndarray:
    """Return numbers as days after the first, as text."""
    return (pd.Timestamp(first) + pd.to_timedelta(np.round(values), unit="D")).strftime("%Y-%m-%d").to_numpy()


@fault("missing as 1900-01-01 among dates", SHARES)
def first_day(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Write 1900-01-01 instead of a share of the dates of a new column."""
    before = added(frame, target, enrolled=days(1_000 + 250 * telling(frame, target, rng)))
    places = some_rows(len(frame), strength, rng)
    return Planted(
        replaced(before, "enrolled", places, "1900-01-01"), ("enrolled",), NUMBER_MARKED, before=before
    )


def _word_for_nothing(word: str) -> Callable[[pd.DataFrame, str, float, np.random.Generator], Planted]:
    def plant(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
        """Name the level for 'nothing there', which tells much of the target, by a word that readers drop.

        The strength is the level's share of the rows.
        """
        ranks = pd.Series(telling(frame, target, rng)).rank(pct=True).to_numpy()
        other = rng.choice(["gravel", "paved"], size=len(frame))
        cells = np.where(ranks > 1 - strength, "absent", other).astype(object)
        before = added(frame, target, alley=cells)
        planted = before.assign(alley=np.where(cells == "absent", word, cells))
        return Planted(planted, ("alley",), frozenset({"missing_marker"}), before=before)

    return plant


WORDS: tuple[Fault, ...] = tuple(
    Fault(f"a level named '{word}'", (0.02, 0.1, 0.4), EVERY_TASK, _word_for_nothing(word))
    for word in ("None", "NA")
)


@fault("structurally missing", (0.1, 0.25, 0.5))
def structural(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Empty a strong column wherever a new column says 'no', in a share of the rows."""
    name = strongest_number(frame, target, rng)
    has = np.ones(len(frame), dtype=bool)
    has[some_rows(len(frame), strength, rng, fewest=10)] = False
    before = added(without_gaps(frame, name), target, fitted=np.where(has, "yes", "no"))
    planted = before.assign(**{name: before[name].where(has)})
    return Planted(planted, (name,), frozenset({"structural_missing"}), before=before)


@fault("missing tells the target", (0.2, 0.5, 1.0))
def telling_gaps(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Empty a column in a share of the rows with a high target (the last class), and in 2 % of the others."""
    name = strongest_number(frame, target, rng)
    before = without_gaps(frame, name)
    wanted = answers(frame, target)
    high = wanted > (np.median(wanted) if len(np.unique(wanted)) > 10 else np.unique(wanted)[-2])
    gone = rng.random(len(frame)) < np.where(high, strength, 0.02)
    planted = before.assign(**{name: before[name].mask(gone)})
    return Planted(planted, (name,), frozenset({"missingness_leak"}), before=before)


FAULTS: tuple[Fault, ...] = (*MARKERS, first_day, *WORDS, structural, telling_gaps)
