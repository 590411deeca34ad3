from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from helpers.exploration import rules
from helpers.exploration.associations import associations
from helpers.exploration.describe import describe
from helpers.exploration.effects import Effects, against_target
from helpers.findings import Severity
from helpers.tables.table import Kind, Table

MakeTable = Callable[..., Table]

RANDOM = np.random.default_rng(0)
NOISE = RANDOM.normal(size=200)
ROUND = np.abs(RANDOM.uniform(-1, 1, 200))
CLASSES = ["a", "b"] * 100


def effects_of(make_table: MakeTable, columns: dict[str, tuple[Kind, Any]], target: Sequence[Any]) -> Effects:
    return against_target(make_table(columns, target), seed=0)


def test_no_relation_fires(make_table: MakeTable) -> None:
    finding = rules.no_relation(effects_of(make_table, {"x": (Kind.NUMBER, NOISE)}, CLASSES))
    assert (finding.code, finding.severity) == ("E101", Severity.WARN)
    assert finding.message == (
        "None of 1 variable shows a relation with the target: every corrected q is above 0.05."
    )
    assert finding.plain == "No column by itself tells anything about the answer."
    assert finding.evidence[0]["column"] == "x"


def test_no_relation_stays_silent(make_table: MakeTable) -> None:
    columns = {"x": (Kind.NUMBER, NOISE), "y2": (Kind.NUMBER, np.tile([0.0, 1.0], 100) + NOISE / 10)}
    finding = rules.no_relation(effects_of(make_table, columns, CLASSES))
    assert (finding.severity, finding.message) == (
        Severity.PASS,
        "1 of 2 variables shows a relation with the target.",
    )


def test_no_relation_not_applicable(make_table: MakeTable) -> None:
    finding = rules.no_relation(effects_of(make_table, {"x": (Kind.NUMBER, np.ones(200))}, CLASSES))
    assert (finding.severity, finding.message) == (
        Severity.NOT_APPLICABLE,
        "No variable could be compared with the target.",
    )


def test_not_monotone_fires(make_table: MakeTable) -> None:
    x = RANDOM.uniform(-1, 1, 400)
    target = ["in" if abs(value) < 0.5 else "out" for value in x]
    finding = rules.not_monotone(effects_of(make_table, {"x": (Kind.NUMBER, x)}, target))
    assert (finding.code, finding.severity, finding.columns) == ("E102", Severity.NOTE, ("x",))
    assert finding.message == (
        "x relates to the target by more than rising or falling: cut into parts, the strength is at least "
        "0.1 higher."
    )
    assert finding.plain == "1 column matters in another way than 'the more, the better'."


def test_not_monotone_stays_silent(make_table: MakeTable) -> None:
    finding = rules.not_monotone(effects_of(make_table, {"x": (Kind.NUMBER, NOISE)}, list(NOISE)))
    assert (finding.severity, finding.message) == (Severity.PASS, "No relation rises and falls.")


def test_not_monotone_not_applicable(make_table: MakeTable) -> None:
    finding = rules.not_monotone(effects_of(make_table, {"c": (Kind.CATEGORY, CLASSES)}, list(NOISE)))
    assert (finding.severity, finding.message) == (
        Severity.NOT_APPLICABLE,
        "No number has enough rows to look for relations that rise and fall.",
    )


def test_heavy_tails_fires(make_table: MakeTable) -> None:
    columns = {"x": (Kind.NUMBER, np.exp(3 * NOISE)), "z": (Kind.NUMBER, -np.exp(3 * NOISE))}
    table = make_table(columns, CLASSES)
    finding = rules.heavy_tails(describe(table, ["y", "x", "z"]))
    assert (finding.code, finding.severity, finding.columns) == ("E103", Severity.NOTE, ("x", "z"))
    assert finding.message == "x, z have a heavy tail: a few values lie far from the others."
    assert [row["heavy tail"] for row in finding.evidence] == ["upper", "lower"]


def test_heavy_tails_stays_silent(make_table: MakeTable) -> None:
    finding = rules.heavy_tails(describe(make_table({"x": (Kind.NUMBER, NOISE)}, CLASSES), ["y", "x"]))
    assert (finding.severity, finding.message) == (Severity.PASS, "No number has a heavy tail.")


def test_heavy_tails_not_applicable(make_table: MakeTable) -> None:
    finding = rules.heavy_tails(describe(make_table({"c": (Kind.CATEGORY, CLASSES)}, CLASSES), ["y", "c"]))
    assert (finding.severity, finding.message) == (Severity.NOT_APPLICABLE, "The table has no numbers.")


def test_alike_columns_fires(make_table: MakeTable) -> None:
    columns = {"x": (Kind.NUMBER, NOISE), "<b>": (Kind.NUMBER, 2 * NOISE), "r": (Kind.NUMBER, ROUND)}
    found = associations(make_table(columns, CLASSES), list(columns), seed=0)
    finding = rules.alike_columns(found)
    assert (finding.code, finding.severity, finding.columns) == ("E104", Severity.NOTE, ("x", "<b>"))
    assert finding.message == (
        "2 columns form 1 group in which every two have an association of 0.9 or more; the largest: x, <b>."
    )
    assert finding.evidence == ({"group": "x, <b>", "columns": 2},)


def test_alike_columns_stays_silent(make_table: MakeTable) -> None:
    columns = {"x": (Kind.NUMBER, NOISE), "r": (Kind.NUMBER, ROUND)}
    finding = rules.alike_columns(associations(make_table(columns, CLASSES), ["x", "r"], seed=0))
    assert (finding.severity, finding.message) == (
        Severity.PASS,
        "No two columns have an association of 0.9 or more.",
    )


@pytest.mark.parametrize("names", [[], ["x"]])
def test_alike_columns_not_applicable(make_table: MakeTable, names: list[str]) -> None:
    finding = rules.alike_columns(
        associations(make_table({"x": (Kind.NUMBER, NOISE)}, CLASSES), names, seed=0)
    )
    assert (finding.severity, finding.message) == (
        Severity.NOT_APPLICABLE,
        "There are no two columns to compare.",
    )


def test_all_rules_speak_in_the_order_of_their_codes(make_table: MakeTable) -> None:
    table = make_table({}, CLASSES)
    effects = against_target(table, seed=0)
    found = rules.all_rules(effects, describe(table, ["y"]), associations(table, [], seed=0))
    assert [finding.code for finding in found] == ["E101", "E102", "E103", "E104"]
    assert {finding.severity for finding in found} == {Severity.NOT_APPLICABLE}
