"""What each command does, once the command line has been read."""

import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

import helpers.files as files
from helpers.errors import Problem, UserError, shortened
from helpers.findings import ORDER, Severity
from helpers.keys import Surroundings, surroundings
from helpers.notebook_files import NotebookFile, read_notebooks
from helpers.parameters.seen import ignores_problems
from helpers.paths import reports_folder, shown_path
from helpers.runner.experiment_file import Experiment, gather_experiments
from helpers.runner.graph import chosen_notebooks
from helpers.runner.index_parts import said_status
from helpers.runner.listing import headline_in_words
from helpers.runner.machine import cores
from helpers.runner.plan import Plan, check_experiments, make_plans
from helpers.runner.records import find_run, read_record
from helpers.runner.variant import label
from helpers.tables.info import DataInfo
from helpers.wording import count

if TYPE_CHECKING:
    from helpers.runner.workers import Workers

FAILED = 1
FINDINGS_SHOWN = 12


@dataclass(frozen=True)
class RunOptions:
    """What the command line says of how to run.

    Attributes
    ----------
    jobs : int or None
        How many notebooks side by side; None is one a core.
    force : bool
        Whether to run what could be reused.
    cold : bool
        Whether to start ordinary kernels.
    scheduler : str or None
        The address of a Dask scheduler.
    """

    jobs: int | None = None
    force: bool = False
    cold: bool = False
    scheduler: str | None = None


def run_command(
    params: Sequence[str],
    *,
    changes: Sequence[str],
    grid: Sequence[str],
    only: Sequence[str],
    options: RunOptions,
) -> int:
    """Run the experiments; return 0 if all succeeded, else 1."""
    from helpers.runner.kernels.warm import warm_place

    place = warm_place()
    if options.cold:
        place.refuse("--cold was given")
    jobs = options.jobs or cores()
    try:
        checked = _checked(params, changes=changes, grid=grid, only=only, jobs=jobs)
        plans = make_plans(
            checked.experiments, checked.tables, checked.notebooks,
            around=checked.around, reports=reports_folder(), force=options.force,
        )  # fmt: skip
        make_workers = _make_workers(options, jobs, needed=any(plan.to_run for plan in plans))
        return _run(plans, checked.notebooks, make_workers, jobs)
    finally:
        place.close()


def _run(
    plans: Sequence[Plan],
    notebooks: Mapping[str, NotebookFile],
    make_workers: Callable[[], "Workers"],
    side_by_side: int,
) -> int:
    from helpers.runner.batch import Batch
    from helpers.runner.progress import make_progress

    outcomes = Batch(plans, notebooks, reports_folder(), make_workers, side_by_side, make_progress()).run()
    print(f"All runs: {shown_path(reports_folder() / 'index.html')}")
    return 0 if all(status == "succeeded" for _, status in outcomes) else FAILED


def _make_workers(options: RunOptions, jobs: int, *, needed: bool) -> Callable[[], "Workers"]:
    """Return what gives the workers; here nothing is imported or started before it is called.

    A cluster that cannot be used is refused at once, before any run has a folder, if workers are `needed`.
    """
    if options.scheduler is not None:
        from helpers.runner.cluster import ClusterWorkers
        from helpers.runner.cluster_checks import checked_address

        address = checked_address(options.scheduler)
        if needed:
            cluster = ClusterWorkers(address, reports=reports_folder())
            return lambda: cluster

    def make() -> "Workers":
        from helpers.runner.kernels.warm import WarmError, warm_place

        with contextlib.suppress(WarmError):  # then each kernel says why it is an ordinary one
            warm_place().server()  # it imports while this process does
        from helpers.runner.local_workers import LocalWorkers

        return LocalWorkers(jobs)

    return make


def check_command(params: Sequence[str], *, changes: Sequence[str], grid: Sequence[str]) -> int:
    """Check the params files, their tables and the notebooks; return 0, or raise what is wrong."""
    from helpers.runner.kernels.warm import warm_place

    try:
        checked = _checked(params, changes=changes, grid=grid, only=(), jobs=cores())
    finally:
        warm_place().close()
    for experiment in checked.experiments:
        _, info = checked.tables[experiment.title]
        size = f"{count(info.rows, 'row')} × {count(info.columns, 'column')}"
        varied = f" ({label(experiment.variant)})" if experiment.variant else ""
        print(f"{experiment.where}{varied}: good; {info.name}, {size}")
    return 0


