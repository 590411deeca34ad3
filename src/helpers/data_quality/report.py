"""What the notebook shows of the findings: the serious in full, the silent in a table, the advice."""

import html
from collections.abc import Sequence

import pandas as pd

from helpers.data_quality.decisions import serious
from helpers.findings import Finding, Severity, counts
from helpers.tables.prepare import Development
from helpers.wording import count, joined

SPLIT_CODES = "T15"  # what the codes of findings on the split begin with
SHOWN = (Severity.STOP, Severity.WARN, Severity.NOTE)


def to_show(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that say something is wrong or worth knowing."""
    return [finding for finding in findings if finding.severity in SHOWN]


def silent_table(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return the checks that passed or did not apply, as columns `code`, `kind`, `outcome` and `why`."""
    silent = [finding for finding in findings if finding.severity not in SHOWN]
    return pd.DataFrame(
        [
            {"code": f.code, "kind": f.kind.replace("_", " "), "outcome": f.severity.value, "why": f.message}
            for f in silent
        ],
        columns=["code", "kind", "outcome", "why"],
    )


def reading_table(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return what was assumed on reading, as columns `code`, `kind`, `what` and `columns`.

    What the split found stands among the findings and checks, and is left out; `columns` is missing where a
    remark is about no column in particular.
    """
    return pd.DataFrame(
        [
            {
                "code": f.code,
                "kind": f.kind.replace("_", " "),
                "what": f.message,
                "columns": len(f.columns) or None,
            }
            for f in on_reading(findings)
        ],
        columns=["code", "kind", "what", "columns"],
    )


def on_reading(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings of reading the table, without those of the split."""
    return [finding for finding in findings if not finding.code.startswith(SPLIT_CODES)]


def counts_words(findings: Sequence[Finding]) -> str:
    """Return how many findings there are of each severity, in a sentence."""
    found = counts(findings)
    parts = [f"{found[severity.value]} of severity '{severity.value}'" for severity in SHOWN]
    silent = found[Severity.PASS.value]
    return (
        f"{count(len(to_show(findings)), 'finding')}: {joined(parts)}. {count(silent, 'check')} found "
        f"nothing, {found[Severity.NOT_APPLICABLE.value]} did not apply."
    )


def conclusion(findings: Sequence[Finding], lines: str) -> str:
    """Return what must be decided before a model is trusted, in a sentence or two."""
    asked = serious(findings)
    stops = [finding for finding in asked if finding.severity is Severity.STOP]
    if not asked:
        return "Nothing was found that must be decided before a model is trusted."
    text = f"{count(len(asked), 'finding')} to decide on before a model is trusted"
    text += ", 1 of them a reason to stop" if len(stops) == 1 else ""
    if len(stops) > 1:
        text += f", {len(stops)} of them reasons to stop"
    codes = joined([f"{finding.code} {finding.kind.replace('_', ' ')}" for finding in asked])
    ending = "The lines below would act on what the params file can settle."
    if not lines:
        ending = f"No key of the params file would settle {'it' if len(asked) == 1 else 'them'}."
    return f"{text}: {codes}. {ending}"


def lines_page(lines: str) -> str:
    """Return the proposed lines as a fragment of HTML."""
    return f'<pre class="nb-lines"><code>{html.escape(lines)}</code></pre>'


def reading_words(development: Development) -> str:
    """Return the caption over what was assumed on reading: how much, and whether anything was changed."""
    remarks = on_reading(development.findings)
    assumed = count(len(remarks), "remark") if remarks else "Nothing to remark"
    changed = int(development.cleaning["changed"].sum()) if len(development.cleaning) else 0
    cleaned = f"{changed:,} cells or rows were changed as declared" if changed else "nothing was changed"
    return f"{assumed} on reading the table; {cleaned}."
