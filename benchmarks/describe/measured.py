"""Runs of the tools on one table, each in processes of its own: seconds, peak memory, weight of the pages."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import yaml

from benchmarks.environments import environment

HERE = Path(__file__).parent
NOTEBOOKS = ("01_data_quality", "02_exploration", "03_visualisation")
EVERY = 0.05
MEGABYTE = 1e6
OVERVIEW = 'anchor="variables"'


@dataclass(frozen=True)
class Measured:
    """What one tool took for one table: wall seconds, peak MB of all its processes, MB of its pages."""

    tool: str
    rows: int
    seconds: float
    memory: float
    pages: float
    overview: float = float("nan")


def by_nightbook(table: Path, rows: int, folder: Path) -> Measured:
    """Run notebooks 01 to 03 by the command, with nothing kept from before."""
    params = folder / f"describe_{rows}.yaml"
    given = {"experiment": f"describe_{rows}", "question": "What is in it?", "data": str(table),
             "target": "outcome"}  # fmt: skip
    params.write_text(yaml.safe_dump(given))
    reports = folder / f"reports_{rows}"
    command = [Path(sys.executable).with_name("nightbook"), "run", params, "--only", ",".join(NOTEBOOKS)]
    seconds, memory = _watched(command, {"NIGHTBOOK_REPORTS": str(reports)})
    run = reports / f"describe_{rows}" / "latest"
    pages = sum((run / f"{name}.html").stat().st_size for name in NOTEBOOKS)
    return Measured("nightbook 01-03", rows, seconds, memory, pages / MEGABYTE, _overview(run))


def _overview(run: Path) -> float:
    """Return the seconds of the cells of notebook 02 up to its table of all variables."""
    cells = json.loads((run / "notebooks" / "02_exploration.ipynb").read_text())["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    last = next(place for place, cell in enumerate(code) if OVERVIEW in "".join(cell["source"]))
    return sum(_duration(cell) for cell in code[: last + 1])


def _duration(cell: Mapping[str, Any]) -> float:
    return float(cell["metadata"].get("papermill", {}).get("duration") or 0.0)


def by_ydata(table: Path, rows: int, folder: Path, *, environments: Path, minimal: bool) -> Measured:
    """Write ydata-profiling's page, full or minimal."""
    python, page = environment("ydata", environments), folder / f"ydata_{rows}.html"
    command = [python, HERE / "ydata_report.py", table, page, *(["minimal"] if minimal else [])]
    seconds, memory = _watched(command, {})
    name = "ydata minimal" if minimal else "ydata full"
    return Measured(name, rows, seconds, memory, page.stat().st_size / MEGABYTE)


def by_skrub(table: Path, rows: int, folder: Path) -> Measured:
    """Write skrub's TableReport."""
    page = folder / f"skrub_{rows}.html"
    seconds, memory = _watched([sys.executable, HERE / "skrub_report.py", table, page], {})
    return Measured("skrub TableReport", rows, seconds, memory, page.stat().st_size / MEGABYTE)


def _watched(command: Sequence[object], variables: Mapping[str, str]) -> tuple[float, float]:
    """Run a command; return its seconds and the peak of the memory of all its processes, in MB."""
    began, peak = time.perf_counter(), 0.0
    process = subprocess.Popen([str(part) for part in command], env={**os.environ, **variables},
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        time.sleep(EVERY)
    if process.returncode:
        errors = process.stderr.read().decode(errors="replace") if process.stderr else ""
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {errors[-2_000:]}")
    return time.perf_counter() - began, peak / MEGABYTE


def _memory(pid: int) -> float:
    """Return the proportional memory of a process and its children: what they share counts once."""
    total = 0.0
    try:
        for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            total += process.memory_full_info().pss
    except psutil.NoSuchProcess:
        return total
    return total
