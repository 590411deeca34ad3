"""Where the score of another table will lie: wider than the interval of the score that holds in the long run.

A score on m new rows has luck of its own, beside that of the n rows that it was estimated on. Who holds next
month's score against an interval of the long run is alarmed once in six months for nothing.
"""

import math

from helpers.results import Estimate


def on_another_table(
    estimate: Estimate,
    *,
    rows: int,
    new_rows: int,
    limits: tuple[float, float],
    by_rows: Estimate | None = None,
) -> Estimate:
    """Return the estimate with the ends between which the score of other rows will lie.

    Parameters
    ----------
    estimate : Estimate
        The score with its interval for the long run; without one nothing is known of other rows either.
    rows : int
        Rows that it was estimated on, 1 or more.
    new_rows : int
        Rows of the other table, 1 or more, drawn as these were.
    limits : tuple of float
        The lowest and highest value that the metric can take.
    by_rows : Estimate, optional
        The part of the interval that goes with the number of rows; all of it if none is given.

    Notes
    -----
    The prediction interval of a mean (Geisser, Predictive Inference, 1993): each half is the root of its
    square and `rows` / `new_rows` times that of the part by rows.

    >>> on_another_table(Estimate(value=5.0, low=2.0, high=8.0), rows=160, new_rows=90, limits=(0.0, 9.0))
    Estimate(value=5.0, low=0.0, high=9.0)
    """
    part = by_rows or estimate
    if (
        estimate.value is None or estimate.low is None or estimate.high is None
        or part.value is None or part.low is None or part.high is None
    ):  # fmt: skip
        return Estimate(value=estimate.value)
    ratio = math.sqrt(rows / new_rows)
    below = math.hypot(estimate.value - estimate.low, ratio * (part.value - part.low))
    above = math.hypot(estimate.high - estimate.value, ratio * (part.high - part.value))
    lowest, highest = limits
    return Estimate(
        value=estimate.value,
        low=max(lowest, estimate.value - below),
        high=min(highest, estimate.value + above),
    )
