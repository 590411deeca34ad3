"""Faults of single values and how they are written."""

import numpy as np
import pandas as pd

from benchmarks.planted.fault import (
    EVERY_TASK,
    NUMBERS,
    Fault,
    Plant,
    Planted,
    added,
    fault,
    replaced,
    some_rows,
    strongest_number,
    telling,
    with_category,
    without_gaps,
)
from benchmarks.planted.faults_missing import days

CELLS = (0.01, 0.05, 0.2)
FEW_CELLS = (0.002, 0.01, 0.05)
LEVELS = ("Copper", "Granite", "Limestone", "Marble", "Sandstone")
VARIANTS = frozenset({"category_variants"})
UNITS = frozenset({"mixed_units", "unit_mix", "units", "mixed_type"})
SILENT_UNITS = UNITS | {"impossible_value", "outlier"}
IMPOSSIBLE = frozenset({"impossible_value", "outlier", "missing_marker"})
DATES = frozenset({"date_order"})


def _typo(word: str, rng: np.random.Generator) -> str:
    """Return the word with one letter left out, doubled or exchanged for another."""
    at = int(rng.integers(1, len(word)))
    letter = chr(int(rng.integers(ord("a"), ord("z") + 1)))
    return str(
        rng.choice(
            [word[:at] + word[at + 1 :], word[:at] + word[at - 1 :], word[:at] + letter + word[at + 1 :]]
        )
    )


def _respelt(word: str, way: str, rng: np.random.Generator) -> str:
    if way == "case":
        return str(rng.choice([word.lower(), word.upper()]))
    if way == "spaces":
        return str(rng.choice([f"{word} ", f" {word}"]))
    return _typo(word, rng)


