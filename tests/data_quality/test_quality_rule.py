import pytest

from helpers.data_quality.context import Context
from helpers.data_quality.rule import Outcome, counted, named, passed, points, rule, written
from helpers.data_quality.run import RULES, examine
from helpers.findings import Finding, Severity


def breaks(_table, _context):
    raise KeyError("no <such> column")


def test_a_rule_puts_its_code_and_kind_to_what_was_found(make_table, develop):
    check = rule("Q999", "free_text")(
        lambda table, _: Outcome(Severity.NOTE, f"{len(table)} rows", "plain", "remedy", ("a",), ({"x": 1},))
    )
    table = make_table([1.0, 2.0], {"a": [1.0, 2.0]})
    assert check(table, Context(develop(table))) == [
        Finding("Q999", "free_text", Severity.NOTE, "2 rows", "plain", "remedy", ("a",), ({"x": 1},))
    ]


def test_a_rule_without_an_outcome_is_wrong(make_table, develop):
    table = make_table([1.0, 2.0], {"a": [1.0, 2.0]})
    with pytest.raises(
        ValueError, match="rule Q999 gave no outcome; it must pass or say why it does not apply"
    ):
        rule("Q999", "free_text")(lambda table, context: [])(table, Context(develop(table)))


def test_a_rule_that_breaks_is_reported_and_the_others_run(make_table, develop):
    rules = (rule("Q998", "free_text")(breaks), rule("Q999", "outlier")(lambda t, c: passed("Fine.")))
    found = examine(develop(make_table([1.0, 2.0], {"a": [1.0, 2.0]})), rules=rules)
    broken, fine, strong = found.findings
    assert (strong.code, strong.severity) == ("Q155", Severity.NOT_APPLICABLE)
    assert broken == Finding(
        "Q998",
        "free_text",
        Severity.NOT_APPLICABLE,
        "The check could not run: KeyError: 'no <such> column'",
        "One check of the table could not run (free text), so that nothing is known about it.",
        "Please report this with the message: the table is not at fault.",
    )
    assert (fine.code, fine.severity, fine.message) == ("Q999", Severity.PASS, "Fine.")


def test_codes_are_unique_and_in_order():
    codes = [each.code for each in RULES]
    assert codes == sorted(set(codes))


def test_hostile_names_are_kept_in_messages_as_they_are():
    assert named(["<b>", "a\nb", "x" * 200]) == f"'<b>', 'a b', '{'x' * 78}…"
    assert named(list("abcdefg")) == "'a', 'b', 'c', 'd', 'e' and 2 more"


def test_yaml_in_a_sentence_can_be_read_back():
    assert written({"drop": ["a", "b: c", "#d"]}) == "drop: [a, 'b: c', '#d']"
    assert written({"clean": {"duplicates": "drop"}}) == "clean: {duplicates: drop}"


def test_numbers_agree_with_their_verbs():
    assert counted(1, "row", "has", "have") == "1 row has"
    assert counted(2, "row", "has", "have") == "2 rows have"
    assert [points(0.034), points(-0.002), points(-0.05)] == ["3 %", "0 %", "−5 %"]
