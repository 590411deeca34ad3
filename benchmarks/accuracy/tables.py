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


def cases(
    folder: Path,
    data: Sequence[str],
    *,
    bundled: bool = True,
    seed: int = SEED,
    test_share: float = TEST_SHARE,
) -> list[Case]:
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
    test_share : float
        Share of the rows to predict.
    """
    folder.mkdir(parents=True, exist_ok=True)
    how = _How(folder, seed, test_share)
    found = [_cut(name, _bundled(name), TARGET, name in NUMBERS, how) for name in BUNDLED if bundled]
    return [*found, *(_own(given, how) for given in data)]


@dataclass(frozen=True)
class _How:
    """Where the two files of a table go, and how it is cut."""

    folder: Path
    seed: int
    test_share: float


def _bundled(name: str) -> pd.DataFrame:
    loaded: Any = getattr(datasets, f"load_{name}")(as_frame=True)
    frame: pd.DataFrame = loaded.frame
    if name in NUMBERS:
        return frame
    return frame.assign(**{TARGET: [f"class {code}" for code in frame[TARGET]]})


def _own(given: str, how: _How) -> Case:
    path, target, *rest = given.split(":")
    file = Path(path)
    frame = pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file)
    frame = frame.drop(columns=rest[0].split(",") if rest else []).dropna(subset=[target])
    numbers = pd.api.types.is_numeric_dtype(frame[target]) and frame[target].nunique() > MOST_CLASSES
    return _cut(file.stem, frame, target, numbers, how)


def _cut(name: str, frame: pd.DataFrame, target: str, regression: bool, how: _How) -> Case:
    order = np.random.default_rng(how.seed).permutation(len(frame))
    tested = order[: round(how.test_share * len(frame))]
    test = np.zeros(len(frame), dtype=bool)
    test[tested] = True
    train, unseen = (how.folder / f"{name}_{side}.csv" for side in ("train", "test"))
    frame[~test].to_csv(train, index=False)
    frame[test].to_csv(unseen, index=False)
    return Case(name, train, unseen, target, regression)
