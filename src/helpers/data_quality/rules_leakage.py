"""Leakage: one column, or a few together, that give the answer away. What is merely strong is no leak.

Everything is measured on rows not learnt from, by the share of the error of guessing that is removed, with
its interval (`helpers.data_quality.probe`).
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from helpers.data_quality.context import Context, leak_limit
from helpers.data_quality.probe import ColumnSkill, Skill, folds_of, target_matrix, tree_skill
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, rule, written
from helpers.findings import Severity
from helpers.metrics import Task
from helpers.tables.table import Kind, Table
from helpers.wording import percent

FEWEST_ROWS = 30
LEADERS_AT_MOST = 3
FOLLOWERS_AT_LEAST = 4
LEADING = 0.50
FALL = 0.30
PROBABILITY_SKILL = 0.10
PROBABILITY_VALUES = 100
PROBABILITY_BINS = 10
PROBABILITY_ERROR = 0.05
SORTED_NOTE = 0.20
ROW_NUMBER_RANK = 0.99


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
    leaders = _leaders(context.skills)
    if leaders:
        return _leaders_outcome(leaders, context)
    best = context.skills[0]
    return passed(
        f"No feature alone gives the target away; the strongest, {named([best.column])}, removes "
        f"{_share(best.skill)} of the error of guessing.{context.sample_note}"
    )


def _leak_outcome(leaks: Sequence[ColumnSkill], context: Context) -> Outcome:
    names = [item.column for item in leaks]
    return Outcome(
        Severity.STOP,
        f"{counted(len(leaks), 'feature', 'predicts', 'predict')} the target nearly perfectly alone: "
        f"{named(names)}. {named(names[:1])} removes {_share(leaks[0].skill)} of the error of guessing on "
        f"rows not learnt from; surely {percent(leak_limit(context.table.task))} gives the answer away."
        f"{context.sample_note}",
        plain="A column all but states the answer, so that the result would look far better than it is.",
        remedy=f"If it is known only after the outcome, leave it out: {written({'drop': names})}. "
        "If it names a person or a thing whose rows share one answer, give it as `group`.",
        columns=tuple(names),
        evidence=_evidence(context.skills),
    )


def _leaders(skills: Sequence[ColumnSkill]) -> list[ColumnSkill]:
    """Return up to three strong columns that all the others, four or more, fall far behind."""
    for size in range(1, LEADERS_AT_MOST + 1):
        if len(skills) < size + FOLLOWERS_AT_LEAST:
            break
        last, follower = skills[size - 1].skill, skills[size].skill
        if last.low >= LEADING and follower.value <= FALL * last.value:
            return list(skills[:size])
    return []


def _leaders_outcome(leaders: Sequence[ColumnSkill], context: Context) -> Outcome:
    names = [item.column for item in leaders]
    follower = context.skills[len(leaders)]
    return Outcome(
        Severity.WARN,
        f"{counted(len(names), 'feature', 'stands', 'stand')} far above all others: {named(names)}. "
        f"{named(names[-1:])} alone removes {_share(leaders[-1].skill)} of the error of guessing, the next "
        f"best, {named([follower.column])}, {percent(max(0.0, follower.skill.value))}.{context.sample_note}",
        plain="Almost everything hangs on one or a few columns: make sure that they are known beforehand.",
        remedy="If the value is known only after the outcome, or recorded because of it, leave it out: "
        f"{written({'drop': names})}.",
        columns=tuple(names),
        evidence=_evidence(context.skills),
    )


def _share(skill: Skill) -> str:
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
    return Outcome(
        Severity.WARN,
        f"{counted(len(names), 'feature', 'reads', 'read')} like the answer of another model: {named(names)}."
        f" Among rows with a value near p in {named(names[:1])}, a share of about p is of class "
        f"{named([found[0][1]])} (within {percent(PROBABILITY_ERROR)}).{context.sample_note}",
        plain="A column seems to be the answer of another model.",
        remedy="Unless that model will be run for new rows too, and never saw these: "
        f"{written({'drop': names})}.",
        columns=tuple(names),
        evidence=tuple({"column": item.column, "probability of": name} for item, name in found),
    )


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


@rule("Q154", "row_order_leak")
def row_order_leak(table: Table, context: Context) -> Outcome:
    """Ask whether a row's place in the file tells its target."""
    if len(table) < FEWEST_ROWS:
        return not_applicable(f"Fewer than {FEWEST_ROWS} development rows: order cannot be told from chance.")
    sample = context.sample
    places = sample.frame.index.to_numpy(float)
    target, folds = target_matrix(sample), folds_of(len(sample), seed=context.seed)
    skill = tree_skill(places, target, folds)
    if skill.low < SORTED_NOTE:
        return passed(
            "A row's place in the file tells little of its target: it removes "
            f"{percent(max(0.0, skill.value), digits=1)} of the error of guessing.{context.sample_note}"
        )
    names = _row_numbers(sample, places)
    message = (
        f"The file is in order of the target: a row's place removes {_share(skill)} of the error of guessing."
    )
    if names:
        message += (
            f" {counted(len(names), 'feature', 'follows', 'follow')} the order of rows: {named(names)}."
        )
    return Outcome(
        Severity.WARN if names else Severity.NOTE,
        message + context.sample_note,
        plain="The rows of the file are sorted by the outcome.",
        remedy=f"Leave out what only counts rows: {written({'drop': names})}."
        if names
        else "Harmless while rows are drawn at random; never add a row number, and never take the last rows "
        "for a test.",
        columns=tuple(names),
        evidence=({"rows": len(sample), "error removed": skill.value, "from": skill.low, "to": skill.high},),
    )


def _row_numbers(table: Table, places: np.ndarray) -> list[str]:
    """Return the features of numbers or dates that rise or fall with the rows' places."""
    found = []
    for column in table.features:
        if column.kind not in (Kind.NUMBER, Kind.DATE):
            continue
        values = table.frame[column.name]
        known = values.notna().to_numpy()
        if known.sum() < FEWEST_ROWS or values.nunique() < FEWEST_ROWS:
            continue
        ranks = values[known].rank().to_numpy(float)
        if abs(float(stats.pearsonr(ranks, stats.rankdata(places[known])).statistic)) >= ROW_NUMBER_RANK:
            found.append(column.name)
    return found
