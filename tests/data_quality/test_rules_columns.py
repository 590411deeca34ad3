import numpy as np

from helpers.data_quality.rules_columns import (
    constant_column,
    identifier_column,
    redundant_column,
    repeated_level,
)
from helpers.findings import Finding, Severity
from helpers.tables.table import Kind, Role

NAN = float("nan")


def test_constant_and_empty_columns_are_grouped(make_table, ask):
    table = make_table(
        list("ab"),
        {"one": [5.0, 5.0], "none": [NAN, NAN], "x": [1.0, 2.0], "gap": [1.0, NAN]},
        kinds={"none": Kind.EMPTY},
        roles={"none": Role.UNUSED},
    )
    found = ask(constant_column, table)
    assert found.severity is Severity.NOTE
    assert found.message == (
        "1 column holds no value and 1 column holds a single value in the development rows: 'none', 'one'."
    )
    assert found.remedy == "They cannot help a model: drop: [none, one]."
    assert found.columns == ("none", "one")


def test_empty_columns_that_reading_reported_are_not_told_twice(make_table, ask):
    told = Finding("T122", "empty_column", Severity.NOTE, "m", "p")
    table = make_table(
        list("ab"),
        {"none": [NAN, NAN], "x": [1.0, 2.0]},
        kinds={"none": Kind.EMPTY},
        roles={"none": Role.UNUSED},
    )
    found = ask(constant_column, table, findings=[told])
    assert (found.severity, found.message) == (
        Severity.PASS,
        "Every column holds at least two different values.",
    )


def test_identifiers_are_named_once(make_table, ask):
    table = make_table(
        list("ab"), {"key": ["k1", "k2"]}, kinds={"key": Kind.IDENTIFIER}, roles={"key": Role.UNUSED}
    )
    found = ask(identifier_column, table)
    assert found.severity is Severity.NOTE
    assert found.message == "1 column only names rows and is kept from the models: 'key'."
    assert found.remedy == ("If one names the row for ever, a refreshed table keeps its split with id: key.")
    told = Finding("T121", "identifier_column", Severity.NOTE, "m", "p")
    again = ask(identifier_column, table, findings=[told])
    assert (again.severity, again.message) == (
        Severity.NOT_APPLICABLE,
        "Reading the table reported it (T121).",
    )


def test_no_identifier_passes(make_table, ask):
    found = ask(identifier_column, make_table(list("ab"), {"x": [1.0, 2.0]}))
    assert (found.severity, found.message) == (Severity.PASS, "No column was left out as an identifier.")


def test_columns_that_say_the_same_are_grouped(make_table, ask):
    rng = np.random.default_rng(0)
    metres = rng.normal(size=60)
    codes = rng.integers(0, 3, 60)
    table = make_table(
        rng.normal(size=60).tolist(),
        {
            "metres": metres,
            "feet": 3.28084 * metres + 1,
            "city": np.array(["Rome", "Oslo", "Bonn"])[codes],
            "CITY": np.array([" rome", "OSLO", "bonn "])[codes],
            "code": np.array([7.0, 3.0, 5.0])[codes],
            "other": rng.normal(size=60),
        },
    )
    found = ask(redundant_column, table)
    assert found.severity is Severity.NOTE
    assert found.message == (
        "3 features say the same as another one (equal, one-to-one, or a linear function of it), for "
        "instance "
        "'city', 'CITY', 'code'."
    )
    assert found.columns == ("CITY", "code", "feet")
    assert found.remedy == (
        "Importances are shared between them and cannot be told apart: drop: [CITY, code, feet]."
    )


def test_strongly_correlated_columns_are_not_the_same(make_table, ask):
    rng = np.random.default_rng(0)
    x = rng.normal(size=60)
    table = make_table(x.tolist(), {"x": x, "nearly": x + 0.01 * rng.normal(size=60)})
    found = ask(redundant_column, table)
    assert (found.severity, found.message) == (Severity.PASS, "No feature repeats what another one says.")


def test_redundancy_needs_two_features(make_table, ask):
    found = ask(redundant_column, make_table(list("ab"), {"x": [1.0, 2.0], "same": [1.0, 1.0]}))
    assert (found.severity, found.message) == (
        Severity.NOT_APPLICABLE,
        "There are fewer than two features that vary.",
    )


def test_a_level_shared_by_several_columns(make_table, ask):
    rng = np.random.default_rng(0)
    without = np.arange(60) < 20

    def service():
        return np.where(without, "No internet", rng.choice(["yes", "no"], 60))

    found = ask(
        repeated_level, make_table(rng.normal(size=60).tolist(), {"films": service(), "music": service()})
    )
    assert found.severity is Severity.NOTE
    assert found.message == (
        "2 category columns share a level in exactly the same rows, for instance 'No internet' in "
        "'films', 'music'."
    )
    assert found.evidence[0] == {"column": "films", "level": "No internet", "rows": 20}


def test_levels_that_are_not_shared_pass(make_table, ask):
    rng = np.random.default_rng(0)
    columns = {name: rng.choice(["a", "b", "c"], 60) for name in ("one", "two")}
    found = ask(repeated_level, make_table(rng.normal(size=60).tolist(), columns))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "No two category columns share a level in exactly the same rows.",
    )


def test_shared_levels_need_categories(make_table, ask):
    found = ask(repeated_level, make_table(list("ab"), {"x": [1.0, 2.0]}))
    assert (found.severity, found.message) == (
        Severity.NOT_APPLICABLE,
        "There is no category column with three levels or more to compare.",
    )
