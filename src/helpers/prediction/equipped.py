"""What a model is given to be used on new rows: input contract, intervals, a sense of rows unlike its own."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.findings import Finding
from helpers.metrics import Task
from helpers.model_selection.fitted import FittedModel
from helpers.parameters import Parameters
from helpers.prediction.contract import input_contract
from helpers.prediction.intervals import Intervals, class_intervals, number_intervals
from helpers.prediction.unlike import learn_unlike
from helpers.tables.folds import Folds, Part
from helpers.tables.table import Table
from helpers.wording import count, number, percent, with_unit


def equipped(
    model: FittedModel,
    table: Table,
    *,
    params: Parameters,
    findings: Iterable[Finding],
    folds: Folds,
    out_of_fold: pd.DataFrame,
) -> FittedModel:
    """Return the model with all that it needs to be used on new rows.

    Parameters
    ----------
    model : FittedModel
        Fitted on the table.
    table : Table
        The development rows.
    params : Parameters
        Its `clean` and `seed` are read.
    findings : iterable of Finding
        Those of reading the table.
    folds : Folds
        The folds behind `out_of_fold`.
    out_of_fold : pandas.DataFrame
        Columns `row`, `truth`, `prediction` and for classes `probability:<class>`.
    """
    parts = folds.parts[: folds.folds]
    return replace(
        model,
        contract=input_contract(table, params, findings),
        intervals=_intervals(model, table, parts, out_of_fold, seed=params.seed),
        unlike=learn_unlike(table, parts, seed=params.seed),
    )


def _intervals(
    model: FittedModel, table: Table, parts: Iterable[Part], out_of_fold: pd.DataFrame, *, seed: int
) -> Intervals:
    if model.task is not Task.REGRESSION:
        return class_intervals(out_of_fold, model.classes)
    fold_of = np.zeros(len(table), dtype=np.int64)
    for place, (_, validation) in enumerate(parts):
        fold_of[validation] = place
    positions: npt.NDArray[np.intp] = table.frame.index.get_indexer(pd.Index(out_of_fold["row"]))
    kinds = {column.name: column.kind for column in table.features}
    return number_intervals(out_of_fold, table.X.iloc[positions], kinds, fold_of[positions], seed=seed)


def ready_sentence(model: FittedModel, *, unit: str = "") -> str:
    """Say how wide the intervals are that were stored, and how rows unlike the model's own are told."""
    said = []
    if model.intervals is not None:
        said.append(_interval_sentence(model.intervals, model.task, unit))
    if model.unlike is not None:
        said.append(
            f"Of new rows like these at most about {percent(model.unlike.rate, digits=1)} will be flagged as "
            "unlike them."
        )
    return " ".join(said)


def _interval_sentence(intervals: Intervals, task: Task, unit: str) -> str:
    rows = f"{count(intervals.rows, 'out-of-fold prediction')}"
    share = percent(intervals.level)
    if not np.isfinite(intervals.reach):
        return f"{rows} are too few for {share} intervals."
    if task is not Task.REGRESSION:
        return (
            f"By {rows}, the most probable class and every other with a probability of at least "
            f"{number(intervals.reach)} hold the true one in {share} of new rows or more."
        )
    if intervals.widths is None:
        half = with_unit(number(intervals.reach), unit)
        return f"By {rows}, the truth lies within ±{half} of the prediction in {share} of new rows."
    return (
        f"By {rows}, {share} intervals reach {number(intervals.reach)} times the row's expected error on "
        "either side, which makes them clearly better than intervals of one width."
    )
