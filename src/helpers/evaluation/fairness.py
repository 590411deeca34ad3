"""Does the model treat the groups of a sensitive column alike? Rates by group, and the largest gaps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from helpers.bootstrap import CONFIDENCE, Resamples, interval
from helpers.errors import shortened
from helpers.evaluation.classes import share_among
from helpers.evaluation.slice_candidates import groups_of
from helpers.evaluation.slice_tests import clustered_slope
from helpers.metrics import Task
from helpers.multiple import holm
from helpers.results import Estimate, FairnessGap, FairnessGroup
from helpers.scoring.weighted import Floats, divided
from helpers.tables.table import Table

Mask = npt.NDArray[np.bool_]
Measure = Literal[
    "selection rate", "recall", "false alarm rate", "error rate", "mean residual", "mean absolute error"
]

# Fewer rows in a group (positive ones for recall, others for false alarms) are not compared.
LEAST_ROWS = 20
# The four-fifths rule of the US guidelines on employee selection (1978).
LEAST_RATIO = 0.8
# A difference of rates below this is no unequal treatment, whatever its ratio.
LEAST_DIFFERENCE = 0.05
# Mean errors further apart than this part of the mean absolute error are a matter.
LEAST_SHARE_OF_ERROR = 0.2
MOST_GROUPS = 12
# Of more classes the largest are compared one by one, each against all others.
MOST_CLASSES = 6


@dataclass(frozen=True)
class _Measured:
    """What one measure averages: a value a row, among some of the rows; `of` is the class it is about."""

    name: Measure
    amounts: Floats
    among: Mask
    of: str = ""


@dataclass(frozen=True)
class Fairness:
    """Groups, gaps, and what was left out.

    Attributes
    ----------
    groups : tuple of FairnessGroup
        Each measure of each group.
    gaps : tuple of FairnessGap
        The largest difference of each measure within each column with two groups or more to compare.
    missing : tuple of str
        Sensitive columns that the table does not have.
    comparisons : int
        How many p-values the correction reckons with.
    """

    groups: tuple[FairnessGroup, ...]
    gaps: tuple[FairnessGap, ...]
    missing: tuple[str, ...]
    comparisons: int


def fairness(rows: Table, answers: npt.NDArray[Any], columns: Sequence[str], *, draws: Resamples) -> Fairness:
    """Return how the model treats the groups of the sensitive columns.

    Parameters
    ----------
    rows : Table
        The holdout rows. A sensitive column need not be one that the model sees.
    answers : numpy.ndarray
        Classes by the threshold in use, or numbers.
    columns : sequence of str
        The sensitive columns: levels of categories (of many the first 12 groups), yes and no, quarters of
        numbers and dates, and missing values.
    draws : Resamples
        Of the same rows.

    Notes
    -----
    Two classes: selection rate, recall, false alarm rate, error rate. More classes: the error rate, and the
    other three of each class against all others (of the six largest). A number: mean residual and mean
    absolute error. Each group is held against all other rows: Fisher's exact test for rates, Welch's for
    numbers, with `group` a t-test whose variance is over the groups; Holm's correction over all.
    """
    measured = list(_measures(rows, answers))
    known = [name for name in columns if name in rows.columns]
    parts = [
        (name, part.description, part.inside)
        for name in known
        for part in list(
            groups_of(rows.columns[name], rows.frame[name], seen=np.ones(len(rows), dtype=bool))
        )[:MOST_GROUPS]
    ]
    units = draws.units if draws.grouped else None
    cells = [(part, measure) for part in parts for measure in measured]
    compared = [_is_comparable(inside, measure) for (_, _, inside), measure in cells]
    p_values = [
        _p_of(inside, measure, units)
        for ((_, _, inside), measure), is_compared in zip(cells, compared, strict=True)
        if is_compared
    ]
    corrected = iter(holm(p_values))
    groups = tuple(
        FairnessGroup(
            column=name,
            group=description,
            measure=measure.name,
            of=measure.of,
            rows=int((inside & measure.among).sum()),
            value=_estimate(inside, measure, draws),
            p_corrected=next(corrected) if is_compared else None,
        )
        for ((name, description, inside), measure), is_compared in zip(cells, compared, strict=True)
    )
    gaps = tuple(_gaps(groups, overall={m.name: float(m.amounts[m.among].mean()) for m in measured
                                        if m.among.any()}))  # fmt: skip
    missing = tuple(name for name in columns if name not in rows.columns)
    return Fairness(groups, gaps, missing, len(p_values))


def _measures(rows: Table, answers: npt.NDArray[Any]) -> Iterator[_Measured]:
    every = np.ones(len(rows), dtype=bool)
    if rows.task is Task.REGRESSION:
        residuals = rows.y.to_numpy(dtype=float) - np.asarray(answers, dtype=float)
        yield _Measured("mean residual", residuals, every)
        yield _Measured("mean absolute error", np.abs(residuals), every)
        return
    truth, said = rows.y.to_numpy(dtype=object), np.asarray(answers, dtype=object)
    for name, of in _named_classes(rows):
        selected, so = (said == name).astype(float), np.asarray(truth == name)
        yield _Measured("selection rate", selected, every, of)
        yield _Measured("recall", selected, so, of)
        yield _Measured("false alarm rate", selected, ~so, of)
    yield _Measured("error rate", np.asarray(truth != said, dtype=float), every)


def _named_classes(rows: Table) -> list[tuple[str, str]]:
    """Return the classes whose rates are compared, each with how its measures are told apart."""
    if rows.positive is not None:
        return [(rows.positive, "")]
    largest = rows.y.value_counts().index[:MOST_CLASSES]
    return [(name, name) for name in rows.classes if name in largest]


def measure_words(measure: str, of: str) -> str:
    """Return the measure with the class that it is about.

    >>> measure_words("recall", "red")
    'recall of “red”'
    """
    return f"{measure} of “{shortened(of, limit=40)}”" if of else measure


def _is_number(name: Measure) -> bool:
    return name in ("mean residual", "mean absolute error")


def _is_comparable(inside: Mask, measure: _Measured) -> bool:
    return all((side & measure.among).sum() >= LEAST_ROWS for side in (inside, ~inside))


def _estimate(inside: Mask, measure: _Measured, draws: Resamples) -> Estimate:
    here = inside & measure.among
    if not here.any():
        return Estimate(value=None)
    if not _is_number(measure.name):
        return share_among(measure.amounts > 0, here, draws)
    count, total = here.astype(float), here * measure.amounts
    drawn = np.concatenate([divided(weights @ total, weights @ count) for weights in draws.weights()])
    units = len(np.unique(draws.units[here]))
    return interval(float(total.sum() / count.sum()), drawn, units=units)


def _p_of(inside: Mask, measure: _Measured, units: npt.NDArray[np.intp] | None) -> float:
    """Return the two-sided p-value that the group is like all others."""
    here, values = inside[measure.among], measure.amounts[measure.among]
    if np.ptp(values) == 0:
        return 1.0
    if units is not None:
        codes = np.unique(units[measure.among], return_inverse=True)[1]
        slope, error, freedom = clustered_slope(here, values, codes)
        return float(2 * stats.t.sf(abs(slope) / error, freedom)) if error > 0 else 1.0
    if _is_number(measure.name):
        return float(stats.ttest_ind(values[here], values[~here], equal_var=False).pvalue)
    hits, others = values[here].sum(), values[~here].sum()
    table = [[hits, here.sum() - hits], [others, (~here).sum() - others]]
    return float(stats.fisher_exact(np.asarray(table, dtype=int)).pvalue)


def _gaps(groups: Sequence[FairnessGroup], *, overall: dict[Measure, float]) -> Iterator[FairnessGap]:
    keys = dict.fromkeys((group.column, group.measure, group.of) for group in groups)
    for column, measure, of in keys:
        same = [
            group
            for group in groups
            if (group.column, group.measure, group.of) == (column, measure, of)
            and group.p_corrected is not None
        ]
        if len(same) < 2:
            continue
        low, high = (pick(same, key=_value) for pick in (min, max))
        difference = _value(high) - _value(low)
        ratio = _value(low) / _value(high) if measure != "mean residual" and _value(high) > 0 else None
        clear = any((group.p_corrected or 0.0) < 1 - CONFIDENCE for group in (low, high))
        yield FairnessGap(
            column=column,
            measure=measure_words(measure, of),
            lowest=low.group,
            highest=high.group,
            difference=difference,
            ratio=ratio,
            unequal=clear and _is_large(measure, difference, ratio, overall),
        )


def _is_large(
    measure: Measure, difference: float, ratio: float | None, overall: dict[Measure, float]
) -> bool:
    if _is_number(measure):
        return difference >= LEAST_SHARE_OF_ERROR * overall["mean absolute error"]
    return difference >= LEAST_DIFFERENCE and ratio is not None and ratio < LEAST_RATIO


def _value(group: FairnessGroup) -> float:
    return group.value.value or 0.0


def fairness_frame(groups: Sequence[FairnessGroup]) -> pd.DataFrame:
    """Return the groups as a table to store: one row a group and measure."""
    flat = [
        (g.column, g.group, g.measure, g.of, g.rows, g.value.value, g.value.low, g.value.high, g.p_corrected)
        for g in groups
    ]
    columns = ["column", "group", "measure", "of", "rows", "value", "low", "high", "p_corrected"]
    return pd.DataFrame(flat, columns=columns)
