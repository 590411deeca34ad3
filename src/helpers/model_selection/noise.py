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
RESAMPLES = 200
CONFIDENCE = 0.95
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
        Of the sample of rows and of the resamples.
    """
    if why := _why_not(table, strategy):
        return _unknown(why)
    rng = np.random.default_rng(seed)
    squared, answers, rows = errors_and_answers(table, out_of_fold)
    weights = _weights(table, rows)
    repeated = _repeated(table, rows, answers, weights)
    if repeated is not None:
        within, extra, places = repeated
        how = f"{count(len(places), 'row')} that repeat others in all columns"
        error = float(np.average(squared, weights=weights))
        return Noise(_ratio_of_groups(within, extra, error, rng), how)
    if len(rows) > ROWS:
        kept = np.sort(rng.choice(len(rows), size=ROWS, replace=False))
        squared, answers, rows, weights = squared[kept], answers[kept], rows[kept], weights[kept]
    far, apart, others = neighbour_differences(measured(table, rows), answers)
    counted = weights[:, None] * weights[others]
    nearest, last = _means(np.ones((1, len(rows))), far, counted)[0, [0, -1]]
    if not nearest <= MOST_FAR * last:
        return _unknown(f"in {count(len(table.features), 'column')} no two rows are near each other")
    share = _ratio(far, apart, counted, weights * squared, weights, rng)
    return Noise(share, f"the nearest neighbours of {count(len(rows), 'row')}")


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
    if len(table) < FEWEST_ROWS:
        return f"{count(len(table), 'row')} are too few; {FEWEST_ROWS} are needed"
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


def neighbour_differences(places: Floats, answers: Floats) -> tuple[Floats, Floats, npt.NDArray[np.intp]]:
    """Return squared distance to, and half the squared difference from, each of ten neighbours, and which.

    Returns
    -------
    far, apart, others : numpy.ndarray
        Rows × neighbours, the nearest first.
    """
    from sklearn.neighbors import NearestNeighbors

    found = NearestNeighbors(n_neighbors=NEIGHBOURS, n_jobs=1).fit(places)
    distances, others = found.kneighbors()
    apart = ((answers[:, None, :] - answers[others]) ** 2).sum(axis=2) / 2
    return distances**2, apart, others


def at_nought(far: Floats, apart: Floats) -> Floats:
    """Return where the straight line through the mean differences meets the distance nought.

    Parameters
    ----------
    far, apart : numpy.ndarray
        Draws × neighbours: means over rows.
    """
    centre = far - far.mean(axis=1, keepdims=True)
    spread = (centre**2).sum(axis=1)
    slope = (centre * apart).sum(axis=1) / np.where(spread > 0, spread, 1.0)
    # Answers of nearer rows cannot be less alike: a falling line is noise of the slope.
    slope = np.maximum(slope, 0.0)
    return np.asarray(np.maximum(apart.mean(axis=1) - slope * far.mean(axis=1), 0.0))


def _means(drawn: Floats, values: Floats, counted: Floats) -> Floats:
    """Return the mean of each neighbour's values in each draw; a pair counts as both its rows do."""
    totals = drawn @ counted
    return np.asarray((drawn @ (values * counted)) / np.where(totals > 0, totals, 1.0))


def _ratio(
    far: Floats,
    apart: Floats,
    counted: Floats,
    squared: Floats,
    weights: Floats,
    rng: np.random.Generator,
) -> Estimate:
    size = len(far)
    resamples = rng.multinomial(size, np.full(size, 1 / size), size=RESAMPLES)
    drawn = np.concatenate([np.ones((1, size)), resamples])
    error = (drawn @ squared) / np.maximum(drawn @ weights, np.finfo(float).tiny)
    ratios = at_nought(_means(drawn, far, counted), _means(drawn, apart, counted)) / error
    # Each answer counts in its own row and as a neighbour in others, which a draw of rows does not see.
    return _estimate(float(ratios[0]), np.sqrt(2) * (ratios[1:] - ratios[0]))


def _ratio_of_groups(within: Floats, extra: Floats, error: float, rng: np.random.Generator) -> Estimate:
    value = float(within.sum() / extra.sum() / error)
    drawn = rng.multinomial(len(within), np.full(len(within), 1 / len(within)), size=RESAMPLES)
    freedom = drawn @ extra
    spread = (drawn @ within) / np.where(freedom > 0, freedom, 1.0) / error - value
    return _estimate(value, spread)


def _estimate(value: float, spread: Floats) -> Estimate:
    low, high = np.quantile(value + spread, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    ends = [float(np.clip(end, 0.0, 1.0)) for end in (value, low, high)]
    return Estimate(value=ends[0], low=min(ends[:2]), high=max(ends[0], ends[2]))


def _repeated(
    table: Table, rows: npt.NDArray[np.int64], answers: Floats, weights: Floats
) -> tuple[Floats, Floats, npt.NDArray[np.int64]] | None:
    """Return, for each set of rows alike in all columns, the spread of the answers and its freedom.

    Both are multiplied by the mean weight of the set's rows.

    Copies that agree in a number to predict as well are one measurement written twice, and count once.
    """
    features = table.X.iloc[rows]
    key = pd.util.hash_pandas_object(features, index=False).to_numpy()
    frame = pd.DataFrame(answers)
    frame.insert(0, "key", key)
    if table.task is Task.REGRESSION:
        frame = frame[~frame.duplicated()]
    alike = frame[frame.duplicated("key", keep=False)]
    extra = len(alike) - alike["key"].nunique()
    if extra < FEWEST_REPEATED:
        return None
    sets = alike.groupby("key", sort=True)
    size = np.asarray(sets.size(), dtype=float)
    within = np.asarray(sets.var(ddof=0).sum(axis=1), dtype=float) * size
    counted = pd.Series(weights).loc[alike.index].groupby(alike["key"], sort=True).mean().to_numpy()
    return within * counted, (size - 1) * counted, alike.index.to_numpy(dtype=np.int64)
