import numpy as np
import pandas as pd
import pytest

from helpers.errors import UserError
from helpers.metrics import Task
from helpers.parameters.check import checked
from helpers.tables.folds import folds
from helpers.tables.table import Column, Kind, Role, Table


def table(target, *, group=None, time=None):
    numeric = pd.api.types.is_numeric_dtype(pd.Series(target).dtype)
    frame = pd.DataFrame({"x": np.arange(len(target), dtype=float), "y": target})
    columns = {
        "x": Column("x", Kind.NUMBER, Role.FEATURE, "x"),
        "y": Column("y", Kind.NUMBER, Role.TARGET, "y"),
    }
    for name, role, values in (("g", Role.GROUP, group), ("t", Role.TIME, time)):
        if values is not None:
            frame[name] = values
            columns[name] = Column(name, Kind.NUMBER, role, name)
    classes = () if numeric else tuple(sorted(set(target)))
    task = Task.REGRESSION if numeric else Task.BINARY if len(classes) == 2 else Task.MULTICLASS
    return Table(frame.set_index(np.arange(len(frame)) * 3), columns, task, classes)


def params(seed=0, **validation):
    roles = {"group": "g", "time": "t"} if validation.pop("roles", False) else {}
    return checked(
        {
            "experiment": "e",
            "question": "q",
            "data": "d.csv",
            "target": "y",
            "seed": seed,
            "validation": validation,
        }
        | roles,
        where="p",
    )


def covered(found, rows):
    assert all(set(train).isdisjoint(validation) for train, validation in found)
    return sorted(np.concatenate([validation for _, validation in found])) == list(range(rows))


def test_classes_are_stratified():
    y = ["a"] * 30 + ["b"] * 20
    found = folds(table(y), params())
    assert (found.strategy, found.folds, found.repeats, len(found)) == ("stratified", 5, 1, 5)
    assert found.reason == "Folds hold each class in the same share, because the target has classes."
    assert covered(found, 50)
    assert [sum(y[at] == "a" for at in validation) for _, validation in found] == [6] * 5


def test_numbers_are_cut_at_random():
    found = folds(table(np.arange(50.0)), params(folds=10, repeats=3))
    assert (found.strategy, found.folds, found.repeats, len(found)) == ("random", 10, 3, 30)
    assert covered(found.parts[:10], 50)
    assert found.parts[0][1].tolist() != found.parts[10][1].tolist()


def test_the_seed_decides_and_nothing_else():
    y = ["a", "b"] * 30
    one, again, other = (folds(table(y), params(seed=seed)) for seed in (1, 1, 2))
    assert all((a[1] == b[1]).all() for a, b in zip(one, again, strict=True))
    assert any((a[1] != b[1]).any() for a, b in zip(one, other, strict=True))


def test_groups_stay_whole():
    group = np.repeat(np.arange(20), 5)
    y = np.repeat(["a", "b"], 50)
    found = folds(table(list(y), group=group), params())
    assert found.strategy == "group"
    assert found.reason == "Folds keep groups whole, because a group column is named."
    assert covered(found, 100)
    for train, validation in found:
        assert set(group[train]).isdisjoint(group[validation])
        assert sorted(y[validation]) == ["a"] * 10 + ["b"] * 10


def test_rows_without_a_group_are_groups_of_their_own():
    found = folds(table([1.0] * 12, group=[None] * 6 + ["a"] * 6), params(folds=3))
    assert covered(found, 12)
    assert all(len(validation) for _, validation in found)


def test_fewer_groups_than_folds_make_fewer_folds():
    found = folds(table(np.arange(30.0), group=[1, 2, 3] * 10), params())
    assert (found.folds, len(found)) == (3, 3)
    assert found.reason == (
        "Folds keep groups whole, because a group column is named; 3 folds instead of 5, "
        "because there are only 3 groups."
    )


def test_one_group_is_refused():
    with pytest.raises(UserError) as error:
        folds(table(np.arange(30.0), group=[1] * 30), params())
    assert str(error.value) == (
        "e: validation: given group folds of 1 group; expected enough for two folds. "
        "Choose another column, or validation: random."
    )


def test_a_class_of_fewer_rows_than_folds_makes_fewer_folds():
    found = folds(table(["a"] * 40 + ["b"] * 4), params())
    assert found.folds == 4
    assert found.reason.endswith("; 4 folds instead of 5, because there are only 4 rows of the class 'b'.")
    assert folds(table(["a"] * 40 + ["b"] * 4), params(strategy="random")).folds == 5


def test_by_time_the_training_part_grows_and_ties_stay_together():
    time = np.repeat(np.arange(12), 2)[::-1]
    found = folds(table(np.arange(24.0), time=time), params(folds=3, repeats=2))
    assert (found.strategy, found.folds, found.repeats) == ("time", 3, 1)
    assert found.reason == (
        "Folds are by time, because a time column is named; not repeated, because time leaves "
        "nothing to draw."
    )
    assert [(sorted(set(time[train])), sorted(set(time[part]))) for train, part in found] == [
        ([0, 1, 2], [3, 4, 5]),
        ([0, 1, 2, 3, 4, 5], [6, 7, 8]),
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], [9, 10, 11]),
    ]


def test_rows_without_a_time_are_always_learnt_from():
    time = pd.Series(pd.to_datetime(["2020-01-01", None, "2020-01-02", "2020-01-03", None, "2020-01-04"]))
    found = folds(table(np.arange(6.0), time=time.to_numpy()), params(folds=2))
    assert all({1, 4} <= set(train) for train, _ in found)


def test_few_times_make_few_folds():
    found = folds(table(np.arange(30.0), time=[1, 2, 3] * 10), params())
    assert found.folds == 2
    assert found.reason.endswith("; 2 folds instead of 5, because times repeat so often (3 different ones).")
    with pytest.raises(
        UserError, match="folds by time of rows that all have the same one; expected at least two"
    ):
        folds(table(np.arange(30.0), time=[1] * 30), params())


def test_a_declared_strategy_stands():
    found = folds(
        table(["a", "b"] * 20, group=[1, 2] * 20, time=np.arange(40)), params(strategy="random", roles=True)
    )
    assert (found.strategy, found.reason) == ("random", "Folds are random, as the params say.")
