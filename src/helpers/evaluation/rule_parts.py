"""What the evaluation's rules share: where nothing was held out, none of them has anything to look at."""

from collections.abc import Callable
from functools import wraps

from helpers.findings import Finding, Outcome, Severity
from helpers.results import EvaluationResult

Rule = Callable[[EvaluationResult], Finding]
Judge = Callable[[EvaluationResult], Outcome]


def rule(code: str, kind: str) -> Callable[[Judge], Rule]:
    """Make a rule of the function below it."""

    def made(judge: Judge) -> Rule:
        @wraps(judge)
        def judged(result: EvaluationResult) -> Finding:
            nothing = not_applicable(result.why_not or "Nothing was evaluated.")
            return (judge(result) if result.evaluated else nothing).finding(code, kind)

        return judged

    return made


def not_applicable(reason: str) -> Outcome:
    """Return the outcome of a rule that has nothing to look at."""
    return Outcome(Severity.NOT_APPLICABLE, reason, "This could not be checked.")
