"""`nightbook show`."""

import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

import helpers.files as files
from helpers.errors import shortened
from helpers.findings import ORDER, Severity
from helpers.paths import reports_folder, shown_path
from helpers.runner.execution.progress import outcome_in_words
from helpers.runner.experiments.variant import label
from helpers.runner.overview.index_parts import said_status
from helpers.runner.overview.listing import headline_in_words
from helpers.runner.record.run_record import NotebookRecord, RunRecord, find_run, read_record
from helpers.wording import count

FINDINGS_SHOWN = 12


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
        why = f"; ran because: {shortened(outcome.why_run, limit=200)}" if outcome.why_run else ""
        console.print(Text(f"  {notebook}: {outcome_in_words(_as_it_is(outcome, record)).rstrip('.')}{why}"))
    _show_findings(console, folder)
    console.print(Text(f"Reports: {shown_path(folder)}"))
    return 0


def _as_it_is(outcome: NotebookRecord, record: RunRecord) -> NotebookRecord:
    """Return the outcome, of a run whose runner is gone as the next run will record it."""
    if record.effective_status() != "cut off" or outcome.status not in ("running", "waiting"):
        return outcome
    return outcome.model_copy(update={"status": "cut off" if outcome.status == "running" else "not run"})


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
