"""Whether a group of rows is truly worse than the rest: one-sided tests, for single rows and for groups."""

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from helpers.scoring.weighted import Floats

Mask = npt.NDArray[np.bool_]
Measure = Literal["error rate", "mean absolute error"]

PERMUTATIONS = 4_999
# From so many confirming rows on, Welch's test replaces the permutations.
MANY_ROWS = 5_000


def p_value(
    inside: Mask, errors: Floats, codes: npt.NDArray[np.intp] | None, measure: Measure, seed: int
) -> float:
    """Return how likely a group would look as bad if it were like the rest; one-sided.

    Parameters
    ----------
    inside : numpy.ndarray of bool
        The rows of the group.
    errors : numpy.ndarray
        An error a row; 0 or 1 for the error rate.
    codes : numpy.ndarray of int or None
        The number of each row's group of rows that belong together; None where rows have nothing to do with
        each other: then the test is exact for error rates (hypergeometric), of permutations for the sizes of
        errors, and of many rows Welch's.
    measure : str
        What the errors are.
    seed : int
        Of the permutations.
    """
    if np.ptp(errors) == 0:
        return 1.0
    if codes is not None:
        return _clustered_p(inside, errors, codes)
    if measure == "error rate":
        wrong, size = int(errors[inside].sum()), int(inside.sum())
        return float(stats.hypergeom.sf(wrong - 1, len(errors), int(errors.sum()), size))
    if len(errors) >= MANY_ROWS:
        test = stats.ttest_ind(errors[inside], errors[~inside], equal_var=False, alternative="greater")
        return float(test.pvalue)
    rng, size = np.random.default_rng(seed), int(inside.sum())
    total = errors[inside].sum()
    shuffled = [errors[rng.permutation(len(errors))[:size]].sum() for _ in range(PERMUTATIONS)]
    return float((1 + np.sum(np.array(shuffled) >= total - 1e-12 * abs(total))) / (1 + PERMUTATIONS))


def _clustered_p(inside: Mask, errors: Floats, codes: npt.NDArray[np.intp]) -> float:
    """Return the one-sided p-value of the difference with a variance over groups."""
    slope, error, freedom = clustered_slope(inside, errors, codes)
    return float(stats.t.sf(slope / error, freedom)) if error > 0 else 1.0


def clustered_slope(inside: Mask, values: Floats, codes: npt.NDArray[np.intp]) -> tuple[float, float, int]:
    """Return how much larger the mean is inside, its standard error and the degrees of freedom.

    The error is taken over groups (Liang and Zeger 1986); it is 0 where too few of them tell.

    Parameters
    ----------
    inside : numpy.ndarray of bool
        The rows to hold against the others; some are inside, some are not.
    values : numpy.ndarray
        A value a row.
    codes : numpy.ndarray of int
        The number of each row's group, from 0.
    """
    design = np.column_stack([np.ones(len(values)), inside.astype(float)])
    inverse = np.linalg.inv(design.T @ design)
    slope = inverse @ design.T @ values
    pulls = np.zeros((int(codes.max()) + 1, 2))
    np.add.at(pulls, codes, design * (values - design @ slope)[:, None])
    present = len(np.unique(codes))
    holding = min(len(np.unique(codes[inside])), len(np.unique(codes[~inside])))
    if present < 3 or holding < 2:
        return float(slope[1]), 0.0, 1
    variance = (inverse @ (pulls.T @ pulls) @ inverse)[1, 1] * present / (present - 1)
    # Few groups inside or outside decide how well the variance is known.
    return float(slope[1]), float(np.sqrt(max(variance, 0.0))), max(1, holding - 1)
