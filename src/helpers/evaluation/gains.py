"""Gains and lift: what the first so many percent of a ranking hold of the class to find."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.bootstrap import Resamples, interval
from helpers.scoring.weighted import Floats, divided, ranking

SHARES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
# A tier of the ranking that holds fewer rows says nothing.
LEAST_ROWS = 5


def gains_table(happened: npt.NDArray[np.bool_], stated: Floats, *, draws: Resamples) -> pd.DataFrame:
    """Return what acting on the first rows of the ranking would find.

    Parameters
    ----------
    happened : numpy.ndarray of bool
        Whether each row is of the class; at least one is.
    stated : numpy.ndarray
        The probability of it, by which the rows are ranked; of equal ones each counts in part.
    draws : Resamples
        Of the same rows.

    Returns
    -------
    pandas.DataFrame
        Columns ``share`` (of the rows, from the top; those of at least 5 rows), ``rows``, ``found`` (share of
        the class that is among them), ``right`` (share of them that is of the class), ``lift`` (right over
        the share among all rows), each of the last three with ``_low`` and ``_high``.
    """
    shares = np.array([share for share in SHARES if share * len(stated) >= LEAST_ROWS or share == 1.0])
    found_in = _found_in(happened, stated, shares)
    values = found_in(np.ones((1, len(stated))))[0]
    drawn = np.concatenate([found_in(weights) for weights in draws.weights()])
    base = float(happened.mean())
    table = pd.DataFrame({"share": shares, "rows": np.round(shares * len(stated)).astype(int)})
    parts = {"found": (values[0], (0.0, 1.0)), "right": (values[1], (0.0, 1.0)),
             "lift": (values[1] / base, (0.0, np.inf))}  # fmt: skip
    for number, (name, (own, within)) in enumerate(parts.items()):
        ends = [
            interval(float(value), drawn[:, number, place], units=draws.unit_count, within=within)
            for place, value in enumerate(own)
        ]
        table[name] = own
        table[f"{name}_low"] = [end.low for end in ends]
        table[f"{name}_high"] = [end.high for end in ends]
    return table.astype({name: float for name in table.columns if name != "rows"})


def _found_in(happened: npt.NDArray[np.bool_], stated: Floats, shares: Floats) -> Callable[[Floats], Floats]:
    """Return a function from weights to draws × (found, right, lift) × shares."""
    order, starts, is_one = ranking(-stated, happened)

    def found(weights: Floats) -> Floats:
        drawn = weights[:, order]
        rows = np.cumsum(np.add.reduceat(drawn, starts, axis=1), axis=1)
        hits = np.cumsum(np.add.reduceat(drawn * is_one, starts, axis=1), axis=1)
        wanted = shares[None, :] * rows[:, -1:]
        # Between two probabilities the rows of the lower one count in part: that is a straight line.
        caught = np.stack(
            [
                np.interp(room, np.r_[0.0, some], np.r_[0.0, held])
                for room, some, held in zip(wanted, rows, hits, strict=True)
            ]
        )
        whole = hits[:, -1:] + 0 * caught
        right = caught / wanted
        return np.stack([divided(caught, whole), right, divided(right, whole / rows[:, -1:])], axis=1)

    return found
