"""The six notebooks of one experiment by the command, and by papermill's and nbconvert's commands in turn.

The same notebooks, the same parameters, on the same machine, one way after the other. The ratio counts; the
seconds are the machine's.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from helpers.notebook_files import all_notebooks
from helpers.paths import params_folder

ROUNDS = 3
EXPERIMENT = "wine"


def seconds(*commands: list[str], reports: str) -> float:
    """Return the wall-clock seconds of the commands, one after another; each must succeed."""
    environment = {**os.environ, "NIGHTBOOK_REPORTS": reports}
    began = time.perf_counter()
    for command in commands:
        subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


def tool(name: str) -> str:
    """Return the path of a command of this environment."""
    return str(Path(sys.executable).with_name(name))


def by_papermill(folder: Path) -> list[list[str]]:
    """Return papermill's and nbconvert's commands for every notebook."""
    commands = []
    for name, notebook in all_notebooks().items():
        executed = str(folder / f"{name}.ipynb")
        params = str(params_folder() / f"{EXPERIMENT}.yaml")
        commands.append([tool("papermill"), str(notebook.path), executed, "-f", params, "--no-progress-bar"])
        commands.append([tool("jupyter"), "nbconvert", "--to", "html", executed])
    return commands


def main() -> None:
    """Measure and print."""
    ways: dict[str, list[float]] = {
        "nightbook --help": [],
        "nightbook run": [],
        "papermill and nbconvert": [],
    }
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            ways["nightbook --help"].append(seconds([tool("nightbook"), "--help"], reports=one))
            ways["nightbook run"].append(seconds([tool("nightbook"), "run", EXPERIMENT], reports=one))
            ways["papermill and nbconvert"].append(seconds(*by_papermill(Path(other)), reports=other))
    print(f"{EXPERIMENT}, six notebooks, {ROUNDS} rounds, {os.cpu_count()} cores")
    for way, taken in ways.items():
        print(f"{way:26} median {statistics.median(taken):6.2f} s   {min(taken):6.2f} to {max(taken):6.2f}")
    ratio = statistics.median(ways["papermill and nbconvert"]) / statistics.median(ways["nightbook run"])
    print(f"papermill and nbconvert take {ratio:.1f} times as long as nightbook run")
