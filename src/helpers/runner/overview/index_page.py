"""`reports/index.html` as text: all experiments, failures first, from the run records alone.

A record may be cut off or of another version: whatever is missing in it is left out of the page.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.errors import shortened
from helpers.runner.overview.index_changes import LastRuns, last_runs
from helpers.runner.overview.index_failures import Failure, failed, failure_of, grid_failure_of
from helpers.runner.overview.index_grid import GridTable, combinations_of, grid_table, parted
from helpers.runner.overview.index_parts import (
    TEXT_CHARACTERS,
    Link,
    RunRow,
    Score,
    Verdict,
    all_reused,
    duration,
    moment,
    part,
    report_links,
    run_row,
    score_of,
    text,
    verdict_of,
)
from helpers.runner.overview.index_trend import Trend, trend_of
from helpers.runner.overview.pages import encodable, template
from helpers.wording import count

# The newest experiments and the first failures are shown in full; the rest is a folded line each.
FULL_EXPERIMENTS = 12
FULL_FAILURES = 12

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Experiment:
    """An experiment with what its latest runs say, its grids, and its other runs.

    `grids` has the newest first; `runs_title` is empty where the runs add nothing to what is said already.
    """

    name: str
    question: str
    verdict: Verdict | None
    score: Score | None
    when: str
    briefly: str
    links: tuple[Link, ...]
    grids: tuple[GridTable, ...]
    runs: tuple[RunRow, ...]
    runs_title: str
    trend: Trend | None


@dataclass(frozen=True)
class Broken:
    """An experiment whose latest run or grid did not succeed: why, and what it says all the same."""

    failure: Failure
    experiment: Experiment


@dataclass(frozen=True)
class Overview:
    """Everything on the page; what is beyond the full ones is folded.

    Each experiment is there once: among `failures`, or among the other `experiments`.
    """

    lead: str
    last: LastRuns | None
    failures: tuple[Broken, ...]
    experiments: tuple[Experiment, ...]
    full_failures: int = FULL_FAILURES
    full_experiments: int = FULL_EXPERIMENTS


def index_page(runs: Sequence[Record]) -> str:
    """Return the page over all runs as HTML.

    Parameters
    ----------
    runs : sequence of mapping
        What the runs' `run.json` hold, in any order; their `status` may also be ``unreadable``, with the
        reason under that key, and under ``comparison`` may stand what their `comparison.json` holds.
    """
    return encodable(template("runs.html.j2").render(overview=overview_of(runs)))


def overview_of(runs: Sequence[Record]) -> Overview:
    """Return what the page says: the experiments with the newest first, and those that failed."""
    by_experiment: defaultdict[str, list[Record]] = defaultdict(list)
    for run in sorted(runs, key=age, reverse=True):
        by_experiment[text(run.get("experiment")) or "without a name"].append(run)
    said = [_experiment_and_failure(name, found) for name, found in by_experiment.items()]
    failures = tuple(Broken(failure, experiment) for experiment, failure in said if failure)
    others = tuple(experiment for experiment, failure in said if not failure)
    lead = _lead(len(runs), by_experiment, len(failures))
    return Overview(lead, last_runs(by_experiment), failures, others)


def age(run: Record) -> tuple[str, str]:
    """Return what runs sort by, the oldest first.

    A run's name sorts by time, and an unreadable record has nothing but its name.
    """
    return text(run.get("run")), text(run.get("started"))


def _lead(number_of_runs: int, experiments: Mapping[str, Sequence[Record]], failures: int) -> str:
    if not experiments:
        return "No experiment has run yet."
    said = f"{count(len(experiments), 'experiment')}, {count(number_of_runs, 'run')}."
    latest = [runs[0] for runs in experiments.values()]
    if failures and failures == sum(map(failed, latest)):
        return f"{said} The latest run of {count(failures, 'experiment')} did not succeed."
    if failures:
        return f"{said} The latest run or grid of {count(failures, 'experiment')} did not succeed in full."
    if all(run.get("status") == "succeeded" for run in latest):
        return f"{said} The latest run of {'it' if len(experiments) == 1 else 'each'} succeeded."
    return said


def _experiment_and_failure(name: str, runs: Sequence[Record]) -> tuple[Experiment, Failure | None]:
    latest = runs[0]
    grids, others = parted(runs)
    newest = grids[0] if grids and any(run is latest for run in grids[0]) else None
    failure = grid_failure_of(name, newest) if newest else failure_of(name, latest)
    status = text(latest.get("status")) or "status unknown"
    speaking = next((run for run in runs if part(run, "verdict") or part(run, "metrics")), latest)
    experiment = Experiment(
        name=shortened(name),
        question=shortened(text(latest.get("question")), limit=TEXT_CHARACTERS),
        verdict=verdict_of(speaking),
        score=score_of(speaking),
        when=_when(latest, speaking, newest),
        briefly=f"{'' if status == 'succeeded' else f'{shortened(status)}, '}{moment(latest)}",
        links=report_links(latest),
        grids=tuple(grid_table(grid, newest=grid is newest) for grid in grids),
        runs=tuple(run_row(run) for run in others),
        runs_title=_runs_title(len(others), with_grids=bool(grids)),
        trend=trend_of(runs, speaking),
    )
    return experiment, failure


def _when(latest: Record, speaking: Record, grid: Sequence[Record] | None) -> str:
    """Return when the latest run was, how it ended, and what else a reader must know about what is shown."""
    status, took = text(latest.get("status")) or "status unknown", duration(latest.get("seconds"))
    said = [f"Latest run: {moment(latest)}, {status}{f', took {took}' if took else ''}."]
    if all_reused(latest):
        said.append("All its notebooks were reused from earlier runs: nothing was computed.")
    if grid:
        mine = next(words for run, words in zip(grid, combinations_of(grid), strict=True) if run is latest)
        said.append(f"It is one of {len(grid):,} combinations of a grid: {mine}.")
    if speaking is not latest:
        said.append(f"The verdict above is from {moment(speaking)}.")
    return " ".join(said)


def _runs_title(number: int, *, with_grids: bool) -> str:
    if with_grids:
        return f"{count(number, 'run')} outside of grids" if number else ""
    if number < 2:
        return ""
    return "Both runs" if number == 2 else f"All {number:,} runs"
