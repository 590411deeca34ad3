import numpy as np

from helpers.data_quality.cheap_model import at_random, importances, inputs, most_used, predictions


def test_levels_are_numbered_by_alphabet_not_by_place(make_table):
    table = make_table([1.0, 2.0, 3.0], {"c": ["z", "a", None], "x": [5.0, 7.0, 9.0]})
    assert inputs(table, ["c", "x"]).tolist() == [[1.0, -2.0], [0.0, 0.0], [-1.0, 2.0]]
    assert inputs(table, []).shape == (3, 1)


def test_predictions_are_the_same_every_time_and_missing_where_nothing_was_tested():
    rng = np.random.default_rng(0)
    values, target = rng.normal(size=(60, 2)), rng.normal(size=(60, 1))
    first = predictions(values, target, at_random(60), seed=1)
    assert len(first) == 3
    again = predictions(values, target, at_random(60), seed=1)
    assert all((one == other).all() for one, other in zip(first, again, strict=True))
    part = predictions(values, target, lambda _: iter([(np.arange(50), np.arange(50, 60))]), seed=0)[0]
    assert np.isnan(part[:50]).all()
    assert not np.isnan(part[50:]).any()


def test_missing_numbers_are_allowed():
    values, target = np.array([[np.nan], [1.0]] * 30), np.array([[0.0], [1.0]] * 30)
    for draw in predictions(values, target, at_random(60), seed=0):
        assert np.abs(draw - target).max() < 0.3


def test_importances_add_up_and_name_what_tells():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(200, 3))
    found = importances(values, values[:, [1]], seed=0)
    assert found.sum() == 1.0 or abs(found.sum() - 1) < 1e-12
    assert found.argmax() == 1


def test_what_tells_is_used_most(make_table):
    rng = np.random.default_rng(0)
    columns = {name: rng.normal(size=200) for name in "abc"}
    table = make_table(columns["b"].tolist(), columns)
    assert most_used(table, ["a", "b", "c"], at_most=1, seed=0) == ["b"]
    assert len(most_used(table, ["a", "b", "c"], at_most=2, seed=0)) == 2
