import numpy as np
import pandas as pd
import pytest

from helpers.bootstrap import resamples
from helpers.evaluation.gains import gains_table
from helpers.evaluation.optimism import expected_best, optimism
from helpers.evaluation.recalibration import fit_recalibration, why_not_recalibrated
from helpers.results import Estimate
from helpers.scoring import Prediction


def test_gains_and_lift_by_hand():
    happened = np.zeros(20, dtype=bool)
    happened[[0, 1, 2, 6]] = True
    table = gains_table(happened, np.linspace(1, 0, 20), draws=resamples(20, seed=0, draws=200))
    # The first 30 % are six rows, three of them so; the first 40 % hold all four.
    assert table["share"].tolist() == [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    first = table.iloc[0]
    assert (first["rows"], first["found"], first["right"], first["lift"]) == (
        6,
        0.75,
        0.5,
        pytest.approx(2.5),
    )
    assert first["found_low"] < 0.75 < first["found_high"]
    assert table["found"].tolist()[1:] == [1.0] * 7
    assert table["lift"].iloc[-1] == 1.0


def test_rows_of_equal_probability_count_in_part():
    happened = np.array([True, False] * 10)
    table = gains_table(happened, np.full(20, 0.5), draws=resamples(20, seed=0, draws=50))
    assert table["found"].to_numpy() == pytest.approx(table["share"].to_numpy())
    assert table["lift"].to_numpy() == pytest.approx(1.0)


def test_the_best_of_several_looks_better_than_it_is():
    assert [round(expected_best(looks), 4) for looks in (1, 2, 3, 10)] == [0.0, 0.5642, 0.8463, 1.5388]
    found = optimism(Estimate(value=0.9, low=0.9 - 1.959964, high=0.9 + 1.959964), 2)
    assert found is not None and found.standard_error == pytest.approx(1.0, abs=1e-6)
    assert found.at_most == pytest.approx(0.5642, abs=1e-4)
    assert found.expected == pytest.approx(0.5642 / np.sqrt(2), abs=1e-4)
    assert optimism(Estimate(value=0.9, low=0.8, high=1.0), 1) is None
    assert optimism(Estimate(value=0.9), 3) is None


def _unseen(rows, *, temperature, seed=0):
    """Out-of-fold predictions whose log odds are too large by the temperature."""
    odds = np.random.default_rng(seed).normal(size=rows) * 1.5
    happened = np.random.default_rng(seed + 1).random(rows) < 1 / (1 + np.exp(-odds))
    stated = 1 / (1 + np.exp(-odds * temperature))
    return pd.DataFrame(
        {"truth": np.where(happened, "yes", "no"), "probability:no": 1 - stated, "probability:yes": stated}
    )


def _two(stated):
    return Prediction(
        np.full(len(stated), "no", dtype=object), pd.DataFrame({"no": 1 - stated, "yes": stated})
    )


def test_overstated_probabilities_are_moved_back_and_answers_stay():
    fitted = fit_recalibration(_unseen(400, temperature=3.0), classes=("no", "yes"), positive="yes", seed=0)
    assert (fitted.method, fitted.rows) == ("platt", 400)
    said = _two(np.array([0.5, 1 / (1 + np.exp(-3.0))]))
    moved = fitted.of(said)
    assert moved.values.tolist() == ["no", "no"]
    # Log odds of 3 that were overstated threefold are about 1.
    assert moved.probabilities["yes"].iloc[1] == pytest.approx(1 / (1 + np.exp(-1.0)), abs=0.06)
    assert moved.probabilities.sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_with_rows_enough_a_step_curve_is_taken_where_it_fits_better():
    rng = np.random.default_rng(0)
    stated = rng.random(3_000)
    happened = rng.random(3_000) < np.where(stated < 0.5, 0.1, 0.9)
    unseen = pd.DataFrame(
        {"truth": np.where(happened, "yes", "no"), "probability:no": 1 - stated, "probability:yes": stated}
    )
    fitted = fit_recalibration(unseen, classes=("no", "yes"), positive="no", seed=0)
    assert fitted.method == "isotonic"
    moved = fitted.of(_two(np.array([0.3, 0.7]))).probabilities["yes"].to_numpy()
    assert moved == pytest.approx([0.1, 0.9], abs=0.04)


def test_more_classes_get_one_temperature():
    rng = np.random.default_rng(0)
    odds = rng.normal(size=(500, 3))
    true = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    truth = np.array(list("abc"))[[rng.choice(3, p=row) for row in true]]
    sharp = np.exp(3 * odds) / np.exp(3 * odds).sum(axis=1, keepdims=True)
    unseen = pd.DataFrame({"truth": truth, **{f"probability:{n}": sharp[:, k] for k, n in enumerate("abc")}})
    fitted = fit_recalibration(unseen, classes=("a", "b", "c"), positive=None, seed=0)
    assert fitted.method == "temperature"
    moved = fitted.move(sharp)
    assert np.abs(moved - true).mean() < 0.05 < np.abs(sharp - true).mean()


def test_too_few_predictions_are_not_recalibrated():
    assert why_not_recalibrated(None) == "There are 0 out-of-fold predictions; a curve is fitted from 100 on."
    assert why_not_recalibrated(_unseen(99, temperature=1)).startswith("There are 99 out-of-fold predictions")
    rare = _unseen(200, temperature=1).assign(truth=["yes"] * 9 + ["no"] * 191)
    assert why_not_recalibrated(rare) == "A class has fewer than 10 out-of-fold predictions."
    assert why_not_recalibrated(_unseen(200, temperature=1)) == ""
