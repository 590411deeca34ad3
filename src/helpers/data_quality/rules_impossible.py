"""Values that the rest of a column makes impossible: a sign, a limit, letters that came out wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data_quality.context import Context, looked_at
from helpers.data_quality.phrases import counted, named, written
from helpers.data_quality.rule import Outcome, not_applicable, passed, rule
from helpers.findings import Severity
from helpers.tables.table import Column, Kind, Table
from helpers.wording import count, number

FEWEST_VALUES = 50
FEW_SHARE = 0.01
# Shares and percentages: nearly all within, some right up to the limit, a few beyond.
WITHIN_LIMIT = 0.95
NEAR_LIMIT = 0.9
NEAR_SHARE = 0.05
AT_LIMIT = 0.005
GATHERED = 1.5
BEYOND = 2.0
LIMITS = (1.0, 100.0)
# So many times the distance from the first per cent to the tenth below the first: further than a tail goes.
TAIL = 3.0
MOJIBAKE = r"Ã[\x80-¿ƒ‚„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|Â[\x80-¿]|ï»¿|\uFFFD"


@dataclass(frozen=True)
class Impossible:
    """Values of one column that the rest makes impossible."""

    column: str
    rows: int
    what: str
    example: float
    lowest: float | None
    highest: float | None


@rule("Q133", "impossible_value")
def impossible_value(table: Table, context: Context) -> Outcome:
    """Find a few negative numbers among positive ones, and a few shares above 1 or percentages above 100."""
    columns = [column for column in looked_at(table) if column.kind is Kind.NUMBER]
    enough = [column for column in columns if table.frame[column.name].count() >= FEWEST_VALUES]
    if not enough:
        return not_applicable(f"No column of numbers has at least {FEWEST_VALUES} values.")
    markers = {marker.column for marker in context.markers}
    found = [
        each
        for column in enough
        if column.name not in markers
        for each in impossible_values(table.frame[column.name], column)
    ]
    if not found:
        return passed(
            f"In none of {count(len(enough), 'column')} do a few numbers break a sign or a limit that all "
            "others keep."
        )
    first = found[0]
    names = list(dict.fromkeys(each.column for each in found))
    limits = {each.column: [each.lowest, each.highest] for each in found}
    return Outcome(
        Severity.NOTE,
        f"{counted(len(names), 'column', 'holds', 'hold')} values that the others make doubtful: "
        f"{named(names)}. In {named([first.column])} {counted(first.rows, 'row', 'is', 'are')} "
        f"{first.what}, for instance {number(first.example)}.",
        plain="A few numbers seem impossible, compared with the others.",
        remedy=f"If they are, let them count as missing: {written({'clean': {'limits': limits}})}.",
        columns=tuple(names),
        evidence=tuple(
            {"column": each.column, "rows": each.rows, "what": each.what, "example": number(each.example)}
            for each in found
        ),
    )


def impossible_values(values: pd.Series, column: Column) -> Iterator[Impossible]:
    """Yield what the rest of the column makes doubtful."""
    numbers = np.sort(values.dropna().to_numpy(float))
    negative = int((numbers < 0).sum())
    if 0 < negative <= FEW_SHARE * len(numbers):
        first, tenth = np.quantile(numbers[negative:], [0.01, 0.10])
        if numbers[negative:].min() >= 0 and numbers[0] < first - TAIL * (tenth - first):
            yield Impossible(
                column.name, negative, "negative, all others not", float(numbers[0]), 0, None
            )  # fmt: skip
    for limit in LIMITS:
        beyond = int((numbers > limit).sum())
        if beyond and _is_limit(numbers, limit):
            words = "above 1, as no share can be" if limit == 1 else "above 100, as no percentage can be"
            yield Impossible(column.name, beyond, words, float(numbers[-1]), None, limit)


def _is_limit(numbers: np.ndarray, limit: float) -> bool:
    """Return whether nearly all numbers keep the limit, and gather right at it."""
    beyond = float((numbers > limit).mean())
    if numbers[0] < 0 or beyond > 1 - WITHIN_LIMIT or numbers[-1] > BEYOND * limit:
        return False
    if limit == 1 and (numbers == np.rint(numbers)).all():
        return False
    near = int(((numbers >= NEAR_LIMIT * limit) & (numbers <= (1 + AT_LIMIT) * limit)).sum())
    at = int((np.abs(numbers - limit) <= AT_LIMIT * limit).sum())
    usual = 2 * AT_LIMIT / (1 + AT_LIMIT - NEAR_LIMIT)
    return near >= NEAR_SHARE * len(numbers) and at >= GATHERED * usual * near


@rule("Q106", "encoding")
def wrong_encoding(table: Table, context: Context) -> Outcome:
    """Find texts that were written in one encoding and read in another, such as 'CafÃ©' for 'Café'."""
    words = [c for c in looked_at(table) if c.kind in (Kind.CATEGORY, Kind.TEXT)]
    if not words:
        return not_applicable("There is no column of words.")
    rows = []
    for column in words:
        sizes = context.sizes[column.name]
        levels = pd.Series(sizes.index.astype(str))
        wrong = levels.str.contains(MOJIBAKE, regex=True).to_numpy(bool)
        if wrong.any():
            example = str(levels[wrong].iloc[0])
            rows.append(
                {"column": column.name, "rows": int(sizes.to_numpy()[wrong].sum()), "example": example}
            )
    if not rows:
        return passed(
            f"No text ({count(len(words), 'column')}) looks as if it were read in a wrong encoding."
        )
    names = [str(row["column"]) for row in rows]
    return Outcome(
        Severity.NOTE,
        f"{counted(len(names), 'column', 'holds', 'hold')} texts that seem to have been read in a wrong "
        f"encoding: {named(names)}; for instance {named([str(rows[0]['example'])])}.",
        plain="Some letters with accents came out wrong.",
        remedy="Export the table anew as UTF-8: one word in two spellings counts as two.",
        columns=tuple(names),
        evidence=tuple(rows),
    )
