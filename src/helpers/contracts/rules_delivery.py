"""Whether the delivery is whole and new: its rows, its newest row, its columns."""

import pandas as pd

from helpers.contracts.both import NAMES_SHOWN, Both, columns_words, evidence, names, size
from helpers.data_quality.rule import Outcome, not_applicable, passed
from helpers.errors import listed, shortened
from helpers.findings import Severity
from helpers.wording import count, number, percent

# Shares of rows lost, and factors of growth, from which it is a reason to stop, a warning, a note.
LOST = ((0.9, Severity.STOP), (0.3, Severity.WARN), (0.1, Severity.NOTE))
GROWN = ((3.0, Severity.WARN), (1.5, Severity.NOTE))


def volume(both: Both) -> Outcome:
    """Rows lost or gained."""
    before, now = both.old.rows, both.new.rows
    lost, grown = (before - now) / max(before, 1), now / max(before, 1)
    rows = f"{count(now, 'row')}, where the last accepted table had {before:,}"
    severity = size(lost, LOST) or size(grown, GROWN)
    if severity is None:
        return passed(f"{rows}.")
    change = f"{percent(lost)} fewer" if lost > 0 else f"{number(grown, digits=2)} times as many"
    remedy = (
        "Find out whether rows are missing from the delivery."
        if lost > 0
        else "Find out whether rows were delivered more than once."
    )
    return Outcome(
        severity, f"{rows}: {change}.",
        f"The table has {count(now, 'row')}, {change} than the last one." if lost > 0
        else f"The table has {count(now, 'row')}, {change} as the last one.",
        remedy, evidence=({"rows before": before, "rows now": now},),
    )  # fmt: skip


def freshness(both: Both) -> Outcome:
    """Whether the newest row is newer than the last accepted table's."""
    before, now = both.old.newest, both.new.newest
    if both.new.time is None:
        return not_applicable("No column of time is named.")
    if both.old.time != both.new.time or before is None or now is None or type(before) is not type(now):
        return not_applicable("The last accepted table has no such newest time to compare with.")
    name = shortened(both.new.time)
    later = _order(now) - _order(before)
    shown = {"newest before": _moment(before), "newest now": _moment(now)}
    if later > 0:
        return passed(f"The newest {name} is {_moment(now)}, after {_moment(before)}.")
    if later == 0:
        return Outcome(
            Severity.NOTE, f"The newest {name} is {_moment(now)} as in the last accepted table.",
            "The newest row is no newer than that of the last table.",
            "Find out whether the delivery is of another day.", (both.new.time,), (shown,),
        )  # fmt: skip
    return Outcome(
        Severity.WARN, f"The newest {name} is {_moment(now)}; the last accepted table had {_moment(before)}.",
        "The newest row is older than that of the last table.",
        "Find out whether an old file was delivered, or the newest rows are missing.",
        (both.new.time,), (shown,),
    )  # fmt: skip


def other_columns(both: Both) -> Outcome:
    """Columns that came, went, or are read as another kind."""
    rows = [
        {"column": name, "before": "", "now": column.kind.value}
        for name, column in both.new.columns.items()
        if name not in both.old.columns
    ]
    rows += [
        {"column": name, "before": column.kind.value, "now": ""}
        for name, column in both.old.columns.items()
        if name not in both.new.columns
    ]
    rows += [
        {"column": name, "before": old.kind.value, "now": new.kind.value}
        for name, (old, new) in both.shared.items()
        if old.kind is not new.kind
    ]
    if not rows:
        return passed(f"The same {count(len(both.new.columns), 'column')}, of the same kinds.")
    words = [
        f"{shortened(row['column'], limit=40)} {row['before'] or 'absent'} → {row['now'] or 'absent'}"
        for row in rows[:NAMES_SHOWN]
    ]
    return Outcome(
        Severity.NOTE, f"{columns_words(rows)} came, went or changed kind: {listed(words)}.",
        f"{count(len(rows), 'column')} came, went or changed since the last table.",
        "A model sees every column that is not dropped: list under drop what it must not see.",
        names(rows), evidence(rows),
    )  # fmt: skip


def _order(value: str | float) -> float:
    """Return a number that is larger for a later time: for dates the microseconds since 1970."""
    return float(pd.Timestamp(value).as_unit("us").value) if isinstance(value, str) else value


def _moment(value: str | float) -> str:
    return value.removesuffix("T00:00:00") if isinstance(value, str) else number(value, digits=6)
