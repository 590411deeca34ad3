from helpers.data_quality.rules_target import class_imbalance, rare_class
from helpers.findings import Severity


def test_a_rare_outcome_warns(make_table, ask):
    found = ask(class_imbalance, make_table(["ok"] * 96 + ["fault"] * 4, {"x": range(100)}))
    assert found.severity is Severity.WARN
    assert found.message == "The classes are unequal: 'fault' holds 4.0 % of the rows, 'ok' 96.0 %."
    assert found.plain == "One outcome is rare: it makes up 4.0 % of the rows."
    assert found.remedy == (
        "Always answering 'ok' is right in 96.0 %: judge by a metric that sees the rare class, and name the "
        "`costs` of mistakes."
    )
    assert found.evidence == (
        {"class": "ok", "rows": 96, "share": 0.96},
        {"class": "fault", "rows": 4, "share": 0.04},
    )


def test_thresholds_of_imbalance_are_those_of_two_classes(make_table, ask):
    assert (
        ask(class_imbalance, make_table(["a"] * 85 + ["b"] * 15, {"x": range(100)})).severity is Severity.NOTE
    )
    # Ten classes: 5 % is half of an equal share, as 25 % would be of two classes.
    ten = [f"c{i}" for i in range(9) for _ in range(11)] + ["c9"] * 5
    assert ask(class_imbalance, make_table(ten, {"x": range(len(ten))})).severity is Severity.PASS


def test_even_classes_pass_and_numbers_have_none(make_table, ask):
    even = ask(class_imbalance, make_table(list("aaab"), {"x": range(4)}))
    assert (even.severity, even.message) == (
        Severity.PASS,
        "The smallest class 'b' holds 25.0 % of the rows.",
    )
    for rule in (class_imbalance, rare_class):
        number = ask(rule, make_table([1.0, 2.0], {"x": range(2)}))
        assert (number.severity, number.message) == (
            Severity.NOT_APPLICABLE,
            "The target is a number and has no classes.",
        )


def test_classes_with_few_rows_warn(make_table, ask):
    found = ask(rare_class, make_table(["a"] * 20 + ["<b>"] * 9, {"x": range(29)}))
    assert found.severity is Severity.WARN
    assert found.message == "1 class has fewer than 10 development rows: '<b>'."
    assert found.evidence == ({"class": "<b>", "rows": 9},)


def test_classes_with_enough_rows_pass(make_table, ask):
    found = ask(rare_class, make_table(["a"] * 20 + ["b"] * 10, {"x": range(30)}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "Each class has at least 10 development rows.",
    )
