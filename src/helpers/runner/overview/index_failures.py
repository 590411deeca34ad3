"""What failed in each experiment's latest run or grid, for the top of the page over all runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.errors import shortened
from helpers.runner.overview.index_grid import combinations_of
from helpers.runner.overview.index_parts import TEXT_CHARACTERS, moment, part, report_href, text
from helpers.runner.reporting.report_label import report_label
from helpers.runner.reporting.report_outputs import ERROR_ANCHOR
from helpers.wording import count

FAILED = frozenset({"failed", "interrupted", "cut off", "unreadable"})
COMBINATIONS_SHOWN = 3

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """One notebook that failed, and where; `href` leads to the cell."""

    name: str
    where: str
    cause: str = ""
    what: str = ""
    href: str = ""


@dataclass(frozen=True)
class Failure:
    """An experiment whose latest run, or part of whose latest grid, did not succeed."""

    experiment: str
    status: str
    started: str
    problems: tuple[Problem, ...]


def failure_of(experiment: str, run: Record) -> Failure | None:
    """Return what went wrong in a run, None if nothing did."""
    if not failed(run):
        return None
    return Failure(shortened(experiment), text(run.get("status")), moment(run), problems_of(run))


def grid_failure_of(experiment: str, runs: Sequence[Record]) -> Failure | None:
    """Return what went wrong in the runs of a grid, the first combinations in full; None if nothing did."""
    broken = [(run, words) for run, words in zip(runs, combinations_of(runs), strict=True) if failed(run)]
    if not broken:
        return None
    problems = [
        problem
        for run, words in broken[:COMBINATIONS_SHOWN]
        for problem in problems_of(run, combination=words)
    ]
    if len(broken) > COMBINATIONS_SHOWN:
        more = count(len(broken) - COMBINATIONS_SHOWN, "more combination")
        problems.append(Problem("", f"And {more}, in the table of the grid below."))
    status = f"{len(broken)} of {count(len(runs), 'combination')} of a grid did not succeed"
    return Failure(shortened(experiment), status, moment(runs[0]), tuple(problems))


def failed(run: Record) -> bool:
    """Tell whether the run ended, and not well."""
    return text(run.get("status")) in FAILED


def problems_of(run: Record, *, combination: str = "") -> tuple[Problem, ...]:
    """Return what went wrong in a run, a notebook each; at least one."""
    before = f"{combination}: " if combination else ""
    problems = tuple(
        _problem(run, notebook, outcome, before=before)
        for notebook, outcome in part(run, "notebooks").items()
        if isinstance(outcome, Mapping) and _broke(run, outcome)
    )
    if problems:
        return problems
    reason = shortened(text(run.get("unreadable")), limit=TEXT_CHARACTERS)
    where = "Its record cannot be read" if reason else "It ended before it could write down why."
    return (Problem("", f"{before}{where}", reason),)


def _broke(run: Record, outcome: Record) -> bool:
    return text(outcome.get("status")) in FAILED or _left_running(run, outcome)


def _left_running(run: Record, outcome: Record) -> bool:
    """Tell whether the runner was gone before it could say how the notebook ended."""
    return run.get("status") == "cut off" and outcome.get("status") == "running"


def _problem(run: Record, notebook: str, outcome: Record, *, before: str) -> Problem:
    error, name = part(outcome, "error"), report_label(notebook)
    places = [f"{unit} {error[unit]}" for unit in ("cell", "line") if isinstance(error.get(unit), int)]
    where = ", ".join([f"{before}{name}", *places])
    if _left_running(run, outcome) or (outcome.get("status") == "cut off" and not error):
        where = f"{before}{name} was running when the run was cut off."
    href = report_href(run, notebook)
    return Problem(
        name=name,
        where=where,
        cause=shortened(text(error.get("cause")), limit=TEXT_CHARACTERS),
        what=shortened(text(error.get("what")), limit=TEXT_CHARACTERS),
        href=f"{href}#{ERROR_ANCHOR}" if href else "",
    )
