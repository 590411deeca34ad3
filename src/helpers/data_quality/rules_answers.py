"""Levels that each have one answer: a code made from the target, or things whose rows share an answer."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from helpers.data_quality.coding import distinct
from helpers.data_quality.context import Context
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, rule, written
from helpers.findings import Severity
from helpers.metrics import Task
from helpers.tables.table import Kind, Table
from helpers.wording import number, percent

# Rows whose level has company, and of these the ones in levels of a single answer.
WITH_COMPANY = 0.5
ONE_ANSWER = 0.99
BY_CHANCE = 1e-6
# Where one class is that frequent, levels of one answer are no surprise.
SURPRISING = 0.5


@dataclass(frozen=True)
class Answered:
    """A column each of whose levels has one answer; levels of a single row are left out."""

    column: str
    levels: int
    rows: int
    share: float


@rule("Q158", "target_leak")
def one_answer_a_level(table: Table, context: Context) -> Outcome:
    """Find columns of words, none of whose values stands with two answers though the values repeat."""
    if table.task is Task.REGRESSION:
        return not_applicable("The target is a number; values that each have one class are looked for here.")
    columns = [
        column.name
        for column in table.features
        if column.kind in (Kind.CATEGORY, Kind.TEXT) and column.name not in context.given_away
    ]
    if not columns:
        return not_applicable("There is no other column of words.")
    answers = context.codes[table.target.name]
    found = [each for name in columns for each in _answered(name, context.codes[name], answers)]
    if not found:
        return passed("In no column of words does each value have one answer beyond what chance would give.")
    names, first = [each.column for each in found], max(found, key=lambda each: each.rows)
    return Outcome(
        Severity.WARN,
        f"{counted(len(names), 'column', 'has', 'have')} one answer for each value, though values repeat: "
        f"{named(names)}. In {named([first.column])} {percent(first.share)} of {first.rows:,} rows stand in "
        f"one of {first.levels:,} values whose rows agree, {number(first.rows / first.levels)} rows each.",
        plain="Each value of a column goes with one answer only, so that its rows tell each other.",
        remedy=f"If it was made from the outcome, leave it out: {written({'drop': names})}. If it names a "
        f"person or a thing: {written({'group': first.column})}.",
        columns=tuple(names),
        lines={"drop": names},
        evidence=tuple(
            {"column": each.column, "values": each.levels, "rows": each.rows, "agreeing": percent(each.share)}
            for each in found
        ),
    )


def _answered(name: str, codes: np.ndarray, answers: np.ndarray) -> Iterator[Answered]:
    """Yield the column if its levels agree in their answers as by chance they surely would not."""
    known = codes >= 0
    counts = np.zeros((distinct(codes), distinct(answers)), dtype=np.int64)
    np.add.at(counts, (codes[known], answers[known]), 1)
    sizes = counts.sum(axis=1)
    counts, sizes = counts[sizes > 1], sizes[sizes > 1]
    # As many levels as answers can be another way of writing them, which is the subject of other rules.
    if len(sizes) <= distinct(answers) or sizes.sum() < WITH_COMPANY * len(codes):
        return
    agree = counts.max(axis=1) == sizes
    share = float(sizes[agree].sum() / sizes.sum())
    frequent = np.bincount(answers, minlength=distinct(answers)) / len(answers)
    chance = (frequent[None, :] ** sizes[:, None]).sum(axis=1)
    expected = float((sizes * chance).sum() / sizes.sum())
    if share >= ONE_ANSWER and expected <= SURPRISING and np.log(chance[agree]).sum() <= np.log(BY_CHANCE):
        yield Answered(name, len(sizes), int(sizes.sum()), share)
