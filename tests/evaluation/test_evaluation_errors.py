import numpy as np
import pytest

from helpers.bootstrap import resamples
from helpers.evaluation.errors import error_result, residual_table


def test_sizes_of_errors_by_hand() -> None:
    truth = np.arange(10.0)
    predicted = truth + np.arange(1.0, 11.0)
    result = error_result(truth, predicted, truth + 2, draws=resamples(10, seed=0, draws=200))
    assert (result.typical.value, result.mean.value, result.nine_of_ten.value) == (5.5, 5.5, 9.5)
    assert (result.baseline_typical, result.baseline_mean) == (2.0, 2.0)
    assert result.target_low == pytest.approx(0.45)
    assert result.target_high == pytest.approx(8.55)
    assert result.typical.low is not None and result.typical.high is not None
    assert 1 <= result.typical.low < 5.5 < result.typical.high <= 10


def test_residuals_by_size_of_prediction() -> None:
    predicted = np.arange(40.0)
    truth = predicted + np.where(predicted < 20, 1.0, -2.0)
    table = residual_table(truth, predicted, draws=resamples(40, seed=0, draws=100))
    assert table["rows"].tolist() == [10, 10, 10, 10]
    assert table["residual"].tolist() == pytest.approx([1.0, 1.0, -2.0, -2.0])
    assert table["error"].tolist() == pytest.approx([1.0, 1.0, 2.0, 2.0])
    assert table[["from", "to"]].to_numpy().tolist() == [[0, 9], [10, 19], [20, 29], [30, 39]]


def test_a_constant_prediction_is_one_bin() -> None:
    table = residual_table(
        np.array([1.0, 3.0] * 20), np.full(40, 2.0), draws=resamples(40, seed=0, draws=100)
    )
    assert len(table) == 1
    assert table.loc[0, "residual"] == 0.0
