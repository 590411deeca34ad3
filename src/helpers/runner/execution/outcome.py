"""How a run ended, on one line."""

from collections.abc import Mapping
from pathlib import Path

from helpers.errors import shortened
from helpers.notebook_files import NotebookFile
from helpers.paths import shown_path
from helpers.runner.overview.index_parts import duration
from helpers.runner.record.run_record import NotebookRecord, RunRecord
from helpers.wording import count

CAUSE_CHARACTERS = 200
REASONS_CHARACTERS = 800


def run_in_words(title: str, record: RunRecord, folder: Path, notebooks: Mapping[str, NotebookFile]) -> str:
    """Return the run's line: how it ended, what was reused and why the rest ran, and what to open."""
    took = f" in {duration(record.seconds)}" if record.seconds is not None else ""
    page = folder / f"{_to_open(record, notebooks)}.html"
    if record.status == "succeeded" and not record.variant:
        page = folder.parent / "latest" / page.name
    said = [f"{title}: {record.status}{took}", _failure(record), _reused(record)]
    return f"{'; '.join(part for part in said if part)}. {shown_path(page)}"


def _to_open(record: RunRecord, notebooks: Mapping[str, NotebookFile]) -> str:
    """Return the notebook whose report to open: the first that failed, else the one for everyone."""
    failed = [
        name for name, outcome in record.notebooks.items() if outcome.status not in ("succeeded", "not run")
    ]
    for_everyone = [name for name, notebook in notebooks.items() if notebook.audience == "everyone"]
    return (failed or for_everyone[-1:] or list(notebooks)[-1:])[0]


def _failure(record: RunRecord) -> str:
    failed = [
        (name, outcome.error)
        for name, outcome in record.notebooks.items()
        if outcome.error is not None and outcome.error.kind != "blocked"
    ]
    if not failed:
        return ""
    name, error = failed[0]
    places = (("cell", error.cell), ("line", error.line))
    place = "".join(f", {unit} {number}" for unit, number in places if number is not None)
    others = f", and {count(len(failed) - 1, 'more notebook')} failed" if len(failed) > 1 else ""
    return f"{name}{place}: {shortened(error.cause, limit=CAUSE_CHARACTERS).rstrip('.')}{others}"


def _reused(record: RunRecord) -> str:
    reused = [name for name, outcome in record.notebooks.items() if outcome.reused]
    if not reused:
        return ""
    if len(reused) == len(record.notebooks):
        return "nothing has changed, everything was reused"
    said = f"{len(reused)} of {count(len(record.notebooks), 'notebook')} reused"
    return ", ".join(part for part in (said, _reasons(record.notebooks)) if part)


def _reasons(notebooks: Mapping[str, NotebookRecord]) -> str:
    """Return which notebooks ran and why, those with the same reason together."""
    by_reason: dict[str, list[str]] = {}
    for name, outcome in notebooks.items():
        if not outcome.reused and outcome.status != "not run":
            by_reason.setdefault(outcome.why_run or "it is not known why", []).append(name)
    said = [f"{' and '.join(names)} ran ({reason})" for reason, names in by_reason.items()]
    return shortened(", ".join(said), limit=REASONS_CHARACTERS)
