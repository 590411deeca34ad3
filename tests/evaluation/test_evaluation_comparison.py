from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.evaluation.bootstrap import resamples
from helpers.evaluation.comparison import compare, comparison_frame, flawless_limit, in_order
from helpers.evaluation.shares import share_of
from helpers.metrics import METRICS
from helpers.scoring import Prediction
from helpers.tables.table import Table


def _said(classes: list[str], answers: list[str], *, sure: float = 0.9) -> Prediction:
    rest = (1 - sure) / (len(classes) - 1)
    stated = pd.DataFrame(
        {name: [sure if name == answer else rest for answer in answers] for name in classes}
    )
    return Prediction(np.array(answers, dtype=object), stated)


def _table(make_table: Callable[..., Table], truth: list[str]) -> Table:
    return make_table(pd.DataFrame({"x": range(len(truth)), "y": pd.Series(truth, dtype=object)}))


def test_the_headline_comes_first(make_table: Callable[..., Table]) -> None:
    names = [m.name for m in in_order(METRICS["accuracy"], _table(make_table, ["a", "b", "c"]))]
    assert names == ["accuracy", "log_loss", "balanced_accuracy", "f1", "mcc"]


def test_values_and_paired_gain_by_hand(make_table: Callable[..., Table]) -> None:
    rows = _table(make_table, ["a", "a", "b", "b"] * 10)
    chosen = _said(["a", "b"], ["a", "a", "b", "a"] * 10)
    baseline = _said(["a", "b"], ["a"] * 40)
    metrics = [METRICS["accuracy"], METRICS["brier_score"]]
    accuracy, brier = compare(rows, chosen, baseline, metrics=metrics, draws=resamples(40, seed=0))
    assert (accuracy.chosen.value, accuracy.baseline.value, accuracy.gain.value) == (0.75, 0.5, 0.25)
    assert accuracy.chosen == share_of(30, 40)
    # Paired: only the rows on which the two differ, a quarter, give the gain its spread.
    assert accuracy.gain.low == pytest.approx(0.25 - 1.96 * np.sqrt(0.25 * 0.75 / 40), abs=0.03)
    assert brier.gain.value == pytest.approx(0.25 * (0.81 - 0.01))


def test_a_model_without_a_mistake_keeps_a_limit(make_table: Callable[..., Table]) -> None:
    truth = ["a", "b", "c"] * 12
    rows = _table(make_table, truth)
    perfect, constant = _said(["a", "b", "c"], truth), _said(["a", "b", "c"], ["a"] * 36)
    metrics = [METRICS["accuracy"], METRICS["balanced_accuracy"], METRICS["mcc"]]
    results = compare(rows, perfect, constant, metrics=metrics, draws=resamples(36, seed=0, draws=200))
    limit = share_of(36, 36).low
    assert results[0].chosen.low == pytest.approx(limit)
    assert results[1].chosen.low == pytest.approx(limit)
    assert results[1].chosen.high == 1.0
    assert results[2].gain.low is not None and results[2].gain.low < 1.0
    assert flawless_limit(METRICS["balanced_accuracy"], rows, perfect, units=36) == pytest.approx(limit)


def test_a_flawless_ranking_keeps_a_limit_too(make_table: Callable[..., Table]) -> None:
    truth = ["a", "b"] * 20
    rows = _table(make_table, truth)
    draws = resamples(40, seed=0, draws=200)
    perfect, constant = _said(["a", "b"], truth), _said(["a", "b"], ["a"] * 40)
    (area,) = compare(rows, perfect, constant, metrics=[METRICS["roc_auc"]], draws=draws)
    assert area.chosen.value == 1.0
    assert area.chosen.low is not None and 0.8 < area.chosen.low < 0.95
    assert area.baseline.value == 0.5


def test_the_frame_has_a_row_a_metric_and_is_empty_without() -> None:
    assert list(comparison_frame([]).columns) == [
        "metric", "chosen", "chosen_low", "chosen_high", "baseline", "baseline_low", "baseline_high",
        "gain", "gain_low", "gain_high",
    ]  # fmt: skip
