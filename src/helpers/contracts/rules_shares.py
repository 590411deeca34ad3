"""Columns whose missing values or distribution changed more than chance explains.

How much a finding matters goes by its size, never by its p-value: with many rows every difference is beyond
chance.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.contracts.both import ALPHA, NAMES_SHOWN, Both, columns_words, evidence, names, size, worst
from helpers.contracts.chance import chance_of_counts, moved_share
from helpers.data_quality.rule import Outcome, not_applicable, passed
from helpers.errors import listed, shortened
from helpers.findings import Severity
from helpers.multiple import holm
from helpers.wording import count, percent

# Differences of the share of missing values.
MISSING_SHARE = ((0.1, Severity.WARN), (0.01, Severity.NOTE))
# A level of fewer rows is a rare one.
COMMON_ROWS = 5
# Shares of rows that moved elsewhere.
MOVED_SHARE = ((0.25, Severity.WARN), (0.1, Severity.NOTE))


def missing_share(both: Both) -> Outcome:
    """Columns with more or fewer missing values than chance explains."""
    shared = both.shared
    if not shared:
        return not_applicable("No column stands in both tables.")
    sizes = both.old.rows, both.new.rows
    counts = {name: (old.missing, new.missing) for name, (old, new) in shared.items()}
    p_values = holm(
        [
            chance_of_counts([missing, size - missing], [gone, fresh - gone])
            for (missing, gone), (size, fresh) in ((each, sizes) for each in counts.values())
        ]
    )
    rows: list[dict[str, Any]] = []
    for (name, (old, new)), p in zip(counts.items(), p_values, strict=True):
        before, now = old / max(sizes[0], 1), new / max(sizes[1], 1)
        severity = size(abs(now - before), MISSING_SHARE)
        if p < ALPHA and severity is not None:
            rows.append({"column": name, "before": before, "now": now, "p": p, "severity": severity})
    if not rows:
        return passed(f"As much is missing as before, chance aside, in {count(len(counts), 'column')}.")
    rows.sort(key=lambda row: -abs(row["now"] - row["before"]))
    first = [
        f"{shortened(row['column'], limit=40)} {percent(row['before'])} → {percent(row['now'])}"
        for row in rows[:NAMES_SHOWN]
    ]
    return Outcome(
        worst(row["severity"] for row in rows),
        f"Another share of values is missing in {columns_words(rows)}: {listed(first)}.",
        f"In {count(len(rows), 'column')} much more or less is missing than in the last table.",
        "Find out what happened to these columns at their source.", names(rows), evidence(rows),
    )  # fmt: skip


def shifted(both: Both) -> Outcome:
    """Columns whose values are distributed otherwise than chance explains."""
    counts: dict[str, tuple[Sequence[int], Sequence[int]]] = {}
    for name in both.new.columns:
        if name in both.binned and name != both.new.time:
            counts[name] = both.old.columns[name].counts or [], both.binned[name]
        elif name in both.levels:
            counts[name] = _common(both.old.columns[name].levels or {}, both.levels[name])
    if not counts:
        return not_applicable("No column of numbers or categories stands in both tables.")
    p_values = holm([chance_of_counts(*each) for each in counts.values()])
    rows: list[dict[str, Any]] = []
    for (name, each), p in zip(counts.items(), p_values, strict=True):
        moved = moved_share(*each)
        severity = size(moved, MOVED_SHARE)
        if p < ALPHA and severity is not None:
            rows.append({"column": name, "moved": moved, "p": p, "severity": severity})
    if not rows:
        return passed(f"No shift beyond chance of at least {percent(MOVED_SHARE[-1][0])} of the rows in "
                      f"{count(len(counts), 'column')}.")  # fmt: skip
    rows.sort(key=lambda row: -row["moved"])
    first = [f"{shortened(row['column'], limit=40)} {percent(row['moved'])}" for row in rows[:NAMES_SHOWN]]
    return Outcome(
        worst(row["severity"] for row in rows),
        f"Distributed otherwise: {columns_words(rows)}; so many rows moved: {listed(first)}.",
        f"The values of {count(len(rows), 'column')} are not like those of the last table.",
        "Find out whether the world changed, or how it is measured; a model learnt before may not fit.",
        names(rows), evidence(rows),
    )  # fmt: skip


def _common(old: Mapping[str, int], new: Mapping[str, int]) -> tuple[list[int], list[int]]:
    """Return the rows of each level that was common, and of all others together.

    Rare levels and new ones are one bin: which of them a table happens to hold says nothing of a shift.
    """
    common = [level for level, rows in old.items() if rows >= COMMON_ROWS]
    before, now = [old[level] for level in common], [new.get(level, 0) for level in common]
    return [*before, sum(old.values()) - sum(before)], [*now, sum(new.values()) - sum(now)]
