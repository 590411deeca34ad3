"""The headline metric over an experiment's runs as a small line, with the same in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.runner.overview.index_parts import all_reused, finite, part, text, unit_of
from helpers.wording import number, with_unit

MOST_RUNS = 30
NAMED_RUNS = 8
# The drawing's size and the room around the line, in units of the drawing.
WIDTH, HEIGHT, ROOM = 160, 36, 5

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Trend:
    """The line through the runs, the oldest first; `words` says the same."""

    words: str
    caption: str
    points: str
    x: float
    y: float


def trend_of(runs: Sequence[Record], speaking: Record) -> Trend | None:
    """Return the line over the runs that measured what `speaking` did; None for fewer than two of them.

    A run that computed nothing anew, that varied other values, or whose metric was another one or measured
    elsewhere, has no place in it.

    Parameters
    ----------
    runs : sequence of mapping
        The experiment's records, the newest first.
    speaking : mapping
        The one whose metric the page shows.
    """
    alike = [run for run in runs if _kind(run) == _kind(speaking) and not all_reused(run)]
    values = [
        value
        for run in reversed(alike[:MOST_RUNS])
        if (value := finite(part(part(run, "metrics"), "chosen").get("value"))) is not None
    ]
    if len(values) < 2:
        return None
    least, width = min(values), max(values) - min(values)
    places = [
        (
            round(ROOM + place / (len(values) - 1) * (WIDTH - 2 * ROOM), 1),
            round(HEIGHT - ROOM - ((value - least) / width if width else 0.5) * (HEIGHT - 2 * ROOM), 1),
        )
        for place, value in enumerate(values)
    ]
    unit = unit_of(speaking)
    named = ", ".join(number(value) for value in values[-NAMED_RUNS:])
    last = f"the last {NAMED_RUNS} " if len(values) > NAMED_RUNS else ""
    ends = f"lowest {number(least)}, highest {with_unit(number(least + width), unit)}"
    label = text(part(speaking, "metrics").get("label")) or "Headline metric"
    return Trend(
        words=f"{label} over {len(values)} runs, {last}from old to new: {named}; {ends}.",
        caption=f"{len(values)} runs, {ends}",
        points=" ".join(f"{x},{y}" for x, y in places),
        x=places[-1][0],
        y=places[-1][1],
    )


def _kind(run: Record) -> tuple[object, ...]:
    metrics = part(run, "metrics")
    judged = (text(metrics.get(key)) for key in ("name", "label", "measured_on"))
    return (*judged, sorted(map(str, part(run, "variant").items())))
