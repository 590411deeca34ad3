import numpy as np
import pandas as pd
import pytest

from helpers.data_quality.rules_missing import (
    difference_test,
    missing_values,
    missingness_leak,
    structural_missing,
)
from helpers.findings import Severity
from helpers.tables.table import Role

NAN = float("nan")


def test_missing_values_counts_by_column(make_table, ask):
    table = make_table(
        list("aabb"), {"x": [1.0, NAN, NAN, 4.0], "z": [1.0, 2.0, NAN, 4.0], "full": [1.0, 2.0, 3.0, 4.0]}
    )
    found = ask(missing_values, table)
    assert found.severity is Severity.WARN
    assert found.message == (
        "25.0 % of all values are missing, in 2 of 3 features; most in 'x' (50.0 %). "
        "1 feature lacks at least 50 % of the values."
    )
    assert found.plain == "Some values are missing: 25.0 % of the table."
    assert found.remedy == "Models fill or use gaps inside the folds; find out why the values are missing."
    assert found.columns == ("x", "z")
    assert found.evidence[1] == {"column": "z", "missing rows": 1, "share": 0.25}


def test_a_few_gaps_are_a_note_and_an_empty_feature_is_to_be_dropped(make_table, ask):
    few = ask(missing_values, make_table(list("abab"), {"x": [1.0, NAN, 3.0, 4.0]}))
    assert few.severity is Severity.NOTE
    assert few.message == "25.0 % of all values are missing, in 1 of 1 feature; most in 'x' (25.0 %)."
    empty = ask(missing_values, make_table(list("abab"), {"x: y": [NAN] * 4, "z": [1.0, 2.0, 3.0, 4.0]}))
    assert empty.remedy.endswith("Where at least 95 % is missing: drop: ['x: y'].")


def test_missing_values_passes_and_does_not_apply(make_table, ask):
    full = ask(missing_values, make_table(list("ab"), {"x": [1.0, 2.0], "z": [1.0, 2.0]}))
    assert (full.severity, full.message) == (Severity.PASS, "No value is missing in 2 features.")
    none = ask(missing_values, make_table(list("ab"), {"x": [1.0, 2.0]}, roles={"x": Role.DROPPED}))
    assert none.severity is Severity.NOT_APPLICABLE
    assert none.message == "The table has no features in which values could be missing."


def test_missingness_that_tells_the_target_stops(make_table, ask):
    target = np.repeat(["a", "b"], 100)
    gaps = np.where(target == "a", NAN, np.tile(np.arange(50.0), 4))
    found = ask(missingness_leak, make_table(target.tolist(), {"x": gaps, "z": np.tile([1.0, NAN], 100)}))
    assert found.severity is Severity.STOP
    assert found.message == (
        "Whether a value is missing tells the target in 1 feature: 'x'. Most in 'x', where it "
        "removes over 99 % "
        "(98 % to over 99 %) of the error of guessing."
    )
    assert found.remedy == (
        "If a value is filled in only after the outcome is known, leave the column out: drop: [x]."
    )
    assert found.columns == ("x",)


def test_missingness_that_tells_a_number_is_found(make_table, ask):
    rng = np.random.default_rng(0)
    missing = rng.random(400) < 0.5
    table = make_table((rng.normal(size=400) + missing).tolist(), {"x": np.where(missing, NAN, 1.0)})
    found = ask(missingness_leak, table)
    assert found.severity is Severity.WARN
    assert found.message.startswith("Whether a value is missing tells the target in 1 feature: 'x'.")


def test_missingness_at_random_passes(make_table, ask):
    rng = np.random.default_rng(0)
    columns = {f"x{i}": np.where(rng.random(300) < 0.2, NAN, 1.0) for i in range(10)}
    found = ask(missingness_leak, make_table(rng.choice(["a", "b"], 300).tolist(), columns))
    assert found.severity is Severity.PASS
    assert found.message == (
        "In none of 10 tested features does a missing value tell the target "
        "(corrected p below 0.01 and 2 % of the error of guessing removed)."
    )


def test_missingness_needs_rows_on_both_sides(make_table, ask):
    found = ask(missingness_leak, make_table(list("ab") * 20, {"x": [NAN] * 3 + [1.0] * 37}))
    assert found.severity is Severity.NOT_APPLICABLE
    assert found.message == "No feature has at least 10 rows with and 10 rows without a value."


def test_difference_test_uses_permutations_where_cells_are_small(make_table):
    table = make_table(["a"] * 38 + ["b"] * 2, {"x": np.arange(40.0)})
    part = np.arange(40) >= 30
    first = difference_test(part, table, seed=0)
    assert first == difference_test(part, table, seed=0)
    # Both b among the last ten: 10·9 / (40·39) = 0.058 by counting.
    assert first == pytest.approx(0.058, abs=0.03)


def test_structural_missing_names_the_value_behind_the_gap(make_table, ask):
    department = ["sewing", "finishing"] * 10
    table = make_table(
        np.arange(20.0).tolist(),
        {"wip": np.where(np.array(department) == "finishing", NAN, 5.0), "department": department},
    )
    found = ask(structural_missing, table)
    assert found.severity is Severity.NOTE
    assert found.message == (
        "1 feature lacks its value exactly where another column has certain values, for instance 'wip' where "
        "'department' is 'finishing' (10 rows)."
    )
    assert found.remedy == (
        "Read such a gap as 'does not apply' rather than as an unknown value; filling it with a mean "
        "invents data."
    )
    assert found.evidence == (
        {"column": "wip", "where": "department", "is": "'finishing'", "missing rows": 10},
    )


def test_structural_missing_reads_numbers_too(make_table, ask):
    months = np.tile([0.0, 1.0, 2.0, 3.0], 6)
    found = ask(
        structural_missing,
        make_table(np.arange(24.0).tolist(), {"paid": np.where(months == 0, NAN, 9.0), "months": months}),
    )
    assert found.evidence[0]["is"] == "0"


def test_structural_missing_stays_silent_when_one_row_does_not_fit(make_table, ask):
    department = ["sewing", "finishing"] * 10
    gaps = np.where(np.array(department) == "finishing", NAN, 5.0)
    gaps[1] = 5.0
    found = ask(
        structural_missing, make_table(np.arange(20.0).tolist(), {"wip": gaps, "department": department})
    )
    assert (found.severity, found.message) == (
        Severity.PASS,
        "No column's gaps follow exactly from the value of another column.",
    )


def test_structural_missing_needs_gaps_and_levels(make_table, ask):
    full = ask(structural_missing, make_table([1.0, 2.0], {"x": [1.0, 2.0]}))
    assert (full.severity, full.message) == (
        Severity.NOT_APPLICABLE,
        "No feature lacks its value in at least 5 rows.",
    )
    moments = pd.Series(pd.date_range("2020-01-01", periods=20)).where(np.arange(20) % 2 == 0)
    alone = ask(structural_missing, make_table(np.arange(20.0).tolist(), {"when": moments}))
    assert (alone.severity, alone.message) == (
        Severity.NOT_APPLICABLE,
        "No column has few enough values to explain gaps in another.",
    )
