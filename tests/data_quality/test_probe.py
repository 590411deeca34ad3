import numpy as np
import pandas as pd
import pytest

from helpers.data_quality.probe import (
    as_numbers,
    column_skills,
    folds_of,
    lookup_skill,
    skill_of,
    target_matrix,
    tree_skill,
)


def test_skill_by_hand():
    # Mean errors 0.5 and 1: half of the error is removed. The residuals e − r·b are ±0.5.
    skill = skill_of(np.array([0.0, 1.0, 0.0, 1.0]), np.ones(4))
    half = 1.96 * np.sqrt(4 * 0.25 / 3) / 2
    assert skill.value == 0.5
    assert skill.low == pytest.approx(0.5 - half - 3 / 4)
    assert skill.high == pytest.approx(min(1.0, 0.5 + half))


def test_no_error_at_all_is_no_proof():
    skill = skill_of(np.zeros(30), np.ones(30))
    assert (skill.value, skill.low, skill.high) == (1.0, 0.9, 1.0)


def test_interval_holds_the_true_share_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        scale = rng.exponential(1.0, 200)
        skill = skill_of(scale * rng.binomial(1, 0.4, 200), scale)
        held += skill.low <= 0.6 <= skill.high
    assert 0.95 <= held / 400 <= 0.995


def test_target_matrix_has_a_column_a_class_or_ranks(make_table):
    assert target_matrix(make_table(["b", "a", "b"], {"x": [1.0, 2.0, 3.0]})).tolist() == [
        [1, 0],
        [0, 1],
        [1, 0],
    ]
    ranks = target_matrix(make_table([5.0, 1.0, 1e9, 5.0], {"x": [1.0, 2.0, 3.0, 4.0]}))
    assert ranks[:, 0].tolist() == [0.625, 0.25, 1.0, 0.625]


def test_rare_classes_stand_together(make_table):
    names = [f"c{number:02d}" for number in range(25) for _ in range(30 - number)]
    matrix = target_matrix(make_table(names, {"x": np.arange(len(names), dtype=float)}))
    assert matrix.shape[1] == 21
    assert (matrix.sum(axis=1) == 1).all()


def test_folds_are_even_and_repeatable():
    folds = folds_of(12, seed=3)
    assert sorted(np.bincount(folds).tolist()) == [2, 2, 2, 3, 3]
    assert (folds == folds_of(12, seed=3)).all()
    assert (folds != folds_of(12, seed=4)).any()


def test_learning_values_by_heart_earns_nothing():
    rng = np.random.default_rng(0)
    target = rng.normal(size=(1000, 1))
    assert lookup_skill(np.arange(1000), target, folds_of(1000, seed=0)).value == pytest.approx(0, abs=0.01)
    assert lookup_skill(rng.integers(0, 400, 1000), target, folds_of(1000, seed=0)).value < 0.02
    assert tree_skill(rng.normal(size=1000), target, folds_of(1000, seed=0)).value < 0.02


def test_large_whole_numbers_do_not_collapse():
    values = 2.0**40 + np.arange(200.0)
    target = (np.arange(200.0) >= 100)[:, None].astype(float)
    assert tree_skill(values, target, folds_of(200, seed=0)).value > 0.9


def test_dates_count_as_seconds():
    days = pd.Series(pd.to_datetime(["2020-01-02", None, "2020-01-01"]))
    assert as_numbers(days)[[0, 2]].tolist() == [86400.0, 0.0]
    assert np.isnan(as_numbers(days)[1])


def test_columns_come_best_first_and_the_same_every_time(make_table):
    rng = np.random.default_rng(1)
    x = rng.normal(size=200)
    table = make_table((x + rng.normal(size=200)).tolist(), {"noise": rng.normal(size=200), "x": x})
    skills = column_skills(table, seed=0)
    assert [item.column for item in skills] == ["x", "noise"]
    assert skills == column_skills(table, seed=0)
    assert column_skills(make_table([1.0, 2.0], {"x": [1.0, 2.0]}), seed=0) == ()
