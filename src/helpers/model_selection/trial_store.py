"""Finished candidates and trials on disk, so that a search that was cut off goes on from where it was.

A result is one file, named by a hash of all that decides it and written at once or not at all. It reads back
to the last bit, with the times first measured; a file that is damaged, or holds anything else, counts as
absent. Only results with a score are kept: running out of seconds says nothing of the model, another failure
may come from the machine, and both show again soon enough where they belong to the table.
"""

import inspect
import io
import json
import shutil
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import helpers.files as files
from helpers.metrics import Metric
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.cross_validation import (
    NO_SETTINGS,
    Asked,
    CandidateResult,
    Deadline,
    FoldScore,
    Settings,
    evaluate,
    evaluate_all,
)
from helpers.model_selection.fitting import Fitting, Here
from helpers.tables.folds import Folds
from helpers.tables.table import Table
from helpers.wording import count, joined

SUFFIX = ".trial"
# What nobody came back for in so long is removed with the next store of the same experiment.
KEPT_DAYS = 30
_OURS = f"{__name__.partition('.')[0]}."
_PLAIN = (str, int, float, type(None))


class TrialStore:
    """The finished candidates and trials in a folder.

    Parameters
    ----------
    folder : Path
        A folder of its own, named by a key that covers the source of the helpers; it is made when the first
        result is kept. Several processes may use it at the same time.
    fitting : Fitting, optional
        What fits that which is not there; `fitting.Here` if nothing is given.

    Attributes
    ----------
    trouble : str
        Why the disk could not be used; empty where it could. After that nothing more is kept.
    """

    def __init__(self, folder: Path, *, fitting: Fitting | None = None) -> None:
        self.folder = folder
        self.trouble = ""
        # A trial is several results where it is looked at between folds: it is taken if all of them were.
        self._taken: dict[str, bool] = {}
        self._fitted: set[str] = set()
        self._written: set[str] = set()
        # Lives as long as the store: trials need the columns prepared as the candidates did.
        self.fitting = fitting or Here()

    def evaluate(
        self,
        table: Table,
        candidate: Candidate,
        folds: Folds,
        *,
        metric: Metric,
        seed: int,
        deadline: Deadline,
        settings: Settings = NO_SETTINGS,
    ) -> CandidateResult:
        """Return what `cross_validation.evaluate` would, from disk where it was done before.

        The deadline ends fits alone: what is on disk costs no time. A candidate whose source is not among
        the helpers, or settings that are no plain values, are fitted each time: nothing here could tell
        whether they are still the same.
        """
        name = ""
        if _can_be_kept(candidate, settings):
            name = _name(_data(table, folds), candidate, metric=metric, seed=seed, settings=settings)
        kept = self._kept(name, candidate, settings)
        if kept is not None:
            return kept
        found = evaluate(
            table, candidate, folds,
            metric=metric, seed=seed, deadline=deadline, settings=settings, fitting=self.fitting,
        )  # fmt: skip
        self._keep(name, found)
        return found

    def evaluate_all(
        self,
        table: Table,
        asked: Sequence[Asked],
        folds: Folds,
        *,
        metric: Metric,
        seed: int,
        deadline: Deadline,
    ) -> list[CandidateResult]:
        """Return what `cross_validation.evaluate_all` would; each result is kept once it is complete."""
        data = _data(table, folds)
        names = [
            _name(data, candidate, metric=metric, seed=seed, settings=settings)
            if _can_be_kept(candidate, settings)
            else ""
            for candidate, settings in asked
        ]
        results = [self._kept(name, *asked[place]) for place, name in enumerate(names)]
        left = [place for place, found in enumerate(results) if found is None]
        fitted: list[CandidateResult] = []
        if left:
            fitted = evaluate_all(
                table, [asked[place] for place in left], folds,
                metric=metric, seed=seed, deadline=deadline, fitting=self.fitting,
                when_done=lambda at, found: self._keep(names[left[at]], found),
            )  # fmt: skip
        rest = iter(fitted)
        return [next(rest) if found is None else found for found in results]

    @property
    def candidates(self) -> int:
        """How many results with the candidate's own settings were taken from an earlier run."""
        return sum(not varied for key, varied in self._taken.items() if key not in self._fitted)

    @property
    def trials(self) -> int:
        """How many results with other settings were taken from an earlier run."""
        return sum(varied for key, varied in self._taken.items() if key not in self._fitted)

    def _keep(self, name: str, found: CandidateResult) -> None:
        if name and not found.failed:
            self._write(name, _encoded(found, name))

    def _kept(self, name: str, candidate: Candidate, settings: Settings) -> CandidateResult | None:
        kept = _decoded(self._read(name), name, candidate, settings) if name else None
        key = _key(candidate, settings)
        if kept is None:
            self._fitted.add(key)
        elif name not in self._written:  # which a search that asked for the same settings twice has
            self._taken[key] = bool(settings)
        return kept

    def remark(self) -> str:
        """Say what came from an earlier run, and what could not be kept; empty where there is neither."""
        taken = [
            count(amount, noun)
            for amount, noun in ((self.candidates, "candidate"), (self.trials, "trial"))
            if amount
        ]
        sentences = []
        if taken:
            was = "was" if self.candidates + self.trials == 1 else "were"
            sentences.append(
                f"{joined(taken)} {was} taken from an earlier run that was cut off, and not fitted again; "
                "the seconds of the budget count from the start of this one."
            )
        if self.trouble:
            sentences.append(
                f"Not all that was finished could be kept on disk ({self.trouble}): "
                "if this run is cut off, the next one fits it again."
            )
        return " ".join(sentences)

    def remove(self) -> str:
        """Remove the folder, and what was left for good beside it; return why that failed, or an empty text.

        To be called when the results are recorded: then nothing here is needed any more.
        """
        # Out of the way first, so that another process that still writes begins a folder of its own.
        aside = self.folder.with_name(f"{self.folder.name}.{uuid.uuid4().hex}")
        try:
            if self.folder.exists():
                self.folder.rename(aside)
                shutil.rmtree(aside)
            _remove_abandoned(self.folder.parent)
        except FileNotFoundError:
            return ""  # another process was quicker
        except OSError as error:
            return f"The finished fits could not be removed from disk ({_reason(error)}); they are of no use."
        return ""

    def _read(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            self.trouble = self.trouble or _reason(error)
            return b""

    def _write(self, name: str, content: bytes) -> None:
        if self.trouble:
            return
        try:
            try:
                files.write_bytes(self._path(name), content)
            except FileNotFoundError:
                # Another process was done and removed the folder just now.
                files.write_bytes(self._path(name), content)
        except OSError as error:
            self.trouble = _reason(error)
        else:
            self._written.add(name)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"


def _key(candidate: Candidate, settings: Settings) -> str:
    return json.dumps([candidate.name, sorted(settings.items())], default=repr)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _remove_abandoned(folder: Path) -> None:
    """Remove results older than `KEPT_DAYS`, whose runs nobody continued, and the folders that they leave."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for path in folder.glob(f"*/*{SUFFIX}"):
        if path.stat().st_mtime < oldest:
            path.unlink()
            if not any(path.parent.iterdir()):
                path.parent.rmdir()


def _can_be_kept(candidate: Candidate, settings: Settings) -> bool:
    build = candidate.build
    if isinstance(build, partial):
        # The metric is in the name of a result; what else was filled in is not, the parts of an ensemble say.
        if build.args or not all(isinstance(value, Metric) for value in build.keywords.values()):
            return False
        build = build.func
    ours = inspect.isfunction(build) and build.__module__.startswith(_OURS)
    return ours and all(isinstance(value, _PLAIN) for value in settings.values())


def _data(table: Table, folds: Folds) -> str:
    """Return a hash of the rows and of how they are cut."""
    decides = {
        "task": table.task,
        "classes": [*table.classes, table.positive],
        "columns": [_described(table, name) for name in table.frame.columns],
    }
    rows = pd.util.hash_pandas_object(table.frame).to_numpy()
    positions = [side.tobytes() for part in folds for side in part]
    return files.hash_of([json.dumps(decides, sort_keys=True), rows.tobytes(), *positions])


def _name(data: str, candidate: Candidate, *, metric: Metric, seed: int, settings: Settings) -> str:
    """Return a hash of all that decides the result, but for the source of the helpers."""
    decides = {
        "data": data,
        "candidate": candidate.name,
        "rows": candidate.rows,
        "settings": dict(settings),
        "metric": metric.name,
        "seed": seed,
    }
    return files.hash_of([json.dumps(decides, sort_keys=True)])


def _described(table: Table, name: str) -> list[Any]:
    """Return what the hash of a column's values leaves out: its name, kind, role, type, order of levels."""
    column, dtype = table.columns[name], table.frame[name].dtype
    levels = [str(level) for level in dtype.categories] if isinstance(dtype, pd.CategoricalDtype) else []
    return [name, column.kind, column.role, str(dtype), levels]


def _encoded(found: CandidateResult, name: str) -> bytes:
    """Return a hash of the rest, a line of JSON, the out-of-fold predictions as Parquet, those by fold."""
    frame = found.out_of_fold
    if frame is None:
        raise ValueError(f"{found.name} has a score and no out-of-fold predictions")
    table, arrays = io.BytesIO(), io.BytesIO()
    frame.to_parquet(table, compression="zstd")
    np.savez(arrays, *found.by_fold)
    about = {
        "name": name,
        "bytes": table.tell(),
        "folds": [asdict(fold) for fold in found.folds],
        "notes": found.notes,
        # Parquet has one type for text, where pandas has `str` and `object`.
        "types": {column: str(dtype) for column, dtype in frame.dtypes.items()},
    }
    content = json.dumps(about).encode() + b"\n" + table.getvalue() + arrays.getvalue()
    return files.hash_of([content]).encode() + b"\n" + content


def _decoded(written: bytes, name: str, candidate: Candidate, settings: Settings) -> CandidateResult | None:
    """Return the result that `_encoded` wrote under the name, None where these are other bytes."""
    digest, _, content = written.partition(b"\n")
    if digest != files.hash_of([content]).encode():
        return None
    line, _, rest = content.partition(b"\n")
    about: Mapping[str, Any] = json.loads(line)
    if about["name"] != name:
        return None
    table, arrays = rest[: about["bytes"]], rest[about["bytes"] :]
    with np.load(io.BytesIO(arrays), allow_pickle=False) as read:
        by_fold = tuple(read[place] for place in read.files)
    return CandidateResult(
        candidate,
        settings,
        folds=tuple(FoldScore(**fold) for fold in about["folds"]),
        out_of_fold=pd.read_parquet(io.BytesIO(table)).astype(about["types"]),
        notes=tuple(about["notes"]),
        by_fold=by_fold,
    )