def _variants(way: str) -> Plant:
    def plant(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
        """Spell a share of the cells of a category another way."""
        before = with_category(frame, target, rng, levels=LEVELS)
        places = some_rows(len(frame), strength, rng)
        words = [_respelt(str(before["material"].iloc[place]), way, rng) for place in places]
        return Planted(replaced(before, "material", places, words), ("material",), VARIANTS, before=before)

    return plant


SPELLINGS: tuple[Fault, ...] = tuple(
    Fault(f"categories differ by {words}", CELLS, EVERY_TASK, _variants(way))
    for way, words in (("case", "case"), ("spaces", "a space"), ("typos", "one letter"))
)


def _amounts(frame: pd.DataFrame, target: str, rng: np.random.Generator) -> np.ndarray:
    """Return weights of persons in kilograms that tell something of the target."""
    found: np.ndarray = np.round(np.clip(75 + 14 * telling(frame, target, rng), 40, 140), 1)
    return found


@fault("units mixed as text", CELLS)
def units_as_text(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Write weights as '70.5 kg', a share of them as '155.4 lb'."""
    weights = _amounts(frame, target, rng)
    in_pounds = np.zeros(len(frame), dtype=bool)
    in_pounds[some_rows(len(frame), strength, rng)] = True
    written = [
        f"{w * 2.2046:.1f} lb" if pounds else f"{w:.1f} kg"
        for w, pounds in zip(weights, in_pounds, strict=True)
    ]
    before = added(frame, target, heft=weights)
    return Planted(before.assign(heft=written), ("heft",), UNITS, before=before)


@fault("units mixed silently", (2.2046, 25.4, 1000.0))
def units_silent(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Write a tenth of the weights in another unit: the strength is the factor between the two."""
    before = added(frame, target, heft=_amounts(frame, target, rng))
    places = some_rows(len(frame), 0.1, rng)
    other = np.round(before["heft"].to_numpy()[places] * strength, 1)
    return Planted(replaced(before, "heft", places, other), ("heft",), SILENT_UNITS, before=before)


@fault("dates written in two orders", CELLS)
def dates_two_orders(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Write dates with the day first, a share of them with the month first."""
    when = pd.to_datetime(pd.Series(days(1_000 + 250 * telling(frame, target, rng))))
    cells = when.dt.strftime("%d/%m/%Y").to_numpy(object)
    places = some_rows(len(frame), strength, rng)
    cells[places] = when.dt.strftime("%m/%d/%Y").to_numpy(object)[places]
    before = added(frame, target, enrolled=when.dt.strftime("%Y-%m-%d").to_numpy())
    return Planted(before.assign(enrolled=cells), ("enrolled",), DATES, before=before)


@fault("dates that parse two ways", (4, 8, 12))
def dates_undecidable(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Write dates with the day first, none of them after the strength's day of its month."""
    when = pd.to_datetime(pd.Series(days(1_000 + 250 * telling(frame, target, rng))))
    months = when.to_numpy().astype("datetime64[M]").astype("datetime64[D]")
    when = pd.Series(months + rng.integers(0, int(strength), len(frame)).astype("timedelta64[D]"))
    before = added(frame, target, enrolled=when.dt.strftime("%Y-%m-%d").to_numpy())
    cells = when.dt.strftime("%d/%m/%Y").to_numpy()
    return Planted(before.assign(enrolled=cells), ("enrolled",), DATES, before=before)


@fault("capped feature", (0.99, 0.9, 0.7))
def capped_feature(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Cut a new strong column off at this quantile."""
    values = np.round(_tail(frame, target, rng), 2)
    before = added(frame, target, fee=values)
    cut = before.assign(fee=np.minimum(values, np.round(np.quantile(values, strength), 2)))
    return Planted(cut, ("fee",), frozenset({"capped_value"}), before=before)


def _tail(frame: pd.DataFrame, target: str, rng: np.random.Generator) -> np.ndarray:
    found: np.ndarray = np.exp(5 + 0.5 * telling(frame, target, rng, strength=0.8))
    return found


@fault("capped target", (0.99, 0.9, 0.7), tasks=NUMBERS)
def capped_target(frame: pd.DataFrame, target: str, strength: float, _rng: np.random.Generator) -> Planted:
    """Cut the target off at this quantile."""
    cut = frame.assign(**{target: np.minimum(frame[target], frame[target].quantile(strength, "nearest"))})
    return Planted(cut, (target,), frozenset({"capped_value"}))


@fault("negative ages", FEW_CELLS)
def negative_ages(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Turn the sign of a share of the ages."""
    ages = np.round(np.clip(48 + 14 * telling(frame, target, rng), 18, 95)).astype(int)
    before = added(frame, target, age=ages)
    places = some_rows(len(frame), strength, rng, fewest=1)
    return Planted(replaced(before, "age", places, -ages[places]), ("age",), IMPOSSIBLE, before=before)


@fault("heights of 999", FEW_CELLS)
def heights_of_999(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Write 999 instead of a share of the heights."""
    heights = np.round(np.clip(171 + 9 * telling(frame, target, rng), 140, 210)).astype(int)
    before = added(frame, target, height=heights)
    places = some_rows(len(frame), strength, rng, fewest=1)
    return Planted(replaced(before, "height", places, 999), ("height",), IMPOSSIBLE, before=before)


@fault("decimal point slipped", (10.0, 100.0, 1000.0))
def slipped_point(frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator) -> Planted:
    """Multiply 0.5 % of the values of a new column by the strength."""
    before = added(frame, target, heft=_amounts(frame, target, rng))
    places = some_rows(len(frame), 0.005, rng, fewest=1)
    far = np.round(before["heft"].to_numpy()[places] * strength, 1)
    return Planted(replaced(before, "heft", places, far), ("heft",), SILENT_UNITS, before=before)


@fault("outliers in the target", (10.0, 100.0, 1000.0), tasks=NUMBERS)
def outliers_in_target(
    frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator
) -> Planted:
    """Multiply 0.5 % of the targets by the strength."""
    places = some_rows(len(frame), 0.005, rng, fewest=1)
    far = frame[target].to_numpy()[places] * strength
    return Planted(
        replaced(frame, target, places, far), (target,), frozenset({"outlier", "impossible_value"})
    )


@fault("words among numbers", FEW_CELLS)
def words_among_numbers(
    frame: pd.DataFrame, target: str, strength: float, rng: np.random.Generator
) -> Planted:
    """Write words instead of a share of the values of a strong column of numbers."""
    name = strongest_number(frame, target, rng)
    before = without_gaps(frame, name)
    places = some_rows(len(frame), strength, rng, fewest=1)
    words = rng.choice(
        np.array(["see note", "low", "too high", "n.m.", "ok"], dtype=object), size=len(places)
    )
    kinds = frozenset({"mixed_type", "missing_marker"})
    return Planted(replaced(before, name, places, words), (name,), kinds, before=before)


FAULTS: tuple[Fault, ...] = (
    *SPELLINGS,
    units_as_text,
    units_silent,
    dates_two_orders,
    dates_undecidable,
    capped_feature,
    capped_target,
    negative_ages,
    heights_of_999,
    slipped_point,
    outliers_in_target,
    words_among_numbers,
)
