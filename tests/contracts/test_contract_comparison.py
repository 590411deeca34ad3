"""A table beside the last accepted one: each rule fires, stays silent, does not apply; chance worked by hand."""

import math

import pandas as pd
import pytest

from helpers.contracts.accepted import ColumnDescription, described
from helpers.contracts.both import both_of
from helpers.contracts.chance import chance_of_counts, moved_share
from helpers.contracts.comparison import NOTHING_BEFORE, compared
from helpers.findings import Severity

DAYS = [f"2024-01-{day:02d}" for day in range(1, 29)]


@pytest.fixture
def beside(deliver):
    """Return a function from two tables' columns to the finding of a code."""

    def find(code, old, new, time=None):
        before, now = deliver(time=time, **old), deliver(time=time, **new)
        findings = compared(both_of(described(before), described(now), now))
        (found,) = [each for each in findings if each.code == code]
        return found

    return find


def test_without_another_table_nothing_applies():
    findings = compared(None)
    assert [each.code for each in findings] == [f"T16{i}" for i in range(1, 8)]
    assert {(each.severity, each.message) for each in findings} == {(Severity.NOT_APPLICABLE, NOTHING_BEFORE)}


@pytest.mark.parametrize(
    ("rows", "severity", "message"),
    [
        (5, "stop", "5 rows, where the last accepted table had 100: 95 % fewer."),
        (50, "warn", "50 rows, where the last accepted table had 100: 50 % fewer."),
        (90, "note", "90 rows, where the last accepted table had 100: 10 % fewer."),
        (91, "pass", "91 rows, where the last accepted table had 100."),
        (149, "pass", "149 rows, where the last accepted table had 100."),
        (150, "note", "150 rows, where the last accepted table had 100: 1.5 times as many."),
        (300, "warn", "300 rows, where the last accepted table had 100: 3 times as many."),
    ],
)
def test_volume(beside, rows, severity, message):
    found = beside("T161", {"x": [1.5] * 100}, {"x": [1.5] * rows})
    assert (found.severity, found.message) == (severity, message)


@pytest.mark.parametrize(
    ("old", "new", "time", "severity", "message"),
    [
        (DAYS, DAYS[:5], "x", "warn", "The newest x is 2024-01-05; the last accepted table had 2024-01-28."),
        (DAYS, DAYS[5:], "x", "note", "The newest x is 2024-01-28 as in the last accepted table."),
        (DAYS[:9], DAYS, "x", "pass", "The newest x is 2024-01-28, after 2024-01-09."),
        ([1.5, 2.5], [1.5, 3.5], "x", "pass", "The newest x is 3.50000, after 2.50000."),
        (DAYS, [1.5, 3.5], "x", "not applicable", "The last accepted table has no such newest time to compare with."),
        (DAYS, DAYS, None, "not applicable", "No column of time is named."),
    ],
)  # fmt: skip
def test_freshness(beside, old, new, time, severity, message):
    found = beside("T162", {"x": old}, {"x": new}, time)
    assert (found.severity, found.message) == (severity, message)


def test_new_levels_and_levels_gone(beside):
    old = {"x": ["a"] * 50 + ["b"] * 40 + ["c"] * 9 + ["d"]}
    new = {"x": ["a"] * 50 + ["b"] * 40 + ["<e>\n"] * 10}
    came, gone = beside("T163", old, new), beside("T164", old, new)
    assert (came.severity, came.message) == (
        Severity.WARN, "New levels in 1 column: x '<e> ' in 10 % of the rows.",
    )  # fmt: skip
    # (1 - 9 / 100) ** 100 is 0.00008, below 0.01 / 4; of d one row was seen, and chance may lose it.
    assert (gone.severity, gone.message) == (
        Severity.WARN, "Levels gone that chance would have kept, in 1 column: x 'c' in 9 % of the rows.",
    )  # fmt: skip
    assert came.evidence == ({"column": "x", "levels": "'<e> '", "rows": 10, "share": 0.1},)
    one = {"x": ["a"] * 96 + ["b"] * 4}
    assert beside("T163", {"x": ["a"] * 99 + ["b"]}, {"x": ["a"] * 99 + ["n"]}).severity is Severity.NOTE
    assert beside("T163", one, one).message == "No new level in 1 column of categories."
    assert beside("T164", one, one).message == "No level is missing beyond chance in 1 column."
    # Where a tenth of the rows stood alone, a tenth of new levels is what to expect.
    alone = {"x": [*(f"l{i}" for i in range(10)), *["a"] * 90]}
    others = {"x": [*(f"m{i}" for i in range(10)), *["a"] * 90]}
    assert beside("T163", alone, others).severity is Severity.NOTE
    numbers = beside("T163", {"x": [1.5, 2.5]}, {"x": [1.5, 2.5]})
    assert (numbers.severity, numbers.message) == (
        Severity.NOT_APPLICABLE, "No column of categories in both tables whose levels were all counted.",
    )  # fmt: skip
    assert beside("T164", {"x": [1.5, 2.5]}, {"x": [1.5, 2.5]}).severity is Severity.NOT_APPLICABLE


