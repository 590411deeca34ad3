"""The holdout rows that two runs have in common: only what is surely the same row is held against itself.

Rows are matched by their place in the table where both runs read the very same table, else by the column
that the params name as `id`, of one experiment only. A row that has another truth in each run is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from helpers.metrics import Task
from helpers.results import EvaluationResult
from helpers.scoring import Prediction
from helpers.scoring.stored import stated_classes, stated_columns, stated_probabilities
from helpers.wording import count, percent

WEIGHT = "weight"
# More rows than that with another truth, and they are not the same cases.
MOST_CORRECTED = 0.05
FEWEST_ROWS = 2


@dataclass(frozen=True)
class Holdout:
    """What a run's model said of its holdout rows.

    Attributes
    ----------
    rows : pandas.DataFrame
        As `Case.predictions` gives it.
    result : EvaluationResult
        What the evaluation measured on them.
    table : str
        Fingerprint of the table.
    known_by : tuple of str
        The experiment and its `id` column; empty where the params name none.
    """

    rows: pd.DataFrame
    result: EvaluationResult
    table: str
    known_by: tuple[str, ...] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in the order of the probabilities; empty for a regression."""
        return stated_classes(self.rows)

    @property
    def task(self) -> Task:
        """What kind of answer was asked for."""
        if not self.classes:
            return Task.REGRESSION
        return Task.BINARY if self.result.positive is not None else Task.MULTICLASS

    def prediction(self) -> Prediction:
        """Return what the model said, in the order of the rows."""
        stated = stated_probabilities(self.rows, self.classes) if self.classes else None
        return Prediction(self.rows["prediction"].to_numpy(), stated)


@dataclass(frozen=True)
class Pair:
    """The rows of both holdouts that are the same, in the same order."""

    first: Holdout
    second: Holdout
    units: pd.Series
    notes: tuple[str, ...] = ()

    @property
    def truth(self) -> pd.Series:
        """What really was."""
        return self.second.rows["truth"]

    @property
    def weights(self) -> pd.Series | None:
        """How much each row counts; None where the runs weigh none, or not alike."""
        one, other = self.first.rows.get(WEIGHT), self.second.rows.get(WEIGHT)
        return other if one is not None and other is not None and one.equals(other) else None

    @property
    def same_answers(self) -> bool:
        """Whether both say exactly the same of every row."""
        said = ["prediction", *stated_columns(self.first.classes)]
        return bool(self.first.rows[said].equals(self.second.rows[said]))


def paired(
    first: Holdout, second: Holdout, *, called: tuple[str, str] = ("the first run", "the second")
) -> Pair | str:
    """Return the rows that both runs held out, or why the metrics cannot be compared row by row.

    The notes call the two runs what `called` says.
    """
    if first.classes != second.classes:
        return "their classes are not the same"
    if first.result.positive != second.result.positive:
        return (
            f"one looks for “{first.result.positive}”, the other for “{second.result.positive}” "
            "(the key `positive`)"
        )
    key = _known_by(first, second)
    if key is None:
        return (
            "they read different tables, and no column under `id` says which rows are the same; "
            "scores on different rows differ by chance alone"
        )
    one, other = (holdout.rows.drop_duplicates(key, keep=False).set_index(key) for holdout in (first, second))
    common = one.index.intersection(other.index).sort_values()
    if len(common) < FEWEST_ROWS:
        return "they have no holdout rows in common"
    one, other = one.loc[common], other.loc[common]
    agree = (one["truth"] == other["truth"]).to_numpy()
    if 1 - agree.mean() > MOST_CORRECTED:
        return (
            f"the target's value is another one in {int((~agree).sum()):,} of {len(agree):,} rows that both "
            "hold out, so these are not the same cases"
        )
    one, other = one.loc[agree].reset_index(), other.loc[agree].reset_index()
    if len(one) < FEWEST_ROWS:
        return "they have no holdout rows in common"
    pair = Pair(replace(first, rows=one), replace(second, rows=other), _together(one["unit"], other["unit"]))
    notes = _notes(first, second, len(one), corrected=int((~agree).sum()), called=called)
    return replace(pair, notes=(*notes, *_weighed(pair)))


def _known_by(first: Holdout, second: Holdout) -> str | None:
    """Return the column of the predictions that tells which rows are the same."""
    if first.table == second.table:
        return "row"
    by_id = first.known_by and first.known_by == second.known_by
    return "key" if by_id and "key" in first.rows and "key" in second.rows else None


def _notes(
    first: Holdout, second: Holdout, common: int, *, corrected: int, called: tuple[str, str]
) -> Sequence[str]:
    said = []
    left = [len(holdout.rows) - common - corrected for holdout in (first, second)]
    if any(left):
        said.append(
            f"Compared on the {count(common, 'holdout row')} that both have; {left[0]:,} of {called[0]} "
            f"and {left[1]:,} of {called[1]} are left out."
        )
    if corrected:
        share = percent(corrected / (common + corrected))
        said.append(
            f"{count(corrected, 'row')} ({share}) with another value of the target in each run "
            f"{'is' if corrected == 1 else 'are'} left out."
        )
    return said


def _weighed(pair: Pair) -> Sequence[str]:
    """Say how rows count where a run weighs them."""
    if not any(WEIGHT in holdout.rows for holdout in (pair.first, pair.second)):
        return []
    if pair.weights is None:
        return ["All rows count alike here, because the two runs do not weigh them alike."]
    return ["Rows count by their weights."]


def _together(one: pd.Series, other: pd.Series) -> pd.Series:
    """Return for each row the number of what is drawn together: rows that either run keeps together.

    >>> _together(pd.Series([0, 0, 1, 2]), pd.Series([5, 6, 6, 7])).tolist()
    [0, 0, 0, 1]
    """
    codes: list[npt.NDArray[np.intp]] = [pd.factorize(units)[0] for units in (one, other)]
    size = int(codes[0].max()) + 1
    ends = (codes[0], codes[1] + size)
    nodes = size + int(codes[1].max()) + 1
    links = coo_array((np.ones(len(one), dtype=bool), ends), shape=(nodes, nodes))
    _, numbers = connected_components(links, directed=False)
    return pd.Series(pd.factorize(numbers[codes[0]])[0])
