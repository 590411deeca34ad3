"""What a quality rule is: a function from a table to what it found, with a code that never changes.

To add one: write a function in the `rules_*` module of its subject, decorate it with `rule`, name it in
`helpers.data_quality.run.RULES`, and test that it fires, stays silent and does not apply.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpers.data_quality.context import Context
from helpers.data_quality.phrases import counted, named, points, written
from helpers.findings import Finding, Outcome, Severity
from helpers.tables.table import Table

__all__ = [
    "Check",
    "Outcome",
    "Rule",
    "counted",
    "named",
    "not_applicable",
    "passed",
    "points",
    "rule",
    "written",
]


Check = Callable[[Table, Context], Outcome | Sequence[Outcome]]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    code : str
        Stable code of its findings, for instance ``Q101``.
    kind : str
        What they are about, for instance ``missing_values``.
    check : callable
        Takes the development rows and the context and returns one outcome or several, never none:
        'pass' says that nothing was found, 'not applicable' why nothing could be.
    """

    code: str
    kind: str
    check: Check

    def __call__(self, table: Table, context: Context) -> list[Finding]:
        """Return what the check found as findings with this rule's code and kind."""
        found = self.check(table, context)
        outcomes = [found] if isinstance(found, Outcome) else list(found)
        if not outcomes:
            raise ValueError(f"rule {self.code} gave no outcome; it must pass or say why it does not apply")
        return [outcome.finding(self.code, self.kind) for outcome in outcomes]


def rule(code: str, kind: str) -> Callable[[Check], Rule]:
    """Make a rule of the function below it."""
    return lambda check: Rule(code, kind, check)


def passed(message: str) -> Outcome:
    """Return the outcome of a check that found nothing to report."""
    return Outcome(Severity.PASS, message, message)


def not_applicable(reason: str) -> Outcome:
    """Return the outcome of a check that this table gives nothing to look at."""
    return Outcome(Severity.NOT_APPLICABLE, reason, reason)
