import numpy as np
import pytest

from helpers.exploration.effects import pair_effect
from helpers.exploration.readings import range_text, reading, value_text
from helpers.exploration.views import View
from helpers.tables.table import Column, Kind, Role


def column(name: str, kind: Kind = Kind.NUMBER, unit: str = "") -> Column:
    return Column(name, kind, Role.FEATURE, name, unit)


def said(one: Column, first: View, other: Column, second: View) -> str:
    return reading(pair_effect(first, second, seed=0), (one, first), (other, second))


def levels(*codes: int, names: tuple[str, ...]) -> View:
    return View(codes=np.array(codes), levels=names)


UP = View(numbers=np.arange(20.0))
TWO = levels(*[0] * 10, *[1] * 10, names=("yes", "no"))


def test_numbers_rise_fall_or_neither() -> None:
    down, none = View(numbers=-np.arange(20.0)), View(numbers=np.tile([1.0, 2.0, 2.0, 1.0], 5))
    assert said(column("x"), UP, column("y"), UP) == "rises with ‘y’"
    assert said(column("x"), down, column("y"), UP) == "falls with ‘y’"
    assert said(column("x"), none, column("y"), UP) == "no clear direction"


def test_two_levels_are_compared_in_pairs() -> None:
    both = column("c", Kind.BOOLEAN)
    assert said(column("x"), UP, both, TWO) == "higher for ‘no’ than for ‘yes’ in 100 % of pairs"
    assert said(both, TWO, column("x"), UP) == "higher for ‘no’ than for ‘yes’ in 100 % of pairs"
    assert said(column("t", Kind.DATE), UP, both, TWO) == "later for ‘no’ than for ‘yes’ in 100 % of pairs"
    assert said(column("t", Kind.TEXT), UP, both, TWO) == "longer for ‘no’ than for ‘yes’ in 100 % of pairs"
    even = View(numbers=np.tile(np.arange(10.0), 2))
    assert said(column("x"), even, both, TWO) == "no clear direction"


def test_several_levels_are_compared_by_their_medians() -> None:
    three = levels(*[0] * 7, *[1] * 7, *[2] * 6, names=("a", "b", "<c>"))
    words = said(column("x", unit="mg"), UP, column("c", Kind.CATEGORY), three)
    assert words == "median from 3 mg (‘a’) to 16.5 mg (‘<c>’)"
    same = View(numbers=np.array([*[1.0] * 6, 9, *[1.0] * 6, 8, *[1.0] * 5, 7]))
    assert said(column("x"), same, column("c"), three) == "mean from 2 (‘b’) to 2.14 (‘a’)"
    rare = levels(*[0] * 17, 1, 2, 2, names=("a", "b", "c"))
    assert said(column("x"), UP, column("c"), rare) == "too few rows a level to say which"


def test_shares_of_two_classes() -> None:
    three = levels(*[0] * 10, *[1] * 5, *[2] * 5, names=("a", "b", "c"))
    assert said(column("c"), three, column("y"), TWO) == "share of ‘yes’ from 0 % (‘b’) to 100 % (‘a’)"


def test_the_most_striking_share_of_several_classes() -> None:
    one = levels(*[0] * 10, *[1] * 10, names=("a", "b"))
    three = levels(*[0] * 10, *[1] * 5, *[2] * 5, names=("x", "y", "z"))
    assert said(column("c"), one, column("y"), three) == "‘x’ is 100 % of ‘a’, 50 % of all"


@pytest.mark.parametrize(
    ("kind", "unit", "single", "span"),
    [
        (Kind.NUMBER, "", "1.50", "1.50 to 20"),
        (Kind.NUMBER, "mg/l", "1.50 mg/l", "1.50 to 20 mg/l"),
        (Kind.DATE, "", "1970-01-02", "1970-01-02 to 1970-01-21"),
        (Kind.TEXT, "", "1.50 characters", "1.50 to 20 characters"),
    ],
)
def test_values_in_words(kind: Kind, unit: str, single: str, span: str) -> None:
    assert value_text(column("x", kind, unit), 1.5) == single
    assert range_text(column("x", kind, unit), 1.5, 20.0) == span
    assert range_text(column("x", kind, unit), 1.5, 1.5) == single


def test_long_and_hostile_levels_stay_short() -> None:
    three = levels(*[0] * 10, *[1] * 10, names=("<script>\n" + "x" * 10_000, "b"))
    words = said(column("c"), three, column("y"), TWO)
    assert "\n" not in words
    assert len(words) < 110
