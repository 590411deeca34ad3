"""What the params declare under `clean`, applied and counted; rows that no model can use are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from helpers.errors import listed, shortened
from helpers.findings import Finding, Severity
from helpers.parameters.section import Scalar
from helpers.tables.kinds import Cells
from helpers.tables.levels import Levels, among
from helpers.wording import count

# A class with fewer rows can be neither learnt nor checked: two folds of five would hold one row each.
LEAST_CLASS_ROWS = 10
LARGEST = 1e100
# More rows without a target than this share leave a sample that may be biased.
MUCH_MISSING_SHARE = 0.05
LOG_COLUMNS = ("step", "column", "changed", "before", "after")


@dataclass(frozen=True)
class Change:
    """One line of the cleaning log: what was done to which column (empty: to rows), and how many changed."""

    step: str
    column: str
    changed: int
    before: str
    after: str


def cleaning_log(changes: Sequence[Change]) -> pd.DataFrame:
    """Return the changes as a table: step, column, changed (cells or rows), before, after (text)."""
    rows = [(each.step, each.column, each.changed, each.before, each.after) for each in changes]
    return pd.DataFrame(rows, columns=list(LOG_COLUMNS)).astype({"changed": "int64"})


def without_markers(cells: Cells, values: Sequence[Scalar]) -> tuple[Cells, int]:
    """Return a column in which the declared values are missing, and how many cells that changed.

    A value fits a text if they are the same text (white space around it aside) or the same number.
    """
    texts = {str(value).strip() for value in values}
    numbers = np.array([found for value in values if (found := _number(value)) is not None], dtype=np.float64)
    if isinstance(cells, Levels):
        gone = among(cells.stripped, frozenset(texts)) | np.isin(cells.plain_values, numbers)
        return (_dropped(cells, gone), cells.rows(gone)) if gone.any() else (cells, 0)
    is_number = pd.api.types.is_numeric_dtype(cells.dtype)
    mask = cells.isin(numbers) if is_number else cells.astype("str").isin(list(texts))
    mask &= cells.notna()
    if not mask.any():
        return cells, 0
    return (cells.astype("float64") if is_number else cells).mask(mask), int(mask.sum())


def rewritten(cells: Cells, values: Mapping[str, str]) -> tuple[Cells, int]:
    """Return a column in which the declared old values are written as the new ones, and how many cells are.

    An old value fits a text that is the same, or else one that is the same but for white space around it.
    """
    if not isinstance(cells, Levels):
        texts = cells.astype("str")
        changed = texts.isin(list(values)) & cells.notna()
        return (
            (texts.where(cells.notna()).replace(dict(values)), int(changed.sum()))
            if changed.any()
            else (cells, 0)
        )
    old = [str(text) for text in cells.texts.to_pylist()]
    stripped = {text.strip(): new for text, new in values.items()}
    new = [values.get(text, stripped.get(text.strip(), text)) for text in old]
    changes = np.array([before != after for before, after in zip(old, new, strict=True)], dtype=bool)
    if not changes.any():
        return cells, 0
    position, distinct = pd.factorize(np.asarray(new, dtype=object))
    merged = cells.spread(position.astype(np.int64), missing=-1)
    return Levels(pa.array(distinct, type=pa.string()), merged), cells.rows(changes)


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _dropped(levels: Levels, gone: NDArray[np.bool_]) -> Levels:
    kept = np.flatnonzero(~gone)
    position = np.full(len(gone), -1, dtype=np.int64)
    position[kept] = np.arange(len(kept))
    return replace(levels, texts=levels.texts.take(kept), codes=levels.spread(position, missing=-1))


def within(values: pd.Series, limits: Sequence[float | None]) -> tuple[pd.Series, int]:
    """Return numbers in which those outside the limits are missing, and how many that are."""
    low, high = limits
    outside = pd.Series(False, index=values.index)
    if low is not None:
        outside |= values < low
    if high is not None:
        outside |= values > high
    return (values.astype("float64").mask(outside), int(outside.sum())) if outside.any() else (values, 0)


def too_large_finding(changes: Sequence[Change]) -> Finding | None:
    """Return the finding on numbers that cannot be reckoned with, infinities among them."""
    if not changes:
        return None
    cells = sum(change.changed for change in changes)
    return Finding(
        "T142",
        "impossible_value",
        Severity.WARN,
        f"{count(cells, 'number')} beyond ±{LARGEST:.0e} in {count(len(changes), 'column')} read as missing: "
        "sums of their squares cannot be held.",
        f"{count(cells, 'number')} too large to reckon with: taken as missing.",
        "Scale the column, or set clean: {limits: {COLUMN: [lowest, highest]}}.",
        tuple(change.column for change in changes),
        tuple(asdict(change) for change in changes),
    )


def rewritten_change(column: str, changed: int, values: Mapping[str, str]) -> Change:
    """Return the line for cells that were written another way."""
    old = listed([shortened(repr(text), limit=40) for text in values], limit=5)
    new = listed([shortened(repr(text), limit=40) for text in dict.fromkeys(values.values())], limit=5)
    return Change("replace", column, changed, old, new)


def missing_change(step: str, column: str, changed: int, missing_before: int) -> Change:
    """Return the line for cells that became missing."""
    after = missing_before + changed
    return Change(step, column, changed, f"{missing_before:,} missing", f"{after:,} missing")


def rows_change(step: str, changed: int, rows_before: int, column: str = "") -> Change:
    """Return the line for rows that were left out."""
    return Change(step, column, changed, count(rows_before, "row"), count(rows_before - changed, "row"))


def rare_classes(values: pd.Series) -> dict[str, int]:
    """Return the rows of each class that has fewer than 10, rarest first."""
    counts = {str(name): int(rows) for name, rows in values.value_counts().items()}
    rare = [name for name, rows in counts.items() if rows < LEAST_CLASS_ROWS]
    return {name: counts[name] for name in sorted(rare, key=lambda name: (counts[name], name))}


def rare_class_finding(column: str, counts: Mapping[str, int]) -> Finding:
    """Return the finding on classes that were left out, given the rows of each."""
    rows = count(sum(counts.values()), "row")
    classes = f"{count(len(counts), 'class')} of {shortened(column)} ({listed(list(counts))}; {rows})"
    return Finding(
        "T132",
        "rare_class",
        Severity.WARN,
        f"{classes} left out, with fewer than {LEAST_CLASS_ROWS} rows each: too few to learn and to check.",
        f"{rows} with very rare answers were left out.",
        "Collect more rows of them, or join them with other classes in the table.",
        (column,),
        tuple({"class": name, "rows": number} for name, number in counts.items()),
    )


def target_missing_finding(column: str, missing: int, rows: int) -> Finding:
    """Return the finding on rows without a target."""
    return Finding(
        "T131",
        "target_missing",
        Severity.WARN if missing > MUCH_MISSING_SHARE * rows else Severity.NOTE,
        f"{count(missing, 'row')} of {rows:,} without a value of the target {shortened(column)} left out.",
        f"{count(missing, 'row')} of {rows:,} had no answer to learn from and were left out.",
        "Find out why it is missing there: if that depends on the target, the rest is a biased sample.",
        (column,),
        ({"rows": rows, "without target": missing},),
    )


def cleaning_finding(changes: Sequence[Change]) -> Finding | None:
    """Return the finding that sums up what `clean` changed, if it was asked for anything."""
    if not changes:
        return None
    idle = any(not change.changed for change in changes)
    return Finding(
        "T141",
        "cleaning",
        Severity.NOTE,
        f"{count(len(changes), 'declared cleaning step')} applied; the cleaning log says what each changed.",
        "The table was cleaned as the params file says.",
        "Steps that changed nothing can go from the params file." if idle else "",
        tuple(dict.fromkeys(change.column for change in changes if change.column)),
        tuple(asdict(change) for change in changes),
    )
