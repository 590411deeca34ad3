"""Every candidate through the same folds: scores on validation and training rows, predictions, times.

A candidate that fails gets the reason instead of a score, and the others go on; running out of memory and
being interrupted end the notebook, as they should.
"""

import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.exceptions import ConvergenceWarning

from helpers.errors import shortened
from helpers.metrics import Metric
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.fitted import FittedModel, fit_model
from helpers.scoring import Prediction, score
from helpers.tables.folds import Folds, Positions
from helpers.tables.table import Table

Settings = Mapping[str, Any]

# Past these sizes a fold is fitted, and validated, on a sample of its rows.
FOLD_ROWS = 50_000
VALIDATION_ROWS = 20_000
# The score on training rows only tells how closely the model follows them; so many rows say it well enough.
TRAIN_SCORE_ROWS = 5_000
STOPPED = "the seconds of the budget ran out before it was done"
NO_SETTINGS: Settings = MappingProxyType({})


class Deadline:
    """The safety stop: says, between fits, whether the seconds of the budget are used up."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """Whether nothing more should be started."""
        return time.monotonic() >= self._end


@dataclass(frozen=True)
class FoldScore:
    """What one fit on one fold gave; scores are NaN where the fold does not define the metric."""

    train_rows: int
    validation_rows: int
    train: float
    validation: float
    fit_seconds: float
    predict_seconds: float


@dataclass(frozen=True)
class CandidateResult:
    """A candidate after cross-validation.

    Attributes
    ----------
    candidate : Candidate
        What was fitted.
    settings : mapping
        Parameters that differ from the candidate's own; empty but for a search's finds.
    folds : tuple of FoldScore
        One a fold, in the folds' order; empty where it failed.
    out_of_fold : pandas.DataFrame or None
        Columns `row`, `truth`, `prediction` and for classes `probability:<class>`: for each row that was in
        some validation part, the answer of the model (of the first repeat) that had not seen it.
    failed : str
        Why it has no score; empty where it has one.
    notes : tuple of str
        What to know of the score, for instance that a fit did not converge.
    """

    candidate: Candidate
    settings: Settings = field(default_factory=dict)
    folds: tuple[FoldScore, ...] = ()
    out_of_fold: pd.DataFrame | None = None
    failed: str = ""
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name in records: the candidate's, marked where a search changed its settings."""
        return f"{self.candidate.name}_tuned" if self.settings else self.candidate.name

    @property
    def label(self) -> str:
        """The name for people."""
        return f"{self.candidate.label}, tuned" if self.settings else self.candidate.label

    @property
    def validation(self) -> npt.NDArray[np.float64]:
        """The score on each fold's validation rows."""
        return np.array([fold.validation for fold in self.folds])

    @property
    def train(self) -> npt.NDArray[np.float64]:
        """The score on each fold's training rows."""
        return np.array([fold.train for fold in self.folds])


Evaluate = Callable[..., CandidateResult]


def evaluate(
    table: Table,
    candidate: Candidate,
    folds: Folds,
    *,
    metric: Metric,
    seed: int,
    deadline: Deadline,
    settings: Settings = NO_SETTINGS,
) -> CandidateResult:
    """Return one candidate's result; `settings` change parameters of its pipeline."""
    scores, predictions = [], []
    unconverged = 0
    for number, (train, validation) in enumerate(folds, start=1):
        if deadline.passed:
            return CandidateResult(candidate, settings, failed=STOPPED)
        try:
            with _convergence_noted() as noted:
                fold, prediction = fit_and_score(
                    table, candidate, train, validation, metric=metric, seed=seed, settings=settings
                )
        except MemoryError:
            raise
        except Exception as error:
            reason = f"fold {number}: {type(error).__name__}: {shortened(error, limit=200)}"
            return CandidateResult(candidate, settings, failed=reason)
        scores.append(fold)
        predictions.append(prediction)
        unconverged += bool(noted)
    if not np.isfinite([fold.validation for fold in scores]).any():
        return CandidateResult(candidate, settings, failed=f"no fold defines {metric.label}")
    out_of_fold = _out_of_fold(table, folds, predictions)
    notes = _notes(scores, folds, unconverged, metric)
    return CandidateResult(candidate, settings, tuple(scores), out_of_fold, notes=notes)


def cross_validate(
    table: Table,
    candidates: Sequence[Candidate],
    folds: Folds,
    *,
    metric: Metric,
    seed: int,
    deadline: Deadline,
    evaluate: Evaluate = evaluate,
) -> list[CandidateResult]:
    """Return each candidate's result on the same folds, in the order given.

    Parameters
    ----------
    table : Table
        The development rows.
    candidates : sequence of Candidate
        What to fit, the baseline among them.
    folds : Folds
        Through `limited` first where the table may be large.
    metric : Metric
        What to score with.
    seed : int
        Seed of the estimators and of samples.
    deadline : Deadline
        Looked at between fits; a candidate that was not done by then fails, saying so.
    evaluate : callable
        What gives one result; a `TrialStore` gives those from disk that were done before.
    """
    return [
        evaluate(table, candidate, folds, metric=metric, seed=seed, deadline=deadline)
        for candidate in candidates
    ]


