import yaml

from helpers.data_quality.decisions import proposed_lines, quoted, serious
from helpers.findings import Finding, Severity
from helpers.parameters import Parameters

PARAMS = Parameters(experiment="e", question="q", data=["d.csv"], target="y", drop=["old"])


def found(code, kind, severity, columns=(), remedy=""):
    return Finding(code, kind, severity, "m", "p", remedy, columns)


def test_lines_act_on_serious_findings_only_and_keep_what_is_there():
    findings = [
        found("Q162", "time_order", Severity.WARN, ("when",), "If so: time: when."),
        found("Q151", "target_leak", Severity.STOP, ("a: b", "old", "emoji 😀\n")),
        found("Q121", "constant_column", Severity.NOTE, ("constant",)),
        found("Q111", "duplicate_rows", Severity.WARN),
    ]
    lines = proposed_lines(findings, PARAMS)
    assert lines.split("\n") == [
        "drop:",
        '  - "old"  # as now',
        '  - "a: b"  # Q151 target_leak',
        '  - "emoji \\U0001F600\\n"  # Q151 target_leak',
        'time: "when"  # Q162 time_order',
        "clean:",
        "  duplicates: drop  # Q111 duplicate_rows; beside what clean says now",
    ]
    assert yaml.safe_load(lines) == {
        "drop": ["old", "a: b", "emoji 😀\n"],
        "time": "when",
        "clean": {"duplicates": "drop"},
    }
    assert [finding.code for finding in serious(findings)] == ["Q151", "Q162", "Q111"]


def test_a_group_that_is_no_column_yet_is_a_comment():
    finding = found(
        "Q161", "group_structure", Severity.WARN, ("key",), "add the first part of 'key' as a column"
    )
    assert proposed_lines([finding], PARAMS) == (
        "# Q161 group_structure: a new column is needed first; see its remedy"
    )
    named = found("Q161", "group_structure", Severity.WARN, ("who",), "If so: group: who.")
    assert proposed_lines([named], PARAMS) == 'group: "who"  # Q161 group_structure'
    assert proposed_lines([named], PARAMS.model_copy(update={"group": "other"})) == ""


def test_nothing_serious_asks_for_nothing():
    assert proposed_lines([found("Q121", "constant_column", Severity.NOTE, ("c",))], PARAMS) == ""


def test_a_name_of_any_length_stays_on_one_line():
    name = "a b " * 3_000
    assert "\n" not in quoted(name)
    assert yaml.safe_load(quoted(name)) == name
