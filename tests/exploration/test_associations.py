from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import helpers.exploration.associations as module
from helpers.exploration.associations import alike_columns, associations, drawing_order, strength_matrix
from helpers.exploration.measures import cramers_v, rank_variance_explained
from helpers.exploration.views import View
from helpers.tables.table import Kind, Table

MakeTable = Callable[..., Table]

NAN = float("nan")


def numbers(values: np.ndarray) -> View:
    return View(numbers=np.asarray(values, dtype=float))


def levels(codes: np.ndarray) -> View:
    return View(codes=np.asarray(codes), levels=tuple(map(str, range(int(np.max(codes)) + 1))))


def test_the_matrix_agrees_with_the_measures_of_its_pairs() -> None:
    random = np.random.default_rng(0)
    x, y, c, d = random.normal(size=80), random.normal(size=80), np.arange(80) % 3, np.arange(80) // 27
    found = strength_matrix({"x": numbers(x), "c": levels(c), "y": numbers(x + y), "d": levels(d)})
    assert list(found.index) == ["x", "c", "y", "d"]
    np.testing.assert_allclose(found, found.T)
    np.testing.assert_allclose(np.diag(found), 1)
    assert found.loc["x", "y"] == pytest.approx(abs(stats.spearmanr(x, x + y).statistic))
    assert found.loc["x", "d"] == pytest.approx(rank_variance_explained(x, d).strength)
    table = np.array([[np.sum((c == one) & (d == two)) for two in range(3)] for one in range(3)])
    assert found.loc["c", "d"] == pytest.approx(cramers_v(table, seed=0).value)


def test_missing_values_are_left_out_pair_by_pair() -> None:
    x = np.arange(40.0)
    gaps, few = x.copy(), np.full(40, NAN)
    gaps[::4] = NAN
    few[:5] = x[:5]
    codes = np.where(np.arange(40) % 5 == 0, -1, np.arange(40) // 20)
    views = {"x": numbers(x), "gaps": numbers(gaps), "few": numbers(few), "c": levels(codes)}
    found = strength_matrix(views)
    assert found.loc["x", "gaps"] == pytest.approx(1, abs=1e-3)
    assert np.isnan(found["few"]["x"])
    assert np.isnan(found["few"]["c"])
    known = codes >= 0
    expected = rank_variance_explained(stats.rankdata(x)[known], codes[known]).strength
    assert found.loc["x", "c"] == pytest.approx(expected, abs=0.01)
    assert alike_columns(found) == (("x", "gaps"),)


def test_alike_needs_every_two() -> None:
    names = list("abcd")
    matrix = pd.DataFrame(np.eye(4), index=names, columns=names)
    for one, other, strength in (("a", "b", 0.95), ("b", "c", 0.92), ("a", "c", 0.5), ("c", "d", 0.89)):
        matrix.loc[one, other] = matrix.loc[other, one] = strength
    assert alike_columns(matrix) == (("a", "b"),)
    matrix.loc["a", "c"] = matrix.loc["c", "a"] = 0.9
    assert alike_columns(matrix) == (("a", "b", "c"),)
    assert alike_columns(matrix.iloc[:1, :1]) == ()


def test_alike_columns_stand_together() -> None:
    names = ["a1", "b1", "a2", "b2"]
    matrix = pd.DataFrame(np.eye(4), index=names, columns=names)
    for one, other in (("a1", "a2"), ("b1", "b2")):
        matrix.loc[one, other] = matrix.loc[other, one] = 0.9
    order = drawing_order(matrix)
    assert sorted(order) == sorted(names)
    assert abs(order.index("a1") - order.index("a2")) == 1
    assert abs(order.index("b1") - order.index("b2")) == 1
    assert drawing_order(matrix.iloc[:2, :2]) == ["a1", "b1"]


def test_pairs_are_ranked_with_their_interval(make_table: MakeTable) -> None:
    random = np.random.default_rng(1)
    x = random.normal(size=100)
    columns = {
        "x": (Kind.NUMBER, x),
        "minus": (Kind.NUMBER, -x),
        "noisy": (Kind.NUMBER, x + random.normal(size=100)),
        "half": (Kind.BOOLEAN, (x > 0).astype(float)),
        "noise": (Kind.NUMBER, random.normal(size=100)),
        "constant": (Kind.NUMBER, np.ones(100)),
    }
    found = associations(make_table(columns, list(x)), list(columns), seed=0)
    assert "constant" not in found.strengths.index
    first = found.pairs.iloc[0]
    assert (first["column"], first["other column"], first["measure"]) == ("x", "minus", "Spearman ρ")
    assert (first["effect"], first["reading"]) == (pytest.approx(-1), "falls with ‘minus’")
    assert "noise" not in set(found.pairs["column"]) | set(found.pairs["other column"])
    assert found.pairs["strength"].is_monotonic_decreasing
    assert found.left_out == 0


def test_the_least_important_are_left_out(make_table: MakeTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COLUMNS_COMPARED", 2)
    columns = {
        name: (Kind.NUMBER, np.random.default_rng(2).permutation(20.0 * np.arange(20))) for name in "abc"
    }
    found = associations(make_table(columns, [float(value) for value in range(20)]), ["c", "a", "b"], seed=0)
    assert list(found.strengths.index) == ["c", "a"]
    assert found.left_out == 1


@pytest.mark.parametrize("names", [[], ["a"]])
def test_fewer_than_two_columns(make_table: MakeTable, names: list[str]) -> None:
    table = make_table({"a": (Kind.NUMBER, np.arange(20.0))}, ["n", "y"] * 10)
    found = associations(table, names, seed=0)
    assert found.strengths.shape == (len(names), len(names))
    assert found.pairs.empty
    assert found.alike == ()


def test_names_that_pandas_uses_itself(make_table: MakeTable) -> None:
    names = ["index", "columns", "values", "level_0", "<i>'\"\n$", "10"]
    columns = {name: (Kind.NUMBER, np.arange(20.0) + place) for place, name in enumerate(names)}
    found = associations(make_table(columns, ["n", "y"] * 10), names, seed=0)
    assert found.alike == (tuple(names),)
    assert sorted(drawing_order(found.strengths)) == sorted(names)
