"""The page of `nightbook compare`: two runs side by side, from their comparison alone."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import helpers.files as files
from helpers.comparing.results import Changed, Comparison, Named, PairedMetric
from helpers.comparing.words import (
    capitalised,
    change_of,
    difference_text,
    left_out_sentence,
    margin_note,
    rows_sentences,
    value_text,
    verdict_sentence,
)
from helpers.errors import shortened
from helpers.metrics import METRICS
from helpers.runner.overview.index_changes import LOOKS
from helpers.runner.overview.index_parts import moment
from helpers.runner.overview.pages import encodable, template
from helpers.wording import capital, name, number, percent

FOLDER = "compare"
LONGEST_NAME = 180  # of a page's file, in characters
VALUE_CHARACTERS = 300
# The drawing's scale, in units of the drawing.
START, END = 10, 300


@dataclass(frozen=True)
class Side:
    """One of the two runs; `href` leads to its summary, empty where there is none."""

    title: str
    when: str
    href: str


@dataclass(frozen=True)
class MetricRow:
    """One metric of both runs; `look` is the class of the badge."""

    label: str
    direction: str
    first: str
    second: str
    difference: str
    better: str
    same: str
    worse: str
    says: str
    look: str


@dataclass(frozen=True)
class Drawing:
    """The headline's difference: where its value, interval, zero and what is practically the same lie."""

    words: str
    left: str
    right: str
    value: float
    low: float
    high: float
    zero: float
    same_low: float
    same_high: float


@dataclass(frozen=True)
class FindingRow:
    """A finding that came, went, or changed."""

    change: str
    severity: str
    code: str
    columns: str
    message: str


@dataclass(frozen=True)
class ComparePage:
    """Everything on the page."""

    first: Side
    second: Side
    verdict: str
    rows: tuple[str, ...]
    metrics: tuple[MetricRow, ...]
    paired: bool
    drawing: Drawing | None
    note: str
    parameters: tuple[Changed, ...]
    table: tuple[Changed, ...]
    surroundings: tuple[Changed, ...]
    findings: tuple[FindingRow, ...]
    left_out: str


def write_compare_page(
    comparison: Comparison, *, reports: Path, folders: tuple[Path, Path], unit: str
) -> Path:
    """Write the page into the folder ``compare`` of the reports, and return its path.

    Parameters
    ----------
    comparison : Comparison
        Of the two runs.
    reports : Path
        The folder of all reports.
    folders : pair of Path
        The runs' folders, for links.
    unit : str
        Of the target.
    """
    path = reports / FOLDER / file_name(comparison)
    files.write_text(
        path,
        compare_page(comparison, hrefs=tuple(_href(folder, path.parent) for folder in folders), unit=unit),
    )
    return path


def file_name(comparison: Comparison) -> str:
    """Return the name of the page's file, the same for the same two runs."""
    titles = [f"{run.experiment}_{run.run}" for run in (comparison.first, comparison.second)]
    stem = re.sub(r"[^A-Za-z0-9._=-]", "_", "--".join(titles)).lstrip(".")
    if len(stem) > LONGEST_NAME or stem != "--".join(titles):
        stem = f"{stem[:LONGEST_NAME]}-{files.hash_of(titles)[:12]}"
    return f"{stem}.html"


def compare_page(comparison: Comparison, *, hrefs: tuple[str, ...] = ("", ""), unit: str = "") -> str:
    """Return the page as HTML; `hrefs` lead to the runs' summaries, an empty one nowhere."""
    return encodable(template("compare.html.j2").render(page=_page(comparison, hrefs=hrefs, unit=unit)))


def _page(comparison: Comparison, *, hrefs: tuple[str, ...], unit: str) -> ComparePage:
    return ComparePage(
        first=_side(comparison.first, hrefs[0]),
        second=_side(comparison.second, hrefs[1]),
        verdict=verdict_sentence(comparison, unit=unit),
        rows=tuple(rows_sentences(comparison)),
        metrics=tuple(_metric(found, comparison, unit) for found in comparison.metrics),
        paired=not comparison.why_not,
        drawing=_drawing(comparison, unit),
        note=margin_note(),
        parameters=tuple(map(_cut, comparison.parameters)),
        table=tuple(map(_cut, comparison.table)),
        surroundings=tuple(map(_cut, comparison.surroundings)),
        findings=tuple(
            FindingRow(
                capital(found.change), found.severity, found.code,
                ", ".join(name(column) for column in found.columns[:12]),
                shortened(found.message, limit=VALUE_CHARACTERS),
            )
            for found in comparison.findings
        ),
        left_out=left_out_sentence(comparison),
    )  # fmt: skip


def _side(run: Named, href: str) -> Side:
    return Side(shortened(run.title, limit=200), f"{moment(run.model_dump())}, {run.status}", href)


def _cut(change: Changed) -> Changed:
    return Changed(
        key=shortened(change.key, limit=120),
        first=shortened(change.first, limit=VALUE_CHARACTERS) or "–",
        second=shortened(change.second, limit=VALUE_CHARACTERS) or "–",
    )


def _metric(found: PairedMetric, comparison: Comparison, unit: str) -> MetricRow:
    metric = METRICS[found.metric]
    change = change_of(found, same_answers=comparison.same_answers)
    better, same, worse = (
        "–" if chance is None else percent(chance) for chance in (found.better, found.same, found.worse)
    )
    return MetricRow(
        label=metric.label,
        direction=f"{'higher' if metric.higher_is_better else 'lower'} is better",
        first=value_text(found, "first", unit=unit),
        second=value_text(found, "second", unit=unit),
        difference=difference_text(found, unit=unit),
        better=better,
        same=same,
        worse=worse,
        says=capitalised(change),
        look=LOOKS[change],
    )


def _drawing(comparison: Comparison, unit: str) -> Drawing | None:
    metric = comparison.headline
    if metric is None or comparison.same_answers or comparison.why_not:
        return None
    found = metric.difference
    if found.value is None or found.low is None or found.high is None:
        return None
    points = (found.value, found.low, found.high, 0.0, -metric.margin, metric.margin)
    least, width = min(points), max(points) - min(points)
    if width == 0:
        return None
    places = [round(START + (point - least) / width * (END - START), 1) for point in points]
    words = (
        f"Difference in {METRICS[metric.metric].label}, more is better: "
        f"{difference_text(metric, unit=unit)}; no difference is 0."
    )
    return Drawing(words, number(least, digits=2), number(least + width, digits=2), *places)


def _href(folder: Path, start: Path) -> str:
    """Return the address of a run's summary from the page's folder; nothing where it has none."""
    if not (folder / "06_summary.html").exists():
        return ""
    way = os.path.relpath(folder / "06_summary.html", start)
    return "/".join(quote(step, safe="", errors="replace") for step in Path(way).parts)
