"""What must be decided before a model is trusted, as the lines of the params file that would do it."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import yaml

from helpers.data_quality.rule import written
from helpers.findings import Finding, Severity, by_severity
from helpers.parameters import Parameters

SERIOUS = (Severity.STOP, Severity.WARN)
# What a finding of each kind suggests to do with its columns, if it is serious.
DROPPED_KINDS = frozenset({"target_leak", "target_parts", "missingness_leak", "row_order_leak"})
ROLE_OF_KIND: Mapping[str, str] = MappingProxyType({"time_order": "time", "group_structure": "group"})


def serious(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that ask for a decision, the most serious first."""
    return by_severity(finding for finding in findings if finding.severity in SERIOUS)


def proposed_lines(findings: Sequence[Finding], params: Parameters) -> str:
    """Return the lines for the params file that would act on the serious findings, each with its code.

    Parameters
    ----------
    findings : sequence of Finding
        All findings of the table.
    params : Parameters
        What the file says now; columns that it drops already stay dropped, roles that it gives stay.

    Returns
    -------
    str
        YAML with comments; empty where no key of a params file would help.
    """
    asked = serious(findings)
    return "\n".join([*_drop_lines(asked, params), *_role_lines(asked, params), *_clean_lines(asked, params)])


def _drop_lines(asked: Sequence[Finding], params: Parameters) -> list[str]:
    reasons = dict.fromkeys(params.drop, "as now")
    for finding in asked:
        if finding.kind in DROPPED_KINDS:
            for name in finding.columns:
                reasons.setdefault(name, f"{finding.code} {finding.kind}")
    if len(reasons) == len(params.drop):
        return []
    return ["drop:", *(f"  - {quoted(name)}  # {reason}" for name, reason in reasons.items())]


def _role_lines(asked: Sequence[Finding], params: Parameters) -> Iterator[str]:
    for finding in asked:
        role = ROLE_OF_KIND.get(finding.kind)
        if not role or getattr(params, role) is not None:
            continue
        name = finding.columns[0]
        if written({role: name}) in finding.remedy:
            yield f"{role}: {quoted(name)}  # {finding.code} {finding.kind}"
        else:
            yield f"# {finding.code} {finding.kind}: a new column is needed first; see its remedy"


def _clean_lines(asked: Sequence[Finding], params: Parameters) -> list[str]:
    found = [finding for finding in asked if finding.kind == "duplicate_rows"]
    if not found or params.clean.duplicates == "drop":
        return []
    return ["clean:", f"  duplicates: drop  # {found[0].code} {found[0].kind}; beside what clean says now"]


def quoted(text: str) -> str:
    """Return the text as a YAML value on one line."""
    line: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=2**31).strip()
    return line
