"""`reports/index.html` as text: all experiments, failures first, from the run records alone.

A record may be cut off or of another version: whatever is missing in it is left out of the page.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template

from helpers.errors import shortened
from helpers.runner.index_parts import (
    Link,
    RunRow,
    Score,
    Verdict,
    duration,
    moment,
    part,
    report_href,
    report_links,
    run_row,
    score_of,
    text,
    verdict_of,
)
from helpers.runner.report_label import report_label
from helpers.runner.report_outputs import ERROR_ANCHOR
from helpers.wording import count

FAILED = frozenset({"failed", "interrupted", "cut off", "unreadable"})
TEXT_CHARACTERS = 400

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
    """An experiment whose latest run did not succeed."""

    experiment: str
    status: str
    started: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Experiment:
    """An experiment with what its latest runs say, and all its runs."""

    name: str
    question: str
    verdict: Verdict | None
    score: Score | None
    when: str
    links: tuple[Link, ...]
    runs: tuple[RunRow, ...]


@dataclass(frozen=True)
class Overview:
    """Everything on the page."""

    lead: str
    failures: tuple[Failure, ...]
    experiments: tuple[Experiment, ...]


def index_page(runs: Sequence[Record]) -> str:
    """Return the page over all runs as HTML.

    Parameters
    ----------
    runs : sequence of mapping
        What the runs' `run.json` hold, in any order; their `status` may also be ``unreadable``, with the
        reason under that key.
    """
    page = _template().render(overview=overview_of(runs))
    # A lone surrogate, which UTF-8 cannot hold, is shown by its number.
    return page.encode("utf-8", "backslashreplace").decode("utf-8")


def overview_of(runs: Sequence[Record]) -> Overview:
    """Return what the page says: the experiments with the newest first, and those that failed."""
    by_experiment: defaultdict[str, list[Record]] = defaultdict(list)
    for run in sorted(runs, key=_age, reverse=True):
        by_experiment[text(run.get("experiment")) or "without a name"].append(run)
    failures = tuple(_failure(name, found[0]) for name, found in by_experiment.items() if _failed(found[0]))
    experiments = tuple(_experiment(name, found) for name, found in by_experiment.items())
    return Overview(_lead(len(runs), by_experiment, len(failures)), failures, experiments)


@cache
def _template() -> Template:
    folder = Path(__file__).parent / "templates" / "nightbook"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("runs.html.j2")


def _age(run: Record) -> tuple[str, str]:
    # A run's name sorts by time, and an unreadable record has nothing but its name.
    return text(run.get("run")), text(run.get("started"))


def _failed(run: Record) -> bool:
    return text(run.get("status")) in FAILED


def _lead(number_of_runs: int, experiments: Mapping[str, Sequence[Record]], failures: int) -> str:
    if not experiments:
        return "No experiment has run yet."
    said = f"{count(len(experiments), 'experiment')}, {count(number_of_runs, 'run')}."
    if failures:
        return f"{said} The latest run of {count(failures, 'experiment')} did not succeed."
    if all(runs[0].get("status") == "succeeded" for runs in experiments.values()):
        return f"{said} The latest run of {'it' if len(experiments) == 1 else 'each'} succeeded."
    return said


def _experiment(name: str, runs: Sequence[Record]) -> Experiment:
    latest = runs[0]
    speaking = next((run for run in runs if part(run, "verdict") or part(run, "metrics")), latest)
    status, took = text(latest.get("status")) or "status unknown", duration(latest.get("seconds"))
    when = f"Latest run: {moment(latest)}, {status}{f', took {took}' if took else ''}."
    if speaking is not latest:
        when += f" The verdict above is from {moment(speaking)}."
    return Experiment(
        name=shortened(name),
        question=shortened(text(latest.get("question")), limit=TEXT_CHARACTERS),
        verdict=verdict_of(speaking),
        score=score_of(speaking),
        when=when,
        links=report_links(latest),
        runs=tuple(run_row(run) for run in runs),
    )


def _failure(name: str, run: Record) -> Failure:
    notebooks = part(run, "notebooks")
    problems = tuple(
        _problem(run, notebook, part(outcome, "error"))
        for notebook, outcome in notebooks.items()
        if isinstance(outcome, Mapping) and text(outcome.get("status")) in FAILED
    )
    if not problems:
        reason = shortened(text(run.get("unreadable")), limit=TEXT_CHARACTERS)
        where = "Its record cannot be read" if reason else "It ended before it could write down why."
        problems = (Problem("", where, reason),)
    return Failure(shortened(name), text(run.get("status")), moment(run), problems)


def _problem(run: Record, notebook: str, error: Mapping[str, Any]) -> Problem:
    name = report_label(notebook)
    places = [f"{unit} {error[unit]}" for unit in ("cell", "line") if isinstance(error.get(unit), int)]
    href = report_href(run, notebook)
    return Problem(
        name=name,
        where=", ".join([name, *places]),
        cause=shortened(text(error.get("cause")), limit=TEXT_CHARACTERS),
        what=shortened(text(error.get("what")), limit=TEXT_CHARACTERS),
        href=f"{href}#{ERROR_ANCHOR}" if href else "",
    )
