"""What must be decided before a model is trusted, as the lines of the params file that would do it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from helpers.findings import SERIOUS, Finding, Severity, by_severity
from helpers.parameters import Parameters


def serious(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that ask for a decision, the most serious first."""
    return by_severity(finding for finding in findings if finding.severity in SERIOUS)


def proposed_lines(findings: Sequence[Finding], params: Parameters) -> str:
    """Return the lines for the params file that would act on the findings, each with the code of its reason.

    They replace the keys of the same name: what the file says now is in them. Serious findings are acted on
    in every way, notes only by cleaning.

    Parameters
    ----------
    findings : sequence of Finding
        All findings of the table.
    params : Parameters
        What the file says now; columns that it drops stay dropped, roles that it gives stay.

    Returns
    -------
    str
        YAML with comments; empty where no key of a params file would help.
    """
    asked = serious(findings)
    noted = [finding for finding in findings if finding.severity is Severity.NOTE]
    return "\n".join(
        [*_drop_lines(asked, params), *_role_lines(asked, params), *_clean_lines([*asked, *noted], params)]
    )


def _drop_lines(asked: Sequence[Finding], params: Parameters) -> list[str]:
    reasons = dict.fromkeys(params.drop, "as now")
    for finding in asked:
        for name in finding.lines.get("drop", ()):
            reasons.setdefault(name, _reason(finding))
    if len(reasons) == len(params.drop):
        return []
    return ["drop:", *(f"  - {quoted(name)}  # {reason}" for name, reason in reasons.items())]


def _role_lines(asked: Sequence[Finding], params: Parameters) -> Iterator[str]:
    if params.group is not None or params.time is not None:
        return
    group = next((finding for finding in asked if "group" in finding.lines), None)
    time = next((finding for finding in asked if "time" in finding.lines), None)
    if group is not None:
        yield f"group: {quoted(group.lines['group'])}  # {_reason(group)}"
        if group.lines.get("group_parts"):
            yield f"group_parts: {list(group.lines['group_parts'])}  # {_reason(group)}"
    if time is not None:
        # Where both are named the split goes by time alone.
        start = "# or, for later rows, " if group is not None else ""
        yield f"{start}time: {quoted(time.lines['time'])}  # {_reason(time)}"


def _clean_lines(found: Sequence[Finding], params: Parameters) -> list[str]:
    now = {name: value for name, value in params.clean.model_dump(mode="json").items() if value}
    reasons: dict[str, str] = {}
    clean: dict[str, Any] = {name: _copied(value) for name, value in now.items()}
    for finding in found:
        for name, value in finding.lines.get("clean", {}).items():
            if _merged(clean, name, value):
                reasons[name] = ", ".join(
                    dict.fromkeys([*filter(None, [reasons.get(name)]), _reason(finding)])
                )
    if not reasons:
        return []
    lines = ["clean:"]
    for name, value in clean.items():
        reason = f"  # {reasons.get(name, 'as now')}"
        if not isinstance(value, Mapping):
            lines.append(f"  {name}: {value}{reason}")
            continue
        lines.append(f"  {name}:{reason}")
        lines += [f"    {quoted(column)}: {_flow(each)}" for column, each in value.items()]
    return lines


def _merged(clean: dict[str, Any], name: str, value: Any) -> bool:
    """Put the proposal to what is there, which stays; return whether that changed anything."""
    if not isinstance(value, Mapping):
        changed = bool(clean.get(name) != value)
        clean[name] = value
        return changed
    section, before = clean.setdefault(name, {}), str(clean.get(name))
    for column, proposed in value.items():
        if isinstance(proposed, Mapping):
            section[column] = {**proposed, **section.get(column, {})}
        elif name == "missing":
            section[column] = list(dict.fromkeys([*section.get(column, []), *proposed]))
        else:
            section.setdefault(column, proposed)
    return before != str(section)


def _copied(value: Any) -> Any:
    return {key: _copied(item) for key, item in value.items()} if isinstance(value, Mapping) else value


def _reason(finding: Finding) -> str:
    return f"{finding.code} {finding.kind}"


def quoted(text: str) -> str:
    """Return the text as a YAML value on one line."""
    line: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=2**31).strip()
    return line


def _flow(value: Any) -> str:
    line: str = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=2**31, sort_keys=False
    )
    return line.strip().removesuffix("...").strip()
