"""`reports/index.html`, written anew from the run records whenever a batch ends."""

from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.errors import UserError
from helpers.runner.index_page import index_page
from helpers.runner.records import read_record, run_folders


def records_of(reports: Path) -> list[dict[str, Any]]:
    """Return every run's record as plain values, an experiment after the other, the oldest run first.

    A record that cannot be read is listed as such, with the reason as its status.
    """
    found: list[dict[str, Any]] = []
    for folder in run_folders(reports):
        try:
            record = read_record(folder)
        except UserError as error:
            found.append(
                {
                    "experiment": folder.parent.name,
                    "run": folder.name,
                    "status": "unreadable",
                    "unreadable": str(error),
                }
            )
            continue
        found.append({**record.model_dump(mode="json"), "status": record.effective_status()})
    return found


def write_index(reports: Path) -> Path:
    """Write the index page over all runs and return its path."""
    path = reports / "index.html"
    files.write_text(path, index_page(records_of(reports)))
    return path
