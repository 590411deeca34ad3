"""A stored model as notebooks and the command use it: a DataFrame of raw rows in, predictions out."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError

import helpers.model_selection.fitted as fitted
from helpers.errors import Problem, UserError, shortened
from helpers.keys import models_source
from helpers.metrics import Task
from helpers.model_selection.fitted import FittedModel
from helpers.model_selection.own_models import trusted_types
from helpers.own_classes import UnusableClassError
from helpers.parameters import Parameters
from helpers.prediction.contract import InputContract
from helpers.prediction.intervals import Intervals
from helpers.prediction.new_rows import NewRows
from helpers.prediction.part import cut, names_of, rows_of_part
from helpers.prediction.stored import (
    EVALUATION,
    find_model,
    models_source_of,
    params_of,
    reservations_of,
    run_record,
)
from helpers.prediction.unlike import Unlike
from helpers.scoring.stored import stated_column, stated_probabilities
from helpers.wording import count, number, percent

PREDICTION, LOW, HIGH, UNLIKE = "prediction", "low", "high", "unlike"
FRAME = "table to predict"
EDITED = (
    "The source of the run's own models changed since the run, so that it may answer in another way than was "
    "judged. Run it again, or go back to that source."
)


@dataclass(frozen=True)
class UsableModel:
    """A model with what it needs to answer for new rows.

    Attributes
    ----------
    title : str
        Which run it is from.
    model : FittedModel
        The fitted pipeline.
    contract : InputContract
        The columns that it reads, and how.
    intervals : Intervals
        How far from its predictions the truth lies.
    unlike : Unlike
        Tells rows unlike those that it learnt from.
    threshold : float or None
        For two classes: from which probability on the positive one is named; None names the likelier one.
    beware : tuple of str
        Sentences: why its answers should not be relied on as they are, by the run's verdict or because the
        source of the user's own models changed since.
    """

    title: str
    model: FittedModel
    contract: InputContract
    intervals: Intervals
    unlike: Unlike
    threshold: float | None = None
    beware: tuple[str, ...] = ()

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return one row a row of `frame`, with its index.

        Parameters
        ----------
        frame : pandas.DataFrame
            Raw rows, as a file of the run's table holds them; columns that the model does not read are
            ignored.

        Returns
        -------
        pandas.DataFrame
            Columns ``prediction``; for classes ``probability:<class>`` for each; for a regression ``low`` and
            ``high``, between which the truth lies nine times of ten (NaN where too few rows were there to
            tell); and ``unlike``, true for rows unlike those that the model learnt from.

        Raises
        ------
        UserError
            If the frame does not fit what the model learnt from, every reason at once; or if a name stands
            twice among its columns.
        """
        rows = NewRows(self.contract)
        typed = rows.read(frame.set_axis(names_of(list(frame.columns), FRAME), axis=1))
        problems = rows.problems(FRAME)
        if problems:
            raise UserError(*problems)
        parts = [part.frame for part in cut(typed, rows_of_part(len(self.contract.columns)))]
        answers = [self.answers(part) for part in parts or [typed]]
        return pd.concat(answers, ignore_index=True).set_axis(frame.index, axis=0)

    def answers(self, typed: pd.DataFrame) -> pd.DataFrame:
        """Return the same for rows that were read by the contract."""
        said = self.model.predict(typed)
        values = said.values  # noqa: PD011
        if said.probabilities is None:
            low, high = self.intervals.around(values, typed)
            columns = {PREDICTION: values, LOW: low, HIGH: high}
        else:
            columns = {PREDICTION: self._named(values, said.probabilities)}
            columns |= {
                stated_column(name): said.probabilities[name].to_numpy() for name in self.model.classes
            }
        return pd.DataFrame({**columns, UNLIKE: self.unlike.flags(typed)}, index=typed.index)

    def _named(self, likelier: np.ndarray, stated: pd.DataFrame) -> np.ndarray:
        if self.threshold is None or self.model.positive is None or self.model.task is not Task.BINARY:
            return likelier
        other = next(name for name in self.model.classes if name != self.model.positive)
        chosen = stated[self.model.positive].to_numpy() >= self.threshold
        return np.where(chosen, np.array(self.model.positive, dtype=object), np.array(other, dtype=object))

    def sets(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return for each raw row and class whether it is in the set that holds the true one 9 times of 10.

        Raises
        ------
        UserError
            If the frame does not fit, or the model predicts numbers.
        """
        answers = self.predict(frame)
        if self.model.task is Task.REGRESSION:
            raise UserError(
                Problem(self.title, "a model of numbers", "a model of classes; it has low and high")
            )
        return self.intervals.sets(stated_probabilities(answers, self.model.classes))

    def rule(self) -> str:
        """Say what `prediction` is."""
        if self.model.task is Task.REGRESSION:
            share = percent(self.intervals.level)
            return f"low and high hold the truth in {share} of rows like those that it learnt from."
        if self.threshold is None or self.model.task is not Task.BINARY:
            return f"prediction is the most probable of {count(len(self.model.classes), 'class')}."
        positive = shortened(self.model.positive, limit=40)
        return (
            f"prediction is {positive!r} from a probability of {number(self.threshold)} on, which is what "
            f"{EVALUATION} chose."
        )


def _params_in(record: Mapping[str, Any]) -> Parameters | None:
    try:
        return Parameters.model_validate(params_of(record))
    except ValidationError:
        return None  # no record of a run beside the file, or one of another version


def load_model(run: str | Path, *, reports: Path | None = None) -> UsableModel:
    """Return a run's model, ready for new rows; nothing in its file is executed.

    It warns of all that `UsableModel.beware` says.

    Parameters
    ----------
    run : str or Path
        An experiment (its newest run that succeeded), ``experiment/run``, the folder of a run, or the file of
        a model.
    reports : Path, optional
        The folder of the runs; by default the usual one.

    Raises
    ------
    UserError
        If there is no such model, or its file cannot be trusted or used.
    """
    usable = usable_model(run, reports=reports)
    for sentence in usable.beware:
        warnings.warn(sentence, stacklevel=2)
    return usable


def usable_model(run: str | Path, *, reports: Path | None = None) -> UsableModel:
    """Return what `load_model` does, without a warning."""
    stored = find_model(run, reports=reports)
    record = run_record(stored.path)
    params = _params_in(record)
    try:
        named = () if params is None else trusted_types(params)
    except UnusableClassError as error:
        raise UserError(Problem(str(stored.path), error.given, error.expected, error.remedy)) from None
    model = fitted.load_model(stored.path, trusted=named)
    if model.contract is None or model.intervals is None or model.unlike is None:
        given = "a model that does not know how new rows are to be read"
        raise UserError(
            Problem(stored.title, given, "a model that 04_model_selection stored", "Run it again.")
        )
    learnt_from = models_source_of(record)
    edited = params is not None and learnt_from is not None and models_source(params) != learnt_from
    beware = (*reservations_of(record), *([EDITED] if edited else []))
    return UsableModel(
        stored.title, model, model.contract, model.intervals, model.unlike, stored.threshold, beware
    )
