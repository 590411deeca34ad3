"""How much of the error comes from the answers changing with the rows learnt from.

The same row is answered by a model of each cut. What those answers differ by is variance: it falls with more
rows, or with a steadier model. What they agree in being wrong by is bias (mended by another model or other
settings) and noise (mended by nothing but other columns). Cuts share most of their rows, so that what their
answers differ by is the least that the variance can be. The most is as many times that as there are folds:
so it would be for an average, whose answers on two parts of the same rows differ by that much less than on
rows gathered anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.model_selection.noise import errors_and_answers
from helpers.results import Estimate
from helpers.scoring.stored import stated_classes, stated_columns
from helpers.tables.table import Table
from helpers.wording import count, percent

FEWEST_CUTS = 2
# Variance is the larger part of the squared error when it makes up more than this share of it.
LARGER = 0.5

Word = Literal["variance", "bias or noise", "both", "cannot tell"]


@dataclass(frozen=True)
class Spread:
    """The parts of the squared error.

    Attributes
    ----------
    word : str
        What makes up most of it.
    variance : Estimate
        Share of the squared error: `low` is the least, `high` the most that it can be; the value is None.
    reason : str
        A sentence.
    """

    word: Word
    variance: Estimate
    reason: str


def bias_variance(table: Table, answers: Sequence[pd.DataFrame], *, folds: int, noise: Estimate) -> Spread:
    """Return the parts of the squared error of one model.

    Parameters
    ----------
    table : Table
        The development rows.
    answers : sequence of pandas.DataFrame
        The model's out-of-fold predictions, one table a cut of the rows.
    folds : int
        Folds of a cut.
    noise : Estimate
        Share of the squared error that is noise, where it is known.
    """
    if len(answers) < FEWEST_CUTS:
        why = "The model was evaluated on one cut of the rows: bias and variance cannot be told apart."
        return Spread("cannot tell", Estimate(value=None), why)
    squared, spread = parts_of_error(table, answers)
    total, least = float(squared.mean()), float(spread.mean())
    if total == 0:
        return Spread(
            "cannot tell", Estimate(value=None), "The model makes no error that could be taken apart."
        )
    low = min(1.0, least / total)
    high = min(1.0, folds * low)
    word: Word = "variance" if low > LARGER else "bias or noise" if high < LARGER else "both"
    said = (
        f"Over {count(len(answers), 'cut')} of the rows between {percent(low)} and {percent(high)} of the "
        f"squared error is variance, which more rows or a steadier model would lessen; the rest is bias or "
        "noise"
    )
    if noise.value is not None:
        said += f", and about {percent(noise.value)} is noise that no model of these columns can avoid"
    return Spread(word, Estimate(value=None, low=low, high=high), f"{said}.")


def parts_of_error(table: Table, answers: Sequence[pd.DataFrame]) -> tuple[pd.Series, pd.Series]:
    """Return, for each row that all cuts answer, its mean squared error and the variance of its answers.

    For classes both are sums over the probabilities of all classes.
    """
    errors, stated = [], []
    for part in answers:
        squared, _, _ = errors_and_answers(table, part)
        errors.append(pd.Series(squared, index=pd.Index(part["row"])))
        names = stated_columns(stated_classes(part)) or ["prediction"]
        stated.append(part.set_index("row")[names].astype(float))
    whole = pd.concat(errors, axis=1, join="inner")
    rows = whole.index
    cube = np.stack([part.loc[rows].to_numpy() for part in stated])
    return whole.mean(axis=1), pd.Series(cube.var(axis=0, ddof=1).sum(axis=1), index=rows)


def parts_table(
    table: Table, answers: Mapping[str, Sequence[pd.DataFrame]], labels: Mapping[str, str], *, folds: int
) -> pd.DataFrame:
    """Return the parts of the squared error of several models.

    Parameters
    ----------
    answers : mapping of str to sequence of pandas.DataFrame
        By a model's name its out-of-fold predictions, one table a cut of the rows.
    labels : mapping of str to str
        The models' names for people.
    folds : int
        Folds of a cut.

    Returns
    -------
    pandas.DataFrame
        One row a model: `model`, `error` (mean squared), `least` and `most` of it that is variance.
    """
    rows = []
    for name, parts in answers.items():
        squared, spread = parts_of_error(table, parts)
        error, least = float(squared.mean()), float(spread.mean())
        least = min(error, least)
        rows.append(
            {"model": labels[name], "error": error, "least": least, "most": min(error, folds * least)}
        )
    return pd.DataFrame(rows, columns=["model", "error", "least", "most"])
