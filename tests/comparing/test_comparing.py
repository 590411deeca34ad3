"""Two runs compared: rows are paired only where they are surely the same, and chances are honest."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.bootstrap import resamples
from helpers.comparing.compare import comparison, judge_pair
from helpers.comparing.differences import changed_findings, changed_table, changed_values
from helpers.comparing.holdouts import Holdout, Pair, paired
from helpers.comparing.paired import chances, judged_rows, margin_of, paired_metrics
from helpers.comparing.reading import ComparedRun, read_run
from helpers.comparing.results import Named, PairedMetric
from helpers.comparing.words import Change, change_of, difference_text, rows_sentences, verdict_sentence
from helpers.errors import UserError
from helpers.files import write_json
from helpers.metrics import METRICS, Task
from helpers.results import Estimate, EvaluationResult, MetricResult
from helpers.scoring import Prediction

NOTHING = Estimate(value=None)


def result(metric="mae", baseline=10.0, chosen=2.0, **changes):
    values = {name: Estimate(value=value) for name, value in (("chosen", chosen), ("baseline", baseline))}
    measured = MetricResult(metric=metric, **values, gain=NOTHING)
    return EvaluationResult(evaluated=True, rows=4, metric=metric, metrics=[measured], **changes)


def numbers(answers, *, truth=None, rows=None, table="t", known_by=(), units=None, keys=None):
    size = len(answers)
    frame = pd.DataFrame(
        {
            "row": list(range(size)) if rows is None else rows,
            "truth": [float(place) for place in range(size)] if truth is None else truth,
            "prediction": answers,
            "unit": list(range(size)) if units is None else units,
        }
    )
    if keys is not None:
        frame["key"] = keys
    return Holdout(frame, result(), table, known_by)


def classes(stated, truth, *, positive="yes"):
    stated = np.asarray(stated)
    frame = pd.DataFrame({"row": range(len(truth)), "truth": truth, "unit": range(len(truth))})
    frame["prediction"] = np.where(stated >= 0.5, "yes", "no")
    frame["probability:no"], frame["probability:yes"] = 1 - stated, stated
    return Holdout(frame, result("roc_auc", baseline=0.5, chosen=0.9, positive=positive), "t")


def run(name, holdout, *, params=None, findings=(), **record):
    params = {"target": "y", "seed": 0, **(params or {})}
    named = Named(experiment="churn", run=name, status="succeeded")
    return ComparedRun(named, {"params": params, **record}, tuple(findings), holdout)


def test_rows_of_the_same_table_are_matched_by_their_place():
    found = paired(numbers([1.0, 2.0, 3.0]), numbers([3.5, 2.5, 9.0], rows=[2, 1, 7], truth=[2.0, 1.0, 7.0]))
    assert isinstance(found, Pair)
    assert found.truth.tolist() == [1.0, 2.0]
    assert found.first.rows["prediction"].tolist() == [2.0, 3.0]
    assert found.second.rows["prediction"].tolist() == [2.5, 3.5]
    assert found.notes == (
        "Compared on the 2 holdout rows that both have; 1 of the first run and 1 of the second are left out.",
    )


def test_rows_of_other_tables_are_matched_only_by_the_id_of_one_experiment():
    by_id = {"known_by": ("churn", "customer")}
    one = numbers([1.0, 2.0, 3.0], keys=[11, 12, 13], **by_id)
    other = numbers([9.0, 8.0, 7.0], table="u", keys=[13, 12, 99], truth=[2.0, 1.0, 5.0], **by_id)
    found = paired(one, other)
    assert isinstance(found, Pair) and found.first.rows["prediction"].tolist() == [2.0, 3.0]
    assert found.second.rows["prediction"].tolist() == [8.0, 9.0]
    why_not = (
        "they read different tables, and no column under `id` says which rows are the same; "
        "scores on different rows differ by chance alone"
    )
    assert paired(one, numbers([1.0], table="u", keys=[11])) == why_not
    assert paired(one, numbers([1.0], table="u", known_by=("churn", "customer"))) == why_not


def test_what_cannot_be_paired_says_why():
    one = numbers([1.0, 2.0])
    assert paired(one, numbers([1.0, 2.0], rows=[5, 6])) == "they have no holdout rows in common"
    assert paired(one, numbers([1.0, 2.0], truth=[0.0, 7.0])) == (
        "the target's value is another one in 1 of 2 rows that both hold out, so these are not the same cases"
    )
    yes, no = classes([0.9, 0.1], ["yes", "no"]), classes([0.9, 0.1], ["yes", "no"], positive="no")
    assert paired(yes, no) == "one looks for “yes”, the other for “no” (the key `positive`)"
    assert paired(yes, one) == "their classes are not the same"


def test_a_corrected_truth_is_left_out_and_said():
    truth = [float(place) for place in range(40)]
    found = paired(numbers(truth), numbers(truth, truth=[5.0, *truth[1:]]))
    assert isinstance(found, Pair) and len(found.truth) == 39
    assert found.notes == ("1 row (2 %) with another value of the target in each run is left out.",)


def test_rows_that_either_run_keeps_together_are_drawn_together():
    found = paired(numbers([1.0] * 4, units=[0, 0, 1, 2]), numbers([1.0] * 4, units=[0, 1, 1, 2]))
    assert isinstance(found, Pair) and found.units.tolist() == [0, 0, 0, 1]


def test_the_margin_is_two_hundredths_of_the_way_to_a_perfect_score():
    assert margin_of(METRICS["roc_auc"], 0.5) == pytest.approx(0.01)
    assert margin_of(METRICS["rmse"], 75.0) == pytest.approx(1.5)
    assert margin_of(METRICS["rmse"], None) == 0.0


def test_chances_are_shares_of_the_draws_and_never_certain():
    drawn = np.array([0.3] * 5 + [0.05] * 3 + [-0.2] * 2)
    better, same, worse = chances(0.1, drawn, margin=0.1, units=50)
    assert (better, worse) == (pytest.approx(16 / 33), pytest.approx(7 / 33))
    assert same == pytest.approx(10 / 33)
    certain = chances(0.3, np.linspace(0.2, 0.4, 100), margin=0.1, units=50)
    assert certain == (pytest.approx(100.3333 / 101), pytest.approx(1 / 303), pytest.approx(1 / 303))


def test_few_units_take_student_s_distribution_and_no_spread_says_nothing():
    better, same, worse = chances(0.0, np.array([-1.0, 1.0]), margin=0.0, units=4)
    assert (better, same, worse) == (pytest.approx(0.5), pytest.approx(0.0), pytest.approx(0.5))
    assert chances(0.0, np.zeros(9), margin=0.1, units=9) == (None, None, None)
    assert chances(0.1, np.array([0.1, np.nan]), margin=0.1, units=9) == (None, None, None)


def test_an_error_that_shrinks_is_better_and_paired():
    rows = judged_rows(pd.Series(np.arange(40.0)), task=Task.REGRESSION, classes=(), positive=None)
    off = np.where(np.arange(40) % 2, 8.0, 12.0)  # the second is off by exactly 3 less in every row
    one, other = (Prediction(rows.y.to_numpy() + wrong, None) for wrong in (off, off - 3))
    found = paired_metrics(
        rows, one, other, metrics=[METRICS["mae"]], draws=resamples(40, seed=0), baselines={"mae": 60.0}
    )[0]
    assert (found.first.value, found.second.value, found.margin) == (10.0, 7.0, pytest.approx(1.2))
    assert found.difference.value == pytest.approx(3.0)
    assert found.difference.low == pytest.approx(3.0) and found.difference.high == pytest.approx(3.0)


def test_rows_count_by_the_weights_on_which_both_runs_agree():
    # The first is off by 1 in two rows of weight 3, the second by 2 in two rows of weight 1.
    truth, weight = [0.0, 1.0, 2.0, 3.0], [3.0, 3.0, 1.0, 1.0]
    one, other = numbers([1.0, 2.0, 2.0, 3.0]), numbers([0.0, 1.0, 4.0, 5.0])
    assert one.rows["truth"].tolist() == truth
    weighed = [replace(run, rows=run.rows.assign(weight=weight)) for run in (one, other)]
    pair = paired(*weighed)
    assert isinstance(pair, Pair) and pair.notes == ("Rows count by their weights.",)
    mae = judge_pair(pair, [METRICS["mae"]], seed=0).metrics[0]
    assert (mae.first.value, mae.second.value, mae.difference.value) == (0.75, 0.5, 0.25)
    pair = paired(one, weighed[1])
    assert isinstance(pair, Pair) and pair.weights is None
    assert pair.notes == ("All rows count alike here, because the two runs do not weigh them alike.",)
    mae = judge_pair(pair, [METRICS["mae"]], seed=0).metrics[0]
    assert (mae.first.value, mae.second.value) == (0.5, 1.0)


def test_without_a_mistake_the_difference_keeps_room():
    truth = ["yes", "no"] * 10
    one = classes([0.9, 0.1] * 10, truth)
    other = classes([0.8, 0.2] * 10, truth)
    found = comparison(run("a", one), run("b", other))
    accuracy = next(metric for metric in found.metrics if metric.metric == "accuracy")
    assert accuracy.difference.low == pytest.approx(-accuracy.difference.high)
    assert accuracy.difference.high == pytest.approx(0.161, abs=0.001)  # Wilson's upper limit of 0 in 20
    assert (accuracy.better, change_of(accuracy)) == (None, Change.CHANCE)


def test_the_same_answers_are_no_change():
    one = classes([0.9, 0.2, 0.7, 0.4], ["yes", "no", "no", "yes"])
    found = comparison(run("a", one), run("b", one, params={"seed": 3}))
    assert found.same_answers and found.headline is not None and found.headline.same == 1.0
    assert [(item.key, item.first, item.second) for item in found.parameters] == [("seed", "0", "3")]
    assert verdict_sentence(found) == (
        "Both say exactly the same of every one of the 4 holdout rows: by no metric is there a difference."
    )


def test_a_run_that_evaluated_nothing_is_not_compared_by_metrics():
    found = comparison(
        run("a", "churn/a has evaluated nothing (holdout is 0)"), run("b", numbers([1.0, 2.0]))
    )
    assert verdict_sentence(found) == (
        "The metrics cannot be compared: churn/a has evaluated nothing (holdout is 0)."
    )
    assert [(m.metric, m.first.value, m.second.value) for m in found.metrics] == [("mae", None, 2.0)]
    assert rows_sentences(found) == []


def test_other_questions_are_refused():
    one, other = run("a", numbers([1.0])), run("b", numbers([1.0]), params={"target": "z"})
    with pytest.raises(UserError) as refused:
        comparison(one, other)
    assert str(refused.value) == (
        "RUN RUN: given churn/a predicts 'y', churn/b predicts 'z'; expected two runs with the same target."
    )
    with pytest.raises(UserError, match="churn/a is a regression task, churn/b a binary one; expected"):
        comparison(one, run("b", classes([0.9, 0.1], ["yes", "no"])))


def test_differing_values_are_named_by_their_path():
    found = changed_values(
        {"budget": {"trials": 3, "seconds": 60}, "drop": [], "costs": None},
        {"budget": {"trials": 9, "seconds": 60}, "drop": ["<b>"], "goal": 0.9},
    )
    assert [(item.key, item.first, item.second) for item in found] == [
        ("budget.trials", "3", "9"),
        ("drop", "[]", '["<b>"]'),
        ("goal", "", "0.9"),
    ]
    table = changed_table({"rows": 5, "name": "a.csv", "fingerprint": "x"}, {"rows": 6, "name": "a.csv"})
    assert [(item.key, item.first, item.second) for item in table] == [
        ("rows", "5", "6"),
        ("fingerprint", "x", ""),
    ]


def test_findings_gained_and_lost_are_known_by_code_and_columns():
    def finding(code, severity, *columns):
        return {"code": code, "kind": "k", "severity": severity, "columns": columns, "message": f"{code}!"}

    first = [
        finding("Q1", "warn", "a"),
        finding("Q2", "pass"),
        finding("Q3", "note", "b"),
        finding("Q4", "stop"),
    ]
    second = [
        finding("Q1", "warn", "z"),
        finding("Q2", "stop"),
        finding("Q3", "warn", "b"),
        finding("Q4", "warn"),
    ]
    found = changed_findings(first, second)
    assert [(item.change, item.severity, item.code, item.columns) for item in found] == [
        ("gained", "stop", "Q2", []),
        ("gained", "warn", "Q1", ["z"]),
        ("graver", "warn", "Q3", ["b"]),
        ("milder", "warn", "Q4", []),
        ("lost", "warn", "Q1", ["a"]),
    ]


@pytest.mark.parametrize(
    ("low", "value", "high", "same", "change"),
    [
        (0.02, 0.03, 0.04, 0.0, Change.BETTER),
        (-0.04, -0.03, -0.02, 0.0, Change.WORSE),
        (-0.014, -0.009, -0.004, 0.64, Change.SAME),
        (-0.014, -0.009, -0.004, 0.48, Change.WORSE),
        (-0.01, 0.001, 0.012, 0.64, Change.CHANCE),
        (-0.01, 0.03, 0.07, 0.1, Change.CHANCE),
        (0.001, 0.002, 0.003, 0.99, Change.SAME),
        (None, 0.03, None, None, Change.UNKNOWN),
    ],
)
def test_better_and_worse_are_said_only_where_the_whole_interval_says_so(low, value, high, same, change):
    difference = Estimate(value=value, low=low, high=high)
    metric = PairedMetric(metric="roc_auc", first=NOTHING, second=NOTHING, difference=difference, same=same)
    assert change_of(metric) is change


def test_a_verdict_with_interval_chances_and_margin():
    rng = np.random.default_rng(1)
    truth = pd.Series(np.arange(200.0))
    one = numbers(list(truth + rng.normal(0, 12, 200)))
    other = numbers(list(truth + rng.normal(0, 4, 200)))
    found = comparison(run("a", one), run("b", other), headline_only=True)
    assert verdict_sentence(found, unit="points") == (
        "By MAE the second run is better by 5.7\u00a0points (likely between 4.6 and 6.7\u00a0points), on the 200 "
        "holdout rows that both were judged on. Probability of better over 99 %, of practically the same under "
        "1 %, of worse under 1 %; a difference of at most 0.20\u00a0points counts as practically the same."
    )
    assert rows_sentences(found) == ["Both are judged on the same 200 holdout rows."]
    assert found.headline is not None
    assert difference_text(found.headline, unit="points").startswith("+5.7 (4.6 to 6.7\u00a0points)")


def test_only_findings_of_what_both_runs_finished_are_compared():
    def made(notebook):
        return {"code": notebook, "kind": "k", "severity": "warn", "message": "!", "notebook": notebook}

    done, not_run = {"status": "succeeded"}, {"status": "not run"}
    first = run("a", "no", findings=[made("01_a"), made("02_b")], notebooks={"01_a": done, "02_b": done})
    second = run("b", "no", notebooks={"01_a": done, "02_b": not_run})
    found = comparison(first, second)
    assert [(item.change, item.code) for item in found.findings] == [("lost", "01_a")]
    assert found.findings_left_out == ["02_b"]


def test_a_run_is_read_as_far_as_it_can_be(tmp_path):
    record = {
        "experiment": "churn", "run": "a", "status": "failed",
        "notebooks": {"05_evaluation": {"status": "not run"}}, "params": {}, "data": {},
    }  # fmt: skip
    assert read_run(tmp_path, record).holdout == "churn/a has evaluated nothing (its evaluation is “not run”)"
    record["notebooks"]["05_evaluation"]["status"] = "succeeded"
    missing = read_run(tmp_path, record).holdout
    assert isinstance(missing, str) and missing.startswith(
        "what churn/a recorded of its evaluation cannot be"
    )
    write_json(
        tmp_path / "artifacts" / "05_evaluation.json",
        {"result": EvaluationResult(
            evaluated=False, metric="mae", why_not="Nothing was evaluated: holdout is 0, so."
        ).model_dump()},
    )  # fmt: skip
    assert read_run(tmp_path, record).holdout == "churn/a has evaluated nothing (holdout is 0, so)"
    write_json(tmp_path / "artifacts" / "05_evaluation.json", {"result": result().model_dump()})
    numbers([1.0, 2.0]).rows.drop(columns="unit").to_parquet(
        tmp_path / "artifacts" / "holdout_predictions.parquet"
    )
    assert read_run(tmp_path, record).holdout == (
        "churn/a comes from an earlier version, which did not store all that this needs"
    )
    numbers([1.0, 2.0]).rows.to_parquet(tmp_path / "artifacts" / "holdout_predictions.parquet")
    assert isinstance(read_run(tmp_path, record).holdout, Holdout)
