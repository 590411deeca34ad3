"""From a run's record and its executed notebooks to the reports that people open."""

import shutil
from pathlib import Path

import nbformat

from helpers.notebook_files import NotebookFile
from helpers.parameters.seen import hidden
from helpers.runner.record.run_record import NotebookRecord, RunRecord
from helpers.runner.reporting.render import ReportContext, render_report
from helpers.runner.reporting.report_foot import provenance
from helpers.runner.reporting.report_parameters import shown_parameters


def write_report(folder: Path, record: RunRecord, notebook: NotebookFile) -> Path:
    """Write the report of one notebook of a run and return its path.

    A notebook that never ran gets a report too: it opens with the reason.
    """
    executed = folder / "notebooks" / f"{notebook.name}.ipynb"
    if not executed.exists():
        executed.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook.path, executed)
    outcome = record.notebooks[notebook.name]
    context = ReportContext(
        title=_title(executed, record, notebook),
        experiment=record.experiment,
        run=record.run,
        question=record.question,
        audience=notebook.audience,
        provenance=provenance(folder, record, outcome),
        parameters=shown_parameters(record.params, hidden=hidden(notebook)),
        reports=tuple((name, other.report) for name, other in record.notebooks.items()),
        banner=banner(outcome),
    )
    target = folder / outcome.report
    render_report(executed, target, context=context)
    return target


def banner(outcome: NotebookRecord) -> str:
    """Return what a report opens with when its notebook did not succeed; empty where it did."""
    if outcome.status == "succeeded":
        return ""
    if outcome.status == "cut off" and outcome.error is None:
        return "This notebook was cut off: the process that ran it ended before it did."
    if outcome.error is None:
        return "This notebook did not run: the run was interrupted before."
    if outcome.status == "not run":
        return f"This notebook did not run. {outcome.error.cause}"
    place = f"Cell {outcome.error.cell}" if outcome.error.cell else "The notebook"
    place += f", line {outcome.error.line}," if outcome.error.line else ""
    verb = {"interrupted": "was interrupted", "cut off": "was cut off"}.get(outcome.status, "failed")
    return f"{place} {verb}: {outcome.error.cause} {outcome.error.what}".strip()


def _title(executed: Path, record: RunRecord, notebook: NotebookFile) -> str:
    if notebook.audience == "everyone":
        return record.question
    for cell in nbformat.read(executed, as_version=4).cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source.splitlines()[0][2:].strip())
    return notebook.name
