"""Leakage: one column, or a few together, that give the answer away. What is merely strong is no leak.

Everything is measured on rows not learnt from, by the share of the error of guessing that is removed, with
its interval (`helpers.data_quality.probe`).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.data_quality.coding import distinct
from helpers.data_quality.context import Context
from helpers.data_quality.evidence import leak_limit
from helpers.data_quality.probe import ColumnSkill, Skill
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, rule, written
from helpers.errors import shortened
from helpers.findings import Severity
from helpers.metrics import Task
from helpers.tables.table import Kind, Table
from helpers.wording import percent

FEWEST_ROWS = 30
PROBABILITY_SKILL = 0.10
PROBABILITY_VALUES = 100
PROBABILITY_BINS = 10
PROBABILITY_ERROR = 0.05
LEVEL_ROWS = 20
BY_CHANCE = 1e-6
LEVELS_SHOWN = 10


@rule("Q151", "target_leak")
def target_leak(table: Table, context: Context) -> Outcome:
    """Find single columns that predict the target nearly perfectly, or stand far above all the others."""
    if len(table) < FEWEST_ROWS:
        return not_applicable(
            f"Fewer than {FEWEST_ROWS} development rows: a leak cannot be told from chance."
        )
    if not table.features:
        return not_applicable("The table has no features.")
    if context.leaks:
        return _leak_outcome(context.leaks, context)
    if context.leaders:
        return _leaders_outcome(context.leaders, context)
    best = context.skills[0]
    return passed(
        f"No feature alone gives the target away; the strongest, {named([best.column])}, removes "
        f"{skill_words(best.skill)} of the error of guessing.{context.sample_note}"
    )


def _leak_outcome(leaks: Sequence[ColumnSkill], context: Context) -> Outcome:
    names = [item.column for item in leaks]
    return Outcome(
        Severity.STOP,
        f"{counted(len(leaks), 'feature', 'predicts', 'predict')} the target nearly perfectly alone: "
        f"{named(names)}. {named(names[:1])} removes {skill_words(leaks[0].skill)} of the error of guessing "
        f"on rows not learnt from; surely {percent(leak_limit(context.table.task))} gives the answer away."
        f"{context.sample_note}",
        plain="A column all but states the answer, so that the result would look far better than it is.",
        remedy=f"If it is known only after the outcome, leave it out: {written({'drop': names})}. "
        "If it names a person or a thing whose rows share one answer, give it as `group`.",
        columns=tuple(names),
        evidence=_evidence(context.skills),
        lines={"drop": names},
    )


def _leaders_outcome(leaders: Sequence[ColumnSkill], context: Context) -> Outcome:
    names = [item.column for item in leaders]
    follower = context.skills[len(leaders)]
    return Outcome(
        Severity.WARN,
        f"{counted(len(names), 'feature', 'stands', 'stand')} far above all others: {named(names)}. "
        f"{named(names[-1:])} alone removes {skill_words(leaders[-1].skill)} of the error of guessing, the "
        f"next best, {named([follower.column])}, {percent(max(0.0, follower.skill.value))}."
        f"{context.sample_note}",
        plain="Almost everything hangs on one or a few columns: make sure that they are known beforehand.",
        remedy="If the value is known only after the outcome, or recorded because of it, leave it out: "
        f"{written({'drop': names})}.",
        columns=tuple(names),
        evidence=_evidence(context.skills),
        lines={"drop": names},
    )


def skill_words(skill: Skill) -> str:
    """Return the share of the error of guessing that is removed, with its interval."""
    return (
        f"{percent(skill.value, digits=1)} ({percent(max(0.0, skill.low), digits=1)} to "
        f"{percent(skill.high, digits=1)})"
    )


def _evidence(skills: Sequence[ColumnSkill]) -> tuple[dict[str, str | float], ...]:
    return tuple(
        {"column": s.column, "error removed": s.skill.value, "from": s.skill.low, "to": s.skill.high}
        for s in skills[:10]
    )


@rule("Q152", "target_leak")
def model_output(table: Table, context: Context) -> Outcome:
    """Find columns that read like the probability of a class: near p, a share p of the rows is of it."""
    if table.task is Task.REGRESSION:
        return not_applicable("The target is a number; probabilities of a class are looked for here.")
    sample = context.sample
    found = [
        (item, name)
        for item in context.skills
        if item.skill.low >= PROBABILITY_SKILL
        for name in [_class_of_probability(sample, item.column)]
        if name is not None
    ]
    if not found:
        return passed("No feature reads like the probability of a class, as another model would state it.")
    names = [item.column for item, _ in found]
    hard = _hard_answers(sample, names)
    return Outcome(
        Severity.WARN,
        f"{counted(len(names), 'feature', 'reads', 'read')} like the answer of another model: {named(names)}."
        f" Among rows with a value near p in {named(names[:1])}, a share of about p is of class "
        f"{named([found[0][1]])} (within {percent(PROBABILITY_ERROR)})."
        + (f" {named(hard)} says on which side of a limit it is." if hard else "")
        + context.sample_note,
        plain="A column seems to be the answer of another model.",
        remedy="Unless that model will be run for new rows too, and never saw these: "
        f"{written({'drop': [*names, *hard]})}.",
        columns=(*names, *hard),
        lines={"drop": [*names, *hard]},
        evidence=tuple({"column": item.column, "probability of": name} for item, name in found),
    )


def _hard_answers(table: Table, probabilities: Sequence[str]) -> list[str]:
    """Return the features of two values that a limit on one of the probabilities decides without an error."""
    two = [
        column.name
        for column in table.features
        if column.name not in probabilities and table.frame[column.name].nunique() == 2
    ]
    return [
        name
        for name in two
        if any(_decided_by_limit(table.frame[name], table.frame[each]) for each in probabilities)
    ]


def _decided_by_limit(answer: pd.Series, probability: pd.Series) -> bool:
    known = (answer.notna() & probability.notna()).to_numpy()
    values = probability.to_numpy(float)[known]
    codes = pd.factorize(answer[known])[0]
    first, second = values[codes == 0], values[codes == 1]
    if not len(first) or not len(second):
        return False
    return bool(first.max() < second.min() or second.max() < first.min())


@rule("Q157", "target_leak")
def deciding_level(table: Table, context: Context) -> Outcome:
    """Find levels all of whose rows have one answer, or never one that is frequent elsewhere."""
    if table.task is Task.REGRESSION:
        return not_applicable("The target is a number; levels that leave one class are looked for here.")
    columns = [
        column
        for column in table.features
        if column.kind in (Kind.CATEGORY, Kind.BOOLEAN) and column.name not in context.given_away
    ]
    if not columns:
        return not_applicable("There is no other column of categories or of two values.")
    levels = sum(distinct(context.codes[column.name]) for column in columns)
    rows = [
        row
        for column in columns
        for row in _one_sided(
            column.name, table, context, by_chance=BY_CHANCE / (levels * len(table.classes))
        )
    ]
    if not rows:
        return passed("In no level of a category is a class absent that chance would have put there.")
    names = tuple(dict.fromkeys(str(row["column"]) for row in rows))
    first = max(rows, key=lambda row: int(row["rows"]))
    return Outcome(
        Severity.NOTE,
        f"{counted(len(names), 'column', 'has', 'have')} levels in which a class never occurs: "
        f"{named(names)}; for instance none of {first['rows']:,} rows with '{shortened(first['level'])}' in "
        f"{named([str(first['column'])])} is {named([str(first['never'])])}, though {first['elsewhere']} of "
        "the others are.",
        plain="Some values rule an outcome out. That may be real, or a trace of how the data were recorded.",
        remedy="Find out whether the value is known beforehand, or recorded because of the outcome.",
        columns=names,
        evidence=tuple(rows[:LEVELS_SHOWN]),
    )


def _one_sided(name: str, table: Table, context: Context, *, by_chance: float) -> list[dict[str, Any]]:
    """Return the level and class pairs that never meet, though by chance they surely would."""
    answers = context.codes[table.target.name]
    codes = context.codes[name]
    counts = np.zeros((distinct(codes), distinct(answers)), dtype=np.int64)
    known = codes >= 0
    np.add.at(counts, (codes[known], answers[known]), 1)
    sizes, totals = counts.sum(axis=1), counts.sum(axis=0)
    rest = (totals - counts) / np.maximum(1, (totals.sum() - sizes))[:, None]
    never = (counts == 0) & (sizes[:, None] >= LEVEL_ROWS) & ((1 - rest) ** sizes[:, None] <= by_chance)
    return [
        {
            "column": name,
            "level": str(table.frame[name].iloc[int((codes == level).argmax())]),
            "rows": int(sizes[level]),
            "never": str(table.y.iloc[int((answers == answer).argmax())]),
            "elsewhere": percent(float(rest[level, answer])),
        }
        for level, answer in np.argwhere(never)
    ]


def _class_of_probability(table: Table, column: str) -> str | None:
    """Return the class whose share among the rows follows the column's value, if there is one."""
    if table.columns[column].kind is not Kind.NUMBER:
        return None
    known = table.frame[column].notna().to_numpy()
    values = table.frame[column].to_numpy(float)[known]
    if len(np.unique(values)) < PROBABILITY_VALUES or values.min() < 0 or values.max() > 1:
        return None
    answers = table.y.to_numpy(object)[known]
    parts = np.array_split(np.argsort(values, kind="stable"), PROBABILITY_BINS)
    for name in table.classes:
        is_class = (answers == name).astype(float)
        distances = [abs(values[part].mean() - is_class[part].mean()) for part in parts]
        if np.mean(distances) <= PROBABILITY_ERROR:
            return name
    return None
