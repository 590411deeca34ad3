"""Tiny tables and folds for the tests of model selection."""

import numpy as np
import pandas as pd
import pytest

from helpers.metrics import Task
from helpers.tables.folds import Folds
from helpers.tables.table import Column, Kind, Role, Table

# Forests of a few trees: what is asked of them here does not depend on their number.
FEW_TREES = {
    "random_forest": {"model__n_estimators": 5},
    "extra_trees": {"model__n_estimators": 5},
    "hist_gradient_boosting": {"model__max_iter": 5},
    "xgboost": {"model__n_estimators": 5},
}
NAMES = {Task.BINARY: ("<b>no", "yes'"), Task.MULTICLASS: ("a]", "b[", "c\n")}


def _table(task, columns, *, target=None, kinds=None):
    """Return a table of `columns` (name to values) with a target that follows its first number, if any."""
    frame = pd.DataFrame(columns)
    rows = len(frame)
    if target is None:
        target = np.arange(rows, dtype=float) if task is Task.REGRESSION else _labels(task, rows)
    frame["target"] = target
    kinds = {"target": Kind.NUMBER if task is Task.REGRESSION else Kind.CATEGORY, **(kinds or {})}
    described = {
        name: Column(
            name, kinds.get(name, Kind.NUMBER), Role.TARGET if name == "target" else Role.FEATURE, name
        )
        for name in frame.columns
    }
    classes = NAMES.get(task, ())
    return Table(frame, described, task, classes, classes[-1] if task is Task.BINARY else None)


def _labels(task, rows):
    return np.array([NAMES[task][row % len(NAMES[task])] for row in range(rows)], dtype=object)


@pytest.fixture
def few_trees():
    """Settings by the name of a candidate, under which each is fitted in milliseconds."""
    return lambda name: FEW_TREES.get(name, {})


@pytest.fixture
def make_table():
    return _table


@pytest.fixture
def signal():
    """A table of 60 rows whose first column decides the target, and whose second is noise."""

    def build(task, rows=60):
        rng = np.random.default_rng(7)
        noise = rng.normal(size=rows)
        if task is Task.REGRESSION:
            target = rng.normal(size=rows)
            shown = target + 0.2 * rng.normal(size=rows)
        else:
            target = rng.permutation(_labels(task, rows))
            shown = np.array([NAMES[task].index(label) for label in target]) + 0.3 * rng.normal(size=rows)
        return _table(task, {"shown[<]": shown, "noise": noise}, target=target)

    return build


@pytest.fixture
def deal():
    """Folds that deal the rows out in turn."""

    def build(rows, number=3):
        positions = np.arange(rows)
        parts = tuple(
            (positions[positions % number != k], positions[positions % number == k]) for k in range(number)
        )
        return Folds(parts, "random", number, 1, "Dealt in turn.")

    return build
