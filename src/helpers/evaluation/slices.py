"""Where the model is worse than elsewhere: found on one half of the holdout, confirmed on the other.

Looking through hundreds of groups finds bad ones by luck alone. So the groups are picked on one half of the
rows, and only the rows of the other half, corrected for how many groups were put to them, confirm one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.bootstrap import CONFIDENCE, interval, resamples
from helpers.evaluation.shares import share_of, widest
from helpers.evaluation.slice_candidates import Candidate, candidates
from helpers.evaluation.slice_tests import Mask, Measure, p_value
from helpers.multiple import holm
from helpers.results import Estimate, SliceResult
from helpers.scoring.weighted import Floats, weighted_mean
from helpers.tables.table import Table

MOST_ROWS = 50_000
# A half needs so many rows, and a group so many of them, to be looked at.
LEAST_HALF = 20
LEAST_INSIDE = 8
# A group larger than the rest is the rule, and the rest its exception.
MOST_INSIDE = 0.5
# How many groups are put to the confirming half, and how far a group must stand out to be among them.
MOST_TRIED = 5
LEAST_STANDARD_ERRORS = 1.0
# Groups that share this much of their rows say the same.
SAME_ROWS = 0.7
# A confirmed group is worse than the rest by this share of the rest's value at least.
WORTH_NAMING = 0.2
DRAWS = 1_000


@dataclass(frozen=True)
class Slices:
    """What the search for weak groups found.

    Attributes
    ----------
    results : tuple of SliceResult
        The groups that were put to the confirming half, confirmed ones first, then by how much worse.
    table : pandas.DataFrame
        One row a group: ``description``, ``column``, ``rows``, ``found_inside``, ``found_outside`` (on the
        finding half), ``rows_confirming``, ``inside``, ``outside`` (on the confirming half) with limits,
        ``p`` and ``p_corrected`` (Holm), ``confirmed``.
    looked_at : int
        How many groups were looked at on the finding half.
    rows, finding, confirming : int
        How many rows were used, and how many in each half.
    measure : str
        "error rate" or "mean absolute error".
    """

    results: tuple[SliceResult, ...]
    table: pd.DataFrame
    looked_at: int
    rows: int
    finding: int
    confirming: int
    measure: Measure

    @property
    def examined(self) -> bool:
        """Whether any group was looked at; not with too few rows, or errors that do not differ."""
        return self.looked_at > 0


def weak_slices(
    rows: Table,
    errors: Floats,
    *,
    measure: Measure,
    seed: int,
    groups: pd.Series | None = None,
    baseline: Floats | None = None,
) -> Slices:
    """Return the groups of rows on which the model errs more than on the rest.

    Parameters
    ----------
    rows : Table
        Holdout rows.
    errors : numpy.ndarray
        Each row's error: 0 or 1 for classes, the absolute error for a regression.
    measure : {"error rate", "mean absolute error"}
        What `errors` hold.
    seed : int
        Seed of the sample, of the halves and of permutations.
    groups : pandas.Series, optional
        Rows with equal values stay in one half, and are not counted as independent of each other.
    baseline : numpy.ndarray, optional
        The baseline's errors on the same rows: many groups are harder for every model.

    Notes
    -----
    On the confirming half: Fisher's exact test (one-sided) for error rates, a permutation test (Welch's for
    5,000 rows or more) for sizes of errors, and with groups a t-test whose variance is taken over the groups.
    Holm's correction over the groups of rows that were tried keeps a false confirmation at 5 % or less. The
    values of a result are those of the confirming half, because on the finding half they are too bad by
    choice; its ``rows`` are those of both halves. A group is confirmed if besides it is worse by a fifth.
    """
    kept = _sampled(len(rows), seed)
    table, errors = rows.rows(pd.Series(kept, index=rows.frame.index)), errors[kept]
    groups, baseline = (
        (None if groups is None else groups[kept]),
        (None if baseline is None else baseline[kept]),
    )
    half = _halves(len(table), groups, seed)
    codes = None if groups is None else pd.factorize(groups, use_na_sentinel=False)[0]
    if min(half.sum(), (~half).sum()) < LEAST_HALF or np.ptp(errors) == 0:
        return _assembled([], [], _Errors(errors, baseline, measure), half, codes, 0, seed)
    looked_at = [part for part in candidates(table, seen=half) if _is_large_enough(part.inside, half)]
    tried = _worst(looked_at, errors, half)
    p_values = [
        p_value(part.inside[~half], errors[~half], None if codes is None else codes[~half], measure, seed)
        for part in tried
    ]
    return _assembled(tried, p_values, _Errors(errors, baseline, measure), half, codes, len(looked_at), seed)


def _sampled(rows: int, seed: int) -> Mask:
    """Return which rows are looked at: all, or 50,000 drawn at random."""
    if rows <= MOST_ROWS:
        return np.ones(rows, dtype=bool)
    kept = np.zeros(rows, dtype=bool)
    kept[np.random.default_rng(seed).choice(rows, size=MOST_ROWS, replace=False)] = True
    return kept


def _halves(rows: int, groups: pd.Series | None, seed: int) -> Mask:
    """Return which rows find; the others confirm. A group is on one side."""
    rng = np.random.default_rng(seed)
    codes = np.arange(rows) if groups is None else pd.factorize(groups, use_na_sentinel=False)[0]
    units = int(codes.max(initial=-1)) + 1
    side = np.zeros(units, dtype=bool)
    side[rng.permutation(units)[: units // 2]] = True
    return np.asarray(side[codes])


def _is_large_enough(inside: Mask, half: Mask) -> bool:
    return all(LEAST_INSIDE <= (inside & side).sum() <= MOST_INSIDE * side.sum() for side in (half, ~half))


def _worst(looked_at: list[Candidate], errors: Floats, half: Mask) -> list[Candidate]:
    """Return the groups that stand out most on the finding half, without those that repeat one before."""
    scores = [_standard_errors(part.inside[half], errors[half]) for part in looked_at]
    chosen: list[Candidate] = []
    for place in np.argsort(scores, kind="stable")[::-1]:
        if scores[place] < LEAST_STANDARD_ERRORS or len(chosen) == MOST_TRIED:
            break
        part = looked_at[place]
        if all(_overlap(part.inside, other.inside) < SAME_ROWS for other in chosen):
            chosen.append(part)
    return chosen


def _standard_errors(inside: Mask, errors: Floats) -> float:
    """Return how many standard errors the group is worse than the rest; the spread is that of all rows."""
    spread = errors.std() * np.sqrt(1 / inside.sum() + 1 / (~inside).sum())
    return float((errors[inside].mean() - errors[~inside].mean()) / spread) if spread > 0 else 0.0


def _overlap(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


@dataclass(frozen=True)
class _Errors:
    """Each row's error by the model and, where it is known, by the baseline."""

    model: Floats
    baseline: Floats | None
    measure: Measure


