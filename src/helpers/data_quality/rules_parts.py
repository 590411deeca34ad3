"""Columns that give the target away together, as findings."""

from helpers.data_quality.context import Context
from helpers.data_quality.parts import NEARLY_R2, PARTS_R2, additive_features
from helpers.data_quality.rule import Outcome, named, not_applicable, passed, rule, written
from helpers.findings import Severity
from helpers.metrics import Task
from helpers.tables.table import Table
from helpers.wording import count, percent

FEWEST_ROWS = 50


@rule("Q153", "target_parts")
def target_parts(table: Table, context: Context) -> Outcome:
    """Find a few columns that together state the target, though none does alone."""
    if len(table) < FEWEST_ROWS:
        return not_applicable(
            f"Fewer than {FEWEST_ROWS} development rows: too few to tell an exact rule from chance."
        )
    return _of_number(context) if table.task is Task.REGRESSION else _of_class(context)


def _of_number(context: Context) -> Outcome:
    if not additive_features(context.sample):
        return not_applicable("There are no features of numbers that could add up to the target.")
    parts = context.parts_of_number
    if parts is None:
        return passed(
            f"The target is no sum or product of features (R² above {PARTS_R2} was asked for)."
            f"{context.sample_note}"
        )
    names = list(parts.columns)
    limit = PARTS_R2 if parts.exact else NEARLY_R2
    return Outcome(
        Severity.STOP if parts.exact else Severity.WARN,
        f"The target is {'' if parts.exact else 'nearly '}a {parts.way} of {count(len(names), 'feature')}: "
        f"{named(names)}. With fitted weights R² is above {limit} on rows not learnt from."
        f"{context.sample_note}",
        plain="The answer can be computed from other columns, so that predicting it proves nothing."
        if parts.exact
        else "The answer can nearly be computed from a few other columns.",
        remedy=f"Leave the parts out unless they are known beforehand: {written({'drop': names})}.",
        columns=parts.columns,
        lines={"drop": names},
    )


def _of_class(context: Context) -> Outcome:
    if not context.may_decide_together:
        return not_applicable("Fewer than two features are left that do not give the target away alone.")
    rows, all_rows = len(context.small_sample), len(context.table)
    note = "" if rows == all_rows else f" Measured on {rows:,} of {all_rows:,} rows, drawn at random."
    best = context.deciding_together or context.telling_together
    if best is None:
        return passed(f"No two or three features decide the class together.{note}")
    names, decided = list(best.columns), best is context.deciding_together
    what = f"whether the class is {named([best.answer])}" if best.answer else "the class"
    return Outcome(
        Severity.STOP if decided else Severity.WARN,
        f"{count(len(names), 'feature')} {'decide' if decided else 'nearly decide'} {what} together "
        f"({best.way}): {named(names)}. They remove {percent(best.skill.value, digits=1)} (at least "
        f"{percent(best.skill.low, digits=1)}) of the error of guessing on rows not learnt from, the best of "
        f"them alone {percent(max(0.0, best.alone), digits=1)}.{note}",
        plain=f"A few columns together {'all but' if decided else 'nearly'} state the answer.",
        remedy=f"If they are part of how the outcome is defined: {written({'drop': names})}.",
        columns=best.columns,
        lines={"drop": names},
        evidence=({"columns": named(names), "how": best.way, "error removed": best.skill.value},),
    )
