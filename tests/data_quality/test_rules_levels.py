import numpy as np
import pytest

from helpers.data_quality.context import Context
from helpers.data_quality.rules_levels import (
    category_variants,
    code_as_number,
    free_text,
    high_cardinality,
)
from helpers.findings import Severity
from helpers.tables.table import Kind


def test_spellings_of_one_level_are_told_and_in_the_target_they_stop(make_table, develop):
    table = make_table(["yes", "Yes ", "no", "no"], {"city": ["Rome", "rome", " Rome", "Oslo"]})
    target, feature = category_variants(table, Context(develop(table)))
    assert target.severity is Severity.STOP
    assert target.message == "Classes of the target differ only in case or spaces: 'yes', 'Yes '."
    assert target.columns == ("y",)
    assert feature.severity is Severity.NOTE
    assert feature.message == (
        "2 levels seem to be another one written differently (case, spaces or one letter), for instance 'rome' for "
        "'Rome' in 'city' (1 row)."
    )
    assert feature.remedy == (
        "Models see them as different values; to write each in one way: clean: {replace: {city: {rome: Rome, ' "
        "Rome': Rome}}}."
    )
    assert feature.evidence[0] == {
        "column": "city",
        "level": "rome",
        "rows": 1,
        "seems to mean": "Rome",
        "differs in": "case or spaces",
    }


def test_slips_of_the_pen_are_told(make_table, ask):
    stones = ["Granite"] * 30 + ["Granit", "Ganite", "Grantie", "Grenite"] + ["Marble"] * 30
    found = ask(category_variants, make_table([0.0] * 64, {"stone": stones}))
    assert {row["level"]: row["seems to mean"] for row in found.evidence} == dict.fromkeys(
        ["Granit", "Ganite", "Grantie", "Grenite"], "Granite"
    )
    assert {row["differs in"] for row in found.evidence} == {"one letter"}


def test_short_words_codes_and_frequent_ones_are_no_slips(make_table, ask):
    levels = ["Iran"] * 30 + ["Iraq"] + ["Plot 1"] * 30 + ["Plot 2"] + ["Hamburg"] * 20 + ["Homburg"] * 3
    found = ask(category_variants, make_table([0.0] * len(levels), {"c": levels}))
    assert found.severity is Severity.PASS


def test_different_levels_pass_and_numbers_do_not_apply(make_table, ask):
    fine = ask(category_variants, make_table(list("ab"), {"city": ["Rome", "Oslo"]}))
    assert (fine.severity, fine.message) == (
        Severity.PASS,
        "No level differs from another only in case, spaces or one letter (2 columns).",
    )
    none = ask(category_variants, make_table([1.0, 2.0], {"x": [1.0, 2.0]}))
    assert (none.severity, none.message) == (Severity.NOT_APPLICABLE, "There is no category column.")


def test_whole_numbers_of_few_values_may_be_codes(make_table, ask):
    found = ask(code_as_number, make_table([0.0] * 60, {"zone": np.tile([1.0, 2.0, 9.0], 20)}))
    assert found.severity is Severity.NOTE
    assert found.message == (
        "1 feature holds few different whole numbers that look like codes, read as amounts: 'zone'."
    )
    assert found.remedy == ("Where they are codes: clean: {types: {zone: category}}. Counts and grades stay.")


@pytest.mark.parametrize(
    ("rows_of_each", "are_codes"),
    [
        ({1: 100, 2: 200, 3: 90, 4: 30, 5: 8}, False),  # a count
        ({0: 300, 1: 40, 2: 30, 3: 20, 4: 90}, False),  # nothing, or up to a limit
        ({1: 60, 2: 50, 3: 55, 4: 52, 5: 58}, True),  # as many of each: teams, months
        ({1: 100, 2: 150, 3: 20, 4: 160, 5: 90, 6: 10}, True),  # two peaks
        ({1: 100, 4: 90, 9: 20}, True),  # gaps
        ({5: 100, 10: 90, 15: 20}, False),  # amounts in fives
        ({7 * level + level % 3: 12 for level in range(30)}, True),  # many, with gaps, none rare
        ({level**2: 60 - 2 * level for level in range(30)}, False),  # amounts with a tail
        ({1: 50, 2: 40, 3: 60}, False),  # too few levels to tell
    ],
)
def test_codes_are_told_from_counts_by_how_often_each_stands(make_table, ask, rows_of_each, are_codes):
    values = [float(level) for level, rows in rows_of_each.items() for _ in range(rows)]
    found = ask(code_as_number, make_table([0.0] * len(values), {"z": values}))
    assert found.severity is (Severity.NOTE if are_codes else Severity.PASS)


def test_amounts_are_no_codes(make_table, ask):
    columns = {"x": np.arange(60.0), "half": np.tile([0.5, 1.0, 1.5], 20), "flag": np.tile([0.0, 1.0], 30)}
    found = ask(code_as_number, make_table([0.0] * 60, columns))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "No feature of numbers holds few different whole numbers that look like codes.",
    )
    none = ask(code_as_number, make_table(list("ab"), {"city": ["Rome", "Oslo"]}))
    assert (none.severity, none.message) == (Severity.NOT_APPLICABLE, "There is no feature of numbers.")


def test_many_levels_are_told_with_the_most_first(make_table, ask):
    columns = {"few": ["a", "b", "c"] * 20, "many": [f"m{i}" for i in range(60)]}
    found = ask(high_cardinality, make_table([0.0] * 60, columns))
    assert found.severity is Severity.NOTE
    assert found.message == (
        "1 category column with more than 50 levels or typically fewer than 5 rows a level: 'many'; most in "
        "'many' (60)."
    )
    assert found.evidence == ({"column": "many", "levels": 60, "seen once": "100 %"},)


def test_few_levels_pass_and_numbers_have_none(make_table, ask):
    fine = ask(high_cardinality, make_table([0.0] * 60, {"few": ["a", "b", "c"] * 20}))
    assert (fine.severity, fine.message) == (Severity.PASS, "No category column has more than 50 levels.")
    none = ask(high_cardinality, make_table([0.0] * 2, {"x": [1.0, 2.0]}))
    assert (none.severity, none.message) == (Severity.NOT_APPLICABLE, "There is no category column.")


def test_free_text_is_named(make_table, ask):
    remarks = [f"called twice, order {number} was late" for number in range(60)]
    found = ask(free_text, make_table([0.0] * 60, {"remark": remarks}, kinds={"remark": Kind.TEXT}))
    assert (found.severity, found.message) == (Severity.NOTE, "1 feature holds free text: 'remark'.")
    assert found.evidence == ({"column": "remark", "texts": 60, "words, median": 6.0, "longest": 6},)
    assert ask(free_text, make_table([0.0] * 2, {"city": ["Rome", "Oslo"]})).message == (
        "No feature holds free text."
    )
    assert ask(free_text, make_table([0.0] * 2, {"x": [1.0, 2.0]})).severity is Severity.NOT_APPLICABLE
