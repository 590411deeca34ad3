import numpy as np

from helpers.data_quality.rules_answers import one_answer_a_level
from helpers.findings import Severity

# Twenty values of ten rows each, and whose answer they share.
VALUES = [f"k{each}" for each in range(200)]


def repeated(levels, rows):
    return [f"k{each % levels}" for each in range(rows)]


def test_a_column_that_gives_the_answer_away_is_left_to_its_own_rule(make_table, ask):
    keys = repeated(20, 200)
    answers = ["yes" if int(key[1:]) % 2 else "no" for key in keys]
    rng = np.random.default_rng(0)
    found = ask(one_answer_a_level, make_table(answers, {"key": keys, "x": rng.normal(size=200)}))
    assert found.message == "There is no other column of words."


def test_the_message_of_values_too_rare_to_learn_from(make_table, ask):
    keys = repeated(60, 180)
    answers = [["a", "b", "c"][int(key[1:]) % 3] for key in keys]
    found = ask(one_answer_a_level, make_table(answers, {"key": keys}))
    assert found.severity is Severity.WARN
    assert found.message == (
        "1 column has one answer for each value, though values repeat: 'key'. In 'key' 100 % of 180 rows stand in "
        "one of 60 values whose rows agree, 3 rows each."
    )
    assert found.remedy == (
        "If it was made from the outcome, leave it out: drop: [key]. If it names a person or a thing: group: key."
    )


def test_it_stays_silent_where_answers_differ_or_chance_would_do(make_table, ask):
    keys = repeated(60, 180)
    mixed = [["a", "b", "c"][number % 7 % 3] for number in range(180)]
    assert ask(one_answer_a_level, make_table(mixed, {"key": keys})).severity is Severity.PASS
    rare = ["rare" if number == 5 else "usual" for number in range(180)]
    assert ask(one_answer_a_level, make_table(rare, {"key": keys})).severity is Severity.PASS
    # Every value once: nothing repeats.
    alone = ask(one_answer_a_level, make_table(mixed, {"key": VALUES[:180]}))
    assert alone.message == (
        "In no column of words does each value have one answer beyond what chance would give."
    )


def test_it_does_not_apply_to_numbers(make_table, ask):
    assert ask(one_answer_a_level, make_table([1.5, 2.5], {"key": ["a", "b"]})).severity is (
        Severity.NOT_APPLICABLE
    )
    assert ask(one_answer_a_level, make_table(["a", "b"], {"x": [1.0, 2.0]})).message == (
        "There is no other column of words."
    )
