from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.exploration.effects import COLUMNS, against_target, cut
from helpers.tables.table import Kind, Table

MakeTable = Callable[..., Table]

NAN = float("nan")


def test_every_pair_of_kinds_has_its_measure(make_table: MakeTable) -> None:
    random = np.random.default_rng(0)
    number, level = random.normal(size=60), random.integers(0, 3, size=60)
    columns = {
        "number": (Kind.NUMBER, number),
        "three": (Kind.CATEGORY, [f"l{code}" for code in level]),
        "two": (Kind.BOOLEAN, (level > 0).astype(float)),
        "date": (Kind.DATE, pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(60), unit="D")),
        "text": (Kind.TEXT, pd.Series(["x" * (1 + code) for code in level], dtype="str")),
    }
    by_task = {
        "two classes": make_table(columns, ["a" if value > 0 else "b" for value in number]),
        "three classes": make_table(columns, [f"c{code}" for code in level]),
        "numbers": make_table(columns, list(number)),
    }
    found = {
        task: against_target(table, seed=0).frame.set_index("column")["measure"].to_dict()
        for task, table in by_task.items()
    }
    assert found == {
        "two classes": {
            "number": "AUC", "date": "AUC", "text": "AUC", "three": "Cramér V", "two": "Cramér V",
        },
        "three classes": {
            "number": "rank ε²", "date": "rank ε²", "text": "rank ε²", "three": "Cramér V", "two": "Cramér V",
        },
        "numbers": {
            "number": "Spearman ρ", "date": "Spearman ρ", "text": "Spearman ρ",
            "three": "rank ε²", "two": "AUC",
        },
    }  # fmt: skip


def test_the_strongest_stands_first_and_what_cannot_be_compared_last(make_table: MakeTable) -> None:
    target = ["no"] * 10 + ["yes"] * 10
    columns = {
        "constant": (Kind.NUMBER, np.ones(20)),
        "weak": (Kind.NUMBER, np.tile([1.0, 2.0, 3.0, 4.0], 5)),
        "few": (Kind.NUMBER, [1.0, 2.0] * 4 + [NAN] * 12),
        "perfect": (Kind.NUMBER, np.arange(20.0)),
        "empty": (Kind.EMPTY, np.full(20, NAN)),
        "half": (Kind.NUMBER, [NAN] * 10 + [5.0] * 9 + [6.0]),
    }
    effects = against_target(make_table(columns, target, positive="yes"), seed=0)
    assert tuple(effects.frame.columns) == COLUMNS
    assert effects.ranked == ["perfect", "weak", "constant", "few", "empty", "half"]
    assert effects.frame["not compared"].tolist() == [
        "", "", "one value only", "fewer than 10 rows with both values", "no value",
        "one value only where both are known",
    ]  # fmt: skip
    first = effects.frame.iloc[0]
    assert (first["effect"], first["rows"], first["measure"]) == (1.0, 20, "AUC")
    assert first["reading"] == "higher for ‘yes’ than for ‘no’ in 100 % of pairs"


def test_missing_values_are_left_out_pair_by_pair(make_table: MakeTable) -> None:
    x = np.arange(30.0)
    x[::3] = NAN
    y = np.arange(30.0) ** 2
    row = against_target(make_table({"x": (Kind.NUMBER, x)}, y), seed=0).frame.iloc[0]
    assert row["rows"] == 20
    assert row["effect"] == pytest.approx(1.0)


def test_q_corrects_for_every_test_made(make_table: MakeTable) -> None:
    random = np.random.default_rng(5)
    columns = {f"x{place}": (Kind.NUMBER, random.normal(size=200)) for place in range(30)}
    effects = against_target(make_table(columns, list(random.choice(["a", "b"], 200))), seed=0)
    made = effects.frame[["p", "shape p"]].to_numpy().ravel()
    q = effects.frame[["q", "shape q"]].to_numpy().ravel()
    np.testing.assert_allclose(q, stats.false_discovery_control(made))
    assert effects.related.empty
    assert len(effects.unrelated) == 30


def test_a_relation_that_rises_and_falls_is_seen(make_table: MakeTable) -> None:
    x = np.random.default_rng(2).uniform(-1, 1, 400)
    columns = {"u": (Kind.NUMBER, x), "noise": (Kind.NUMBER, np.random.default_rng(3).normal(size=400))}
    effects = against_target(
        make_table(columns, ["in" if abs(value) < 0.5 else "out" for value in x]), seed=0
    )
    assert effects.ranked == ["u", "noise"]
    assert list(effects.not_monotone["column"]) == ["u"]
    assert list(effects.related["column"]) == ["u"]
    assert effects.frame["any shape"][0] > 0.8


def test_no_shape_where_the_rarest_class_is_too_small(make_table: MakeTable) -> None:
    target = ["rare"] * 5 + ["common"] * 95
    effects = against_target(make_table({"x": (Kind.NUMBER, np.arange(100.0))}, target), seed=0)
    assert np.isnan(effects.frame["any shape"][0])
    assert np.isnan(effects.frame["shape q"][0])


def test_no_features_and_hostile_names(make_table: MakeTable) -> None:
    assert against_target(make_table({}, ["a", "b"] * 10), seed=0).frame.empty
    names = ["index", "count", "<b>'\"\n$x$", "🙂" * 50, "column", "q", "strength"]
    columns = {name: (Kind.NUMBER, np.arange(20.0)) for name in names}
    assert against_target(make_table(columns, ["a", "b"] * 10), seed=0).ranked == names


def test_equal_input_gives_equal_output(make_table: MakeTable) -> None:
    random = np.random.default_rng(4)
    columns = {"c": (Kind.CATEGORY, [f"l{code}" for code in random.integers(0, 12, 80)])}
    table = make_table(columns, ["rare"] * 2 + ["common"] * 78)
    once, again = against_target(table, seed=1), against_target(table, seed=1)
    assert once.frame["test"][0] == "χ², random tables"
    pd.testing.assert_frame_equal(once.frame, again.frame)


def test_cut_keeps_equal_numbers_together() -> None:
    assert cut(np.array([1.0, 1, 1, 2, 3, 4]), 3).tolist() == [0, 0, 0, 1, 2, 2]
    assert cut(np.array([0.0] * 9 + [5.0]), 4).tolist() == [0] * 9 + [1]
