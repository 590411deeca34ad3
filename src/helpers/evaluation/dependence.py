"""Partial dependence: what the model says, on average, when one column is set to each of some values.

The spread of the single rows' curves stands beside the average (Goldstein et al. 2015): where it is wide, the
column works differently on different rows, and the average says little.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import shortened
from helpers.scoring import Prediction
from helpers.scoring.weighted import Floats
from helpers.tables.table import Column, Kind, Table
from helpers.wording import number

MOST_ROWS = 200
MOST_COLUMNS = 4
MOST_VALUES = 7
# Values further out are so rare that the model guesses there.
OUTERMOST = 0.025
# The middle 80 % of the rows' own curves.
SPREAD = (0.1, 0.9)

Answer = Callable[[pd.DataFrame], Floats]


def partial_dependence(rows: Table, columns: Sequence[str], answer: Answer) -> pd.DataFrame:
    """Return the average answer at each of some values of each column, with the spread of single rows.

    Parameters
    ----------
    rows : Table
        The rows whose other columns are kept; at most 200 are wanted, sample them first.
    columns : sequence of str
        Features; those of a single value, texts and empty ones are left out.
    answer : callable
        From features to one number a row: the prediction, or the probability of a class.

    Returns
    -------
    pandas.DataFrame
        ``column``, ``label``, ``value`` (for people), ``place`` (the number itself, or 0, 1, … for levels),
        ``average``, ``low`` and ``high``: the average and the 10 % and 90 % quantiles of how far a row's own
        curve is from it, each row's curve shifted to the common middle first.
    """
    values = {name: grid(rows.columns[name], rows.frame[name]) for name in columns}
    values = {name: some for name, some in values.items() if len(some) > 1}
    names_of = ["column", "label", "value", "place", "average", "low", "high"]
    if not values:
        return pd.DataFrame(columns=names_of)
    # One call for all columns: preparing many short tables takes longer than one long one.
    copies = pd.concat([_copies(rows, name, some) for name, some in values.items()], ignore_index=True)
    answers = answer(copies).reshape(-1, len(rows))
    parts, first = [], 0
    for name, some in values.items():
        curves = answers[first : first + len(some)]
        first += len(some)
        own = curves - curves.mean(axis=0, keepdims=True) + curves.mean()
        low, high = np.quantile(own, SPREAD, axis=1)
        column = rows.columns[name]
        parts.append(
            pd.DataFrame(
                {
                    "column": name,
                    "label": column.label,
                    "value": [_shown(value, column) for value in some],
                    "place": _places(some, column),
                    "average": curves.mean(axis=1),
                    "low": low,
                    "high": high,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)[names_of]


def grid(column: Column, values: pd.Series) -> Sequence[object]:
    """Return the values that the column is set to: quantiles of numbers and dates, most frequent levels."""
    known = values.dropna()
    if column.kind is Kind.CATEGORY:
        return list(known.astype(object).value_counts().index[:MOST_VALUES])
    if column.kind is Kind.BOOLEAN:
        return sorted(known.unique())
    if column.kind not in (Kind.NUMBER, Kind.DATE) or known.empty:
        return []
    shares = np.linspace(OUTERMOST, 1 - OUTERMOST, MOST_VALUES)
    # Values that occur: between them there may be none that makes sense.
    return sorted(set(known.quantile(shares, interpolation="nearest")))


def answer_of(said: Prediction, name: str | None) -> Floats:
    """Return one number a row: the prediction, or the probability of the class called `name`."""
    if name is None or said.probabilities is None:
        return np.asarray(said.values, dtype=float)
    return said.probabilities[name].to_numpy(dtype=float)


def _copies(rows: Table, name: str, values: Sequence[object]) -> pd.DataFrame:
    """Return the features once for each value, with the column set to it."""
    features, size = rows.X, len(rows)
    copies = features.iloc[np.tile(np.arange(size), len(values))].reset_index(drop=True)
    given = pd.Series(np.repeat(np.asarray(values, dtype=object), size))
    return copies.assign(**{name: given.astype(features[name].dtype).array})


def _places(values: Sequence[object], column: Column) -> npt.NDArray[np.float64]:
    if column.kind in (Kind.NUMBER, Kind.BOOLEAN):
        return np.asarray(values, dtype=float)
    return np.arange(len(values), dtype=float)


def _shown(value: object, column: Column) -> str:
    if column.kind is Kind.BOOLEAN:
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return number(float(value)) if column.kind is Kind.NUMBER else shortened(value, limit=40)  # type: ignore[arg-type]
