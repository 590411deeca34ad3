import yaml

from helpers.data_quality.decisions import proposed_lines, quoted, serious
from helpers.findings import Finding, Severity
from helpers.parameters import Parameters
from helpers.parameters.model import Clean

PARAMS = Parameters(experiment="e", question="q", data=["d.csv"], target="y", drop=["old"])


def found(code, kind, severity, **lines):
    return Finding(code, kind, severity, "m", "p", lines=lines)


def test_lines_act_on_findings_and_keep_what_is_there():
    findings = [
        found("Q162", "time_order", Severity.WARN, time="when"),
        found("Q151", "target_leak", Severity.STOP, drop=["a: b", "old", "emoji 😀\n"]),
        found("Q155", "strong_column", Severity.NOTE, drop=["strong"]),
        found("Q111", "duplicate_rows", Severity.WARN, clean={"duplicates": "drop"}),
    ]
    lines = proposed_lines(findings, PARAMS)
    assert lines.split("\n") == [
        "drop:",
        '  - "old"  # as now',
        '  - "a: b"  # Q151 target_leak',
        '  - "emoji \\U0001F600\\n"  # Q151 target_leak',
        'time: "when"  # Q162 time_order',
        "clean:",
        "  duplicates: drop  # Q111 duplicate_rows",
    ]
    assert yaml.safe_load(lines) == {
        "drop": ["old", "a: b", "emoji 😀\n"],
        "time": "when",
        "clean": {"duplicates": "drop"},
    }
    assert [finding.code for finding in serious(findings)] == ["Q151", "Q162", "Q111"]


def test_a_group_comes_with_its_parts_and_time_is_an_alternative():
    findings = [
        found("Q161", "group_structure", Severity.WARN, group="key", group_parts=[1]),
        found("Q162", "time_order", Severity.WARN, time="when"),
    ]
    lines = proposed_lines(findings, PARAMS)
    assert lines == (
        'group: "key"  # Q161 group_structure\n'
        "group_parts: [1]  # Q161 group_structure\n"
        '# or, for later rows, time: "when"  # Q162 time_order'
    )
    assert yaml.safe_load(lines) == {"group": "key", "group_parts": [1]}
    assert proposed_lines(findings, PARAMS.model_copy(update={"group": "other"})) == ""


def test_cleaning_is_put_to_what_is_declared_already():
    now = Clean(missing={"age": [99]}, replace={"city": {"rome": "Roma"}})
    findings = [
        found(
            "Q104",
            "missing_marker",
            Severity.WARN,
            clean={"missing": {"age": [-1, 99], "x: y": ["1900-01-01"]}},
        ),
        found(
            "Q125",
            "category_variants",
            Severity.NOTE,
            clean={"replace": {"city": {"rome": "Rome", "'": "’"}}},
        ),
    ]
    lines = proposed_lines(findings, PARAMS.model_copy(update={"clean": now}))
    assert lines.split("\n")[0] == "clean:"
    assert yaml.safe_load(lines) == {
        "clean": {
            "missing": {"age": [99, -1], "x: y": ["1900-01-01"]},
            "replace": {"city": {"rome": "Roma", "'": "’"}},
            "duplicates": "keep",
        }
    }
    assert "  missing:  # Q104 missing_marker" in lines.split("\n")
    assert Clean.model_validate(yaml.safe_load(lines)["clean"]).missing["age"] == [99, -1]
    again = Clean.model_validate(yaml.safe_load(lines)["clean"])
    assert proposed_lines(findings, PARAMS.model_copy(update={"clean": again})) == ""


def test_nothing_serious_asks_for_nothing():
    assert proposed_lines([found("Q121", "constant_column", Severity.NOTE)], PARAMS) == ""


def test_a_name_of_any_length_stays_on_one_line():
    name = "a b " * 3_000
    assert "\n" not in quoted(name)
    assert yaml.safe_load(quoted(name)) == name
