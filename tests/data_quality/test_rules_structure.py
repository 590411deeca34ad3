import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.data_quality.context import Context
from helpers.data_quality.group_candidates import group_candidates
from helpers.data_quality.rules_structure import group_structure, hidden_order, time_order
from helpers.data_quality.split_advice import SplitAdvice, split_advice
from helpers.findings import Severity
from helpers.tables.table import Kind, Role


@pytest.fixture(scope="module")
def owners(make_table):
    """What splits cost where owners, two in each country, bring ten rows each."""
    noise, who = np.random.default_rng(0), np.repeat(np.arange(30), 10)
    features = noise.normal(size=(30, 4))[who] + 0.01 * noise.normal(size=(300, 4))
    columns = dict(zip("abcd", features.T, strict=True)) | {
        "owner": [f"owner {each}" for each in who],
        "country": [f"country {each // 2}" for each in who],
    }
    table = make_table(noise.normal(size=30)[who].tolist(), columns)
    return table, split_advice(table)


@pytest.fixture
def noise():
    return np.random.default_rng(0)


@pytest.fixture
def patients(make_table, noise):
    """Thirty patients of ten rows each: features and target tell the patient, nothing else."""
    who = np.repeat(np.arange(30), 10)
    features = noise.normal(size=(30, 4))[who] + 0.01 * noise.normal(size=(300, 4))
    target = noise.normal(size=30)[who]
    columns = dict(zip("abcd", features.T, strict=True))

    def make(name, values, kind, role=Role.FEATURE):
        return make_table(target.tolist(), columns | {name: values}, kinds={name: kind}, roles={name: role})

    return make, who


def test_groups_in_the_first_part_of_an_identifier_warn(patients, ask):
    make, who = patients
    key = pd.Series([f"P{person}_{number % 10}" for number, person in enumerate(who)])
    found = ask(group_structure, make("key", key, Kind.IDENTIFIER, Role.UNUSED))
    assert found.severity is Severity.WARN
    assert re.fullmatch(
        r"Rows may belong together by the first part of 'key' \(30 groups of 10 rows on average\)\. "
        r"A small model reaches R² of ranks 0\.9\d+ \(0\.9\d+ to \d\.\d+\) with folds drawn at random, "
        r"−0\.\d\d \(−0\.\d\d to −?0\.\d\d\) with new groups\.",
        found.message,
    )
    assert found.remedy == "If new rows will come from new ones: group: key, group_parts: [1]."
    assert found.columns == ("key",)


def test_groups_in_the_second_part_are_found_too(patients, develop):
    make, who = patients
    key = pd.Series([f"{number % 10}-P{person}-x" for number, person in enumerate(who)])
    advised = split_advice(make("key", key, Kind.IDENTIFIER, Role.UNUSED)).advised
    assert (advised.way, advised.lines, advised.groups) == ("group", {"group": "key", "group_parts": [2]}, 30)


def test_repeated_values_of_a_category_warn_when_they_cost(owners, develop):
    table, advice = owners
    (found,) = group_structure(table, Context(develop(table), advice=advice))
    assert found.severity is Severity.WARN
    assert found.message.startswith("Rows may belong together by 'owner' (30 groups of 10 rows on average).")
    assert found.message.endswith(" Other columns that might name groups: 'country'.")
    assert found.remedy == "If new rows will come from new ones: group: owner."


def test_the_finest_groups_are_advised_not_what_they_have_in_common(owners):
    _, advice = owners
    assert {option.columns[0] for option in advice.options if option.decides} == {"owner", "country"}
    assert advice.advised.columns == ("owner",)


