"""The six reports of a run, written anew in this process as the runner does, for each bundled experiment.

The experiments run first, once, in a temporary folder; only the writing of their reports is measured.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from helpers.notebook_files import all_notebooks
from helpers.runner.record.run_record import RunRecord, read_record

EXPERIMENTS = ("breast_cancer", "diabetes", "wine")
ROUNDS = 5
MOST_SECONDS = 1.5  # all reports of a run, the first one's preparations included


def run_examples(reports: Path) -> None:
    """Run the experiments with their reports below `reports`."""
    command = [str(Path(sys.executable).with_name("nightbook")), "run", *EXPERIMENTS]
    environment = {**os.environ, "NIGHTBOOK_REPORTS": str(reports)}
    subprocess.run(command, env=environment, check=True, capture_output=True)


def seconds_to_render(folder: Path, record: RunRecord) -> float:
    """Return the wall-clock seconds that all reports of a run take."""
    from helpers.runner.reporting.reports import write_report  # what the runner imports at its first report

    notebooks = all_notebooks()
    began = time.perf_counter()
    for name in record.notebooks:
        write_report(folder, record, notebooks[name])
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    print(f"All reports of a run, median of {ROUNDS}, {os.cpu_count()} cores; at most {MOST_SECONDS} s")
    print(f"{'experiment':<16}{'reports':>8}{'first':>9}{'again':>9}{'size':>10}")
    with tempfile.TemporaryDirectory() as temporary:
        run_examples(Path(temporary))
        for experiment in EXPERIMENTS:
            folder = (Path(temporary) / experiment / "latest").resolve()
            record = read_record(folder)
            first, *again = (seconds_to_render(folder, record) for _ in range(1 + ROUNDS))
            size = sum(path.stat().st_size for path in folder.glob("*.html")) / 1e6
            print(
                f"{experiment:<16}{len(record.notebooks):8}{first:7.2f} s{statistics.median(again):7.2f} s"
                f"{size:7.2f} MB{'  too slow' if first > MOST_SECONDS else ''}"
            )


if __name__ == "__main__":
    main()
