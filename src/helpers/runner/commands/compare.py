"""`nightbook compare`."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.comparing.compare import comparison
from helpers.comparing.reading import ComparedRun, read_run
from helpers.comparing.results import Changed, Comparison
from helpers.comparing.words import (
    capitalised,
    change_of,
    difference_text,
    left_out_sentence,
    rows_sentences,
    value_text,
    verdict_sentence,
)
from helpers.errors import Problem, UserError, shortened
from helpers.metrics import METRICS
from helpers.paths import reports_folder, shown_path
from helpers.runner.overview.compare_page import write_compare_page
from helpers.runner.overview.index_parts import part, text
from helpers.runner.record.reserve import disk_trouble
from helpers.runner.record.run_record import find_run, read_record
from helpers.wording import count, name, percent

GAP = "  "
SHOWN = 12  # findings and parameters on the terminal; the page has all
TO_THE_RIGHT = frozenset({1, 2, 3, 4, 5, 6})


def compare_command(first: str, second: str) -> int:
    """Print what differs between two runs and write the page about it; return 0.

    Raises
    ------
    UserError
        If a run is not known, both are the same one, or they do not answer the same question.
    """
    reports = reports_folder()
    folders = (find_run(first, reports), find_run(second, reports))
    if folders[0] == folders[1]:
        raise UserError(
            Problem(
                "RUN RUN", f"the same run twice ({shown_path(folders[0])})", "two different runs",
                "nightbook list names the runs; an experiment's name means its latest.",
            )
        )  # fmt: skip
    runs = [_compared(folder) for folder in folders]
    found = comparison(*runs)
    unit = _unit(runs[1].params)
    try:
        page = write_compare_page(found, reports=reports, folders=folders, unit=unit)
    except OSError as error:
        where = shown_path(reports / "compare")
        raise UserError(
            Problem(where, "a folder that cannot be written", "a writable folder", disk_trouble(error))
        ) from None
    sys.stdout.write("".join(f"{line}\n" for line in lines_of(found, unit=unit)))
    sys.stdout.write(f"Page: {shown_path(page)}\n")
    return 0


def lines_of(found: Comparison, *, unit: str = "") -> list[str]:
    """Return the comparison as lines for a terminal."""
    lines = [
        f"First:   {shortened(found.first.title, limit=200)} ({found.first.status})",
        f"Second:  {shortened(found.second.title, limit=200)} ({found.second.status})",
        "",
        verdict_sentence(found, unit=unit),
        *rows_sentences(found),
        "",
        *_metrics(found, unit),
    ]
    for title, changes, same in (
        ("Parameters", found.parameters, "the same"),
        ("Table", found.table, "the same"),
        ("Surroundings", found.surroundings, "the same model, versions and state of the repository"),
    ):
        lines += _changes(title, changes, same)
    return [*lines, *_findings(found)]


def _compared(folder: Path) -> ComparedRun:
    record = read_record(folder)
    return read_run(folder, {**record.model_dump(mode="json"), "status": record.effective_status()})


def _unit(params: Mapping[str, Any]) -> str:
    return text(part(part(params, "columns"), text(params.get("target"))).get("unit"))


def _metrics(found: Comparison, unit: str) -> list[str]:
    if not found.metrics:
        return []
    head: tuple[str, ...] = ("metric", "first", "second")
    if not found.why_not:
        head += ("difference, more is better", "P(better)", "P(same)", "P(worse)", "says")
    rows = [head]
    for metric in found.metrics:
        cells: tuple[str, ...] = (
            METRICS[metric.metric].label,
            value_text(metric, "first", unit=unit),
            value_text(metric, "second", unit=unit),
        )
        if not found.why_not:
            chances = (metric.better, metric.same, metric.worse)
            cells += (
                difference_text(metric, unit=unit),
                *("–" if chance is None else percent(chance) for chance in chances),
                capitalised(change_of(metric, same_answers=found.same_answers)),
            )
        rows.append(cells)
    return [*_aligned(rows), ""]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        GAP.join(
            cell.rjust(width) if place in TO_THE_RIGHT else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _changes(title: str, changes: Sequence[Changed], same: str) -> list[str]:
    if not changes:
        return [f"{title}: {same}"]
    said = [
        f"  {name(change.key)}: {name(change.first) or '–'} → {name(change.second) or '–'}"
        for change in changes[:SHOWN]
    ]
    more = [f"  and {len(changes) - SHOWN} more, on the page"] if len(changes) > SHOWN else []
    return [f"{title}:", *said, *more]


def _findings(found: Comparison) -> list[str]:
    left_out = [sentence] if (sentence := left_out_sentence(found)) else []
    if not found.findings:
        return ["Findings: the same", *left_out]
    said = [
        f"  {change.change}: {change.severity} {change.code} {shortened(change.message, limit=200)}"
        for change in found.findings[:SHOWN]
    ]
    more = len(found.findings) - SHOWN
    return [
        f"Findings ({count(len(found.findings), 'change')}):",
        *said,
        *([f"  and {more} more, on the page"] if more > 0 else []),
        *left_out,
    ]