def test_groups_that_cost_nothing_pass(make_table, ask, noise):
    x = noise.normal(size=300)
    city = [f"city {i}" for i in noise.integers(0, 20, 300)]
    found = ask(group_structure, make_table((x + noise.normal(size=300)).tolist(), {"x": x, "city": city}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "Keeping the rows of one group together costs a small model nothing that is sure and at least 2 % of "
        "the error of guessing; tried by 'city'.",
    )


def test_an_identifier_is_noted_even_where_it_costs_nothing(make_table, ask, noise):
    x = noise.normal(size=300)
    key = pd.Series([f"P{number // 10}_{number % 10}" for number in range(300)])
    table = make_table(
        (x + noise.normal(size=300)).tolist(),
        {"x": x, "key": key},
        kinds={"key": Kind.IDENTIFIER},
        roles={"key": Role.UNUSED},
    )
    found = ask(group_structure, table)
    assert found.severity is Severity.NOTE
    assert re.search(r"Folds drawn at random do not flatter a small model: |cannot be told: ", found.message)


def test_a_split_that_was_made_by_the_groups_says_so(owners, develop):
    table, advice = owners
    made = develop(table)
    made = replace(made, advised_split=True, split=replace(made.split, strategy="group", column="owner"))
    (found,) = group_structure(table, Context(made, advice=advice))
    assert " As validation is auto, the rows were split by it." in found.message


def test_ways_that_could_not_be_priced_are_an_error(make_table, develop):
    table = make_table([0.0] * 120, {"x": np.arange(120.0)})
    with pytest.raises(RuntimeError, match="the ways of splitting could not be priced: ValueError: why"):
        _ = Context(develop(table), advice=SplitAdvice(failed="ValueError: why")).advice


def test_groups_given_or_absent_or_too_few_rows(make_table, ask):
    columns = {"x": np.arange(120.0), "who": np.repeat(np.arange(12.0), 10)}
    given = ask(group_structure, make_table([0.0] * 120, columns, roles={"who": Role.GROUP}))
    assert (given.severity, given.message) == (
        Severity.NOT_APPLICABLE,
        "The params name a group column; its rows stay on one side.",
    )
    none = ask(group_structure, make_table([0.0] * 120, {"x": np.arange(120.0) / 7}))
    assert (none.severity, none.message) == (
        Severity.PASS,
        "No column has repeated values that could name persons, things or batches.",
    )
    few = ask(group_structure, make_table([0.0] * 2, {"x": [1.0, 2.0]}))
    assert (few.severity, few.message) == (
        Severity.NOT_APPLICABLE,
        "Fewer than 100 development rows: too few to price a split by groups.",
    )


def test_a_counter_that_starts_anew_names_no_group(make_table, develop):
    table = make_table(
        [0.0] * 120,
        {"number": np.tile(np.arange(1, 41), 3)},
        kinds={"number": Kind.IDENTIFIER},
        roles={"number": Role.UNUSED},
    )
    assert group_candidates(table, Context(develop(table)).codes) == []


def test_rows_in_the_order_of_a_date_are_told(make_table, ask, noise):
    when = pd.Series(pd.date_range("2020-01-01", periods=300))
    x = noise.normal(size=300)
    found = ask(time_order, make_table((x + noise.normal(size=300)).tolist(), {"when": when, "x": x}))
    assert found.severity is Severity.NOTE
    assert found.message == (
        "1 column tells when, and `time` is not given: 'when'. The rows are in the order of 'when'."
    )


def test_a_date_without_time_is_a_note(make_table, ask, noise):
    when = pd.Series(pd.date_range("2020-01-01", periods=300)).sample(
        frac=1, random_state=0, ignore_index=True
    )
    x = noise.normal(size=300)
    found = ask(time_order, make_table((x + noise.normal(size=300)).tolist(), {"when": when, "x": x}))
    assert found.severity is Severity.NOTE
    assert found.message == "1 column tells when, and `time` is not given: 'when'."
    assert found.remedy == "If it will be used on later rows: time: when."


def test_drift_that_costs_warns(make_table, ask, noise):
    when = pd.Series(pd.date_range("2020-01-01", periods=600))
    x = noise.normal(size=600)
    turned = np.where(np.arange(600) < 480, x, -x)
    found = ask(
        time_order, make_table(turned.tolist(), {"when": when, "x": x, "late": 1.0 * (np.arange(600) >= 480)})
    )
    assert found.severity is Severity.WARN
    assert re.fullmatch(
        r"1 column tells when, and `time` is not given: 'when'\. The rows are in the order of 'when'\. A small "
        r"model reaches R² of ranks 0\.\d\d \(0\.\d\d to 0\.\d\d\) with folds drawn at random, −\d\.\d\d "
        r"\(−\d\.\d\d to −\d\.\d\d\) for the latest 20 % of rows by 'when', learning from earlier ones\.",
        found.message,
    )


def test_time_given_or_absent(make_table, ask):
    columns = {"when": pd.Series(pd.date_range("2020-01-01", periods=2)), "x": [1.0, 2.0]}
    given = ask(time_order, make_table([0.0, 1.0], columns, roles={"when": Role.TIME}))
    assert (given.severity, given.message) == (
        Severity.NOT_APPLICABLE,
        "The params name a time column; the latest rows are held out.",
    )
    none = ask(time_order, make_table([0.0, 1.0], {"x": [1.0, 2.0]}))
    assert (none.severity, none.message) == (
        Severity.NOT_APPLICABLE,
        "No feature holds dates, moments counted from 1970 or years.",
    )


def test_neighbours_in_the_file_that_are_alike_warn(make_table, ask, noise):
    # A level that drifts along the file and shows in the features of the same stretch only.
    stretch = np.repeat(np.arange(25), 20)
    marks, level = noise.normal(size=(25, 3))[stretch], noise.normal(size=25)[stretch]
    columns = dict(zip("abc", (marks + 0.01 * noise.normal(size=(500, 3))).T, strict=True))
    found = ask(hidden_order, make_table((level + 0.1 * noise.normal(size=500)).tolist(), columns))
    assert found.severity is Severity.WARN
    assert found.message.startswith(
        "Rows near each other in the file are alike, as if it were in order of time or of batches. A small model "
        "reaches R² of ranks 0."
    )


def test_an_order_without_meaning_passes_and_a_known_one_does_not_apply(make_table, ask, noise):
    x = noise.normal(size=300)
    plain = ask(hidden_order, make_table((x + noise.normal(size=300)).tolist(), {"x": x}))
    assert (plain.severity, plain.message) == (
        Severity.PASS,
        "Holding out stretches of the file costs a small model nothing that is sure and at least 2 % of the "
        "error of guessing: its order hides no time.",
    )
    in_order = ask(hidden_order, make_table(np.arange(300.0).tolist(), {"x": x}))
    assert in_order.message == (
        "The file is in the order of a column of time, of groups or of the target, or there are too few rows; "
        "its order tells nothing else."
    )
    few = ask(hidden_order, make_table([0.0, 1.0], {"x": [1.0, 2.0]}))
    assert few.message == "Fewer than 100 development rows: too few to price stretches of them."


def test_amounts_name_no_group(make_table):
    n = 240
    mostly_zero = np.where(np.arange(n) % 2, 0, np.arange(n) * 7 % 24 * 1_000)
    columns = {
        "bonus": mostly_zero,
        "weight": [f"{each % 20} {'kg' if each % 3 else 'lbs'}" for each in range(n)],
        "customer": 1_000 + np.arange(n) * 7 % 24 * 1_000,
    }
    table = make_table([0.0, 1.0] * (n // 2), columns, kinds={"weight": Kind.CATEGORY})
    codes = {name: pd.factorize(table.frame[name])[0] for name in columns}
    assert [each.column for each in group_candidates(table, codes)] == ["customer"]
