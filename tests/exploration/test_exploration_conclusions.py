from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.exploration import conclusions
from helpers.exploration.associations import Associations, associations
from helpers.exploration.describe import describe
from helpers.exploration.effects import against_target
from helpers.exploration.sampling import sampled
from helpers.tables.table import Kind, Role, Table

MakeTable = Callable[..., Table]
NAN = float("nan")
NOISE = np.random.default_rng(0).normal(size=200)
CLASSES = ["a", "b"] * 100


def test_about_the_variables(make_table: MakeTable) -> None:
    columns = {
        "x": (Kind.NUMBER, [1.0, NAN, NAN, 2.0]),
        "z": (Kind.NUMBER, [1.0, 2.0, 3.0, NAN]),
        "c": (Kind.CATEGORY, list("abab")),
    }
    table = make_table(columns, ["n", "y"] * 2)
    assert conclusions.about_variables(table, describe(table, ["y", "x", "z", "c"])) == (
        "4 rows, 3 variables (2 number, 1 category). Missing in 20 % of the rows or more: ‘x’ 50 %, ‘z’ 25 %."
    )
    empty = make_table({}, ["n", "y"])
    assert conclusions.about_variables(empty, describe(empty, ["y"])) == "2 rows, 0 variables."


def test_the_strongest(make_table: MakeTable) -> None:
    columns = {"x": (Kind.NUMBER, np.arange(200.0)), "noise": (Kind.NUMBER, NOISE)}
    effects = against_target(make_table(columns, ["a"] * 100 + ["b"] * 100, positive="b"), seed=0)
    low = effects.frame["low"][0]
    assert conclusions.strongest(effects) == (
        "1 of 2 variables shows a relation with ‘y’ by rank tests. Strongest: ‘x’: AUC 1 (95 % "
        f"interval {low:.3f} to 1), higher for ‘b’ than for ‘a’ in 100 % of pairs."
    )
    assert conclusions.nearly_deciding(effects) == (
        "Strongest by far, with a strength of 0.95 or more: ‘x’; 01_data_quality says whether that is a leak."
    )
    none = associations(make_table({}, CLASSES), [], seed=0)
    assert conclusions.next_steps(effects, none) == (
        "Next: see in 01_data_quality whether what is strongest by far is a leak; see pairs of variables in "
        "03_visualisation and models in 04_model_selection."
    )
    assert conclusions.without_relation(effects) == "No relation to be seen for 1 variable: ‘noise’."


def test_what_rises_and_falls_says_so(make_table: MakeTable) -> None:
    x = np.random.default_rng(2).uniform(-1, 1, 400)
    table = make_table({"x": (Kind.NUMBER, x)}, ["in" if abs(value) < 0.5 else "out" for value in x])
    effects = against_target(table, seed=0)
    shape = effects.frame["any shape"][0]
    assert conclusions.strongest(effects).endswith(f", but of another shape with strength {shape:.3f}.")
    none = associations(table, ["x"], seed=0)
    assert conclusions.next_steps(effects, none) == (
        "Next: look at the shape of ‘x’, which rising or falling does not describe; see pairs of variables "
        "in 03_visualisation and models in 04_model_selection."
    )


def test_nothing_related(make_table: MakeTable) -> None:
    effects = against_target(make_table({"x": (Kind.NUMBER, NOISE)}, CLASSES), seed=0)
    assert conclusions.strongest(effects) == (
        "None of 1 variable shows a relation with ‘y’ by rank tests, corrected for the number of tests."
    )
    assert conclusions.nearly_deciding(effects) == ""
    assert conclusions.changing(effects) == "Nothing differs visibly over ‘y’."


def test_nothing_to_compare(make_table: MakeTable) -> None:
    effects = against_target(make_table({"x": (Kind.NUMBER, np.ones(200))}, CLASSES), seed=0)
    assert conclusions.strongest(effects) == "No variable could be compared with ‘y’."
    assert conclusions.without_relation(effects) == "Not compared: ‘x’ (one value only)."
    assert conclusions.changing(effects) == "Nothing could be compared over ‘y’."


def test_what_changes(make_table: MakeTable) -> None:
    effects = against_target(make_table({"x": (Kind.NUMBER, np.arange(20.0))}, np.arange(20.0)), seed=0)
    assert conclusions.changing(effects) == (
        "1 of 1 column differs over ‘y’; most: ‘x’ (strength 1, rises with ‘y’)."
    )


