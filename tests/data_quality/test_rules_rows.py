import numpy as np

from helpers.data_quality.context import Context
from helpers.data_quality.rules_rows import conflicting_labels, duplicate_rows, small_table
from helpers.findings import Severity
from helpers.tables.table import Kind, Role


def test_copies_in_a_roomy_table_warn(make_table, ask):
    rng = np.random.default_rng(0)
    values = rng.normal(size=(98, 3))
    values = np.vstack([values, values[:2]])
    target = rng.normal(size=98).tolist()
    found = ask(duplicate_rows, make_table(target + target[:2], dict(zip("abc", values.T, strict=True))))
    assert found.severity is Severity.WARN
    assert found.message == (
        "2 rows (2.0 %) repeat another row in every feature and the target; 2 of them in every column, "
        "identifiers included."
    )
    assert found.plain == "2 rows appear in the table more than once."
    assert found.remedy == (
        "Equal rows in training and validation flatter the score. If they are copies: clean: "
        "{duplicates: drop}."
    )


def test_equal_rows_of_few_combinations_need_not_be_copies(make_table, ask):
    found = ask(duplicate_rows, make_table(list("abab"), {"x": [1.0, 2.0, 1.0, 2.0]}))
    assert found.severity is Severity.NOTE
    assert found.message == (
        "2 rows (50.0 %) repeat another row in every feature and the target; 2 of them in every column, "
        "identifiers included. The features allow few combinations, so that equal rows need not be copies."
    )


def test_rows_with_identifiers_of_their_own_are_no_copies(make_table, ask):
    values = np.arange(100.0)
    values[99] = 0.0
    target = values.tolist()
    table = make_table(
        target,
        {"a": values, "b": values, "id": [f"k{i}" for i in range(100)]},
        kinds={"id": Kind.IDENTIFIER},
        roles={"id": Role.UNUSED},
    )
    found = ask(duplicate_rows, table)
    assert found.severity is Severity.NOTE
    assert found.message.startswith(
        "1 row (1.0 %) repeats another row in every feature and the target; 0 of them in every column"
    )


def test_duplicates_pass_and_do_not_apply(make_table, ask):
    assert (
        ask(duplicate_rows, make_table(list("ab"), {"x": [1.0, 2.0]})).message
        == "No row repeats another one."
    )
    found = ask(duplicate_rows, make_table(list("ab"), {"x": [1.0, 2.0]}, roles={"x": Role.DROPPED}))
    assert (found.severity, found.message) == (
        Severity.NOT_APPLICABLE,
        "The table has no features to compare rows by.",
    )


def test_conflicting_labels_bound_what_any_model_can_do(make_table, ask):
    # x = 1: a, a, b; x = 2: b; x = 3: a, b. At least one of three and one of two must be wrong.
    table = make_table(["a", "a", "b", "b", "a", "b"], {"x": [1.0, 1.0, 1.0, 2.0, 3.0, 3.0]})
    found = ask(conflicting_labels, table)
    assert found.severity is Severity.WARN
    assert found.message == (
        "5 rows (83.3 %) with the same features as another row have a different target; any model "
        "names at least "
        "33.3 % of the rows wrongly."
    )
    assert found.remedy == "Look for a feature that tells them apart, or for wrong labels."


def test_conflicting_numbers_are_a_note(make_table, ask):
    found = ask(conflicting_labels, make_table([1.0, 2.0, 3.0], {"x": [1.0, 1.0, 2.0]}))
    assert found.severity is Severity.NOTE
    assert found.message == "2 rows (66.7 %) with the same features as another row have a different target."


def test_conflicts_pass_and_do_not_apply(make_table, ask):
    agree = ask(conflicting_labels, make_table(list("aab"), {"x": [1.0, 1.0, 2.0]}))
    assert (agree.severity, agree.message) == (
        Severity.PASS,
        "Rows with the same features have the same target.",
    )
    unique = ask(conflicting_labels, make_table(list("aab"), {"x": [1.0, 2.0, 3.0]}))
    assert (unique.severity, unique.message) == (
        Severity.NOT_APPLICABLE,
        "No two rows have the same features.",
    )


def test_few_rows_for_many_columns(make_table, develop):
    table = make_table(np.arange(20.0).tolist(), {f"x{i}": np.arange(20.0) for i in range(5)})
    few, wide = small_table(table, Context(develop(table)))
    assert few.severity is Severity.WARN
    assert few.message == (
        "20 development rows: with fewer than 100 every score is uncertain, and so is the choice "
        "between models."
    )
    assert wide.severity is Severity.NOTE
    assert wide.message == (
        "20 development rows for 5 features: fewer than 5 rows a feature, so that models can learn "
        "the rows by heart."
    )


def test_enough_rows_pass(make_table, ask):
    found = ask(small_table, make_table(np.arange(100.0).tolist(), {"x": np.arange(100.0)}))
    assert (found.severity, found.message) == (
        Severity.PASS,
        "100 development rows, at least 100 and 5 a feature.",
    )
