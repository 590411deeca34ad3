import re

import numpy as np
import pandas as pd
import pytest

from helpers.data_quality.group_candidates import group_candidates
from helpers.data_quality.rules_structure import epoch_unit, group_structure, time_order
from helpers.findings import Severity
from helpers.tables.table import Kind, Role


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
        r"With new groups "
        r"a small model removes \d+ % of the error of guessing, with folds drawn at random over \d+ "
        r"%: the random score "
        r"is too good by over \d+ %\.",
        found.message,
    )
    assert found.remedy == (
        "If new rows will come from new ones: add the first part of 'key' as a column and name it as `group`."
    )
    assert found.columns == ("key",)


def test_repeated_values_of_a_category_warn_when_they_cost(patients, ask):
    make, who = patients
    found = ask(
        group_structure,
        make("owner", pd.Series([f"owner {p}" for p in who], dtype="category"), Kind.CATEGORY),
    )
    assert found.severity is Severity.WARN
    assert found.message.startswith("Rows may belong together by 'owner' (30 groups of 10 rows on average).")
    assert found.remedy == "If new rows will come from new ones: group: owner."


def test_groups_that_cost_nothing_pass(make_table, ask, noise):
    x = noise.normal(size=300)
    city = [f"city {i}" for i in noise.integers(0, 20, 300)]
    found = ask(group_structure, make_table((x + noise.normal(size=300)).tolist(), {"x": x, "city": city}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "Keeping the rows of one group together costs a small model nothing that is sure and at "
        "least 2 % of the "
        "error of guessing; tried by 'city'.",
    )


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
    from helpers.data_quality.context import Context

    table = make_table(
        [0.0] * 120,
        {"number": np.tile(np.arange(1, 41), 3)},
        kinds={"number": Kind.IDENTIFIER},
        roles={"number": Role.UNUSED},
    )
    assert group_candidates(table, Context(develop(table)).codes) == []


def test_rows_in_the_order_of_a_date_warn(make_table, ask, noise):
    when = pd.Series(pd.date_range("2020-01-01", periods=300))
    x = noise.normal(size=300)
    found = ask(time_order, make_table((x + noise.normal(size=300)).tolist(), {"when": when, "x": x}))
    assert found.severity is Severity.WARN
    assert found.message == (
        "1 feature tells when, and `time` is not given: 'when'. The rows are in the order of 'when'."
    )


def test_a_date_without_time_is_a_note(make_table, ask, noise):
    when = pd.Series(pd.date_range("2020-01-01", periods=300)).sample(
        frac=1, random_state=0, ignore_index=True
    )
    x = noise.normal(size=300)
    found = ask(time_order, make_table((x + noise.normal(size=300)).tolist(), {"when": when, "x": x}))
    assert found.severity is Severity.NOTE
    assert found.message == "1 feature tells when, and `time` is not given: 'when'."
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
        r"1 feature tells when, and `time` is not given: 'when'\. The rows are in the order of "
        r"'when'\. On the "
        r"latest 20 % of rows by 'when' a small model that saw only earlier rows removes 0 % of the error of "
        r"guessing, with folds drawn at random \d+ %\.",
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
        "No feature holds dates or seconds since 1970.",
    )


def test_seconds_since_1970_are_moments():
    seconds = pd.Series(1.4e9 + np.arange(100.0))
    assert epoch_unit(seconds) == "seconds"
    assert epoch_unit(seconds * 1000) == "milliseconds"
    assert epoch_unit(pd.Series(np.arange(100.0))) == ""
    assert epoch_unit(seconds + 0.5) == ""