def test_alike_columns(make_table: MakeTable) -> None:
    columns = {name: (Kind.NUMBER, NOISE * (1 + place)) for place, name in enumerate("abcd")}
    table = make_table(columns, CLASSES)
    assert conclusions.alike(associations(table, ["a", "b", "c", "d"], seed=0)) == (
        "4 columns form 1 group in which all say nearly the same (every two have an association of 0.9 or "
        "more): ‘a’ = ‘b’ = ‘c’ and 1 more."
    )
    assert conclusions.alike(associations(table, ["a"], seed=0)) == (
        "There are no two variables to compare with each other."
    )


def test_no_alike_columns_and_limits() -> None:
    found = Associations(pd.DataFrame(np.eye(2)), pd.DataFrame(index=range(40)), (), 7)
    assert conclusions.alike(found) == (
        "No two columns have an association of 0.9 or more. The table is limited to the 40 strongest pairs. "
        "7 columns of least importance to the target were not compared."
    )


def test_what_a_figure_leaves_out() -> None:
    assert conclusions.drawn_of(6, 6, "variable") == ""
    assert conclusions.drawn_of(6, 30, "variable") == (
        "Drawn are the 6 that matter most to the target, of 30 variables; the tables hold the rest."
    )
    assert conclusions.drawn_of(6, 30, "variable", because="so that it fits") == (
        "Drawn are the 6 that matter most to the target, of 30 variables, so that it fits; the tables hold "
        "the rest."
    )


def test_what_else_the_effects_say(make_table: MakeTable) -> None:
    assert conclusions.further(against_target(make_table({}, CLASSES), seed=0), make_table({}, CLASSES)) == []
    table = make_table({"x": (Kind.NUMBER, np.tile([0.0, 1.0], 100) + NOISE)}, CLASSES)
    assert conclusions.further(against_target(table, seed=0), table) == [
        "Every variable shows a relation; none is strongest by far."
    ]


def test_the_strongest_pair(make_table: MakeTable) -> None:
    table = make_table({"a": (Kind.NUMBER, NOISE), "b": (Kind.NUMBER, 2 * NOISE)}, CLASSES)
    assert conclusions.strongest_pair(associations(table, ["a", "b"], seed=0)) == (
        "Most alike: ‘a’ and ‘b’, Spearman ρ 1, rises with ‘b’."
    )
    assert conclusions.strongest_pair(associations(table, ["a"], seed=0)) == ""


def test_rows_that_are_not_independent(make_table: MakeTable) -> None:
    columns = {"g": (Kind.NUMBER, [1, 2]), "t": (Kind.NUMBER, [1, 2])}
    assert conclusions.caution(make_table(columns, ["n", "y"])) == ""
    table = make_table(columns, ["n", "y"], roles={"g": Role.GROUP, "t": Role.TIME})
    assert conclusions.caution(table) == (
        "Intervals and tests take rows as independent; here rows of one group are alike and rows near in "
        "time are alike, so they are too sure."
    )


def test_the_caption_of_the_pairs(make_table: MakeTable) -> None:
    table = make_table({"a": (Kind.NUMBER, NOISE), "b": (Kind.NUMBER, 2 * NOISE)}, CLASSES)
    whole = sampled(table, rows=1000, seed=0)
    assert conclusions.about_pairs(associations(table, ["a", "b"], seed=0), whole) == (
        "The strongest pairs of variables, from a strength of 0.3 up."
    )
    assert conclusions.about_pairs(associations(table, ["a"], seed=0), sampled(table, rows=100, seed=0)) == (
        "The strongest pairs of variables, from a strength of 0.3 up. There is none. Computed on a random "
        "sample of 100 of 200 rows, which moves a share by at most 6.9 percentage points (95 %)."
    )


def test_white_fields_of_the_map_are_explained() -> None:
    full = pd.DataFrame([[1.0, 0.2], [0.2, 1.0]])
    assert conclusions.blank_words(full) == ""
    assert conclusions.blank_words(full.where(full != 0.2)) == (
        "White: fewer than 10 rows with both values, or one value only where the other is known."
    )
