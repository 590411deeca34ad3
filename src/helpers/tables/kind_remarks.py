"""What is said of a column on the way to its kind: forms assumed, cells that did not fit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.findings import Severity
from helpers.tables.dates import Dates
from helpers.tables.levels import Levels
from helpers.tables.numbers import EXACT_DIGITS, Numbers
from helpers.tables.remarks import Remark, Rule

MIXED_SHOWN = 10

FORMAT = Rule(
    "T104",
    "decimal_mark",
    Severity.NOTE,
    "Numbers in {columns} were written with a decimal comma, thousands marks, or a currency or percent sign.",
    "Some numbers were written in a special way and were read as plain numbers.",
)
MIXED = Rule(
    "T112",
    "mixed_type",
    Severity.WARN,
    "In {columns} {cells} could not be read as the column's kind and count as missing.",
    "A few cells did not fit the rest of their column and count as missing.",
    "Mend them in the table, or declare them under clean.missing or the column under clean.types.",
)
CODES = Rule(
    "T114",
    "code_as_number",
    Severity.NOTE,
    f"Digits with leading zeros, or more than {EXACT_DIGITS} of them, were read as codes: {{columns}}.",
    "Some columns that look like numbers are codes and were read as such.",
    "If they are quantities, declare them under clean.types as number.",
)
INFINITE = Rule(
    "T115",
    "impossible_value",
    Severity.WARN,
    "In {columns} {cells} held infinity and count as missing.",
    "A few cells held infinity and count as missing.",
    "Find out where they come from, a division by zero for one.",
)
ORDER = Rule(
    "T116",
    "date_order",
    Severity.WARN,
    "Dates in {columns} can be read day first or month first: nothing in the column decides it, or some rows "
    "contradict the others. The evidence says how they were read.",
    "Some dates can be read in two ways.",
    "Write dates as 2015-01-31 when the table is exported.",
)
DAY_FIRST = Rule(
    "T117",
    "date_order",
    Severity.NOTE,
    "Dates in {columns} were read day first, as the whole column says.",
    "Some dates were read with the day first.",
)
ZONES = Rule(
    "T118",
    "time_zone",
    Severity.NOTE,
    "Times in {columns} have offsets from UTC and were turned into UTC; a time without one counts as UTC.",
    "Times were brought to one common time zone.",
)
ASSUMED_DATES = Rule(
    "T119",
    "assumption",
    Severity.NOTE,
    "Dates in {columns} were read from a short form: two-digit years, digits run together or a count.",
    "Some dates were read from a short form.",
    "If they are something else, declare them under clean.types.",
)
MOSTLY_NUMBERS = Rule(
    "T120",
    "mixed_type",
    Severity.NOTE,
    "Numbers with {cells} of other text among them were read as words: {columns}.",
    "Some columns mix numbers and words.",
    "If they are quantities, declare them under clean.types as number; the rest then counts as missing.",
)


def remark(rule: Rule, column: str, **evidence: Any) -> Remark:
    """Return the rule's remark on the column, with the evidence as keywords."""
    return Remark(rule, column, evidence)


def number_remarks(numbers: Numbers, *, column: str) -> list[Remark]:
    """Return how the numbers were written, if not plainly."""
    notes = ["decimal comma"] if numbers.mark == "," else []
    notes += ["thousands marks"] if numbers.grouped else []
    notes += [f"sign {numbers.affix}"] if numbers.affix else []
    return [remark(FORMAT, column, form=", ".join(notes))] if notes else []


def date_remarks(levels: Levels, dates: Dates, *, column: str) -> list[Remark]:
    """Return how the dates were written, where that left something to assume."""
    example, found = first_of(levels, dates.ok), []
    if dates.order in ("undecidable", "contradictory"):
        read = "month first" if dates.order == "undecidable" else "as most rows say, the others the other way"
        found.append(remark(ORDER, column, order=dates.order, read=read, example=example))
    if dates.order == "day first":
        found.append(remark(DAY_FIRST, column, example=example))
    if dates.zones:
        found.append(remark(ZONES, column, offsets=f"{dates.zones} values"))
    if dates.short_years:
        found.append(remark(ASSUMED_DATES, column, form="two-digit years"))
    return found


def lost_remarks(levels: Levels, lost: NDArray[np.bool_], *, column: str, rule: Rule = MIXED) -> list[Remark]:
    """Return a remark for each of the most frequent texts that did not fit, and one for the rest."""
    order = sorted(np.flatnonzero(lost).tolist(), key=lambda at: -int(levels.counts[at]))
    found = [
        remark(rule, column, value=str(levels.texts[at].as_py()), cells=int(levels.counts[at]))
        for at in order[:MIXED_SHOWN]
    ]
    rest = order[MIXED_SHOWN:]
    if rest:
        cells = int(levels.counts[rest].sum())
        found.append(remark(rule, column, value=f"({len(rest):,} other texts)", cells=cells))
    return found


def first_of(levels: Levels, mask: NDArray[np.bool_]) -> str:
    """Return the first text for which `mask` is true, as an example."""
    return str(levels.texts[int(np.flatnonzero(mask)[0])].as_py()) if mask.any() else ""
