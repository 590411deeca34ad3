"""Which classes a figure shows by name, and how each looks in every figure."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.style import MARKERS, MID, PALETTE, short
from helpers.tables.table import Table
from helpers.visualisation.drawable import unused

CLASS_LIMIT = 8
TARGET_CHARACTERS = 14
_BARE = frozenset({"", "y", "n", "yes", "no", "true", "false", "t", "f"})  # say nothing without the question
_HATCHES = ("", "///", "...", "xxx", "\\\\\\", "++", "oo", "--")
_LINES = ("-", "--", "-.", ":")


@dataclass(frozen=True)
class Look:
    """How one class is drawn, in colour and in grey."""

    colour: str
    marker: str
    hatch: str
    line: str


@dataclass(frozen=True)
class ShownClasses:
    """The classes of a target as figures show them.

    Attributes
    ----------
    labels : pandas.Series
        Each row's class, or the name of the rest for a class that is not shown by name.
    order : tuple of str
        The classes in the order of the table's classes, the rest last.
    looks : mapping of str to Look
        How each of them is drawn; the same in every figure.
    lead : str
        The class that a figure of one share shows: the positive one, else the first.
    rest : str or None
        The name under which classes are gathered, where there are too many.
    """

    labels: pd.Series
    order: tuple[str, ...]
    looks: dict[str, Look]
    lead: str
    rest: str | None = None


def class_name(text: str, target: str) -> str:
    """Return a class as figures name it: alone where it speaks for itself, else with the target's name.

    >>> class_name("malignant", "Tumour"), class_name("Yes", "Churn"), class_name("2", "Grower")
    ('malignant', 'Churn = Yes', 'Grower = 2')
    """
    bare = text.strip().lower()
    if bare in _BARE or bare.lstrip("+-").replace(".", "", 1).isdigit():
        return f"{short(target, TARGET_CHARACTERS)} = {text}"
    return text


def class_places(table: Table, *, limit: int = CLASS_LIMIT) -> dict[str, int]:
    """Return each class's place in the palette: its place in the table's order.

    With more than `limit` classes only the most common `limit` have one, still in the table's order.
    """
    sizes = table.y.value_counts()
    common = sorted(table.classes, key=lambda name: (-sizes.get(name, 0), name))[:limit]
    return {name: place for place, name in enumerate(name for name in table.classes if name in common)}


def shown_classes(table: Table, *, limit: int = CLASS_LIMIT) -> ShownClasses:
    """Return the classes of a classification as figures show them: the `limit` most common, and the rest."""
    labels = table.y.astype(str).astype(object)
    labels = labels.map({text: class_name(text, table.target.label) for text in labels.unique()})
    counts = labels.value_counts()
    classes = [class_name(text, table.target.label) for text in table.classes]
    known = set(counts.index).union(classes)  # a sample may lack a class; colours must not move up
    ranked = sorted(known, key=lambda name: (-counts.get(name, 0), name))
    named = [name for name in [*classes, *sorted(known.difference(classes))] if name in ranked[:limit]]
    hidden = len(ranked) - len(named)
    present = tuple(name for name in named if name in counts.index)
    positive = class_name(table.positive, table.target.label) if table.positive is not None else None
    lead = positive if positive is not None and positive in present else present[0]
    if not hidden:
        return ShownClasses(labels, present, _looks(named, None), lead)
    rest = unused(f"{hidden:,} other classes" if hidden > 1 else "1 other class", known)
    kept = labels.where(labels.isin(named), rest)
    return ShownClasses(kept, (*present, rest), _looks(named, rest), lead, rest)


def _looks(named: Sequence[str], rest: str | None) -> dict[str, Look]:
    looks = {
        name: Look(PALETTE[step], MARKERS[step], _HATCHES[step], _LINES[step % len(_LINES)])
        for step, name in enumerate(named)
    }
    if rest is not None:
        looks[rest] = Look(MID, ".", "", ":")
    return looks
