"""Missing values: how many, whether they follow from another column, whether they tell the target."""

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from helpers.data_quality.coding import distinct
from helpers.data_quality.context import Context, feature_names
from helpers.data_quality.probe import Skill, folds_of, lookup_skill, target_matrix
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, rule, written
from helpers.findings import Severity
from helpers.metrics import Task
from helpers.multiple import holm
from helpers.tables.table import Kind, Role, Table
from helpers.wording import count, number, percent

MOSTLY_MISSING = 0.5
HARDLY_ANYTHING = 0.95
TESTED_ROWS = 10
TEST_LEVEL = 0.01
EFFECT_NOTE = 0.02
EFFECT_WARN = 0.10
EFFECT_STOP = 0.90
STRUCTURAL_ROWS = 5
STRUCTURAL_LEVELS = 100
FIRST_ROWS = 1_000


@rule("Q101", "missing_values")
def missing_values(table: Table, _context: Context) -> Outcome:
    """Count missing values by column; warn where a feature has hardly any value."""
    features = feature_names(table)
    if not features:
        return not_applicable("The table has no features in which values could be missing.")
    shares = table.X.isna().mean()
    gaps = shares[shares > 0].sort_values(ascending=False, kind="stable")
    if gaps.empty:
        return passed(f"No value is missing in {count(len(features), 'feature')}.")
    mostly = [str(name) for name in gaps.index[gaps >= MOSTLY_MISSING]]
    hardly = [str(name) for name in gaps.index[gaps >= HARDLY_ANYTHING]]
    message = (
        f"{percent(float(shares.mean()), digits=1)} of all values are missing, in {len(gaps)} of "
        f"{count(len(features), 'feature')}; most in {named([str(gaps.index[0])])} "
        f"({percent(float(gaps.iloc[0]), digits=1)})."
    )
    if mostly:
        lacking = counted(len(mostly), "feature", "lacks", "lack")
        message += f" {lacking} at least {percent(MOSTLY_MISSING)} of the values."
    return Outcome(
        Severity.WARN if mostly else Severity.NOTE,
        message,
        plain=f"Some values are missing: {percent(float(shares.mean()), digits=1)} of the table.",
        remedy=_missing_remedy(hardly),
        columns=tuple(str(name) for name in gaps.index),
        evidence=tuple(
            {"column": str(name), "missing rows": int(table.frame[name].isna().sum()), "share": float(share)}
            for name, share in gaps.items()
        ),
    )


def _missing_remedy(hardly: list[str]) -> str:
    kept = "Models fill or use gaps inside the folds; find out why the values are missing."
    if not hardly:
        return kept
    return f"{kept} Where at least {percent(HARDLY_ANYTHING)} is missing: {written({'drop': hardly})}."


@dataclass(frozen=True)
class _Gap:
    """What the absence of one column's values says of the target."""

    column: str
    missing: int
    skill: Skill
    p_value: float


@rule("Q102", "missingness_leak")
def missingness_leak(_table: Table, context: Context) -> Outcome:
    """Ask for each column whether the rows without a value differ in their target; Holm-corrected."""
    sample = context.sample
    tested = [
        name
        for name, missing in sample.X.isna().sum().items()
        if TESTED_ROWS <= missing <= len(sample) - TESTED_ROWS
    ]
    if not tested:
        return not_applicable(
            f"No feature has at least {TESTED_ROWS} rows with and {TESTED_ROWS} rows without a value."
        )
    target, folds = target_matrix(sample), folds_of(len(sample), seed=context.seed)
    gaps = [_gap(sample, str(name), target, folds, seed=context.seed) for name in tested]
    corrected = holm([gap.p_value for gap in gaps])
    telling = [
        (gap, p)
        for gap, p in zip(gaps, corrected, strict=True)
        if p < TEST_LEVEL and gap.skill.value >= EFFECT_NOTE
    ]
    if not telling:
        return passed(
            f"In none of {count(len(tested), 'tested feature')} does a missing value tell the target "
            f"(corrected p below {TEST_LEVEL} and {percent(EFFECT_NOTE)} of the error of guessing removed)."
        )
    return _telling_gaps(sorted(telling, key=lambda pair: -pair[0].skill.value), context)


def _gap(sample: Table, name: str, target: np.ndarray, folds: np.ndarray, *, seed: int) -> _Gap:
    missing = sample.frame[name].isna().to_numpy()
    skill = lookup_skill(missing.astype(np.int64), target, folds)
    return _Gap(name, int(missing.sum()), skill, difference_test(missing, sample, seed=seed))


def difference_test(part: np.ndarray, table: Table, *, seed: int) -> float:
    """Return the p-value of 'the target is distributed alike in both parts of the rows'.

    Mann–Whitney for numbers; chi-squared for classes, by 999 permutations where a cell is expected to hold
    fewer than 5 rows.
    """
    if table.task is Task.REGRESSION:
        values = table.y.to_numpy(float)
        return float(stats.mannwhitneyu(values[part], values[~part]).pvalue)
    counts = pd.crosstab(part, table.y.to_numpy(object)).to_numpy()
    if stats.contingency.expected_freq(counts).min() >= 5:
        return float(stats.chi2_contingency(counts).pvalue)
    method = stats.PermutationMethod(n_resamples=999, rng=np.random.default_rng(seed))
    return float(stats.chi2_contingency(counts, correction=False, method=method).pvalue)


