"""Levels of columns: spelt in two ways, numbers that may be codes, very many of them, sentences."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from helpers.data_quality.coding import distinct
from helpers.data_quality.context import Context, looked_at
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, rule, written
from helpers.data_quality.spellings import Variant, in_one_way, variants_of
from helpers.findings import Severity
from helpers.tables.table import Kind, Table
from helpers.wording import count, percent

CODE_LEVELS = 20
# So many only where they have gaps and each stands in several rows: amounts are rare at their upper end.
GAPPED_LEVELS = 100
CODE_ROWS_PER_LEVEL = 10
# Counts and grades gather around one value and thin out from there, but for zero and a limit where they may
# pile up; a dip between two levels that chance does not make, as many rows of each level, or gaps wider than
# this are what codes have.
DIP_ERRORS = 4.0
EVEN = 2.0
EVEN_LEVELS = 5
GAPS = 2.0
MANY_LEVELS = 50
ROWS_PER_LEVEL = 5
VARIANTS_WRITTEN = 5


@rule("Q125", "category_variants")
def category_variants(table: Table, context: Context) -> list[Outcome]:
    """Find levels that differ only in case, spaces or one letter; among classes they spoil every result."""
    columns = [column for column in looked_at(table) if column.kind is Kind.CATEGORY]
    if not columns:
        return [not_applicable("There is no category column.")]
    variants = [each for column in columns for each in variants_of(context.sizes[column.name], column.name)]
    target = [each for each in variants if each.column == table.target.name]
    others = [each for each in variants if each.column != table.target.name]
    found = [_classes_outcome(target)] if target else []
    if others:
        found.append(_levels_outcome(others))
    return found or [
        passed(
            "No level differs from another only in case, spaces or one letter "
            f"({count(len(columns), 'column')})."
        )
    ]


def _classes_outcome(variants: Sequence[Variant]) -> Outcome:
    first = variants[0]
    surely = any(each.way != "one letter" for each in variants)
    return Outcome(
        Severity.STOP if surely else Severity.WARN,
        f"Classes of the target differ only in {first.way}: {named([first.meant, first.level])}.",
        plain="The same outcome is written in several ways, so that it counts as several outcomes.",
        remedy=f"Scores by class mean nothing until each is written in one way: {_one_way(variants)}.",
        columns=(first.column,),
        evidence=tuple(_evidence(variants)),
        lines={"clean": {"replace": in_one_way(variants)}},
    )


def _levels_outcome(variants: Sequence[Variant]) -> Outcome:
    first = max(variants, key=lambda each: each.rows)
    names = list(dict.fromkeys(each.column for each in variants))
    return Outcome(
        Severity.NOTE,
        f"{counted(len(variants), 'level', 'seems', 'seem')} to be another one written differently (case, "
        f"spaces or one letter), for instance {named([first.level])} for {named([first.meant])} in "
        f"{named([first.column])} ({count(first.rows, 'row')}).",
        plain="Some values are written in several ways.",
        remedy=f"Models see them as different values; to write each in one way: {_one_way(variants)}.",
        columns=tuple(names),
        evidence=tuple(_evidence(variants)),
        lines={"clean": {"replace": in_one_way(variants)}},
    )


def _one_way(variants: Sequence[Variant]) -> str:
    return written({"clean": {"replace": in_one_way(variants[:VARIANTS_WRITTEN])}})


def _evidence(variants: Sequence[Variant]) -> Iterator[dict[str, Any]]:
    for each in variants:
        yield {
            "column": each.column,
            "level": each.level,
            "rows": each.rows,
            "seems to mean": each.meant,
            "differs in": each.way,
        }


@rule("Q126", "code_as_number")
def code_as_number(table: Table, context: Context) -> Outcome:
    """Name whole-number columns of few values that do not look like counts: they may be codes."""
    numbers = [column.name for column in table.features if column.kind is Kind.NUMBER]
    if not numbers:
        return not_applicable("There is no feature of numbers.")
    rows = []
    for name in numbers:
        levels = distinct(context.codes[name])
        values = table.frame[name].dropna().to_numpy(float)
        most = min(GAPPED_LEVELS, len(values) / CODE_ROWS_PER_LEVEL)
        if 3 <= levels <= most and (values == np.rint(values)).all() and _look_like_codes(values):
            rows.append({"column": name, "values": levels, "lowest": values.min(), "highest": values.max()})
    if not rows:
        return passed("No feature of numbers holds few different whole numbers that look like codes.")
    names = [row["column"] for row in rows]
    return Outcome(
        Severity.NOTE,
        f"{counted(len(names), 'feature', 'holds', 'hold')} few different whole numbers "
        f"that look like codes, read as amounts: {named(names)}.",
        plain="Some numbers may stand for names rather than amounts.",
        remedy="Where they are codes: "
        f"{written({'clean': {'types': dict.fromkeys(names, 'category')}})}. Counts and grades stay.",
        columns=tuple(names),
        evidence=tuple(rows),
    )


def _look_like_codes(values: np.ndarray) -> bool:
    """Return whether whole numbers are spread as names are: with gaps, evenly, or around several values."""
    levels, rows = np.unique(values, return_counts=True)
    step = np.gcd.reduce(np.diff(levels).astype(np.int64))
    has_gaps = (levels[-1] - levels[0]) / step + 1 > GAPS * len(levels)
    if len(levels) > CODE_LEVELS:
        return bool(has_gaps and rows.min() >= CODE_ROWS_PER_LEVEL / 2)
    if has_gaps:
        return True
    if len(levels) >= EVEN_LEVELS and rows.max() <= EVEN * rows.min():
        return True
    inner = rows[1:-1]
    # Of the highest levels to the left and to the right of each the lower one, against the level itself.
    left, right = np.maximum.accumulate(inner), np.maximum.accumulate(inner[::-1])[::-1]
    around = np.minimum(left, right)
    return bool((around - inner > DIP_ERRORS * np.sqrt(around + inner)).any())


@rule("Q127", "high_cardinality")
def high_cardinality(table: Table, context: Context) -> Outcome:
    """Name category columns with very many levels or few rows a level."""
    categories = [column.name for column in table.features if column.kind is Kind.CATEGORY]
    if not categories:
        return not_applicable("There is no category column.")
    rows: list[dict[str, Any]] = []
    for name in categories:
        codes = context.codes[name]
        sizes = np.bincount(codes[codes >= 0])
        if len(sizes) > MANY_LEVELS or (len(sizes) > 2 and np.median(sizes) < ROWS_PER_LEVEL):
            rows.append(
                {"column": name, "levels": len(sizes), "seen once": percent(float((sizes == 1).mean()))}
            )
    if not rows:
        return passed(f"No category column has more than {MANY_LEVELS} levels.")
    rows.sort(key=lambda row: -int(row["levels"]))
    names = [str(row["column"]) for row in rows]
    return Outcome(
        Severity.NOTE,
        f"{count(len(names), 'category column')} with more than {MANY_LEVELS} levels or typically fewer than "
        f"{ROWS_PER_LEVEL} rows a level: {named(names)}; most in {named(names[:1])} ({rows[0]['levels']:,}).",
        plain="Some columns hold very many different names, most of them rarely.",
        remedy="New names will appear in new rows; a coarser grouping usually predicts better.",
        columns=tuple(names),
        evidence=tuple(rows),
    )


@rule("Q130", "free_text")
def free_text(table: Table, _context: Context) -> Outcome:
    """Name the features that hold sentences or phrases rather than levels."""
    texts = [column.name for column in table.features if column.kind is Kind.TEXT]
    if not any(column.kind in (Kind.TEXT, Kind.CATEGORY) for column in table.features):
        return not_applicable("There is no feature of words.")
    if not texts:
        return passed("No feature holds free text.")
    sizes = {name: table.frame[name].dropna().map(lambda text: len(str(text).split())) for name in texts}
    rows = [
        {
            "column": name,
            "texts": len(words),
            "words, median": float(words.median()),
            "longest": int(words.max()),
        }
        for name, words in sizes.items()
        if len(words)
    ]
    return Outcome(
        Severity.NOTE,
        f"{counted(len(texts), 'feature', 'holds', 'hold')} free text: {named(texts)}.",
        plain="Some columns hold sentences.",
        remedy="Models use its words, which may also tell the answer or name persons: read some of it. To "
        f"leave it out: {written({'drop': texts})}.",
        columns=tuple(texts),
        evidence=tuple(rows),
    )
