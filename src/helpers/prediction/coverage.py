"""Whether the intervals of the model, or its sets of classes, hold on the holdout what they promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from helpers.bootstrap import interval
from helpers.evaluation.case import Case
from helpers.evaluation.steps import Picture, Step, first_of, on_holdout, sentences
from helpers.evaluation.words import between
from helpers.intervals import wilson
from helpers.metrics import Task
from helpers.prediction.coverage_figure import draw_coverage
from helpers.prediction.coverage_groups import MOST_GROUPS, Mask, groups_of
from helpers.prediction.encoded import Floats
from helpers.prediction.intervals import Intervals, rank_of
from helpers.results import CoverageResult, Estimate
from helpers.wording import count, number, percent, with_unit

# So improbable, on one side, is more than chance.
CHANCE = 0.025


@dataclass(frozen=True)
class Held:
    """What the intervals (or sets) hold: whether the truth of each row, and how large each of them is."""

    covered: Floats
    size: Floats


@on_holdout
def coverage_step(case: Case) -> Step[list[CoverageResult]]:
    """Return the share of holdout rows whose interval or set holds the truth, overall and by group."""
    intervals = case.judged.model.intervals
    if intervals is None or not np.isfinite(intervals.reach):
        return Step(None, ("There were too few out-of-fold predictions to give intervals for new rows.",))
    held = _held(case, intervals)
    found = [_covered(case, name, mask, held, intervals.level) for name, mask in groups_of(case)]
    table = coverage_frame(found)
    numeric, unit = case.task is Task.REGRESSION, case.rows.target.unit
    size = f"mean width{f' ({unit})' if unit else ''}" if numeric else "classes in the set, mean"
    shown = table.assign(interval=[between(each.share, share=True) for each in found])
    names = {"group": "rows of the holdout", "rows": "rows", "covered": "truth inside", "size": size}
    names["interval"] = "95 % interval"
    what = "Intervals" if numeric else "Sets of classes"
    said = sentences(
        _overall(found[0], intervals, numeric=numeric, grouped=case.draws.grouped),
        _sizes(case, held, unit=unit),
        _weakest(found[1:], intervals),
    )
    caption = f"{what} that promise {percent(intervals.level)}: how often the truth is inside, by group."
    pictures = () if len(found) < 2 else (_picture(table, intervals, said),)
    return Step(found, said, shown, caption, names, {"truth inside": ".1%"}, pictures)


def _picture(table: pd.DataFrame, intervals: Intervals, said: tuple[str, ...]) -> Picture:
    listed = [f"{row['group']} {percent(row['covered'])}" for _, row in table.iterrows()]
    return Picture(
        lambda: draw_coverage(table, level=intervals.level),
        alt=f"Share of rows whose truth is inside, by group: {first_of(listed, len(listed))}. {said[0]}",
        caption=f"Lines are 95 % intervals; dashed: the {percent(intervals.level)} that are promised.",
    )


def _held(case: Case, intervals: Intervals) -> Held:
    if case.task is Task.REGRESSION or case.chosen.probabilities is None:
        truth = case.rows.y.to_numpy(dtype=float)
        low, high = intervals.around(np.asarray(case.answers, dtype=float), case.rows.X)
        return Held(((truth >= low) & (truth <= high)).astype(float), high - low)
    inside = intervals.sets(case.chosen.probabilities).to_numpy()
    places = pd.Index(list(case.rows.classes), dtype=object).get_indexer(pd.Index(case.rows.y, dtype=object))
    return Held(inside[np.arange(len(inside)), places].astype(float), inside.sum(axis=1).astype(float))


def coverage_frame(found: Sequence[CoverageResult]) -> pd.DataFrame:
    """Return the results as a table to store and to draw: one row a group.

    Columns ``group``, ``rows``, ``covered`` with ``low`` and ``high`` (95 %), and ``size``.
    """
    rows = [
        (each.group, each.rows, each.share.value, each.share.low, each.share.high, each.size)
        for each in found
    ]
    names = ["group", "rows", "covered", "low", "high", "size"]
    return pd.DataFrame(rows, columns=names).astype({"low": float, "high": float})


def _covered(case: Case, name: str, mask: Mask, held: Held, level: float) -> CoverageResult:
    known: dict[str, Any] = {"group": name, "rows": int(mask.sum()), "level": level}
    inside, size = held.covered[mask], float(held.size[mask].mean())
    share = float(inside.mean())
    units = len(np.unique(case.draws.units[mask]))
    # Where all rows fare alike, draws of groups say nothing: then each group counts as one row.
    if not case.draws.grouped or share in (0.0, 1.0):
        low, high = (float(end[0]) for end in wilson(np.array([share * units]), np.array([units])))
        return CoverageResult(share=Estimate(value=share, low=low, high=high), size=size, **known)

    def drawn(weights: Floats) -> Floats:
        rows = weights[:, mask]
        total = rows.sum(axis=1)
        shares: Floats = np.divide(rows @ inside, total, out=np.full(len(rows), np.nan), where=total > 0)
        return shares

    found = interval(share, case.draws.values(drawn)[:, 0], units=units, within=(0.0, 1.0))
    return CoverageResult(share=found, size=size, **known)


def _overall(found: CoverageResult, intervals: Intervals, *, numeric: bool, grouped: bool) -> str:
    what = "interval" if numeric else "set"
    text = (
        f"The {what} holds the truth in {percent(found.share.value or 0.0, digits=1)} of "
        f"{count(found.rows, 'holdout row')} (95 % interval {between(found.share, share=True)}); "
        f"{percent(intervals.level)} were promised."
    )
    lower, higher = _tails(found, intervals, grouped=grouped)
    if lower < CHANCE:
        return f"{text} That is fewer, by more than chance: take the {what}s for too narrow."
    if higher < CHANCE:
        return f"{text} That is more, by more than chance: the {what}s are on the safe side."
    share = found.share.value or 0.0
    by_chance = (
        "" if grouped or share >= intervals.level else f": so few come by chance in {percent(lower)} of cases"
    )
    return f"{text} The promise is kept as far as these rows can tell{by_chance}."


def _tails(found: CoverageResult, intervals: Intervals, *, grouped: bool) -> tuple[float, float]:
    """Return how probable so few, and so many, rows with the truth inside are where the promise is kept.

    With rows that have nothing to do with each other the number is beta-binomial: the intervals come from a
    sample, too (Vovk 2012, Conditional validity of inductive conformal predictors). Rows of one group go
    together; there the interval of the share decides.
    """
    if grouped:
        low, high = found.share.low, found.share.high
        return float(high is None or high >= intervals.level), float(low is None or low <= intervals.level)
    inside = round((found.share.value or 0.0) * found.rows)
    rank = rank_of(intervals.rows, intervals.level)
    chances = stats.betabinom(found.rows, rank, intervals.rows + 1 - rank)
    return float(chances.cdf(inside)), float(chances.sf(inside - 1))


def _sizes(case: Case, held: Held, *, unit: str) -> str:
    if case.task is not Task.REGRESSION:
        alone = float(np.mean(held.size == 1))
        if alone == 1.0:
            return "Each set holds one class alone."
        mean = number(float(held.size.mean()))
        return f"A set holds {mean} classes on average; {percent(alone)} of them hold one alone."
    narrow, wide = np.quantile(held.size, [0.1, 0.9])
    without = np.quantile(case.judged.development.y.to_numpy(dtype=float), [0.05, 0.95])
    spread = with_unit(number(float(without[1] - without[0])), unit)
    mean = with_unit(number(float(held.size.mean())), unit)
    ranged = "" if np.isclose(narrow, wide) else f", most of them between {number(narrow)} and {number(wide)}"
    return f"An interval is {mean} wide on average{ranged}; without a model nine of ten rows span {spread}."


def _weakest(groups: Sequence[CoverageResult], intervals: Intervals) -> str:
    """Say that the promise is one on average, and for which group it is kept least."""
    general = "The promise is one for all rows like these on average, not for each group"
    if not groups:
        return f"{general}."
    least = min(groups, key=lambda each: each.share.value or 0.0)
    if (least.share.value or 0.0) >= intervals.level:
        return f"{general}; of those shown none falls below it."
    text = (
        f"{general}: the truth is inside least often for “{least.group}”, in "
        f"{percent(least.share.value or 0.0)} of {count(least.rows, 'row')}."
    )
    short = [
        each.group for each in groups if each.share.high is not None and each.share.high < intervals.level
    ]
    if not short:
        return f"{text} For no group shown is that clearly less than promised."
    named = first_of([f"“{name}”" for name in short], MOST_GROUPS)
    return f"{text} Clearly less than promised, each taken by itself: {named}."
