from dataclasses import replace

import pandas as pd

from helpers.data_quality.report import (
    conclusion,
    counts_words,
    lines_page,
    reading_table,
    reading_words,
    silent_table,
    to_show,
)
from helpers.findings import Finding, Severity


def found(severity, code="Q101", kind="missing_values"):
    return Finding(code, kind, severity, f"m {code}", "p")


EACH = [found(severity) for severity in Severity]


def test_what_is_shown_in_full_and_what_in_a_table():
    assert [finding.severity.value for finding in to_show(EACH)] == ["stop", "warn", "note"]
    assert silent_table(EACH).to_dict("records") == [
        {"code": "Q101", "kind": "missing values", "outcome": "pass", "why": "m Q101"},
        {"code": "Q101", "kind": "missing values", "outcome": "not applicable", "why": "m Q101"},
    ]
    assert counts_words(EACH) == (
        "3 findings: 1 of severity 'stop', 1 of severity 'warn' and 1 of severity 'note'. 1 check "
        "found nothing, "
        "1 did not apply."
    )


def test_conclusions():
    assert conclusion([], "") == "Nothing was found that must be decided before a model is trusted."
    assert conclusion([found(Severity.WARN)], "") == (
        "1 finding to decide on before a model is trusted: Q101 missing values. No key of the params "
        "file would "
        "settle it."
    )
    assert conclusion([found(Severity.WARN), found(Severity.STOP, "Q151", "target_leak")], "drop: [x]") == (
        "2 findings to decide on before a model is trusted, 1 of them a reason to stop: Q151 target "
        "leak and Q101 "
        "missing values. The lines below would act on what the params file can settle."
    )
    two = [found(Severity.STOP), found(Severity.STOP, "Q151", "target_leak")]
    assert conclusion(two, "drop: [x]").startswith(
        "2 findings to decide on before a model is trusted, 2 of them reasons to stop: "
    )


def test_lines_are_escaped():
    assert lines_page('drop: ["<script>"]') == (
        '<pre class="nb-lines"><code>drop: [&quot;&lt;script&gt;&quot;]</code></pre>'
    )


def test_reading_and_cleaning(make_table, develop):
    plain = develop(make_table([1.0, 2.0], {"x": [1.0, 2.0]}))
    assert reading_words(plain) == "Nothing to remark on reading the table; nothing was changed."
    assert reading_table(plain.findings).columns.tolist() == ["code", "kind", "what", "columns"]
    changes = pd.DataFrame(
        [{"step": "limits", "column": "x", "changed": 1200, "before": "9", "after": "missing"}]
    )
    told = replace(plain, findings=(found(Severity.NOTE, "T111", "missing_marker"),), cleaning=changes)
    assert (
        reading_words(told) == "1 remark on reading the table; 1,200 cells or rows were changed as declared."
    )
    assert reading_table(told.findings)["kind"].tolist() == ["missing marker"]
    assert reading_table(told.findings)["columns"].isna().all()
    split = replace(plain, findings=(found(Severity.PASS, "T151", "split"),))
    assert reading_table(split.findings).empty
    assert reading_words(split) == "Nothing to remark on reading the table; nothing was changed."
