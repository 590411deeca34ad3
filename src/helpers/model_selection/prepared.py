"""What is done to the columns before a model learns: once for each fold and way, shared by all who need it.

A pipeline is cut in two: its preparation (all steps up to `features`) and the rest. Preparations that are the
same, fitted on the same rows, are fitted once; what they give is kept while it fits into memory.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from helpers.model_selection.text_components import TextMemory, remember
from helpers.tables.folds import Positions
from helpers.tables.table import Table

# The last step of a preparation, as `helpers.model_selection.preprocessing` names it.
LAST_STEP = "features"
# Past so many bytes nothing more is kept, and what is not is done again each time.
KEPT_BYTES = 2**30

Features = npt.NDArray[Any] | pd.DataFrame


@dataclass(frozen=True)
class PreparedRows:
    """One fitted preparation and what it made of the rows.

    Attributes
    ----------
    steps : sklearn.pipeline.Pipeline or None
        The fitted preparation; None for a model that reads the columns as they are.
    train, validation : array or DataFrame
        The features of the rows that were learnt from, and of those that were not.
    seconds, validation_seconds : float
        What the preparation of each took.
    """

    steps: Pipeline | None
    train: Features
    validation: Features
    seconds: float
    validation_seconds: float


def cut(estimator: BaseEstimator) -> tuple[Pipeline | None, BaseEstimator]:
    """Return the unfitted preparation of a pipeline, if it has one, and what comes after it."""
    if not isinstance(estimator, Pipeline) or LAST_STEP not in estimator.named_steps:
        return None, estimator
    place = [name for name, _ in estimator.steps].index(LAST_STEP) + 1
    return Pipeline(estimator.steps[:place]), Pipeline(estimator.steps[place:])


def key_of(preparation: Pipeline | None) -> str:
    """Return what two preparations have in common exactly if they do the same."""
    return "" if preparation is None else str(joblib.hash(preparation.steps))


class Prepared:
    """The prepared rows of one table, safe to ask from several threads.

    Parameters
    ----------
    table : Table
        The rows that positions count.
    limit : int
        Bytes that may be kept.
    """

    def __init__(self, table: Table, *, limit: int = KEPT_BYTES) -> None:
        self.table = table
        self.limit = limit
        self.bytes = 0
        self._kept: dict[str, PreparedRows] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._texts = TextMemory()

    def rows(
        self,
        preparation: Pipeline | None,
        train: Positions,
        validation: Positions,
        target: npt.NDArray[Any],
    ) -> PreparedRows:
        """Return the rows prepared, `preparation` fitted on those at `train` with their `target`."""
        key = str(joblib.hash((key_of(preparation), train, validation)))
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            if key not in self._kept:
                features = self.table.X
                # Several ways to prepare the same rows have their texts in common.
                remember(preparation, self._texts)
                found = prepare(preparation, features.iloc[train], features.iloc[validation], target)
                self._keep(key, found)
                return found
            return self._kept[key]

    def _keep(self, key: str, found: PreparedRows) -> None:
        size = _bytes(found.train) + _bytes(found.validation)
        with self._lock:
            if self.bytes + size <= self.limit:
                self.bytes += size
                self._kept[key] = found


def prepare(
    preparation: Pipeline | None, train: pd.DataFrame, validation: pd.DataFrame, target: npt.NDArray[Any]
) -> PreparedRows:
    """Fit the preparation on the training rows in place, and return both sides' features."""
    if preparation is None:
        return PreparedRows(None, train, validation, 0.0, 0.0)
    learnt, seconds = _timed(lambda: preparation.fit_transform(train, target))
    unseen, validation_seconds = _timed(
        lambda: preparation.transform(validation) if len(validation) else learnt[:0]
    )
    return PreparedRows(preparation, learnt, unseen, seconds, validation_seconds)


def _timed(work: Callable[[], Features]) -> tuple[Features, float]:
    started = time.perf_counter()
    found = work()
    return found, time.perf_counter() - started


def _bytes(features: Features) -> int:
    if isinstance(features, pd.DataFrame):
        return int(features.memory_usage(deep=False).sum())
    return int(np.asarray(features).nbytes)