def _telling_gaps(telling: list[tuple[_Gap, float]], context: Context) -> Outcome:
    best = telling[0][0]
    if best.skill.low >= EFFECT_STOP:
        severity = Severity.STOP
    else:
        severity = Severity.WARN if best.skill.value >= EFFECT_WARN else Severity.NOTE
    names = [gap.column for gap, _ in telling]
    return Outcome(
        severity,
        f"Whether a value is missing tells the target in {count(len(telling), 'feature')}: {named(names)}. "
        f"Most in {named(names[:1])}, where it removes {percent(best.skill.value)} "
        f"({percent(max(0.0, best.skill.low))} to {percent(best.skill.high)}) of the error of guessing."
        + context.sample_note,
        plain="Where values are missing, the outcome is different: find out why they are missing.",
        remedy="If a value is filled in only after the outcome is known, leave the column out: "
        f"{written({'drop': names})}.",
        columns=tuple(names),
        lines={"drop": names},
        evidence=tuple(
            {
                "column": gap.column,
                "rows without value": gap.missing,
                "error removed": gap.skill.value,
                "corrected p": p,
            }
            for gap, p in telling
        ),
    )


@rule("Q103", "structural_missing")
def structural_missing(table: Table, context: Context) -> Outcome:
    """Find columns that are missing exactly where another column has certain values."""
    masks = _missing_masks(table)
    explaining = list(_explaining(table, context))
    if not masks:
        return not_applicable(f"No feature lacks its value in at least {STRUCTURAL_ROWS} rows.")
    if not explaining:
        return not_applicable("No column has few enough values to explain gaps in another.")
    rows: list[dict[str, Any]] = []
    for name, mask in masks.items():
        for other, codes in explaining:
            levels = _levels_of_gap(mask, codes) if _may_explain(mask, codes) else None
            if levels is not None:
                rows.append(_structural_row(table, name, mask, other, codes, levels))
                break
    if not rows:
        return passed("No column's gaps follow exactly from the value of another column.")
    first = rows[0]
    names = tuple(row["column"] for row in rows)
    return Outcome(
        Severity.NOTE,
        f"{counted(len(rows), 'feature', 'lacks its', 'lack their')} value exactly where another column has "
        f"certain values, for instance {named([first['column']])} where {named([first['where']])} is "
        f"{first['is']} ({count(first['missing rows'], 'row')}).",
        plain="Some gaps are no accident: the value does not exist for those cases.",
        remedy="Read such a gap as 'does not apply' rather than as an unknown value; filling it with a mean "
        "invents data.",
        columns=names,
        evidence=tuple(rows),
    )


def _missing_masks(table: Table) -> dict[str, np.ndarray]:
    """Return where each feature is missing, for those with enough rows on both sides."""
    masks = {name: table.frame[name].isna().to_numpy() for name in feature_names(table)}
    return {
        name: mask
        for name, mask in masks.items()
        if STRUCTURAL_ROWS <= mask.sum() <= len(table) - STRUCTURAL_ROWS
    }


def _explaining(table: Table, context: Context) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the columns, and their codes, whose few values could explain gaps elsewhere."""
    roles = (Role.FEATURE, Role.GROUP, Role.DROPPED)
    for column in table.columns.values():
        if column.role not in roles or column.kind not in (Kind.CATEGORY, Kind.BOOLEAN, Kind.NUMBER):
            continue
        codes = context.codes[column.name]
        if 2 <= distinct(codes) <= STRUCTURAL_LEVELS:
            yield column.name, codes


def _may_explain(mask: np.ndarray, codes: np.ndarray) -> bool:
    """Return whether the first rows allow it; most pairs of columns are ruled out by them at little cost."""
    first, known = mask[:FIRST_ROWS], codes[:FIRST_ROWS] + 1
    rows = np.bincount(known)
    gaps = np.bincount(known[first], minlength=len(rows))
    return not ((gaps != 0) & (gaps != rows)).any() and not gaps[0]


def _levels_of_gap(mask: np.ndarray, codes: np.ndarray) -> list[int] | None:
    """Return the codes at which the value is always missing, if it is missing nowhere else."""
    size = int(codes.max()) + 1
    known = codes >= 0
    if mask[~known].any():
        return None
    rows = np.bincount(codes[known], minlength=size)
    gaps = np.bincount(codes[known & mask], minlength=size)
    if ((gaps != 0) & (gaps != rows)).any():
        return None
    found = np.flatnonzero(gaps).tolist()
    # Several levels of a column of many can fit by chance; a single one, or few of few, cannot.
    return found if len(found) == 1 or size <= 2 * TESTED_ROWS else None


def _structural_row(
    table: Table, name: str, mask: np.ndarray, other: str, codes: np.ndarray, levels: list[int]
) -> dict[str, Any]:
    values = table.frame[other]
    shown = [values.iloc[int(np.flatnonzero(codes == level)[0])] for level in levels]
    words = [number(float(value)) if isinstance(value, Real) else f"'{value}'" for value in shown]
    return {
        "column": name,
        "where": other,
        "is": " or ".join(words[:3]) + (f" or {len(words) - 3} more" if len(words) > 3 else ""),
        "missing rows": int(mask.sum()),
    }
