"""What differs between the records of two runs: parameters, table, surroundings, findings."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helpers.comparing.results import Changed, FindingChange
from helpers.findings import ORDER, Severity

# What a rule says where it found nothing is no finding that could be gained or lost.
MADE_KNOWN = (Severity.STOP, Severity.WARN, Severity.NOTE)
OF_THE_TABLE = ("name", "rows", "columns", "fingerprint")
_CHANGES = ("gained", "graver", "milder", "lost")

Record = Mapping[str, Any]


def changed_values(first: Record, second: Record) -> list[Changed]:
    """Return the keys whose values differ, in alphabetical order; dots lead into a section.

    >>> changed_values({"seed": 1, "costs": {"unit": "€"}}, {"seed": 2, "costs": {"unit": "€"}})
    [Changed(key='seed', first='1', second='2')]
    """
    one, other = dict(_flat(first)), dict(_flat(second))
    return [
        Changed(key=key, first=one.get(key, ""), second=other.get(key, ""))
        for key in sorted({*one, *other})
        if one.get(key) != other.get(key)
    ]


def changed_table(first: Record, second: Record) -> list[Changed]:
    """Return what differs in the description of the table: its name, rows, columns and fingerprint."""
    changes = {change.key: change for change in changed_values(first, second)}
    return [changes[key] for key in OF_THE_TABLE if key in changes]


def changed_surroundings(first: Record, second: Record) -> list[Changed]:
    """Return what differs in the packages' versions and in the state of the repository."""
    return [
        change
        for part in ("git", "versions")
        for change in changed_values({part: first.get(part)}, {part: second.get(part)})
    ]


def changed_findings(
    first: Sequence[Mapping[str, Any]], second: Sequence[Mapping[str, Any]]
) -> list[FindingChange]:
    """Return the findings gained, graver, milder and lost, in this order, the most serious first.

    A finding is known again by its code and its columns; its message may change with every number in it.

    Parameters
    ----------
    first, second : sequence of mapping
        What the runs' `findings.json` hold.
    """
    one, other = _made_known(first), _made_known(second)
    changes: list[FindingChange] = []
    for key in {**one, **other}:
        if one.get(key, {}).get("severity") == other.get(key, {}).get("severity"):
            continue
        shown = other.get(key) or one[key]
        if key not in one or key not in other:
            change = "lost" if key in one else "gained"
        else:
            change = "graver" if _place(other[key]) < _place(one[key]) else "milder"
        changes.append(
            FindingChange(
                change=change,
                severity=shown["severity"],
                code=str(shown.get("code", "")),
                columns=[str(column) for column in shown.get("columns") or ()],
                message=str(shown.get("message", "")),
            )
        )
    return sorted(
        changes, key=lambda change: (_CHANGES.index(change.change), ORDER.index(Severity(change.severity)))
    )


def _made_known(findings: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Return the findings by what they are known by; of several of one name the gravest."""
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for finding in findings:
        if finding.get("severity") in MADE_KNOWN:
            key = (finding.get("code"), finding.get("kind"), *(finding.get("columns") or ()))
            if key not in found or _place(finding) < _place(found[key]):
                found[key] = finding
    return found


def _place(finding: Mapping[str, Any]) -> int:
    return ORDER.index(Severity(finding["severity"]))


def _flat(values: Record, before: str = "") -> Iterator[tuple[str, str]]:
    """Yield each value below the keys as text; an empty section is a value, too."""
    for key, value in values.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{name}.")
        elif value is not None:
            yield (
                name,
                value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str),
            )
