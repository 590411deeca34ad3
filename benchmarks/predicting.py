"""What `nightbook predict` takes for many rows: seconds, and peak memory, which must not grow with them."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = (20_000, 200_000, 2_000_000)
LEARNT_FROM = 5_000
MOST_MB = 1_000
PARAMS = """experiment: predicting
question: How fast are rows scored?
data: {data}
target: y
holdout: 0
models: [xgboost]
"""


def rows(number: int) -> pd.DataFrame:
    """Return rows of eight numbers, a category and a date, and what follows from them."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"x{place}": rng.normal(size=number).round(5) for place in range(8)})
    frame["town"] = rng.choice([f"town {place}" for place in range(30)], number)
    frame["day"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, number), unit="D")
    frame["y"] = (
        frame["x0"] + 2 * frame["x1"] + (frame["town"] == "town 3") + rng.normal(size=number)
    ).round(4)
    return frame


def _called(*arguments: str, reports: Path) -> tuple[float, float]:
    """Call the command; return its seconds and its peak memory in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("nightbook")), *arguments],
        env={**os.environ, "NIGHTBOOK_REPORTS": str(reports)},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"nightbook {' '.join(arguments)} ended with {process.returncode}")
    kilobyte = 1 if sys.platform == "darwin" else 1_000
    return time.perf_counter() - began, usage.ru_maxrss * kilobyte / 1e6


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows(LEARNT_FROM).to_csv(folder / "learnt.csv", index=False)
        (folder / "predicting.yaml").write_text(PARAMS.format(data=folder / "learnt.csv"))
        _called("run", str(folder / "predicting.yaml"), "--only", "04_model_selection", reports=folder)
        print(f"{'file':>10} {'rows':>10} {'MB on disk':>11} {'seconds':>8} {'peak MB':>8}")
        for number in ROWS:
            frame = rows(number)
            frame.to_csv(folder / "new.csv", index=False)
            frame.to_parquet(folder / "new.parquet")
            for suffix in ("csv", "parquet"):
                table, out = folder / f"new.{suffix}", folder / f"out.{suffix}"
                seconds, peak = _called(
                    "predict", "predicting", str(table), "--out", str(out), reports=folder
                )
                size = table.stat().st_size / 1e6
                print(f"{suffix:>10} {number:>10,} {size:>11.1f} {seconds:>8.1f} {peak:>8.0f}")
                if peak > MOST_MB:
                    raise RuntimeError(f"{peak:.0f} MB for {number:,} rows, more than {MOST_MB}")
