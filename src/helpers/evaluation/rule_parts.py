"""What the evaluation's rules share: how one says that it has nothing to look at."""

from helpers.findings import Finding, Severity
from helpers.results import EvaluationResult


def not_evaluated(code: str, kind: str, result: EvaluationResult) -> Finding:
    """Return the finding of a rule where nothing was held out."""
    return not_applicable(code, kind, result.why_not or "Nothing was evaluated.")


def not_applicable(code: str, kind: str, reason: str) -> Finding:
    """Return the finding of a rule that has nothing to look at."""
    return Finding(code, kind, Severity.NOT_APPLICABLE, reason, "This could not be checked.")
