"""Levels that came, and levels that ought to be there if nothing had changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from scipy import stats

from helpers.contracts.both import ALPHA, NAMES_SHOWN, Both, Row, columns_words, evidence, names, size, worst
from helpers.data_quality.rule import Outcome, not_applicable, passed
from helpers.errors import listed, shortened
from helpers.findings import Severity
from helpers.wording import count, percent

# Shares of rows with a level that was not there, or was and is gone.
LEVEL_SHARE = ((0.05, Severity.WARN), (0.0, Severity.NOTE))
# From this share of rows on whose level stood in no other row, new levels are the rule.
OPEN_SHARE = 0.1
LEVELS_SHOWN = 5


def new_levels(both: Both) -> Outcome:
    """Levels that the last accepted table did not have."""
    if not both.levels:
        return not_applicable("No column of categories in both tables whose levels were all counted.")
    rows = []
    for name, now in both.levels.items():
        before = both.old.columns[name].levels or {}
        fresh = {level: amount for level, amount in now.items() if level not in before}
        if fresh:
            share = sum(fresh.values()) / max(both.new.rows, 1)
            rows.append(_levels_row(name, fresh, share, likely=_likely_new(before, now, fresh)))
    if not rows:
        return passed(f"No new level in {count(len(both.levels), 'column')} of categories.")
    what = f"New levels in {columns_words(rows)}: {_examples(rows)}."
    return Outcome(
        worst(size(row["share"], LEVEL_SHARE) if not row["likely"] else Severity.NOTE for row in rows), what,
        f"{count(len(rows), 'column')} with values that the last table did not have.",
        "If they are other spellings, set clean.replace; if they must not come, list the levels in the "
        "contract (isin).",
        names(rows), evidence(rows),
    )  # fmt: skip


def levels_gone(both: Both) -> Outcome:
    """Levels that ought to be there if nothing had changed."""
    if not both.levels:
        return not_applicable("No column of categories in both tables whose levels were all counted.")
    tests = sum(len(both.old.columns[name].levels or {}) for name in both.levels)
    rows = []
    for name, now in both.levels.items():
        before = both.old.columns[name].levels or {}
        total, drawn = sum(before.values()), sum(now.values())
        gone = {
            level: amount
            for level, amount in before.items()
            # Bonferroni's correction for the number of levels looked at.
            if level not in now and (1 - amount / total) ** drawn < ALPHA / tests
        }
        if gone:
            rows.append(_levels_row(name, gone, sum(gone.values()) / max(both.old.rows, 1), likely=False))
    if not rows:
        return passed(f"No level is missing beyond chance in {count(len(both.levels), 'column')}.")
    return Outcome(
        worst(size(row["share"], LEVEL_SHARE) for row in rows),
        f"Levels gone that chance would have kept, in {columns_words(rows)}: {_examples(rows)}.",
        f"{count(len(rows), 'column')} without values that the last table had.",
        "Find out whether they have another spelling now, or whether a part of the rows is missing.",
        names(rows), evidence(rows),
    )  # fmt: skip


def _likely_new(before: Mapping[str, int], now: Mapping[str, int], fresh: Mapping[str, int]) -> bool:
    """Tell whether new levels are no news, or so many rows of them were to be expected.

    By Good and Turing (1953) the share of rows with levels not seen yet is about that of the rows whose level
    was seen once.
    """
    once = sum(amount == 1 for amount in before.values()) / max(sum(before.values()), 1)
    return once >= OPEN_SHARE or bool(
        stats.binom.sf(sum(fresh.values()) - 1, sum(now.values()), once) >= ALPHA
    )


def _levels_row(name: str, levels: Mapping[str, int], share: float, *, likely: bool) -> dict[str, Any]:
    most = sorted(levels, key=lambda level: (-levels[level], level))
    shown = listed([repr(shortened(level, limit=30)) for level in most], limit=LEVELS_SHOWN)
    return {"column": name, "levels": shown, "rows": sum(levels.values()), "share": share, "likely": likely}


def _examples(rows: Sequence[Row]) -> str:
    return "; ".join(
        f"{shortened(row['column'], limit=40)} {row['levels']} in {percent(row['share'])} of the rows"
        for row in rows[:NAMES_SHOWN]
    )
