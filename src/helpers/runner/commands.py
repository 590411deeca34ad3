"""What each command does, once the command line has been read."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

import helpers.files as files
from helpers.errors import UserError, shortened
from helpers.findings import ORDER, Severity
from helpers.notebook_files import NotebookFile, read_notebooks
from helpers.paths import reports_folder, shown_path
from helpers.runner.experiment_file import Experiment, gather_experiments
from helpers.runner.graph import chosen_notebooks
from helpers.runner.records import RunRecord, find_run, read_record, run_folders
from helpers.wording import count, number

if TYPE_CHECKING:
    from helpers.tables.prepare import DataInfo

FAILED = 1
FINDINGS_SHOWN = 12


def run_command(
    params: Sequence[str], *, changes: Sequence[str], only: Sequence[str], jobs: int | None
) -> int:
    """Run the experiments; return 0 if all succeeded, else 1."""
    experiments, chosen, infos = _checked(params, changes=changes, only=only)
    from helpers.runner.batch import Batch, default_jobs
    from helpers.runner.progress import make_progress

    batch = Batch(experiments, chosen, reports_folder(), jobs or default_jobs(), make_progress())
    outcomes = batch.run(infos)
    for run, status in outcomes:
        folder = run.folder.parent / "latest" if status == "succeeded" else run.folder
        print(f"{run.name}: {status}. {shown_path(folder / f'{_first_to_read(run.notebooks)}.html')}")
    print(f"All runs: {shown_path(reports_folder() / 'index.html')}")
    return 0 if all(status == "succeeded" for _, status in outcomes) else FAILED


def check_command(params: Sequence[str], *, changes: Sequence[str]) -> int:
    """Check the params files, their tables and the notebooks; return 0, or raise what is wrong."""
    experiments, _, infos = _checked(params, changes=changes, only=())
    for experiment in experiments:
        info = infos[experiment.params.experiment]
        size = f"{count(info.rows, 'row')} × {count(info.columns, 'column')}"
        print(f"{experiment.where}: good; {info.name}, {size}")
    return 0


def _checked(
    params: Sequence[str], *, changes: Sequence[str], only: Sequence[str]
) -> tuple[list[Experiment], dict[str, NotebookFile], "dict[str, DataInfo]"]:
    """Return what is to run, everything checked; every problem of every file is raised at once."""
    notebooks, broken = read_notebooks()
    named = [problem for problem in broken if Path(problem.where.split(":")[0]).stem in only]
    if named:
        raise UserError(*named)
    for problem in broken:
        sys.stderr.write(f"nightbook: left out: {problem}\n")
    chosen = chosen_notebooks(notebooks, only=only)
    experiments, problems = gather_experiments(params, changes=changes, notebooks=notebooks)
    infos: dict[str, DataInfo] = {}
    if experiments:
        # Imported here, once a file has passed: the mistakes of most calls are told without pandas.
        from helpers.runner.batch import check_tables

        infos, wrong = check_tables(experiments)
        problems = [*problems, *wrong]
    if problems:
        raise UserError(*problems)
    return experiments, chosen, infos


def _first_to_read(notebooks: Mapping[str, NotebookFile]) -> str:
    """Return the notebook whose report is for everyone, else the last one."""
    for_everyone = [name for name, notebook in notebooks.items() if notebook.audience == "everyone"]
    return (for_everyone or list(notebooks))[-1]


def new_command(table: str, *, target: str, name: str) -> int:
    """Write a params file for the table; return 0."""
    from helpers.runner.new_experiment import write_new

    path = write_new(table, target=target, name=name)
    shown = shown_path(path)
    print(f"Wrote {shown}. Read it, write your question into it, then: nightbook run {shown}")
    return 0


def list_command() -> int:
    """Print a line a run, the newest first; return 0."""
    reports = reports_folder()
    folders = list(run_folders(reports))
    records = []
    for folder in folders:
        try:
            records.append(read_record(folder))
        except UserError as error:
            sys.stderr.write(f"nightbook: {error}\n")
    if not folders:
        print(f"No run in {shown_path(reports)} yet. Begin with: nightbook run params/breast_cancer.yaml")
        return 0
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for heading in ("run", "status", "metric", "verdict", "seconds"):
        grid.add_column(heading, overflow="fold", justify="right" if heading == "seconds" else "left")
    for record in sorted(records, key=lambda item: item.run, reverse=True):
        grid.add_row(
            Text(f"{record.experiment}/{record.run}"),
            record.effective_status(),
            headline_in_words(record),
            str((record.verdict or {}).get("word", "–")),
            number(record.seconds) if record.seconds else "–",
        )
    _console().print(grid)
    return 0


def show_command(name: str) -> int:
    """Print one run's record; return 0."""
    folder = find_run(name, reports_folder())
    record = read_record(folder)
    console = _console()
    console.print(Text(f"{record.experiment}/{record.run}: {record.effective_status()}", style="bold"))
    console.print(Text(f"Question: {shortened(record.question, limit=300)}"))
    data = record.data
    console.print(
        Text(
            f"Table: {data['name']}, {data['rows']:,} rows × {data['columns']:,} columns; seed {record.seed}"
        )
    )
    if record.verdict:
        console.print(Text(f"Verdict: {record.verdict['word']}. {record.verdict['reason']}"))
    console.print(Text(f"Metric: {headline_in_words(record)}"))
    for notebook, outcome in record.notebooks.items():
        from helpers.runner.progress import outcome_in_words

        console.print(Text(f"  {notebook}: {outcome_in_words(outcome)}"))
    _show_findings(console, folder)
    console.print(Text(f"Reports: {shown_path(folder)}"))
    return 0


def headline_in_words(record: RunRecord) -> str:
    """Return the headline metric with its interval, beside the baseline's."""
    if not record.metrics:
        return "–"
    chosen, baseline = record.metrics["chosen"], record.metrics["baseline"]
    if chosen["value"] is None:
        return f"{record.metrics['label']} cannot be computed"
    text = f"{record.metrics['label']} {number(chosen['value'])}"
    if chosen["low"] is not None:
        text += f" ({number(chosen['low'])} to {number(chosen['high'])})"
    if baseline["value"] is not None:
        text += f", baseline {number(baseline['value'])}"
    return f"{text}, {record.metrics['measured_on']}"


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
