"""What is judged: the chosen model with its threshold, fixed before the holdout opens, and its rows."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.bootstrap import Resamples, resamples
from helpers.evaluation.threshold import Threshold, choose_threshold, named
from helpers.metrics import METRICS, Metric, Task
from helpers.model_selection.fitted import FittedModel, fit_baseline, load_model
from helpers.model_selection.own_models import trusted_types
from helpers.parameters import Costs
from helpers.paths import ledger_in
from helpers.results import SelectionResult
from helpers.scoring import Prediction
from helpers.scoring.stored import stated_column
from helpers.session import Session
from helpers.tables.holdout import looks
from helpers.tables.sample import sampled
from helpers.tables.table import Role, Table

# Steps that go beyond the metrics look at so many rows at most, and say so.
MOST_ROWS = 20_000
NOTHING_HELD_OUT = "Nothing was evaluated: holdout is 0, so there are no rows that the model has not seen."
NO_ROWS = "Nothing was evaluated: the split left no holdout rows."


@dataclass(frozen=True)
class Judged:
    """The models to judge and everything that was decided on development rows.

    Attributes
    ----------
    selection : SelectionResult
        What 04 recorded.
    metric : Metric
        The headline metric.
    model, baseline : FittedModel
        The chosen model and the baseline, both fitted on all development rows.
    threshold : Threshold or None
        For two classes, from which probability a row is named positive.
    costs : Costs or None
        What mistakes cost.
    development : Table
        The rows that they were fitted on.
    unseen : pandas.DataFrame or None
        The out-of-fold predictions of the chosen model for development rows, as 04 stored them.
    """

    selection: SelectionResult
    metric: Metric
    model: FittedModel
    baseline: FittedModel
    threshold: Threshold | None
    costs: Costs | None
    development: Table
    unseen: pd.DataFrame | None = None

    def predict(self, X: pd.DataFrame) -> Prediction:
        """Return the chosen model's predictions, two-class labels by the threshold."""
        said = self.model.predict(X)
        return said if self.threshold is None else self._labelled(said, self.threshold.value)

    def predict_baseline(self, X: pd.DataFrame) -> Prediction:
        """Return the baseline's predictions; with costs it gives the answer that is cheaper throughout."""
        said = self.baseline.predict(X)
        return said if self.threshold is None else self._labelled(said, self.threshold.for_constant)

    def _labelled(self, said: Prediction, threshold: float) -> Prediction:
        positive = self.development.positive
        if said.probabilities is None or positive is None:
            return said
        stated = said.probabilities[positive].to_numpy(dtype=float)
        return replace(
            said, values=named(stated, threshold, positive=positive, classes=self.development.classes)
        )


