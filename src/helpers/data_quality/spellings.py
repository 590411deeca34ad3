"""Levels of a column that are one word written in several ways: case, spaces, one letter."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.tables.spellings import plain_spellings

FEWEST_LETTERS = 5
TYPO_LEVELS = 200
TYPO_ROWS = 10
# A slip of the pen is much rarer than the word that was meant.
TIMES_RARER = 10


@dataclass(frozen=True)
class Variant:
    """A level that seems to be another one, written differently.

    Attributes
    ----------
    column, level : str
        The level and its column.
    rows : int
        How many rows hold it.
    meant : str
        The most frequent way of writing it.
    way : str
        ``case or spaces`` or ``one letter``.
    """

    column: str
    level: str
    rows: int
    meant: str
    way: str


def variants_of(sizes: pd.Series, column: str) -> list[Variant]:
    """Return the levels that are written in another way than the most frequent one of the same word.

    Parameters
    ----------
    sizes : pandas.Series
        The rows of each level, as from `level_sizes`.
    column : str
        The column's name.
    """
    if sizes.empty:
        return []
    rows = dict(zip(sizes.index.astype(str), sizes.to_numpy(int).tolist(), strict=True))
    order = sorted(rows, key=lambda level: (-rows[level], level != level.strip(), level))
    words: dict[str, list[str]] = defaultdict(list)
    for level, plain in zip(order, plain_spellings(order).to_pylist(), strict=True):
        words[plain].append(level)
    found = [
        Variant(column, level, rows[level], levels[0], "case or spaces")
        for levels in words.values()
        for level in levels[1:]
    ]
    totals = {plain: sum(rows[level] for level in levels) for plain, levels in words.items()}
    for rare, frequent in _slips(totals):
        found += [
            Variant(column, level, rows[level], words[frequent][0], "one letter") for level in words[rare]
        ]
    return found


def _slips(rows: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield each rare word with the one frequent word that differs from it in one letter."""
    if len(rows) > TYPO_LEVELS:
        return
    # Words one letter apart share what is left when a letter is taken out of either (Garbe 2012).
    near: dict[str, set[str]] = defaultdict(set)
    frequent = [word for word in rows if rows[word] >= TYPO_ROWS and _is_word(word)]
    for word in frequent:
        for key in {word, *_without_a_letter(word)}:
            near[key].add(word)
    for word in rows:
        if not _is_word(word):
            continue
        meant = set().union(*(near.get(key, set()) for key in {word, *_without_a_letter(word)})) - {word}
        likely = [
            other
            for other in meant
            if rows[other] >= TIMES_RARER * rows[word] and _one_letter_apart(word, other)
        ]
        if len(likely) == 1:
            yield word, likely[0]


def _is_word(text: str) -> bool:
    return len(text) >= FEWEST_LETTERS and not any(character.isdigit() for character in text)


def _without_a_letter(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _one_letter_apart(one: str, other: str) -> bool:
    """Return whether one letter left out, added, exchanged, or two neighbours swapped make them the same."""
    if len(one) != len(other):
        short, long = sorted((one, other), key=len)
        return len(long) == len(short) + 1 and short in set(_without_a_letter(long))
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 2:
        first, second = places
        return second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return len(places) == 1


def in_one_way(variants: Sequence[Variant]) -> dict[str, dict[str, str]]:
    """Return the levels by column with what was meant, as ``clean.replace`` takes them."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for variant in variants:
        found[variant.column][variant.level] = variant.meant
    return dict(found)
