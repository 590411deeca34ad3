from collections.abc import Callable

import numpy as np

from helpers.exploration import gaps
from helpers.tables.table import Kind, Table

MakeTable = Callable[..., Table]
NAN = float("nan")


def gappy(make_table: MakeTable) -> Table:
    """100 rows: p and q are missing in the first 20, all of class b; r in the last 5; s nowhere; t everywhere."""
    numbers = np.arange(100.0)
    first = np.where(numbers < 20, NAN, numbers)
    columns = {
        "p": (Kind.NUMBER, first),
        "q": (Kind.NUMBER, first * 2),
        "r": (Kind.NUMBER, np.where(numbers >= 95, NAN, numbers)),
        "s": (Kind.NUMBER, numbers),
    }
    return make_table(columns, ["b"] * 20 + ["a"] * 80)


def test_which_are_missing_together_and_where_that_tells_the_target(make_table: MakeTable) -> None:
    table = gappy(make_table)
    found = gaps.gaps(table)
    assert list(found) == ["p", "q", "r"]
    assert gaps.patterns(found).to_numpy().tolist() == [
        ["nothing", 0, "75.0 %"],
        ["p, q", 2, "20.0 %"],
        ["r", 1, "5.0 %"],
    ]
    assert gaps.together(found) == (("p", "q"),)
    effects = gaps.gap_effects(table, seed=0)
    # r has a value in too few rows less than the others to be compared.
    assert list(effects.compared["column"]) == ["p", "q"]
    assert list(gaps.gap_table(effects, table)["missing"]) == [0.2, 0.2]
    assert gaps.gap_words(gaps.together(found), effects) == (
        "2 columns are missing in the same rows, in 1 group; the largest: ‘p’, ‘q’. Whether a value is missing "
        "has to do with the target in 2 of 2 columns: ‘p’ (share of ‘a’ from 0 % (‘yes’) to 100 % (‘no’)), "
        "‘q’ (share of ‘a’ from 0 % (‘yes’) to 100 % (‘no’)); 01_data_quality says whether that is a leak."
    )


def test_too_few_gaps_are_not_compared(make_table: MakeTable) -> None:
    few = np.where(np.arange(50) < 9, NAN, np.arange(50.0))
    table = make_table({"p": (Kind.NUMBER, few)}, ["a", "b"] * 25)
    effects = gaps.gap_effects(table, seed=0)
    assert gaps.gap_words(gaps.together(gaps.gaps(table)), effects) == (
        "No two columns are missing in the same rows. No column has 10 rows with and without a value to compare."
    )


def test_a_limit_of_columns_is_said_with_its_reason(make_table: MakeTable) -> None:
    columns = {f"c{place}": (Kind.NUMBER, np.array([NAN, 1.0, 2.0, 3.0])) for place in range(101)}
    table = make_table(columns, ["a", "b", "a", "b"])
    assert len(gaps.gaps(table)) == 100
    assert gaps.limit_words(table) == (
        "Looked at are the 100 features with most gaps, of 101; rarer gaps tell less."
    )
    assert gaps.limit_words(gappy(make_table)) == ""
