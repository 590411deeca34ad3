"""One step of the evaluation as a notebook shows it: a result, its table, its figures, what it says.

A step that does not apply (another task, nothing held out) has an empty result and says why, so that a
notebook's cells read the same for every table.
"""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Generic, TypeVar

import pandas as pd
from matplotlib.figure import Figure

from helpers.display import say, show_figure, show_page, show_table
from helpers.evaluation.case import Case
from helpers.wording import count

Result = TypeVar("Result")


@dataclass(frozen=True)
class Picture:
    """A figure to draw, with what it shows in words."""

    draw: Callable[[], Figure]
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Step(Generic[Result]):
    """What a step found.

    Attributes
    ----------
    result : object
        What the record keeps; None where the step has nothing to say for this table.
    says : tuple of str
        Computed sentences.
    table : pandas.DataFrame or None
        The table that figures and sentences come from.
    caption : str
        What the table says.
    shown : mapping of str to str
        The columns of the table that are shown, with their headings; empty shows all as they are.
    formats : mapping of str to str
        Heading to format specification.
    pictures : tuple of Picture
        The figures.
    """

    result: Result | None
    says: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    caption: str = ""
    shown: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()


def show(step: Step[Result], *, anchor: str = "") -> None:
    """Show a step: its table, its figures, its sentences; the anchor stands at whatever comes first."""
    if step.table is not None:
        frame = step.table[list(step.shown)].rename(columns=step.shown) if step.shown else step.table
        show_table(frame, caption=step.caption, formats=step.formats, anchor=anchor)
    for picture in step.pictures:
        first = step.table is None and picture is step.pictures[0]
        show_figure(picture.draw(), alt=picture.alt, caption=picture.caption, anchor=anchor if first else "")
    nothing_before = step.table is None and not step.pictures
    for place, sentence in enumerate(step.says):
        if anchor and nothing_before and place == 0:
            identity, text = html.escape(anchor), html.escape(sentence)
            show_page(f'<p class="nb-say" id="{identity}">{text}</p>', text=sentence)
        else:
            say(sentence)


def on_holdout(step: Callable[[Case], Step[Result]]) -> Callable[[Case], Step[Result]]:
    """Let a step that needs holdout rows say why it has no result where there are none."""

    @wraps(step)
    def guarded(case: Case) -> Step[Result]:
        return Step(None, (case.why_not,)) if case.why_not else step(case)

    return guarded


def sentences(*parts: str) -> tuple[str, ...]:
    """Return the parts that say something."""
    return tuple(part for part in parts if part)


def sampled_words(case: Case) -> str:
    """Return of how many rows a step that works on the case's `part` saw; empty where it saw all."""
    if case.part is case:
        return ""
    return f"Computed on a random sample of {len(case.part.rows):,} of {count(len(case.rows), 'row')}."


def first_of(items: Sequence[str], limit: int) -> str:
    """Return the first items joined by semicolons, for alternative texts."""
    more = f"; and {len(items) - limit} more" if len(items) > limit else ""
    return "; ".join(items[:limit]) + more
