"""A table beside the last accepted one: what a contract cannot forbid, and people want to know."""

from collections.abc import Callable

from helpers.contracts.both import Both
from helpers.contracts.rules_delivery import freshness, other_columns, volume
from helpers.contracts.rules_new_levels import levels_gone, new_levels
from helpers.contracts.rules_shares import missing_share, shifted
from helpers.data_quality.rule import Outcome, not_applicable
from helpers.findings import Finding

# One text for the first table and for the last accepted one itself: what notebook 01 says of a table must not
# change when the table is accepted.
NOTHING_BEFORE = "There is no other accepted table to compare with."
Rule = Callable[[Both], Outcome]

RULES: tuple[tuple[str, str, Rule], ...] = (
    ("T161", "volume", volume),
    ("T162", "freshness", freshness),
    ("T163", "new_levels", new_levels),
    ("T164", "levels_gone", levels_gone),
    ("T165", "missing_values_changed", missing_share),
    ("T166", "distribution_shifted", shifted),
    ("T167", "columns_changed", other_columns),
)


def compared(both: Both | None) -> list[Finding]:
    """Return a finding of each rule; without another accepted table none of them applies."""
    return [
        _finding(code, kind, rule(both) if both is not None else not_applicable(NOTHING_BEFORE))
        for code, kind, rule in RULES
    ]


def _finding(code: str, kind: str, outcome: Outcome) -> Finding:
    return Finding(
        code, kind, outcome.severity, outcome.message, outcome.plain, outcome.remedy, outcome.columns,
        outcome.evidence,
    )  # fmt: skip
