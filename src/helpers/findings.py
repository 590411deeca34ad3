"""The unit of what a run learned: one finding, with words for engineers and words for everyone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import helpers.files as files


class Severity(StrEnum):
    """How much a finding matters, the most serious first."""

    STOP = "stop"
    WARN = "warn"
    NOTE = "note"
    PASS = "pass"  # noqa: S105 - a word, not a password
    NOT_APPLICABLE = "not applicable"


ORDER: tuple[Severity, ...] = tuple(Severity)
# What asks for a decision before a model is trusted.
SERIOUS = frozenset({Severity.STOP, Severity.WARN})


@dataclass(frozen=True)
class Finding:
    """What one rule found out.

    Attributes
    ----------
    code : str
        Stable code of the rule, for instance ``Q104``.
    kind : str
        What it is about, for instance ``duplicate_rows``.
    severity : Severity
        Stop, warn, note, pass or not applicable.
    message : str
        For engineers, one or two sentences; for 'not applicable' the reason.
    plain : str
        The same for everyone, without jargon.
    remedy : str
        What to do; empty where nothing needs doing.
    columns : tuple of str
        The columns concerned.
    evidence : tuple of mappings
        A small table: one mapping a row, the same keys in each.
    lines : mapping of str to Any
        The keys of a params file, with their values, that would act on it; empty where none can.
    """

    code: str
    kind: str
    severity: Severity
    message: str
    plain: str
    remedy: str = ""
    columns: tuple[str, ...] = ()
    evidence: tuple[Mapping[str, Any], ...] = ()
    lines: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON values."""
        content: dict[str, Any] = files.plain(asdict(self))
        return content

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Finding":
        """Return the finding that `to_dict` described."""
        values = dict(content)
        values["severity"] = Severity(values["severity"])
        values["columns"] = tuple(values.get("columns", ()))
        values["evidence"] = tuple(values.get("evidence", ()))
        return cls(**values)


@dataclass(frozen=True)
class Outcome:
    """What a check found, before its rule puts code and kind to it; fields as in `Finding`."""

    severity: Severity
    message: str
    plain: str
    remedy: str = ""
    columns: tuple[str, ...] = ()
    evidence: tuple[Mapping[str, Any], ...] = ()
    lines: Mapping[str, Any] = field(default_factory=dict)

    def finding(self, code: str, kind: str) -> Finding:
        """Return it as the finding of the rule with this code and kind."""
        return Finding(code=code, kind=kind, **vars(self))


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with the most serious first; equals keep their order."""
    return sorted(findings, key=lambda finding: ORDER.index(finding.severity))


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """Return how many findings there are of each severity, zeros included."""
    found = Counter(finding.severity for finding in findings)
    return {severity.value: found[severity] for severity in ORDER}
