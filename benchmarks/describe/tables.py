"""A table of mixed columns with a target that hangs on a few of them."""

from pathlib import Path

import numpy as np
import pandas as pd

NUMBERS, WHOLE, CATEGORIES, FLAGS = 14, 4, 7, 3  # with a date and the target: 30 columns
MISSING = 0.03


def write(path: Path, rows: int, *, seed: int = 0) -> None:
    """Write a CSV of 30 columns: numbers of several shapes, counts, categories, flags, a date, a class."""
    rng = np.random.default_rng(seed)
    columns: dict[str, object] = {}
    shapes = (
        rng.standard_normal,
        lambda n: rng.lognormal(3, 1, n),
        lambda n: rng.gamma(2, 30, n),
        rng.random,
    )
    for place in range(NUMBERS):
        values = shapes[place % len(shapes)](rows)
        columns[f"amount {place}"] = np.where(rng.random(rows) < MISSING, np.nan, values).round(4)
    for place in range(WHOLE):
        columns[f"count {place}"] = rng.poisson(3 * (place + 1), rows)
    for place in range(CATEGORIES):
        levels = np.array([f"level {each}" for each in range(3 * 2**place)])
        columns[f"kind {place}"] = levels[(len(levels) * rng.random(rows) ** 2).astype(int)]
    for place in range(FLAGS):
        columns[f"flag {place}"] = np.where(rng.random(rows) < 0.2 + place / 5, "yes", "no")
    columns["when"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 700, rows), unit="D")
    told = rng.normal(size=rows) + np.nan_to_num(columns["amount 0"]) + (columns["flag 0"] == "yes")
    columns["outcome"] = np.where(told > 0.5, "bought", "left")
    pd.DataFrame(columns).to_csv(path, index=False)
