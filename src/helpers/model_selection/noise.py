"""How much of the error no model could avoid: rows that look alike and have different answers.

Where rows repeat, their answers differ by what these columns cannot know. Where none repeat, near ones serve:
half the squared difference of the answers of neighbours, followed to the distance nought, is the variance of
the noise (the Gamma test: Evans and Jones, A proof of the Gamma test, Proceedings of the Royal Society A 458,
2002). Both are in squared error, of a number or of the probabilities of classes (the Brier score), and are
compared with that of the model on rows that it had not seen; rows count by their weights, where they have
some. With many columns no two rows are near; then nothing can be told.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.metrics import Task
from helpers.model_selection.noise_ratio import Errors, Neighbours, ratio_of_neighbours, ratio_of_repeats
from helpers.results import Estimate
from helpers.scoring.stored import stated_columns
from helpers.tables.table import Column, Kind, Table
from helpers.wording import count

ROWS = 2_000
FEWEST_ROWS = 200
FEWEST_REPEATED = 50
NEIGHBOURS = 10
MOST_LEVELS = 20
FAR = 3.0
# The nearest neighbour must be so much nearer (in squared distance) than the tenth: else all are far.
MOST_FAR = 0.5
SET_ROWS = 10
Floats = npt.NDArray[np.float64]
_MEASURED = frozenset({Kind.NUMBER, Kind.BOOLEAN, Kind.DATE, Kind.CATEGORY, Kind.EMPTY})


@dataclass(frozen=True)
class Noise:
    """The share of the model's squared error that is noise to these columns.

    Attributes
    ----------
    share : Estimate
        Between 0 and 1; None where it cannot be told.
    how : str
        What it was estimated from; empty where it was not.
    why_not : str
        Why it cannot be told; empty where it can.
    """

    share: Estimate
    how: str = ""
    why_not: str = ""


def noise_share(table: Table, out_of_fold: pd.DataFrame, *, strategy: str, seed: int) -> Noise:
    """Return how much of the model's squared error is noise to the columns.

    Parameters
    ----------
    table : Table
        The development rows.
    out_of_fold : pandas.DataFrame
        As in `CandidateResult`: the model's answers for rows that it had not seen.
    strategy : str
        How the folds were cut. Rows of a group or of a time resemble each other in more than the columns
        say: their neighbours would show too little noise.
    seed : int
        Of the sample of rows.
    """
    if why := _why_not(table, strategy):
        return _unknown(why)
    squared, answers, rows = errors_and_answers(table, out_of_fold)
    weights = _weights(table, rows)
    counts = weights > 0
    answers, rows, errors = answers[counts], rows[counts], Errors(squared[counts], weights[counts])
    if len(rows) < FEWEST_ROWS:
        return _unknown(f"{count(len(rows), 'row')} are too few; {FEWEST_ROWS} are needed")
    if errors.mean <= 0:
        return _unknown("the model makes no error")
    sets, counted = _repeated(table, rows, answers)
    if counted.any():
        how = f"{count(int(counted.sum()), 'row')} that repeat others in all columns"
        return Noise(ratio_of_repeats(answers, sets, counted, errors), how)
    if len(rows) > ROWS:
        kept = np.sort(np.random.default_rng(seed).choice(len(rows), size=ROWS, replace=False))
        answers, rows = answers[kept], rows[kept]
        errors = Errors(errors.squared[kept], errors.weights[kept])
    near = neighbours(measured(table, rows), answers, errors.weights)
    far = near.means(near.far)
    if not far[0] <= MOST_FAR * far[-1]:
        return _unknown(f"in {count(len(table.features), 'column')} no two rows are near each other")
    return Noise(ratio_of_neighbours(near, errors), f"the nearest neighbours of {count(len(rows), 'row')}")


def _weights(table: Table, rows: npt.NDArray[np.int64]) -> Floats:
    """Return how much each row counts; all alike where none has a weight above 0."""
    if table.weights is None:
        return np.ones(len(rows))
    weights = table.weights.to_numpy()[rows]
    return weights if weights.sum() > 0 else np.ones(len(rows))


def _unknown(why: str) -> Noise:
    return Noise(Estimate(value=None), why_not=why)


def _why_not(table: Table, strategy: str) -> str:
    if strategy in ("group", "time"):
        what = "the same group" if strategy == "group" else "about the same time"
        return f"rows of {what} resemble each other in more than the columns say"
    others = [column for column in table.features if not _is_measured(table, column)]
    if others:
        return f"there is no distance between texts or names ({count(len(others), 'column')})"
    return ""


def _is_measured(table: Table, column: Column) -> bool:
    levels = table.frame[column.name].nunique() if column.kind is Kind.CATEGORY else 0
    return column.kind in _MEASURED and levels <= MOST_LEVELS


def errors_and_answers(
    table: Table, out_of_fold: pd.DataFrame
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Return the model's squared errors, the true answers as vectors, and the positions of the rows."""
    rows = table.frame.index.get_indexer(pd.Index(out_of_fold["row"])).astype(np.int64)
    if table.task is Task.REGRESSION:
        answers = out_of_fold["truth"].to_numpy(dtype=float)[:, None]
        stated = out_of_fold["prediction"].to_numpy(dtype=float)[:, None]
    else:
        truth = out_of_fold["truth"].astype(object).to_numpy()
        answers = np.stack([truth == name for name in table.classes], axis=1).astype(float)
        stated = out_of_fold[stated_columns(table.classes)].to_numpy(dtype=float)
    return ((stated - answers) ** 2).sum(axis=1), answers, rows