@dataclass(frozen=True)
class Case:
    """The judged models on the holdout rows.

    Attributes
    ----------
    judged : Judged
        The models and what was decided before.
    rows : Table
        The holdout rows; none where nothing was held out.
    why_not : str
        Why nothing is evaluated; empty where something is.
    openings, looks : int
        How often these rows were opened, and how many different models were judged on them, this included.
    seed : int
        Seed of everything random.
    sensitive : tuple of str
        The columns by whose groups the model must be fair.
    """

    judged: Judged
    rows: Table
    why_not: str
    openings: int
    looks: int
    seed: int
    sensitive: tuple[str, ...] = ()

    @cached_property
    def part(self) -> "Case":
        """The case itself, or on a random sample of its rows where steps would take too long on all."""
        if len(self.rows) <= MOST_ROWS:
            return self
        return replace(self, rows=sampled(self.rows, rows=MOST_ROWS, seed=self.seed))

    @property
    def task(self) -> Task:
        """What kind of answer is asked for."""
        return self.rows.task

    @cached_property
    def chosen(self) -> Prediction:
        """What the chosen model says of the holdout rows."""
        return self.judged.predict(self.rows.X)

    @cached_property
    def baseline(self) -> Prediction:
        """What the baseline says of the holdout rows."""
        return self.judged.predict_baseline(self.rows.X)

    @property
    def answers(self) -> npt.NDArray[Any]:
        """The chosen model's answers: classes by the threshold, or numbers."""
        return self.chosen.values  # noqa: PD011

    @property
    def baseline_answers(self) -> npt.NDArray[Any]:
        """The baseline's answers."""
        return self.baseline.values  # noqa: PD011

    @cached_property
    def draws(self) -> Resamples:
        """Draws of the holdout rows, whole groups where there are groups."""
        return resamples(len(self.rows), seed=self.seed, groups=self.rows.groups)

    def stated(self, name: str) -> npt.NDArray[np.float64]:
        """Return the probability of the class for each holdout row."""
        if self.chosen.probabilities is None:
            raise ValueError("a regression states no probabilities")
        return self.chosen.probabilities[name].to_numpy(dtype=float)

    def predictions(self) -> pd.DataFrame:
        """Return one row a holdout row, for whoever holds another run's against it.

        Returns
        -------
        pandas.DataFrame
            ``row`` (its place in the table as read), ``truth``, ``prediction``, ``unit`` (the number of what
            is drawn together in resamples: a group, or the row alone), ``key`` where the params name an id
            (a hash of the row's own, the same in every run), ``weight`` where rows have weights, and for
            classes ``probability:<class>``.
        """
        frame = pd.DataFrame(
            {
                "row": self.rows.frame.index,
                "truth": self.rows.y.to_numpy(),
                "prediction": self.answers,
                "unit": self.draws.units,
            }
        )
        named_by = self.rows.with_role(Role.ID)
        if named_by:
            ids = self.rows.frame[named_by[0].name].astype(str)
            frame["key"] = pd.util.hash_pandas_object(ids, index=False).to_numpy()
        if self.rows.weights is not None:
            frame["weight"] = self.rows.weights.to_numpy()
        if self.chosen.probabilities is None:
            return frame
        stated = self.chosen.probabilities.reset_index(drop=True).rename(columns=stated_column)
        return pd.concat([frame, stated], axis=1)


def prepare(run: Session) -> Judged:
    """Return the chosen model, the baseline and the threshold; the holdout stays closed."""
    selection = run.result("04_model_selection", SelectionResult)
    table, metric = run.table, METRICS[selection.metric]
    model = load_model(run.artifact("model.skops"), trusted=trusted_types(run.params))
    threshold = None
    unseen = pd.read_parquet(run.artifact("out_of_fold.parquet"))
    if table.task is Task.BINARY and table.positive is not None:
        threshold = _threshold(table, unseen, table.positive, costs=run.params.costs, seed=run.params.seed)
    baseline = fit_baseline(table, metric)
    return Judged(selection, metric, model, baseline, threshold, run.params.costs, table, unseen)


def open_case(run: Session, judged: Judged) -> Case:
    """Open the holdout, which the ledger counts, and return the judged models on its rows."""
    rows = run.open_holdout()
    sensitive = tuple(getattr(run.params, "sensitive", ()))
    if len(rows) == 0:
        why_not = NOTHING_HELD_OUT if run.params.holdout == 0 else NO_ROWS
        return Case(judged, rows, why_not, 0, 0, run.params.seed, sensitive)
    seen = looks(ledger_in(run.folder.parent), run.development.split.key)
    return Case(judged, rows, "", seen.openings, seen.looks, run.params.seed, sensitive)


def _threshold(
    table: Table, unseen: pd.DataFrame, positive: str, *, costs: Costs | None, seed: int
) -> Threshold:
    groups = None if table.groups is None else table.groups.loc[unseen["row"]]
    return choose_threshold(
        (unseen["truth"].astype(object) == positive).to_numpy(),
        unseen[stated_column(positive)].to_numpy(dtype=float),
        costs=costs,
        positive=positive,
        draws=resamples(len(unseen), seed=seed, groups=groups),
    )
