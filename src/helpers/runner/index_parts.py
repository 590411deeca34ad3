"""The parts of the page over all runs, each read from one run record that may lack anything."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from helpers.errors import shortened
from helpers.runner.report_label import report_label
from helpers.wording import number

TEXT_CHARACTERS = 400
SUMMARY = "06_summary"
# The drawing's scale starts right of the words 'Model' and 'Baseline'.
STRIP_START, STRIP_END = 80, 300

_REPORTED = frozenset({"succeeded", "failed", "interrupted", "not run"})
_LOOKS = {
    "use it": "nb-pass",
    "promising, not yet": "nb-note",
    "do not use": "nb-stop",
    "cannot tell": "nb-not-applicable",
}

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """A report and its name."""

    name: str
    href: str


@dataclass(frozen=True)
class Verdict:
    """The answer with its reason; `look` is the class of its badge."""

    word: str
    reason: str
    look: str


@dataclass(frozen=True)
class Strip:
    """Where value, interval and baseline lie, in units of the drawing; `words` says the same."""

    words: str
    value: float
    low: float
    high: float
    base: float
    base_low: float
    base_high: float


@dataclass(frozen=True)
class Score:
    """The headline metric beside the baseline's."""

    label: str
    value: str
    interval: str
    baseline: str
    strip: Strip | None


@dataclass(frozen=True)
class RunRow:
    """One line of the table of all runs."""

    started: str
    status: str
    verdict: str
    value: str
    interval: str
    baseline: str
    took: str
    href: str


def text(value: object) -> str:
    """Return the value as text, nothing for None."""
    return "" if value is None else str(value)


def part(record: Record, key: str) -> Mapping[str, Any]:
    """Return the mapping under `key`, an empty one where there is none."""
    found = record.get(key)
    return found if isinstance(found, Mapping) else {}


def moment(run: Record) -> str:
    """Return when the run started, to the minute in UTC, or its name where the record does not say."""
    started = text(run.get("started"))
    try:
        when = datetime.fromisoformat(started)
    except ValueError:
        return shortened(started or text(run.get("run")) or "at an unknown time")
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return f"{when:%Y-%m-%d %H:%M}"


def duration(seconds: object) -> str:
    """Return seconds as people say them; nothing where there are none.

    >>> duration(41.2), duration(200), duration(4000)
    ('41 s', '3 min 20 s', '1 h 07 min')
    """
    value = _finite(seconds)
    if value is None:
        return ""
    whole = round(value)
    if whole < 60:
        return f"{whole} s" if whole else "under 1 s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes:02d} min"


def report_href(run: Record, notebook: str) -> str:
    """Return the address of a notebook's report from where the page is; nothing where none was written."""
    outcome = part(part(run, "notebooks"), notebook)
    report = text(outcome.get("report"))
    if not report or text(outcome.get("status")) not in _REPORTED:
        return ""
    steps = (text(run.get("experiment")), text(run.get("run")), report)
    return "/".join(quote(step, safe="", errors="replace") for step in steps)


def report_links(run: Record) -> tuple[Link, ...]:
    """Return the run's reports, the summary first."""
    names = sorted(part(run, "notebooks"), key=lambda name: (name != SUMMARY, name))
    return tuple(Link(report_label(name), href) for name in names if (href := report_href(run, name)))


def verdict_of(run: Record) -> Verdict | None:
    """Return the run's verdict, if it came to one."""
    verdict = part(run, "verdict")
    word = text(verdict.get("word"))
    if not word:
        return None
    reason = shortened(text(verdict.get("reason")), limit=TEXT_CHARACTERS)
    return Verdict(shortened(word), reason, _LOOKS.get(word, "nb-note"))


def score_of(run: Record) -> Score | None:
    """Return the run's headline metric, if it was evaluated."""
    metrics = part(run, "metrics")
    chosen, baseline = part(metrics, "chosen"), part(metrics, "baseline")
    value = _finite(chosen.get("value"))
    if value is None:
        return None
    label = shortened(text(metrics.get("label") or metrics.get("name")) or "Headline metric")
    better = metrics.get("higher_is_better")
    return Score(
        label=f"{label}, {'higher' if better else 'lower'} is better" if isinstance(better, bool) else label,
        value=number(value),
        interval=_between(chosen, before="likely between "),
        baseline=_number(baseline.get("value")),
        strip=_strip(chosen, baseline),
    )


def run_row(run: Record) -> RunRow:
    """Return the run as a line of a table."""
    metrics = part(run, "metrics")
    links = report_links(run)
    return RunRow(
        started=moment(run),
        status=shortened(text(run.get("status")) or "unknown"),
        verdict=shortened(text(part(run, "verdict").get("word")) or "–"),
        value=_number(part(metrics, "chosen").get("value")) or "–",
        interval=_between(part(metrics, "chosen")) or "–",
        baseline=_number(part(metrics, "baseline").get("value")) or "–",
        took=duration(run.get("seconds")) or "–",
        href=links[0].href if links else "",
    )


def _finite(value: object) -> float | None:
    known = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known else None  # type: ignore[arg-type]


def _number(value: object) -> str:
    known = _finite(value)
    return "" if known is None else number(known)


def _between(estimate: Mapping[str, Any], *, before: str = "") -> str:
    low, high = _number(estimate.get("low")), _number(estimate.get("high"))
    return f"{before}{low} and {high}" if low and high else ""


def _strip(chosen: Mapping[str, Any], baseline: Mapping[str, Any]) -> Strip | None:
    value, base = _finite(chosen.get("value")), _finite(baseline.get("value"))
    if value is None or base is None:
        return None
    ends = (_finite(chosen.get("low")), _finite(chosen.get("high")))
    base_ends = (_finite(baseline.get("low")), _finite(baseline.get("high")))
    low, high = (value if end is None else end for end in ends)
    base_low, base_high = (base if end is None else end for end in base_ends)
    points = (value, low, high, base, base_low, base_high)
    least, width = min(points), max(points) - min(points)
    if width == 0:
        return None
    places = [round(STRIP_START + (point - least) / width * (STRIP_END - STRIP_START), 1) for point in points]
    interval = _between(chosen, before=", likely between ")
    return Strip(f"The model {number(value)}{interval}; the baseline {number(base)}.", *places)
