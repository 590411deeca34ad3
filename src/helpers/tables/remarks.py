"""Remarks on single columns, gathered into one finding a rule, so that 500 columns read as well as 5."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.errors import listed
from helpers.findings import Finding, Severity
from helpers.wording import count

NAMES_SHOWN = 6


@dataclass(frozen=True)
class Rule:
    """What is said of columns on which the same thing was noticed.

    Attributes
    ----------
    code, kind, severity
        As in `Finding`.
    message, plain, remedy : str
        As in `Finding`; ``{columns}`` stands for how many columns and their names, ``{cells}`` for the
        number of cells concerned in all of them.
    """

    code: str
    kind: str
    severity: Severity
    message: str
    plain: str
    remedy: str = ""


@dataclass(frozen=True)
class Remark:
    """What one rule noticed on one column.

    Attributes
    ----------
    rule : Rule
        The rule.
    column : str
        The column's name.
    evidence : mapping of str to Any
        The same keys for every remark of a rule; ``cells``, where there is one, is summed in the message.
    """

    rule: Rule
    column: str
    evidence: Mapping[str, Any]


def findings_of(remarks: Iterable[Remark]) -> list[Finding]:
    """Return one finding for each rule that noticed something, in the order of the codes."""
    by_rule: dict[str, list[Remark]] = {}
    for remark in remarks:
        by_rule.setdefault(remark.rule.code, []).append(remark)
    return [_finding(found) for _, found in sorted(by_rule.items())]


def _finding(remarks: list[Remark]) -> Finding:
    rule = remarks[0].rule
    names = tuple(dict.fromkeys(remark.column for remark in remarks))
    cells = sum(int(remark.evidence.get("cells", 0)) for remark in remarks)
    values = {
        "columns": f"{count(len(names), 'column')} ({listed(names, limit=NAMES_SHOWN)})",
        "cells": count(cells, "cell"),
    }
    return Finding(
        code=rule.code,
        kind=rule.kind,
        severity=rule.severity,
        message=rule.message.format(**values),
        plain=rule.plain.format(**values),
        remedy=rule.remedy,
        columns=names,
        evidence=tuple({"column": remark.column, **remark.evidence} for remark in remarks),
    )
