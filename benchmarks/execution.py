"""The same notebooks and parameters in four ways, side by side on this machine.

(a) papermill's and nbconvert's commands one after another, (b) papermill's and nbconvert's functions in one
process, (c) Nightbook with ordinary kernels, (d) Nightbook. The ratios count; the seconds are the machine's.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

EXPERIMENTS = 20
ALONE = 4  # experiments run one notebook at a time, to measure what a notebook costs beside its cells

CELLS = (
    """import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from sklearn.datasets import load_wine""",
    """from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score""",
    """frame = load_wine(as_frame=True).frame
frame.describe()""",
    """model = LogisticRegression(max_iter=50, C=1 + seed)
cross_val_score(model, frame.iloc[:, :2], frame["target"]).mean()""",
    """fig, axes = plt.subplots()
sns.histplot(frame, x="alcohol", ax=axes);""",
)
PARAMETERS = """experiment: str = ""
question: str = ""
data: list = []
target: str = ""
seed: int = 0
run_folder: str = ""
"""
ONE_PROCESS = """
import sys, yaml, papermill
from pathlib import Path
from nbconvert.exporters import HTMLExporter
out = Path(sys.argv[1])
for params in sys.argv[2].split(","):
    for notebook in sys.argv[3].split(","):
        executed = out / f"{Path(params).stem}-{Path(notebook).stem}.ipynb"
        papermill.execute_notebook(notebook, executed, yaml.safe_load(open(params)), progress_bar=False)
        executed.with_suffix(".html").write_text(HTMLExporter().from_filename(str(executed))[0])
"""


@dataclass(frozen=True)
class Work:
    """Experiments and notebooks in a temporary folder."""

    folder: Path
    params: Sequence[Path]
    notebooks: Sequence[Path]

    @property
    def runs(self) -> int:
        """How many notebooks run in all."""
        return len(self.params) * len(self.notebooks)


def written(folder: Path) -> Work:
    """Write two small notebooks and the params files of the experiments."""
    notebooks = []
    for name in ("01_first", "02_second"):
        cells = [(PARAMETERS, ["parameters"]), *((source, []) for source in CELLS)]
        content = {
            "nbformat": 4, "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "cells": [
                {"cell_type": "code", "id": f"c{number}", "metadata": {"tags": tags}, "outputs": [],
                 "execution_count": None, "source": source}
                for number, (source, tags) in enumerate(cells)
            ],
        }  # fmt: skip
        path = folder / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content))
        notebooks.append(path)
    params = []
    for number in range(EXPERIMENTS):
        path = folder / f"e{number:02}.yaml"
        given = {"experiment": path.stem, "question": "Why?", "data": ["sklearn:wine"], "target": "target"}
        path.write_text(json.dumps({**given, "seed": number}))
        params.append(path)
    return Work(folder, params, notebooks)


def tool(name: str) -> str:
    """Return the path of a command of this environment."""
    return str(Path(sys.executable).with_name(name))


def seconds(*commands: list[str], work: Work, reports: str = "reports") -> float:
    """Return the wall-clock seconds of the commands, one after another; each must succeed."""
    environment = {
        **os.environ,
        "NIGHTBOOK_REPORTS": str(work.folder / reports),
        "NIGHTBOOK_NOTEBOOKS": str(work.folder / "notebooks"),
    }
    began = time.perf_counter()
    for command in commands:
        subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


def by_commands(work: Work) -> float:
    """Run (a)."""
    out = work.folder / "a"
    out.mkdir()
    commands = []
    for params in work.params:
        for notebook in work.notebooks:
            executed = str(out / f"{params.stem}-{notebook.stem}.ipynb")
            commands.append(
                [tool("papermill"), str(notebook), executed, "-f", str(params), "--no-progress-bar"]
            )
            commands.append([tool("jupyter"), "nbconvert", "--to", "html", executed])
    return seconds(*commands, work=work)


def in_one_process(work: Work) -> float:
    """Run (b)."""
    out = work.folder / "b"
    out.mkdir()
    lists = [",".join(map(str, paths)) for paths in (work.params, work.notebooks)]
    return seconds([sys.executable, "-c", ONE_PROCESS, str(out), *lists], work=work)


def by_nightbook(work: Work, *options: str, reports: str, experiments: int = EXPERIMENTS) -> float:
    """Run (c) or (d)."""
    command = [tool("nightbook"), "run", *map(str, work.params[:experiments]), *options]
    return seconds(command, work=work, reports=reports)


def in_cells(executed: Path) -> float:
    """Return the seconds that the executed notebook spent inside its cells."""
    cells = json.loads(executed.read_text())["cells"]
    return sum(cell["metadata"]["papermill"]["duration"] for cell in cells if cell["cell_type"] == "code")


def beside_cells(work: Work, reports: str) -> float:
    """Return the mean seconds that a notebook of these runs took beside its cells."""
    costs = []
    for record in (work.folder / reports).glob("*/2*/run.json"):
        for name, outcome in json.loads(record.read_text())["notebooks"].items():
            costs.append(outcome["seconds"] - in_cells(record.parent / "notebooks" / f"{name}.ipynb"))
    return sum(costs) / len(costs)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        work = written(Path(folder))
        ways = {
            "(a) papermill and nbconvert, commands": by_commands(work),
            "(b) papermill and nbconvert, one process": in_one_process(work),
            "(c) nightbook run --cold": by_nightbook(work, "--cold", reports="c"),
            "(d) nightbook run": by_nightbook(work, reports="d"),
        }
        again = by_nightbook(work, reports="d")
        one = work.folder / "one"
        first = by_nightbook(work, reports=str(one), experiments=1)
        unchanged = min(by_nightbook(work, reports=str(one), experiments=1) for _ in range(3))
        alone = by_nightbook(work, "--jobs", "1", reports="alone", experiments=ALONE)
        beside = beside_cells(work, "alone")
        inside = sum(in_cells(path) for path in (work.folder / "a").glob("*.ipynb"))
        beside_a = (ways["(a) papermill and nbconvert, commands"] - inside) / work.runs
    print(f"{EXPERIMENTS} experiments of {len(work.notebooks)} small notebooks, {os.cpu_count()} cores")
    quickest = ways["(d) nightbook run"]
    for way, took in ways.items():
        each, ratio = took / work.runs, took / quickest
        print(f"  {way:42} {took:7.1f} s   {each:5.2f} s a notebook   {ratio:5.1f} times (d)")
    print(f"  (d) again, nothing changed                 {again:7.2f} s")
    print(f"One experiment: first {first:.2f} s; nothing changed, least of 3: {unchanged:.2f} s")
    print("Beside its cells a notebook costs, one at a time:")
    print(f"  (a) {beside_a:.2f} s, rendering among it")
    print(f"  (d) {beside:.2f} s, a {beside_a / beside:.0f}th of (a)")
    print(f"  (d) {alone:.1f} s for {ALONE} experiments in all, the warm server's start among it")


if __name__ == "__main__":
    main()
