"""The tables, each cut once into a file to learn from and a file to predict."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn import datasets

BUNDLED = ("breast_cancer", "diabetes", "wine", "digits")
NUMBERS = ("diabetes",)
TARGET = "target"
TEST_SHARE = 0.25
SEED = 1
# A whole-number target of more values is a number to predict, and no class.
MOST_CLASSES = 20


@dataclass(frozen=True)
class Case:
    """One table: where its two files are, what to predict, and whether that is a number."""

    name: str
    train: Path
    test: Path
    target: str
    regression: bool


def cases(folder: Path, data: Sequence[str], *, bundled: bool = True, seed: int = SEED) -> list[Case]:
    """Write the files into the folder and return the tables.

    Parameters
    ----------
    data : sequence of str
        ``FILE:TARGET`` or ``FILE:TARGET:COLUMN,COLUMN``: a CSV or Parquet file, what to predict, and columns
        to leave out.
    bundled : bool
        Whether scikit-learn's tables come first.
    seed : int
        Of the cut.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = [_cut(name, _bundled(name), TARGET, name in NUMBERS, folder, seed) for name in BUNDLED if bundled]
    return [*found, *(_own(given, folder, seed) for given in data)]


def _bundled(name: str) -> pd.DataFrame:
    loaded: Any = getattr(datasets, f"load_{name}")(as_frame=True)
    frame: pd.DataFrame = loaded.frame
    if name in NUMBERS:
        return frame
    return frame.assign(**{TARGET: [f"class {code}" for code in frame[TARGET]]})


def _own(given: str, folder: Path, seed: int) -> Case:
    path, target, *rest = given.split(":")
    file = Path(path)
    frame = pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file)
    frame = frame.drop(columns=rest[0].split(",") if rest else []).dropna(subset=[target])
    numbers = pd.api.types.is_numeric_dtype(frame[target]) and frame[target].nunique() > MOST_CLASSES
    return _cut(file.stem, frame, target, numbers, folder, seed)


def _cut(name: str, frame: pd.DataFrame, target: str, regression: bool, folder: Path, seed: int) -> Case:
    order = np.random.default_rng(seed).permutation(len(frame))
    tested = order[: round(TEST_SHARE * len(frame))]
    test = np.zeros(len(frame), dtype=bool)
    test[tested] = True
    case = Case(name, folder / f"{name}_train.csv", folder / f"{name}_test.csv", target, regression)
    frame[~test].to_csv(case.train, index=False)
    frame[test].to_csv(case.test, index=False)
    return case
