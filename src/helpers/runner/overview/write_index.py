"""`reports/index.html`, written anew from the run records whenever a batch ends."""

from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.runner.overview.index_page import index_page
from helpers.runner.record.compared import COMPARISON
from helpers.runner.record.past_runs import records_of
from helpers.runner.record.run_record import run_folders


def write_index(reports: Path) -> Path:
    """Write the index page over all runs and return its path."""
    path = reports / "index.html"
    folders = list(run_folders(reports))
    records = [
        {**record, "comparison": _comparison(folder)}
        for folder, record in zip(folders, records_of(folders), strict=True)
    ]
    files.write_text(path, index_page(records))
    return path


def _comparison(folder: Path) -> Any:
    """Return what the run's comparison with an earlier one says, None where there is none to be read."""
    try:
        return files.read_json(folder / COMPARISON)
    except (OSError, ValueError):
        return None
