"""One candidate fitted once: on a fold, where it is scored, or on all rows, where it is kept."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import BaggingClassifier, BaggingRegressor
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

import helpers.model_selection.weighting as weighting
from helpers.metrics import METRICS, Metric, Task
from helpers.model_selection.candidates import Candidate
from helpers.model_selection.early_stopping import (
    fit_stopping,
    held_back,
    in_smaller_steps,
    rounds_parameter,
)
from helpers.model_selection.fitted import FittedModel, coded, fit_model, stated_as
from helpers.model_selection.parallel import cores
from helpers.model_selection.prepared import Features, Prepared, cut
from helpers.model_selection.weighted_ensemble import WeightedEnsemble
from helpers.scoring import Prediction, score
from helpers.tables.folds import Positions
from helpers.tables.table import Table

Settings = Mapping[str, Any]

# The score on training rows only tells how closely the model follows them; so many rows say it well enough.
TRAIN_SCORE_ROWS = 5_000
NO_SETTINGS: Settings = MappingProxyType({})
MODEL = "model"
# Metrics of ranking or of labels: they do not see whether stated probabilities are true.
IMPROPER = frozenset({"roc_auc", "average_precision", "accuracy", "balanced_accuracy", "f1", "mcc"})


@dataclass(frozen=True)
class FoldScore:
    """What one fit on one fold gave; scores are NaN where the fold does not define the metric.

    `rounds` is the number of boosting rounds that was found, 0 for a model that looks for none;
    `unconverged` says whether the fit ended at its limit of iterations. The seconds hold the preparation of
    the columns, too, also where another candidate had it done. `proper` is the log loss on the validation
    rows where the metric is one of `IMPROPER`, else None.
    """

    train_rows: int
    validation_rows: int
    train: float
    validation: float
    fit_seconds: float
    predict_seconds: float
    rounds: int = 0
    unconverged: bool = False
    proper: float | None = None


Fitted = tuple[FoldScore, Prediction]


def fit_and_score(
    table: Table,
    candidate: Candidate,
    train: Positions,
    validation: Positions,
    *,
    metric: Metric,
    seed: int,
    settings: Settings = NO_SETTINGS,
    prepared: Prepared | None = None,
) -> Fitted:
    """Fit on the rows at `train` and return the scores, and the predictions for the rows at `validation`.

    Parameters
    ----------
    prepared : Prepared, optional
        What others had prepared of the same table, and will find prepared.
    """
    train = sample(train, candidate.rows, seed)
    learnt, unseen = at(table, train), at(table, validation)
    codes, seen = coded(learnt, name=candidate.name)
    preparation, model = cut(candidate.build(table.task, learnt, seed).set_params(**settings))
    shared = prepared if prepared is not None and prepared.table is table else Prepared(table, limit=0)
    rows = shared.rows(preparation, train, validation, codes)
    started = time.perf_counter()
    model, rounds = _fitted(model, rows.train, codes, learnt, seed=seed, settings=settings)
    fitted = time.perf_counter()
    prediction = answers(model, rows.validation, unseen, seen)
    predicted = time.perf_counter()
    told = sample(np.arange(len(learnt)), TRAIN_SCORE_ROWS, seed)
    shown = at(learnt, told)
    fold = FoldScore(
        train_rows=len(learnt),
        validation_rows=len(unseen),
        train=score(metric, shown.truth, answers(model, _picked(rows.train, told), shown, seen)),
        validation=score(metric, unseen.truth, prediction),
        fit_seconds=rows.seconds + fitted - started,
        predict_seconds=rows.validation_seconds + predicted - fitted,
        rounds=rounds,
        unconverged=_unconverged(model),
        proper=proper_score(metric, unseen, prediction),
    )
    return fold, prediction


@dataclass(frozen=True)
class Job:
    """One fit to do, with what `fit_and_score` needs beside the table."""

    candidate: Candidate
    train: Positions
    validation: Positions
    metric: Metric
    seed: int
    settings: Settings

    def done(self, prepared: Prepared) -> Fitted:
        """Return what `fit_and_score` gives for the table whose prepared rows these are."""
        return fit_and_score(
            prepared.table, self.candidate, self.train, self.validation,
            metric=self.metric, seed=self.seed, settings=self.settings, prepared=prepared,
        )  # fmt: skip


class Fitting(Protocol):
    """What fits, here or elsewhere; safe to ask from several threads, about one table at a time."""

    def fit(self, table: Table, job: Job) -> Fitted:
        """Return what `fit_and_score` does."""

    def stop(self) -> None:
        """End the fits that are running, where that can be done: nobody waits for them any more."""


class Here:
    """Fits in this process; of the last table that was fitted on, what was prepared is kept."""

    def __init__(self) -> None:
        self._prepared: Prepared | None = None

    def fit(self, table: Table, job: Job) -> Fitted:
        """Return what `fit_and_score` does."""
        prepared = self._prepared
        if prepared is None or prepared.table is not table:
            prepared = self._prepared = Prepared(table)
        return job.done(prepared)

    def stop(self) -> None:
        """Do nothing: a fit in a thread goes on to its end."""


def proper_score(metric: Metric, table: Table, prediction: Prediction) -> float | None:
    """Return the log loss of a prediction where the metric is one of `IMPROPER`, else None."""
    return score(METRICS["log_loss"], table.truth, prediction) if metric.name in IMPROPER else None


def built(candidate: Candidate, table: Table, *, seed: int, fold_rows: int = 0) -> BaseEstimator:
    """Return the candidate's pipeline for the table, the sizes of its model those for `fold_rows` rows.

    A candidate's own settings follow the rows that it is fitted on. Where a few more rows cross a limit, the
    model of all rows would else be another one than that of the folds, which nobody has judged.
    """
    estimator = candidate.build(table.task, table, seed)
    if 0 < fold_rows < len(table):
        judged = candidate.build(table.task, at(table, sample(np.arange(len(table)), fold_rows, seed)), seed)
        # None, too, says how much: of rows a tree sees, all of them.
        sizes = _model_of(judged).get_params(deep=False).items()
        _model_of(estimator).set_params(
            **{name: value for name, value in sizes if isinstance(value, int | float | None)}
        )
    return estimator


def fit_candidate(
    candidate: Candidate,
    table: Table,
    *,
    seed: int,
    settings: Settings = NO_SETTINGS,
    rounds: int = 0,
    fold_rows: int = 0,
) -> FittedModel:
    """Return the candidate fitted on the table, on a sample of it past the candidate's own limit of rows.

    Parameters
    ----------
    rounds : int
        The boosting rounds to take, as `CandidateResult.rounds` has them of the folds; with 0 they are found
        on a part of the table where the settings name none. Such rounds are taken `in_smaller_steps`.
    fold_rows : int
        The rows that it was fitted on in the folds, as `CandidateResult.fold_rows` has them; its own settings
        are those for so many rows. With 0 they are those for the table.
    """
    chosen = at(table, sample(np.arange(len(table)), candidate.rows, seed))
    estimator = built(candidate, chosen, seed=seed, fold_rows=fold_rows).set_params(**settings)
    model = _model_of(estimator)
    parameter = rounds_parameter(model)
    if parameter is not None and f"{MODEL}__{parameter}" not in settings:
        model.set_params(**{parameter: rounds or _rounds_found(estimator, chosen, candidate, seed)})
        in_smaller_steps(model, len(chosen))
    if isinstance(model, WeightedEnsemble):
        model.set_params(cores=cores())
        for part in model.parts:
            in_smaller_steps(_model_of(part), len(chosen))
    return fit_model(estimator, chosen, name=candidate.name, label=candidate.label)


def _rounds_found(estimator: BaseEstimator, table: Table, candidate: Candidate, seed: int) -> int:
    codes, _ = coded(table, name=candidate.name)
    preparation, model = cut(estimator)
    everything = np.arange(len(table))
    rows = Prepared(table, limit=0).rows(preparation, everything, everything[:0], codes)
    return _fitted(model, rows.train, codes, table, seed=seed, settings=NO_SETTINGS)[1]


def _fitted(
    model: BaseEstimator,
    features: Features,
    codes: npt.NDArray[Any],
    table: Table,
    *,
    seed: int,
    settings: Settings,
) -> tuple[BaseEstimator, int]:
    """Return what comes after the preparation fitted, and how many boosting rounds it took."""
    last = _model_of(model)
    parameter = rounds_parameter(last)
    with threadpool_limits(1):
        if parameter is None:
            return model.fit(features, codes, **weighting.fit_options(model, table)), 0
        held = None if f"{MODEL}__{parameter}" in settings else held_back(table, seed=seed)
        if held is None:
            model.fit(features, codes, **weighting.fit_options(model, table))
            return model, int(last.get_params()[parameter])
        return fit_stopping(last, features, codes, held, weights=weighting.scaled_weights(table))


def _model_of(estimator: BaseEstimator) -> BaseEstimator:
    return estimator.steps[-1][1] if isinstance(estimator, Pipeline) else estimator


def answers(model: BaseEstimator, features: Features, table: Table, seen: tuple[str, ...]) -> Prediction:
    """Return a fitted model's answers for the prepared rows of the table."""
    if table.task is Task.REGRESSION:
        return Prediction(np.asarray(model.predict(features), dtype=float).reshape(-1), None)
    stated = model.predict_proba(features)
    return stated_as(stated, seen=seen, classes=table.classes, index=table.frame.index)


def _unconverged(model: BaseEstimator) -> bool:
    """Tell from the iterations that were taken whether a fit ended at their limit."""
    last = _model_of(model)
    last = getattr(last, "regressor_", last)
    if isinstance(last, BaggingClassifier | BaggingRegressor):
        return any(_unconverged(part) for part in last.estimators_)
    taken, most = getattr(last, "n_iter_", None), getattr(last, "max_iter", None)
    if taken is None or most is None or rounds_parameter(last) is not None:
        return False
    return bool(np.max(taken) >= most)


def _picked(features: Features, positions: Positions) -> Features:
    return features.iloc[positions] if isinstance(features, pd.DataFrame) else features[positions]


def sample(positions: Positions, limit: int, seed: int) -> Positions:
    """Return at most `limit` of the positions, in their order."""
    if len(positions) <= limit:
        return positions
    return np.sort(np.random.default_rng(seed).choice(positions, size=limit, replace=False))


def at(table: Table, positions: Positions) -> Table:
    """Return the table with only the rows at these positions."""
    return replace(table, frame=table.frame.iloc[positions])
