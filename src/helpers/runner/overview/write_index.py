"""`reports/index.html`, written anew from the run records whenever a batch ends."""

from pathlib import Path

import helpers.files as files
from helpers.runner.overview.index_page import index_page
from helpers.runner.record.past_runs import records_of
from helpers.runner.record.run_record import run_folders


def write_index(reports: Path) -> Path:
    """Write the index page over all runs and return its path."""
    path = reports / "index.html"
    files.write_text(path, index_page(records_of(run_folders(reports))))
    return path
