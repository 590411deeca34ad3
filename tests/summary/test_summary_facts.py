from helpers.findings import Finding, Severity
from helpers.summary.facts import settled


def finding(kind, severity=Severity.WARN):
    return Finding("Q161", kind, severity, "m", "p")


def test_what_the_split_takes_care_of_is_a_note():
    found = [finding("group_structure"), finding("time_order"), finding("target_leak", Severity.STOP)]
    severities = {
        split: [each.severity.value for each in settled(found, split=split)]
        for split in ("group", "time", "stratified")
    }
    assert severities == {
        "group": ["note", "warn", "stop"],
        "time": ["warn", "note", "stop"],
        "stratified": ["warn", "warn", "stop"],
    }


def test_a_check_that_passed_stays_so():
    (kept,) = settled([finding("group_structure", Severity.PASS)], split="group")
    assert kept.severity is Severity.PASS
