"""The table as a whole and each of its columns at a glance, as tables to show."""

import numpy as np
import pandas as pd

from helpers.data_quality.coding import repeated_rows
from helpers.errors import shortened
from helpers.metrics import Task
from helpers.results import QualityResult
from helpers.tables.prepare import Development
from helpers.tables.table import Column, Kind, Role, Table
from helpers.wording import count, joined, number

EXAMPLES = 3
EXAMPLE_CHARACTERS = 40


def quality_result(development: Development) -> QualityResult:
    """Return what the run record keeps of the table as a whole."""
    table, split = development.table, development.split
    return QualityResult(
        rows=development.info.rows,
        columns=development.info.columns,
        development_rows=split.development_rows,
        holdout_rows=split.holdout_rows,
        missing_share=float(table.frame.isna().to_numpy().mean()) if table.frame.size else 0.0,
        duplicate_rows=repeated_rows(table.frame),
        has_id=bool(table.with_role(Role.ID)),
        has_group=bool(table.with_role(Role.GROUP)),
        has_time=bool(table.with_role(Role.TIME)),
    )


def overview_table(development: Development) -> pd.DataFrame:
    """Return the table's facts, one a row, as columns `what` and `value`."""
    table, info = development.table, development.info
    facts = {
        "data": info.name,
        "rows read": f"{info.rows:,}",
        "columns read": f"{info.columns:,}",
        "development rows": f"{len(table):,}",
        "holdout rows, sealed": f"{development.split.holdout_rows:,}",
        "target": table.target.title,
        "task": task_words(table),
        "features": f"{len(table.features):,}" + _kinds_words(table),
        "columns that models do not see": _unseen_words(table),
        "fingerprint": info.fingerprint[:12],
    }
    return pd.DataFrame({"what": list(facts), "value": list(facts.values())})


def task_words(table: Table) -> str:
    """Return what kind of answer is asked for, in words."""
    if table.task is Task.REGRESSION:
        return "regression: a number"
    if table.task is Task.BINARY:
        return f"two classes; to find: {shortened(table.positive)}"
    return f"{len(table.classes)} classes"


def _kinds_words(table: Table) -> str:
    sizes = {kind: sum(column.kind is kind for column in table.features) for kind in Kind}
    return (
        f" ({joined([f'{size} {kind.value}' for kind, size in sizes.items() if size])})"
        if table.features
        else ""
    )


def _unseen_words(table: Table) -> str:
    roles = (Role.ID, Role.GROUP, Role.TIME, Role.WEIGHT, Role.DROPPED, Role.UNUSED)
    named = [f"{len(found)} {role.value}" for role in roles for found in [table.with_role(role)] if found]
    return joined(named) or "none"


def columns_table(table: Table) -> pd.DataFrame:
    """Return each column at a glance.

    Returns
    -------
    pandas.DataFrame
        Columns `column`, `label` (only where one differs from the name), `kind`, `role`, `missing` (share of
        rows), `distinct` (values, missing left out) and `values` (range and median of numbers and dates, else
        the most frequent values).
    """
    found = pd.DataFrame([_column_row(table.frame[column.name], column) for column in table.columns.values()])
    return found.drop(columns="label") if (found["label"] == found["column"]).all() else found


def _column_row(values: pd.Series, column: Column) -> dict[str, str | float | int]:
    distinct, words = _values_words(values, column)
    return {
        "column": column.name,
        "label": column.title,
        "kind": column.kind.value,
        "role": column.role.value,
        "missing": float(values.isna().mean()),
        "distinct": distinct,
        "values": words,
    }


def _values_words(values: pd.Series, column: Column) -> tuple[int, str]:
    """Return how many different values there are, and the range or the most frequent of them in words."""
    known = values.dropna()
    if known.empty:
        return 0, ""
    if column.kind is Kind.NUMBER:
        ordered = np.sort(known.to_numpy(float))
        low, middle, high = (number(float(each)) for each in (ordered[0], np.median(ordered), ordered[-1]))
        return 1 + int((np.diff(ordered) != 0).sum()), f"{low} to {high}, median {middle}"
    if column.kind is Kind.DATE:
        return int(known.nunique()), f"{known.min():%Y-%m-%d} to {known.max():%Y-%m-%d}"
    codes, found = pd.factorize(known)
    levels = np.asarray(found, dtype=object)
    sizes = np.bincount(codes)
    if int(sizes.max()) == 1:
        shown = [shortened(value, limit=EXAMPLE_CHARACTERS) for value in known.head(EXAMPLES)]
        return len(levels), f"for instance {', '.join(shown)}"
    # Among equals those first in the alphabet; only the largest are looked at, of which there may be many.
    largest = np.flatnonzero(sizes >= np.sort(sizes)[-min(EXAMPLES, len(sizes))])
    written = "{:.0f}" if column.kind is Kind.BOOLEAN else "{}"
    ordered_levels = sorted((-int(sizes[at]), written.format(levels[at])) for at in largest)[:EXAMPLES]
    said = [f"{shortened(level, limit=EXAMPLE_CHARACTERS)} ({-size:,})" for size, level in ordered_levels]
    return len(levels), ", ".join(said)


def split_table(development: Development) -> pd.DataFrame:
    """Return how the rows were split, one fact a row, as columns `what` and `value`."""
    split = development.split
    facts = {
        "strategy": split.strategy,
        "development rows": f"{split.development_rows:,}",
        "holdout rows": f"{split.holdout_rows:,}",
        "why": split.reason,
        "target in the development rows": _target_words(development.table),
    }
    return pd.DataFrame({"what": list(facts), "value": list(facts.values())})


def _target_words(table: Table) -> str:
    if table.task is Task.REGRESSION:
        return _values_words(table.y, table.target)[1]
    sizes = table.y.value_counts()
    shown = [
        f"{shortened(name, limit=EXAMPLE_CHARACTERS)} {int(size):,}" for name, size in sizes.head(8).items()
    ]
    more = f" and {count(len(sizes) - 8, 'other class')}" if len(sizes) > 8 else ""
    return joined(shown) + more if not more else ", ".join(shown) + more
