from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.stats import betabinom

from helpers.evaluation.case import Case, Judged
from helpers.metrics import METRICS, Task
from helpers.model_selection.fitted import FittedModel
from helpers.prediction.coverage import coverage_frame, coverage_step
from helpers.prediction.intervals import Intervals
from helpers.results import SelectionResult
from helpers.tables.table import Column, Kind, Role, Table


class Said:
    """Predicts what column `said` holds; for two classes that is the probability of 'no'."""

    def predict(self, X):
        return X["said"].to_numpy()

    def predict_proba(self, X):
        return np.column_stack([X["said"], 1 - X["said"]])


def case_of(frame, *, reach, rows=99, kinds=None, roles=None, unit=""):
    """A case whose intervals are the same for all rows."""
    is_class = frame["y"].dtype == object or str(frame["y"].dtype) == "str"
    columns = {
        name: Column(
            name, (kinds or {}).get(name, Kind.NUMBER), (roles or {}).get(name, Role.FEATURE), name.title()
        )
        for name in frame.columns
    }
    columns["y"] = Column("y", Kind.NUMBER, Role.TARGET, "y", unit)
    task = Task.BINARY if is_class else Task.REGRESSION
    classes = ("no", "yes") if is_class else ()
    table = Table(frame, columns, task, classes, "yes" if is_class else None)
    reads = {"said": "number"}
    model = FittedModel(
        "m",
        "M",
        task,
        classes,
        classes,
        table.positive,
        "y",
        reads,
        99,
        Said(),
        None,
        Intervals(0.9, reach, rows),
    )
    fields = dict.fromkeys(SelectionResult.model_fields)
    metric = METRICS["log_loss" if is_class else "rmse"]
    judged = Judged(SelectionResult.model_construct(**fields), metric, model, model, None, None, table)
    return Case(judged, table, "", 1, 1, 0)


def test_intervals_by_hand():
    # Errors 0 … 99: 80 of 100 are at most 79.5; the group 'b' holds the large ones.
    frame = pd.DataFrame({"said": 0.0, "g": pd.Categorical(["a"] * 75 + ["b"] * 25), "y": np.arange(100.0)})
    frame.loc[frame["g"] == "b", "said"] = 1e-9
    step = coverage_step(case_of(frame, reach=79.5, kinds={"g": Kind.CATEGORY}, unit="mm"))
    table = coverage_frame(step.result).set_index("group")
    assert table["rows"].to_dict()["all rows"] == 100
    assert table["covered"].to_dict() == {
        "all rows": 0.8, "predicted up to 0": 1.0, "predicted above 0": 0.2, "G: a": 1.0, "G: b": 0.2,
    }  # fmt: skip
    assert (table["size"] == 159.0).all()
    assert step.says == (
        "The interval holds the truth in 80.0 % of 100 holdout rows (95 % interval 71 % to 87 %); 90 % were promised. "
        "That is fewer, by more than chance: take the intervals for too narrow.",
        "An interval is 159\u00a0mm wide on average; without a model nine of ten rows span 89.1\u00a0mm.",
        "The promise is one for all rows like these on average, not for each group: the truth is inside least often "
        "for “predicted above 0”, in 20 % of 25 rows. Clearly less than promised, each taken by itself: "
        "“predicted above 0”; “G: b”.",
    )  # fmt: skip
    figure = step.pictures[0].draw()
    plt.close(figure)
    assert next(text.get_text() for text in figure.axes[0].get_yticklabels()) == "all rows"


def test_a_promise_that_is_kept_and_one_that_is_more_than_kept():
    frame = pd.DataFrame({"said": np.linspace(0, 1, 60), "y": np.linspace(0, 1, 60)})
    assert "The promise is kept as far as these rows can tell: so few come by chance in 39 % of" in coverage_step(
        case_of(frame.assign(y=frame["y"] + (np.arange(60) % 9 == 0) * 5.0), reach=1.0)
    ).says[0]  # fmt: skip
    assert "That is more, by more than chance" in coverage_step(case_of(frame, reach=1.0)).says[0]


def test_sets_by_hand():
    said = [0.95] * 30 + [0.5] * 30
    frame = pd.DataFrame({"said": said, "y": pd.Series(["no"] * 24 + ["yes"] * 36, dtype=object)})
    step = coverage_step(case_of(frame, reach=0.4))
    assert [each.share.value for each in step.result] == [0.9, 30 / 36, 1.0]
    assert [each.group for each in step.result] == ["all rows", "truth: yes", "truth: no"]
    assert step.says[1] == "A set holds 1.50 classes on average; 50 % of them hold one alone."
    alone = coverage_step(case_of(frame, reach=0.99))
    assert alone.says[1] == "Each set holds one class alone."


def test_groups_of_rows_that_go_together_are_drawn_together():
    frame = pd.DataFrame({"said": 0.0, "team": np.repeat(np.arange(8.0), 25), "y": 0.0})
    frame.loc[frame["team"] == 0, "y"] = 9.0
    case = case_of(frame, reach=1.0, roles={"team": Role.GROUP})
    found = coverage_frame(coverage_step(case).result).set_index("group")
    assert case.draws.grouped and found.loc["all rows", "covered"] == 0.875
    assert found.loc["all rows", "low"] < 0.7 < found.loc["all rows", "high"]
    # A group alone is one draw: where all of its rows fare alike, it counts as one row.
    assert found.loc["Team: 0", ["low", "high"]].tolist() == [0.0, pytest.approx(0.7935, abs=1e-3)]


def test_nothing_where_there_are_no_intervals_or_no_rows():
    frame = pd.DataFrame({"said": [0.0, 1.0], "y": [0.0, 1.0]})
    step = coverage_step(case_of(frame, reach=float("nan")))
    assert step.result is None
    assert step.says == ("There were too few out-of-fold predictions to give intervals for new rows.",)
    empty = replace(case_of(frame, reach=1.0), why_not="Nothing was evaluated.")
    assert coverage_step(empty).says == ("Nothing was evaluated.",)


def test_fewer_than_promised_by_chance():
    frame = pd.DataFrame({"said": np.zeros(100), "y": (np.arange(100) < 14) * 5.0})
    said = coverage_step(case_of(frame, reach=1.0)).says[0]
    # Of a beta-binomial of 100 rows, after 99 that the interval was taken from, rank 90 of them.
    chance = betabinom(100, 90, 10).cdf(86)
    assert said.endswith(f"can tell: so few come by chance in {chance * 100:.0f} % of cases.")
