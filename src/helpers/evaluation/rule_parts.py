"""What the evaluation's rules share: where nothing was held out, none of them has anything to look at."""

from collections.abc import Callable
from functools import wraps

from helpers.findings import Finding, Severity
from helpers.results import EvaluationResult

Rule = Callable[[EvaluationResult], Finding]


def rule(code: str, kind: str) -> Callable[[Callable[[EvaluationResult, str, str], Finding]], Rule]:
    """Make a rule of a function that takes the evaluation, the code and the kind of its finding."""

    def made(judge: Callable[[EvaluationResult, str, str], Finding]) -> Rule:
        @wraps(judge)
        def judged(result: EvaluationResult) -> Finding:
            if not result.evaluated:
                return not_applicable(code, kind, result.why_not or "Nothing was evaluated.")
            return judge(result, code, kind)

        return judged

    return made


def not_applicable(code: str, kind: str, reason: str) -> Finding:
    """Return the finding of a rule that has nothing to look at."""
    return Finding(code, kind, Severity.NOT_APPLICABLE, reason, "This could not be checked.")
