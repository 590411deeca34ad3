"""`nightbook list`: a line a run, the newest first, in plain text that other tools can read on."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.errors import Problem, UserError, did_you_mean, listed
from helpers.paths import reports_folder, shown_path
from helpers.runner.overview.index_parts import finite, part, said_status, text
from helpers.runner.record.past_runs import records_of
from helpers.runner.record.run_record import run_folders
from helpers.wording import count, name, number

HEADINGS = ("run", "status", "seconds", "verdict", "metric")
TO_THE_RIGHT = HEADINGS.index("seconds")
GAP = "  "
MANY = 30  # runs; more of them have scrolled the newest off most screens

Record = Mapping[str, Any]


def list_command(*, experiment: str = "", last: int | None = None) -> int:
    """Print a line a run, the newest first; return 0.

    Parameters
    ----------
    experiment : str
        The one experiment to list; all by default.
    last : int, optional
        How many of the newest to print, at least 1; all by default.

    Raises
    ------
    UserError
        If no run of `experiment` is on record.
    """
    reports = reports_folder()
    folders = sorted(run_folders(reports), key=lambda folder: folder.name, reverse=True)
    if experiment:
        folders = _only(folders, experiment)
    if not folders:
        say(f"No run in {shown_path(reports)} yet. Begin with: nightbook run params/breast_cancer.yaml")
        return 0
    runs = records_of(folders[:last])
    for run in runs:
        if "unreadable" in run:
            sys.stderr.write(f"nightbook: {run['unreadable']}\n")
    on_terminal = sys.stdout.isatty()
    say("\n".join(table_of(runs, width=shutil.get_terminal_size().columns if on_terminal else None)))
    if on_terminal and len(runs) > MANY:
        say(f"{count(len(folders), 'run')}, the newest at the top. Only those: nightbook list --last 10")
    return 0


def _only(folders: Sequence[Path], experiment: str) -> list[Path]:
    """Return the folders of the experiment's runs; raise where there are none."""
    found = [folder for folder in folders if folder.parent.name == experiment]
    if not found:
        known = sorted({folder.parent.name for folder in folders})
        expected = f"an experiment that has run ({listed(known) or 'none has yet'})"
        raise UserError(Problem("--experiment", repr(experiment), expected, did_you_mean(experiment, known)))
    return found


def table_of(runs: Sequence[Record], *, width: int | None) -> list[str]:
    """Return the lines of the table of runs, each cut to `width` characters if that is given."""
    rows = [HEADINGS, *(_cells(run) for run in runs)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [_line(row, widths)[:width] for row in rows]


def headline_in_words(run: Record) -> str:
    """Return the headline metric with its interval, beside the baseline's."""
    metrics = part(run, "metrics")
    chosen, baseline = part(metrics, "chosen"), part(metrics, "baseline")
    value, low, high = (finite(chosen.get(key)) for key in ("value", "low", "high"))
    label = name(text(metrics.get("label") or metrics.get("name")) or "metric")
    if not chosen:
        return "–"
    if value is None:
        return f"{label} cannot be computed"
    said = f"{label} {number(value)}"
    if low is not None and high is not None:
        said += f" ({number(low)} to {number(high)})"
    base = finite(baseline.get("value"))
    if base is not None:
        said += f", baseline {number(base)}"
    where = name(text(metrics.get("measured_on")))
    return f"{said}, {where}" if where else said


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def _cells(run: Record) -> tuple[str, ...]:
    seconds = finite(run.get("seconds"))
    return (
        f"{name(text(run.get('experiment')), limit=80)}/{name(text(run.get('run')), limit=200)}",
        said_status(run),
        number(seconds) if seconds is not None else "–",
        name(text(part(run, "verdict").get("word"))) or "–",
        headline_in_words(run),
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = [
        cell.rjust(width) if place == TO_THE_RIGHT else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return GAP.join(aligned).rstrip()
