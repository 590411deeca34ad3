from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.bootstrap import resamples
from helpers.evaluation.comparison import (
    compare,
    comparison_frame,
    effective_units,
    flawless_limit,
    in_order,
)
from helpers.evaluation.shares import share_of
from helpers.metrics import METRICS
from helpers.scoring import Prediction
from helpers.tables.table import Column, Kind, Role, Table


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


def _weighed(table: Table, weights: Sequence[float]) -> Table:
    column = Column("weight", Kind.NUMBER, Role.WEIGHT, "weight")
    frame = table.frame.assign(weight=np.asarray(weights, dtype=float))
    return replace(table, frame=frame, columns={**table.columns, "weight": column})


def test_a_row_of_weight_two_counts_as_two_rows(make_table: Callable[..., Table]) -> None:
    truth, answers, weights = ["a", "a", "b", "b"] * 5, ["a", "b", "b", "b"] * 5, [1, 2, 0, 1] * 5
    twice = np.repeat(np.arange(20), weights)
    metrics = [METRICS[name] for name in ("accuracy", "roc_auc", "average_precision", "log_loss", "mcc")]
    rows = _weighed(_table(make_table, truth), weights)
    weighed = compare(
        rows, _said(["a", "b"], answers), _said(["a", "b"], ["a"] * 20),
        metrics=metrics, draws=resamples(20, seed=0, draws=200),
    )  # fmt: skip
    repeated = compare(
        _table(make_table, [truth[k] for k in twice]),
        _said(["a", "b"], [answers[k] for k in twice]), _said(["a", "b"], ["a"] * 20),
        metrics=metrics, draws=resamples(20, seed=0, draws=200),
    )  # fmt: skip
    assert [found.chosen.value for found in weighed] == pytest.approx([f.chosen.value for f in repeated])
    assert [found.gain.value for found in weighed] == pytest.approx([f.gain.value for f in repeated])
    assert weighed[0].chosen.value == 0.5


def test_equal_weights_change_nothing_and_unequal_ones_widen_the_interval(
    make_table: Callable[..., Table],
) -> None:
    table = _table(make_table, ["a", "a", "b", "b"] * 25)
    said, constant = _said(["a", "b"], ["a", "b", "b", "b"] * 25), _said(["a", "b"], ["a"] * 100)
    metrics = [METRICS[name] for name in ("accuracy", "log_loss", "roc_auc")]
    draws = resamples(100, seed=0, draws=400)
    plain = compare(table, said, constant, metrics=metrics, draws=draws)
    alike = compare(_weighed(table, [3.0] * 100), said, constant, metrics=metrics, draws=draws)
    for one, other in zip(plain, alike, strict=True):
        assert one.chosen.low == pytest.approx(other.chosen.low)
        assert one.gain.high == pytest.approx(other.gain.high)
    uneven = compare(_weighed(table, [1.0] * 80 + [10.0] * 20), said, constant, metrics=metrics, draws=draws)
    for one, other in zip(plain, uneven, strict=True):
        assert other.chosen.high - other.chosen.low > 1.2 * (one.chosen.high - one.chosen.low)


def test_rows_of_unequal_weight_are_worth_fewer() -> None:
    draws = resamples(3, seed=0)
    assert effective_units(draws, None) == 3
    assert effective_units(draws, pd.Series([1.0, 1.0, 2.0])) == pytest.approx(16 / 6)
    assert effective_units(draws, pd.Series([0.0, 0.0, 2.0])) == 1.0