@dataclass(frozen=True)
class _Checked:
    """What is to run, everything checked; `tables` holds by title a table's state and what it is."""

    experiments: Sequence[Experiment]
    notebooks: dict[str, NotebookFile]
    tables: dict[str, tuple[str, DataInfo]]
    around: Surroundings


def _checked(
    params: Sequence[str], *, changes: Sequence[str], grid: Sequence[str], only: Sequence[str], jobs: int
) -> _Checked:
    """Return what is to run; every problem of every file is raised at once."""
    notebooks, broken = read_notebooks()
    named = [problem for problem in broken if Path(problem.where.split(":")[0]).stem in only]
    if named:
        raise UserError(*named)
    for problem in broken:
        sys.stderr.write(f"nightbook: left out: {problem}\n")
    chosen = chosen_notebooks(notebooks, only=only)
    experiments, problems = gather_experiments(params, changes=changes, grid=grid, notebooks=notebooks)
    problems += [problem for notebook in chosen.values() for problem in ignores_problems(notebook)]
    if problems and not experiments:
        raise UserError(*problems)
    around = surroundings(chosen)  # before the warm server imports the helpers

    def read(unread: Sequence[Experiment]) -> list[DataInfo | list[Problem]]:
        # Imported here, once a file has passed: the mistakes of most calls are told without pandas.
        from helpers.runner.table_reading import read_tables

        return read_tables(unread, side_by_side=jobs)

    tables, wrong = check_experiments(experiments, around=around, reports=reports_folder(), read=read)
    if problems or wrong:
        raise UserError(*problems, *wrong)
    return _Checked(experiments, chosen, tables, around)


def new_command(table: str, *, target: str, name: str) -> int:
    """Write a params file for the table; return 0."""
    from helpers.runner.new_experiment import write_new

    path = write_new(table, target=target, name=name)
    shown = shown_path(path)
    print(f"Wrote {shown}. Read it, write your question into it, then: nightbook run {shown}")
    return 0


def show_command(name: str) -> int:
    """Print one run's record; return 0."""
    folder = find_run(name, reports_folder())
    record = read_record(folder)
    console = _console()
    plain = {**record.model_dump(mode="json"), "status": record.effective_status()}
    console.print(Text(f"{record.experiment}/{record.run}: {said_status(plain)}", style="bold"))
    if record.variant:
        console.print(Text(f"Of a grid, with {label(record.variant)}"))
    console.print(Text(f"Question: {shortened(record.question, limit=300)}"))
    data = record.data
    console.print(
        Text(
            f"Table: {data['name']}, {data['rows']:,} rows × {data['columns']:,} columns; seed {record.seed}"
        )
    )
    if record.verdict:
        console.print(Text(f"Verdict: {record.verdict['word']}. {record.verdict['reason']}"))
    console.print(Text(f"Metric: {headline_in_words(plain)}"))
    for notebook, outcome in record.notebooks.items():
        from helpers.runner.progress import outcome_in_words

        console.print(Text(f"  {notebook}: {outcome_in_words(outcome)}"))
    _show_findings(console, folder)
    console.print(Text(f"Reports: {shown_path(folder)}"))
    return 0


def _show_findings(console: Console, folder: Path) -> None:
    path = folder / "findings.json"
    if not path.exists():
        return
    findings = files.read_json(path)
    grave = [item for item in findings if item["severity"] in (Severity.STOP, Severity.WARN)]
    grave.sort(key=lambda item: ORDER.index(Severity(item["severity"])))
    console.print(Text(f"Findings: {count(len(grave), 'warning')} or worse among {len(findings)} checks"))
    for item in grave[:FINDINGS_SHOWN]:
        console.print(Text(f"  {item['severity']}: {item['code']} {shortened(item['message'], limit=300)}"))
    if len(grave) > FINDINGS_SHOWN:
        console.print(Text(f"  and {len(grave) - FINDINGS_SHOWN} more in 01_data_quality.html"))


def _console() -> Console:
    """Return a console that does not cut lines where the output is no terminal."""
    return Console() if sys.stdout.isatty() else Console(width=200, no_color=True)
