import numpy as np

from helpers.data_quality.context import Context
from helpers.data_quality.rules_levels import category_variants, code_as_number, high_cardinality
from helpers.findings import Severity


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
    assert found.message == ("1 feature holds only 3 to 20 different whole numbers, read as amounts: 'zone'.")
    assert found.remedy == ("Where they are codes: clean: {types: {zone: category}}. Counts and grades stay.")


def test_amounts_are_no_codes(make_table, ask):
    columns = {"x": np.arange(60.0), "half": np.tile([0.5, 1.0, 1.5], 20), "flag": np.tile([0.0, 1.0], 30)}
    found = ask(code_as_number, make_table([0.0] * 60, columns))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "No feature of numbers holds only 3 to 20 different whole numbers.",
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