def _assembled(
    tried: list[Candidate],
    p_values: list[float],
    found: _Errors,
    half: Mask,
    codes: npt.NDArray[np.intp] | None,
    looked_at: int,
    seed: int,
) -> Slices:
    errors, measure = found.model, found.measure
    records, results = [], []
    for part, chance, corrected in zip(tried, p_values, holm(p_values), strict=True):
        inside, outside = (
            _estimate(errors, mask & ~half, codes, measure, seed) for mask in (part.inside, ~part.inside)
        )
        confirmed = corrected <= 1 - CONFIDENCE and _is_worth_naming(inside, outside)
        results.append(
            SliceResult(
                description=part.description,
                column=part.column,
                rows=int(part.inside.sum()),
                rows_confirming=int((part.inside & ~half).sum()),
                measure=measure,
                inside=inside,
                outside=outside,
                p_corrected=corrected,
                baseline_inside=(
                    None if found.baseline is None else float(found.baseline[part.inside & ~half].mean())
                ),
                confirmed=confirmed,
            )
        )
        records.append(_record(part, results[-1], errors, half, chance))
    order = sorted(
        range(len(results)), key=lambda place: (not results[place].confirmed, -_worse(results[place]))
    )
    table = pd.DataFrame([records[place] for place in order], columns=_COLUMNS)
    finding = int(half.sum())
    return Slices(
        tuple(results[place] for place in order),
        table,
        looked_at,
        len(errors),
        finding,
        len(errors) - finding,
        measure,
    )


_COLUMNS = [
    "description", "column", "rows", "found_inside", "found_outside", "rows_confirming",
    "inside", "inside_low", "inside_high", "outside", "outside_low", "outside_high",
    "p", "p_corrected", "confirmed",
]  # fmt: skip


def _record(
    part: Candidate, result: SliceResult, errors: Floats, half: Mask, p_value: float
) -> dict[str, object]:
    return {
        "description": result.description,
        "column": result.column,
        "rows": result.rows,
        "found_inside": errors[part.inside & half].mean(),
        "found_outside": errors[~part.inside & half].mean(),
        "rows_confirming": result.rows_confirming,
        "inside": result.inside.value,
        "inside_low": result.inside.low,
        "inside_high": result.inside.high,
        "outside": result.outside.value,
        "outside_low": result.outside.low,
        "outside_high": result.outside.high,
        "p": p_value,
        "p_corrected": result.p_corrected,
        "confirmed": result.confirmed,
    }


def _is_worth_naming(inside: Estimate, outside: Estimate) -> bool:
    """Tell whether the group is worse by enough to act on; among many rows any difference is no chance."""
    return (inside.value or 0.0) >= (1 + WORTH_NAMING) * (outside.value or 0.0)


def _worse(result: SliceResult) -> float:
    return (result.inside.value or 0.0) - (result.outside.value or 0.0)


def _estimate(
    errors: Floats, mask: Mask, codes: npt.NDArray[np.intp] | None, measure: Measure, seed: int
) -> Estimate:
    part = errors[mask]
    wilson = share_of(part.sum(), len(part)) if measure == "error rate" else None
    if wilson is not None and codes is None:
        return wilson
    groups = None if codes is None else pd.Series(codes[mask])
    draws = resamples(len(part), seed=seed, groups=groups, draws=DRAWS)
    drawn = draws.values(weighted_mean(part))[:, 0]
    highest = np.inf if wilson is None else 1.0
    estimate = interval(float(part.mean()), drawn, units=draws.unit_count, within=(0.0, highest))
    return estimate if wilson is None else widest(wilson, estimate)
