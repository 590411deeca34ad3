"""The parts of the page over all runs, each read from one run record that may lack anything."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from helpers.errors import shortened
from helpers.metrics import IN_TARGET_UNITS
from helpers.runner.reporting.report_label import report_label
from helpers.wording import measured, number, with_unit

TEXT_CHARACTERS = 400
SUMMARY = "06_summary"
# The drawing's scale starts right of the words 'Model' and 'Baseline'.
STRIP_START, STRIP_END = 80, 300

_REPORTED = frozenset({"succeeded", "failed", "interrupted", "not run", "cut off"})
_LOOKS = {
    "use it": "nb-pass",
    "promising, not yet": "nb-warn",
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
    """Where value, interval and baseline lie, in units of the drawing; `words` says the same.

    `left` and `right` are the ends of the scale as text, `better` says which way is better.
    """

    words: str
    left: str
    right: str
    better: str
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
    """One line of a table of runs; `report` names what `href` leads to."""

    started: str
    status: str
    verdict: str
    value: str
    interval: str
    baseline: str
    took: str
    report: str
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
    value = finite(seconds)
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
    return tuple(_links(run))


def _links(run: Record) -> Iterator[Link]:
    for name in sorted(part(run, "notebooks"), key=lambda name: (name != SUMMARY, name)):
        if href := report_href(run, name):
            yield Link(report_label(name), href)


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
    value = finite(chosen.get("value"))
    if value is None:
        return None
    better, unit = direction(metrics), unit_of(run)
    said, interval = measured_part(chosen, unit)
    return Score(
        label=metric_label(metrics),
        value=said,
        interval=interval,
        baseline=measured_part(baseline, unit)[0],
        strip=_strip(chosen, baseline, better, unit),
    )


def unit_of(run: Record) -> str:
    """Return the unit of the headline metric: the target's for errors of a regression, else nothing."""
    if text(part(run, "metrics").get("name")) not in IN_TARGET_UNITS:
        return ""
    params = part(run, "params")
    return text(part(part(params, "columns"), text(params.get("target"))).get("unit"))


def metric_label(metrics: Record) -> str:
    """Return the headline metric's name, and which way is better where the record says so."""
    label = shortened(text(metrics.get("label") or metrics.get("name")) or "Headline metric")
    better = direction(metrics)
    return f"{label}, {better}" if better else label


def direction(metrics: Record) -> str:
    """Return which way of the headline metric is better, nothing where the record does not say."""
    higher = metrics.get("higher_is_better")
    return f"{'higher' if higher else 'lower'} is better" if isinstance(higher, bool) else ""


def run_row(run: Record) -> RunRow:
    """Return the run as a line of a table."""
    metrics = part(run, "metrics")
    unit, first = unit_of(run), next(_links(run), Link("", ""))
    value, interval = measured_part(part(metrics, "chosen"), unit)
    where = text(metrics.get("measured_on"))
    elsewhere = f", {shortened(where)}" if where not in ("", "holdout") else ""  # not to be compared with it
    return RunRow(
        started=moment(run),
        status=said_status(run),
        verdict=shortened(text(part(run, "verdict").get("word")) or "–"),
        value=value or "–",
        interval=f"{interval.removeprefix('likely ') or '–'}{elsewhere}",
        baseline=measured_part(part(metrics, "baseline"), unit)[0] or "–",
        took=duration(run.get("seconds")) or "–",
        report=first.name,
        href=first.href,
    )


def said_status(run: Record) -> str:
    """Return the run's status, and whether all of it was taken over from earlier runs."""
    status = shortened(text(run.get("status")) or "unknown")
    return f"{status}, reused" if all_reused(run) else status


def all_reused(run: Record) -> bool:
    """Tell whether every notebook's result was taken over from an earlier run: nothing was computed."""
    outcomes = part(run, "notebooks").values()
    return bool(outcomes) and all(
        isinstance(outcome, Mapping) and outcome.get("reused") is True for outcome in outcomes
    )


def finite(value: object) -> float | None:
    """Return the value as a number, None for what is none; JSON's integers may be larger than any float."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) <= sys.float_info.max else None


def measured_part(estimate: Mapping[str, Any], unit: str) -> tuple[str, str]:
    """Return value and interval as `wording.measured` says them, nothing for what the record lacks."""
    value, low, high = (finite(estimate.get(key)) for key in ("value", "low", "high"))
    if value is None:
        return "", ""
    if low is None or high is None:
        return with_unit(number(value), unit), ""
    return measured(value, low, high, unit=unit)


def _strip(chosen: Mapping[str, Any], baseline: Mapping[str, Any], better: str, unit: str) -> Strip | None:
    value, base = finite(chosen.get("value")), finite(baseline.get("value"))
    if value is None or base is None:
        return None
    ends = (finite(chosen.get("low")), finite(chosen.get("high")))
    base_ends = (finite(baseline.get("low")), finite(baseline.get("high")))
    low, high = (value if end is None else end for end in ends)
    base_low, base_high = (base if end is None else end for end in base_ends)
    points = (value, low, high, base, base_low, base_high)
    least, width = min(points), max(points) - min(points)
    if width == 0:
        return None
    places = [round(STRIP_START + (point - least) / width * (STRIP_END - STRIP_START), 1) for point in points]
    said, interval = measured_part(chosen, unit)
    likely = f", {interval}" if interval else ""
    words = f"The model {said}{likely}; the baseline {measured_part(baseline, unit)[0]}."
    arrow = {"higher is better": f"{better} →", "lower is better": f"← {better}"}.get(better, "")
    return Strip(words, number(least), number(least + width), arrow, *places)
