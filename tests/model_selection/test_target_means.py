import numpy as np
import pandas as pd
import pytest

from helpers.model_selection.target_means import EXTRA_ROWS, TargetMeans


def column(values):
    return pd.DataFrame({"c": pd.Series(values, dtype=object)})


def test_new_rows_get_the_smoothed_mean_of_their_level():
    fitted = TargetMeans(seed=0).fit(column(["a", "a", "b", None]), np.array([1.0, 3.0, 8.0, 4.0]))
    found = fitted.transform(column(["a", "b", "new", None]))
    # The mean of all is 4; ten rows of it are added to each level.
    assert EXTRA_ROWS == 10
    assert list(found["c_mean0"]) == [(4 + 40) / 12, (8 + 40) / 11, 4.0, 4.0]
    assert found["c_rows"].to_numpy() == pytest.approx(np.log([3, 2, 1, 1]))


def test_a_row_is_not_described_by_its_own_target():
    """A level of one row learns nothing of it: it gets the mean of the other parts."""
    target = np.arange(10.0)
    levels = column([f"level {row}" for row in range(10)])
    found = TargetMeans(seed=3).fit_transform(levels, target)["c_mean0"].to_numpy()
    part = np.random.default_rng(3).permutation(np.arange(10) % 5)
    assert found == pytest.approx([target[part != own].mean() for own in part])


@pytest.mark.parametrize(("classes", "columns"), [(2, 1), (3, 3)])
def test_classes_get_a_share_each(classes, columns):
    target = np.arange(12) % classes
    found = TargetMeans(classes, seed=0).fit(column(["a"] * 12), target).transform(column(["a"]))
    shares = found.filter(like="mean").to_numpy()[0]
    assert list(shares) == pytest.approx([1 / classes] * columns)
    assert list(TargetMeans(classes).fit_transform(column(["a"] * 12), target)) == list(found)
