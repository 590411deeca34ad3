"""The list and the index over many runs on record: `nightbook list` as a whole process, and the page anew.

The records are made for it in a temporary folder: 40 experiments with many runs each, some of them cut off,
some failed, some in grids. As large as a real record is, ingredients of the notebooks' keys included.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from helpers.comparing.results import Comparison, Named, PairedMetric
from helpers.files import hash_of
from helpers.notebook_files import all_notebooks
from helpers.paths import params_folder
from helpers.results import Estimate
from helpers.runner.overview.write_index import write_index
from helpers.runner.record.compared import COMPARISON
from helpers.runner.record.run_record import Process, RunRecord

ROUNDS = 5
SIZES = (1, 100, 1_000)
EXPERIMENTS = 40
FAILS_EVERY, CUT_OFF_EVERY = 17, 71
GRIDS_EVERY, GRID_SIZE = 5, 5  # every fifth experiment ran as grids of five
BEGAN = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
# What most tools' records of packages, notebooks and metrics weigh is in these.
PACKAGES = ("nightbook", "jupyterlab", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "pyarrow",
            "scikit-learn", "scipy", "seaborn", "skops", "skrub", "xgboost")  # fmt: skip
METRICS = ("roc_auc", "average_precision", "log_loss", "brier", "accuracy", "balanced_accuracy", "f1", "mcc")


def make_records(reports: Path, runs: int) -> None:
    """Write the records of `runs` runs below `reports`."""
    params = yaml.safe_load((params_folder() / "breast_cancer.yaml").read_text(encoding="utf-8"))
    for place in range(runs):
        record = one_record(place, params)
        folder = reports / record.experiment / record.run
        folder.mkdir(parents=True)
        # Not through `write_record`, which waits for the disk: a thousand times that is not what is measured.
        (folder / "run.json").write_text(record.model_dump_json(indent=2), encoding="utf-8")
        (folder / COMPARISON).write_text(_comparison(record).model_dump_json(indent=2), encoding="utf-8")


def one_record(place: int, params: dict[str, Any]) -> RunRecord:
    """Return the record of the run at `place`, the same for the same place."""
    started = BEGAN + timedelta(minutes=7 * place)
    number, turn = place % EXPERIMENTS, place // EXPERIMENTS
    status = "succeeded"
    if place % CUT_OFF_EVERY == CUT_OFF_EVERY - 1:
        status = "running"  # with a runner that is gone: it is seen to be cut off
    elif place % FAILS_EVERY == FAILS_EVERY - 1:
        status = "failed"
    in_grid = number % GRIDS_EVERY == 0
    variant = {"seed": turn % GRID_SIZE, "models": ["linear"]} if in_grid else {}
    stamp = started.strftime("%Y%m%d-%H%M%S-%f")[:-3]
    name = f"{stamp}-seed={variant['seed']}-models=linear" if variant else stamp
    return RunRecord.model_validate(
        {
            "experiment": f"experiment_{number:02d}",
            "run": name,
            "status": status,
            "started": started.isoformat(timespec="milliseconds"),
            "finished": (started + timedelta(seconds=30)).isoformat(timespec="milliseconds"),
            "seconds": 30.25 + place % 13,
            "process": Process(pid=os.getpid(), host=socket.gethostname(), created=1.0).model_dump(),
            "question": params["question"],
            "params": params,
            "variant": variant,
            "batch": f"call {number}-{turn // GRID_SIZE}" if in_grid else "",
            "data": {"name": "table.csv", "rows": 569, "columns": 31, "fingerprint": hash_of(["table"])},
            "seed": 0,
            "versions": dict.fromkeys(PACKAGES, "1.23.4"),
            "git": {"commit": hash_of(["commit"])[:40], "dirty": False},
            "notebooks": {name: _notebook(name, place, status) for name in all_notebooks()},
            "metrics": _metrics(place) if status == "succeeded" else None,
            "verdict": {
                "word": "use it",
                "rule": "clear",
                "reason": "It is clearly better than the baseline.",
            }
            if status == "succeeded"
            else None,
            "findings": {"stop": 0, "warn": place % 5, "note": 4, "pass": 40, "not applicable": 12},
        }
    )


def _notebook(name: str, place: int, run_status: str) -> dict[str, Any]:
    stopped = {"running": "running", "failed": "failed"}.get(run_status)
    status = stopped if stopped and name.startswith("04") else "succeeded"
    ingredients = {
        part: hash_of([part, name]) for part in ("source", "params", "data", "helpers", "versions")
    }
    error = {"cell": 7, "line": 3, "cause": "KeyError: 'income'", "what": ""}
    return {
        "status": status,
        "seconds": 4.5 + place % 7,
        "peak_memory_mb": 272.0,
        "kernel": "warm",
        "key": hash_of([name, str(place)]),
        "ingredients": ingredients,
        "why_run": "its parameters changed: seed",
        "error": error if status == "failed" else None,
        "report": f"{name}.html",
    }


def _comparison(record: RunRecord) -> Comparison:
    named = Named(experiment=record.experiment, run=record.run, started=record.started, status=record.status)
    value = Estimate(value=0.9, low=0.87, high=0.93)
    metric = PairedMetric(
        metric="roc_auc", first=value, second=value, difference=Estimate(value=0.01, low=-0.01, high=0.03),
        margin=0.01, better=0.4, same=0.4, worse=0.2,
    )  # fmt: skip
    return Comparison(
        first=named, second=named, parameters=[], table=[], surroundings=[], findings=[], rows=113, units=113,
        metrics=[metric],
    )  # fmt: skip


def _metrics(place: int) -> dict[str, Any]:
    value = 0.9 + place % 97 / 1000
    estimate = {"value": value, "low": value - 0.031, "high": min(value + 0.027, 1.0)}
    scores = {"chosen": estimate, "baseline": {"value": 0.5, "low": 0.45, "high": 0.55}}
    return {
        "name": "roc_auc",
        "label": "ROC AUC",
        "higher_is_better": True,
        "measured_on": "holdout",
        **scores,
        "incumbent": None,
        "all": {metric: {"metric": metric, **scores, "gain": estimate} for metric in METRICS},
    }


def listing(reports: Path) -> None:
    """Run `nightbook list` as a process of its own."""
    command = [str(Path(sys.executable).with_name("nightbook")), "list"]
    environment = {**os.environ, "NIGHTBOOK_REPORTS": str(reports)}
    subprocess.run(command, env=environment, check=True, capture_output=True)


def median_seconds(work: Callable[[Path], object], reports: Path) -> float:
    """Return the median of the wall-clock seconds over `ROUNDS` rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work(reports)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    print(f"Runs on record, median of {ROUNDS}, {os.cpu_count()} cores")
    print(f"{'runs':>6}  {'nightbook list':>15}  {'index anew':>11}  {'its size':>9}")
    for runs in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            reports = Path(folder)
            make_records(reports, runs)
            listed, written = (median_seconds(work, reports) for work in (listing, write_index))
            size = (reports / "index.html").stat().st_size / 1e6
            print(f"{runs:6,}  {listed:13.2f} s  {written:9.2f} s  {size:6.2f} MB")


if __name__ == "__main__":
    main()