def fit_and_score(
    table: Table,
    candidate: Candidate,
    train: Positions,
    validation: Positions,
    *,
    metric: Metric,
    seed: int,
    settings: Settings = NO_SETTINGS,
) -> tuple[FoldScore, Prediction]:
    """Fit on the rows at `train` and return the scores, and the predictions for the rows at `validation`."""
    fitted_rows = _at(table, _sample(train, candidate.rows, seed))
    validation_rows = _at(table, validation)
    started = time.perf_counter()
    model = fit_candidate(candidate, fitted_rows, seed=seed, settings=settings)
    fitted = time.perf_counter()
    prediction = model.predict(validation_rows.X)
    predicted = time.perf_counter()
    told = _at(fitted_rows, _sample(np.arange(len(fitted_rows)), TRAIN_SCORE_ROWS, seed))
    fold = FoldScore(
        train_rows=len(fitted_rows),
        validation_rows=len(validation_rows),
        train=_score(metric, told, model.predict(told.X)),
        validation=_score(metric, validation_rows, prediction),
        fit_seconds=fitted - started,
        predict_seconds=predicted - fitted,
    )
    return fold, prediction


def fit_candidate(
    candidate: Candidate, table: Table, *, seed: int, settings: Settings = NO_SETTINGS
) -> FittedModel:
    """Return the candidate fitted on the table, on a sample of it past the candidate's own limit of rows."""
    chosen = _at(table, _sample(np.arange(len(table)), candidate.rows, seed))
    estimator = candidate.build(table.task, chosen, seed).set_params(**settings)
    return fit_model(estimator, chosen, name=candidate.name, label=candidate.label)


def limited(folds: Folds, *, seed: int) -> Folds:
    """Return the folds with at most `FOLD_ROWS` rows to fit on and `VALIDATION_ROWS` to validate on."""
    parts = tuple(
        (_sample(train, FOLD_ROWS, seed + number), _sample(validation, VALIDATION_ROWS, seed + number))
        for number, (train, validation) in enumerate(folds)
    )
    return replace(folds, parts=parts)


def _sample(positions: Positions, limit: int, seed: int) -> Positions:
    """Return at most `limit` of the positions, in their order."""
    if len(positions) <= limit:
        return positions
    return np.sort(np.random.default_rng(seed).choice(positions, size=limit, replace=False))


def _at(table: Table, positions: Positions) -> Table:
    return replace(table, frame=table.frame.iloc[positions])


def _score(metric: Metric, table: Table, prediction: Prediction) -> float:
    return score(metric, table.y, prediction, classes=table.classes, positive=table.positive)


@contextmanager
def _convergence_noted() -> Iterator[list[Warning]]:
    """Collect the warnings that a fit did not converge, for the leaderboard; pass on all others."""
    noted: list[Warning] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield noted
    for found in caught:
        if issubclass(found.category, ConvergenceWarning):
            noted.append(
                found.message if isinstance(found.message, Warning) else ConvergenceWarning(found.message)
            )
        else:
            warnings.warn_explicit(found.message, found.category, found.filename, found.lineno)


def _notes(scores: Sequence[FoldScore], folds: Folds, unconverged: int, metric: Metric) -> tuple[str, ...]:
    notes = []
    fitted, given = max(fold.train_rows for fold in scores), max(len(train) for train, _ in folds)
    if fitted < given:
        notes.append(f"fitted on {fitted:,} of a fold's {given:,} training rows")
    undefined = sum(not np.isfinite(fold.validation) for fold in scores)
    if unconverged:
        notes.append(f"had not converged in {unconverged} of {len(scores)} fits")
    if undefined:
        notes.append(
            f"{metric.label} is not defined on {undefined} of {len(scores)} folds, which are left out"
        )
    return tuple(notes)


def _out_of_fold(table: Table, folds: Folds, predictions: Sequence[Prediction]) -> pd.DataFrame:
    parts = []
    for (_, validation), prediction in zip(folds, predictions, strict=True):
        part = pd.DataFrame({"position": validation, "prediction": np.asarray(prediction.values)})
        if prediction.probabilities is not None:
            stated = prediction.probabilities.add_prefix("probability:")
            part = pd.concat([part, stated.reset_index(drop=True)], axis=1)
        parts.append(part)
    # Later repeats predict the same rows again; the first answer stands, so that each row counts once.
    joined = pd.concat(parts, ignore_index=True).drop_duplicates("position").sort_values("position")
    positions = joined.pop("position").to_numpy()
    joined.insert(0, "row", table.frame.index.to_numpy()[positions])
    joined.insert(1, "truth", table.y.to_numpy()[positions])
    return joined.reset_index(drop=True)