def measured(table: Table, rows: npt.NDArray[np.int64]) -> Floats:
    """Return the features as coordinates: numbers in standard deviations, levels as corners."""
    parts: list[Floats] = []
    for column in table.features:
        values = table.frame[column.name].iloc[rows]
        if column.kind is Kind.CATEGORY:
            # Two rows of different levels are as far apart as two numbers by one standard deviation.
            levels = pd.get_dummies(values.astype(object), dummy_na=bool(values.isna().any()))
            parts.extend(levels.to_numpy(dtype=float).T / np.sqrt(2))
            continue
        if column.kind is Kind.DATE:
            values = values.astype("int64").where(values.notna())
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        known = np.isfinite(numbers)
        if not known.all():
            parts.append(known.astype(float))
        spread = numbers[known].std() if known.any() else 0.0
        if spread > 0:
            middle = float(np.median(numbers[known]))
            parts.append(np.clip((np.where(known, numbers, middle) - middle) / spread, -FAR, FAR))
    return np.stack(parts, axis=1) if parts else np.zeros((len(rows), 1))


def neighbours(places: Floats, answers: Floats, weights: Floats) -> Neighbours:
    """Return the ten nearest rows of each row, with distances and half the squared differences."""
    from sklearn.neighbors import NearestNeighbors

    found = NearestNeighbors(n_neighbors=NEIGHBOURS, n_jobs=1).fit(places)
    distances, others = found.kneighbors()
    apart = ((answers[:, None, :] - answers[others]) ** 2).sum(axis=2) / 2
    return Neighbours(distances**2, apart, others, weights)


def _repeated(
    table: Table, rows: npt.NDArray[np.int64], answers: Floats
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return the set of each row, and which rows repeat others; none of them where they are too few.

    A large set counts as several of at most ten rows, that there are many independent ones. Copies that agree
    in a number to predict as well are one measurement written twice, and count once.
    """
    key = pd.util.hash_pandas_object(table.X.iloc[rows], index=False)
    frame = pd.DataFrame(answers).assign(key=key.to_numpy())
    copies = frame.duplicated() & (table.task is Task.REGRESSION)
    frame["copy"] = copies
    place = frame.groupby(["key", "copy"]).cumcount() // SET_ROWS
    found = frame.assign(place=place).groupby(["key", "place"]).ngroup()
    sets = found.to_numpy().astype(np.intp)
    size = np.bincount(sets, ~copies)
    enough = np.maximum(size - 1, 0).sum() >= FEWEST_REPEATED
    return sets, np.asarray(~copies & (size[sets] > 1) & enough)
