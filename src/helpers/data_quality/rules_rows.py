"""Rows: whether there are enough, whether they repeat, whether equal rows have different answers."""

from typing import Any

import numpy as np

from helpers.data_quality.coding import combined, distinct, repeated_rows
from helpers.data_quality.context import Context, feature_names
from helpers.data_quality.rule import Outcome, counted, not_applicable, passed, rule, written
from helpers.findings import Severity
from helpers.metrics import Task
from helpers.tables.table import Role, Table
from helpers.wording import count, percent

REPEATED_WARN = 0.01
# Where the columns allow fewer than this many combinations a row, equal rows are to be expected.
ROOM_PER_ROW = 100
UNRESOLVED_WARN = 0.10
FEW_ROWS = 100
ROWS_PER_FEATURE = 5


@rule("Q111", "duplicate_rows")
def duplicate_rows(table: Table, context: Context) -> Outcome:
    """Count rows that repeat another one in everything but identifiers."""
    names = [*feature_names(table), table.target.name]
    names += [column.name for role in (Role.GROUP, Role.TIME) for column in table.with_role(role)]
    if not feature_names(table):
        return not_applicable("The table has no features to compare rows by.")
    repeated = repeated_rows(table.frame[names])
    if not repeated:
        return passed("No row repeats another one.")
    entirely = repeated_rows(table.frame)
    share = repeated / len(table)
    identified = entirely < repeated
    expected = room_for_rows(context, feature_names(table)) < ROOM_PER_ROW * len(table)
    message = (
        f"{count(repeated, 'row')} ({percent(share, digits=1)}) {'repeats' if repeated == 1 else 'repeat'} "
        f"another row in every feature and the target; {entirely:,} of them in every column, identifiers "
        "included."
    )
    if expected:
        message += " The features allow few combinations, so that equal rows need not be copies."
    serious = share >= REPEATED_WARN and not (expected or identified)
    return Outcome(
        Severity.WARN if serious else Severity.NOTE,
        message,
        plain=f"{counted(repeated, 'row', 'appears', 'appear')} in the table more than once.",
        remedy="Equal rows in training and validation flatter the score. If they are copies: "
        f"{written({'clean': {'duplicates': 'drop'}})}.",
        evidence=({"rows": len(table), "repeat another": repeated, "also in identifiers": entirely},),
        lines={"clean": {"duplicates": "drop"}} if serious else {},
    )


def room_for_rows(context: Context, names: list[str]) -> float:
    """Return how many combinations the columns' values allow, missing counting as a value."""
    return float(np.prod([float(max(1, distinct(context.codes[name]))) for name in names]))


@rule("Q112", "conflicting_labels")
def conflicting_labels(table: Table, context: Context) -> Outcome:
    """Count rows with the same features and different targets: no model can get all of them right."""
    # Columns that state the answer would tell apart what is the same case with two answers.
    names = [name for name in feature_names(table) if name not in context.given_away]
    if not names:
        return not_applicable("The table has no features to compare rows by.")
    groups = combined([context.codes[name] for name in names])
    if distinct(groups) == len(table):
        return not_applicable("No two rows have the same features.")
    both = combined([groups, context.codes[table.target.name]])
    first_rows = np.unique(both, return_index=True)[1]
    answers = np.bincount(groups[first_rows], minlength=distinct(groups))
    conflicting = int((answers[groups] > 1).sum())
    if not conflicting:
        return passed("Rows with the same features have the same target.")
    wrong = len(table) - _answered_rightly(groups, both)
    message = (
        f"{count(conflicting, 'row')} ({percent(conflicting / len(table), digits=1)}) with the same features "
        "as another row have a different target"
    )
    if table.task is not Task.REGRESSION:
        message += f"; any model names at least {percent(wrong / len(table), digits=1)} of the rows wrongly"
    serious = table.task is not Task.REGRESSION and wrong / len(table) >= UNRESOLVED_WARN
    return Outcome(
        Severity.WARN if serious else Severity.NOTE,
        f"{message}.",
        plain="Some rows look alike and yet have different outcomes.",
        remedy="Look for a feature that tells them apart, or for wrong labels.",
        evidence=({"rows": len(table), "in conflict": conflicting},),
    )


def _answered_rightly(groups: np.ndarray, both: np.ndarray) -> int:
    """Return how many rows are right if each group of equal rows gets its most frequent answer."""
    largest = np.zeros(distinct(groups), dtype=np.int64)
    np.maximum.at(largest, groups, np.bincount(both)[both])
    return int(largest.sum())


@rule("Q113", "small_table")
def small_table(table: Table, _context: Context) -> list[Outcome]:
    """Say when there are few rows, at all or for the number of features."""
    features, rows = len(table.features), len(table)
    evidence: tuple[dict[str, Any], ...] = ({"development rows": rows, "features": features},)
    found = []
    if rows < FEW_ROWS:
        found.append(
            Outcome(
                Severity.WARN,
                f"{count(rows, 'development row')}: with fewer than {FEW_ROWS} every score is uncertain, and "
                "so is the choice between models.",
                plain=f"There are only {count(rows, 'row')} to learn from.",
                remedy="Gather more rows; prefer simple models and read the intervals, not the scores.",
                evidence=evidence,
            )
        )
    if rows < ROWS_PER_FEATURE * features:
        found.append(
            Outcome(
                Severity.NOTE,
                f"{count(rows, 'development row')} for {count(features, 'feature')}: fewer than "
                f"{ROWS_PER_FEATURE} rows a feature, so that models can learn the rows by heart.",
                plain="There are few rows for so many columns.",
                remedy="Prefer models with strong regularisation, or fewer columns.",
                evidence=evidence,
            )
        )
    return found or [
        passed(f"{count(rows, 'development row')}, at least {FEW_ROWS} and {ROWS_PER_FEATURE} a feature.")
    ]
