"""ROC and precision-recall curves as tables: each class against the rest."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.scoring.weighted import Floats

MOST_POINTS = 400


def class_curves(happened: npt.NDArray[np.bool_], stated: Floats) -> pd.DataFrame:
    """Return what each threshold would give for one class.

    Parameters
    ----------
    happened : numpy.ndarray of bool
        Whether each row is of the class; both kinds occur.
    stated : numpy.ndarray
        The probability of it.

    Returns
    -------
    pandas.DataFrame
        Columns ``threshold`` (falling, from infinity), ``found`` (share of the class's rows named so),
        ``false_alarm`` (share of the others named so), ``right`` (share of the named rows that are so; 1
        where none is named). At most 400 rows, spread evenly over the thresholds; the last one without a
        false alarm is always among them.
    """
    order = np.argsort(-stated, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(stated[order])), len(order) - 1)
    hits, alarms = np.cumsum(happened[order])[ends], np.cumsum(~happened[order])[ends]
    table = pd.DataFrame(
        {
            "threshold": np.r_[np.inf, stated[order][ends]],
            "found": np.r_[0.0, hits / hits[-1]],
            "false_alarm": np.r_[0.0, alarms / alarms[-1]],
            "right": np.r_[1.0, hits / (hits + alarms)],
        }
    )
    if len(table) <= MOST_POINTS:
        return table
    even = np.linspace(0, len(table) - 1, MOST_POINTS - 1).round().astype(int)
    flawless = int((table["false_alarm"] == 0).sum()) - 1
    return table.iloc[np.union1d(even, [flawless])].reset_index(drop=True)


def curves_by_class(
    truth: npt.NDArray[np.object_], probabilities: pd.DataFrame, *, names: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Return the curves of each named class that some rows are of and some are not."""
    found = {}
    for name in names:
        happened = truth == name
        if happened.any() and not happened.all():
            found[name] = class_curves(happened, probabilities[name].to_numpy(dtype=float))
    return found
