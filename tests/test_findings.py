"""Findings: there and back, in order, counted."""

from helpers.findings import Finding, Severity, by_severity, counts


def finding(severity, code="Q1"):
    return Finding(code, "kind", severity, "m", "p", "r", ("a",), ({"x": 1.5},))


def test_there_and_back():
    one = finding(Severity.WARN)
    assert Finding.from_dict(one.to_dict()) == one


def test_the_most_serious_first_and_equals_in_their_order():
    mixed = [
        finding(Severity.NOTE),
        finding(Severity.STOP),
        finding(Severity.NOTE, "Q2"),
        finding(Severity.PASS),
    ]
    assert [(item.severity.value, item.code) for item in by_severity(mixed)] == [
        ("stop", "Q1"), ("note", "Q1"), ("note", "Q2"), ("pass", "Q1"),
    ]  # fmt: skip


def test_counts_hold_zeros():
    assert counts([finding(Severity.NOTE), finding(Severity.NOTE)]) == {
        "stop": 0, "warn": 0, "note": 2, "pass": 0, "not applicable": 0,
    }  # fmt: skip