def test_another_share_of_missing_values(beside):
    old = {"x": [None] * 10 + [1.5] * 190, "y": [1.5] * 200}
    found = beside("T165", old, {"x": [None] * 50 + [1.5] * 150, "y": [1.5] * 200})
    assert (found.severity, found.columns) == (Severity.WARN, ("x",))
    assert found.message == "Another share of values is missing in 1 column: x 5 % → 25 %."
    silent = beside("T165", old, {"x": [None] * 14 + [1.5] * 186, "y": [1.5] * 200})
    assert silent.message == "As much is missing as before, chance aside, in 2 columns."
    assert beside("T165", {"a": [1.5]}, {"b": [1.5]}).message == "No column stands in both tables."


def test_shifted_values(beside):
    spread = [i + 0.5 for i in range(200)]
    old = {"x": spread, "y": ["a"] * 100 + ["b"] * 100, "z": spread}
    moved = {"x": [value + 50 for value in spread], "y": ["a"] * 40 + ["b"] * 130 + ["n"] * 30, "z": spread}
    found = beside("T166", old, moved)
    # A quarter of x lies above every value of before; of y 60 rows of a are b or new.
    assert found.message == "Distributed otherwise: 2 columns; so many rows moved: y 30 %, x 25 %."
    assert (found.severity, found.columns) == (Severity.WARN, ("y", "x"))
    assert beside("T166", old, old).message == (
        "No shift beyond chance of at least 10 % of the rows in 3 columns."
    )
    # With so few rows a shift of a quarter is no news.
    assert (
        beside("T166", {"x": spread[::25]}, {"x": [each + 50 for each in spread[::25]]}).severity
        is Severity.PASS
    )
    assert beside("T166", old, moved, time="x").columns == ("y",)
    assert beside("T166", {"x": DAYS}, {"x": DAYS}).severity is Severity.NOT_APPLICABLE


def test_columns_that_came_went_and_changed_kind(beside):
    old = {"same": [1.5, 2.5], "gone": [1.5, 2.5], "kind": [1.5, 2.5]}
    found = beside("T167", old, {"same": [1.5, 2.5], "new": ["a", "b"], "kind": ["a", "b"]})
    assert (found.severity, found.columns) == (Severity.NOTE, ("new", "gone", "kind"))
    assert found.message == (
        "3 columns came, went or changed kind: new absent → category, gone number → absent, kind number → category."
    )
    assert beside("T167", old, old).message == "The same 3 columns, of the same kinds."


def test_what_is_remembered_of_a_table(deliver):
    table = deliver(time="when", x=[1.5, 2.5, 2.5, None], y=["a", "b", "a", None], when=DAYS[:4], t=["u", "v w x", "z", "q"],
                    declared={"t": "text"})  # fmt: skip
    description = described(table)
    assert (description.rows, description.newest) == (4, "2024-01-04T00:00:00")
    assert description.columns == {
        "x": ColumnDescription(kind="number", missing=1, edges=[1.5, 2.5], counts=[0, 1, 2]),
        "y": ColumnDescription(kind="category", missing=1, levels={"a": 2, "b": 1}),
        "when": ColumnDescription(kind="date", missing=0),
        "t": ColumnDescription(kind="text", missing=0),
    }
    assert type(description).model_validate_json(description.model_dump_json()) == description
    many = described(deliver(x=[f"l{i % 201}" for i in range(402)]))
    assert many.columns["x"].levels is None


def test_chance():
    # Fisher's exact test of 3 of 4 against 1 of 4, as in the tea-tasting lady's table: 34 / 70.
    assert chance_of_counts([3, 1], [1, 3]) == pytest.approx(34 / 70)
    # Pearson: 2 * (10² / 30 + 5² / 15 + 5² / 15) = 40 / 3 with 2 degrees of freedom, whose tail is exp(-x / 2).
    assert chance_of_counts([20, 20, 20], [40, 10, 10]) == pytest.approx(math.exp(-20 / 3))
    assert chance_of_counts([5, 0], [7, 0]) == 1.0
    assert chance_of_counts([0, 0], [7, 1]) == 1.0
    # The four bins with one row each are taken together: [16, 4] against [16, 4].
    assert chance_of_counts([16, 1, 1, 1, 1], [16, 1, 1, 1, 1]) == 1.0
    assert moved_share([1, 1, 0], [0, 1, 1]) == 0.5
    assert moved_share([2, 0], [9, 0]) == 0.0


def test_bins_count_the_new_table_between_the_old_edges(deliver):
    new = deliver(x=pd.Series([0.0, 1.5, 2.0, 9.0, None]))
    both = both_of(described(deliver(x=[1.5, 2.5, 2.5, 2.5])), described(new), new)
    assert both.binned == {"x": [1, 2, 1]}
