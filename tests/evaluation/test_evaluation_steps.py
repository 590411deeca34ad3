from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import helpers.evaluation.steps_costs as prices
import helpers.evaluation.steps_curves as curves
import helpers.evaluation.steps_model as model
import helpers.evaluation.steps_opening as opening
import helpers.evaluation.steps_quality as quality
import helpers.evaluation.steps_ranking as ranking
import helpers.evaluation.steps_reasons as reasons
import helpers.evaluation.steps_stress as stress
from helpers.comparing.in_use import in_use_step
from helpers.evaluation.case import Case
from helpers.evaluation.record import conclusions, evaluation_result, stored_tables
from helpers.evaluation.rules import findings_of
from helpers.evaluation.steps import Picture, Step, first_of, on_holdout, sentences, show
from helpers.parameters import Costs
from helpers.prediction.coverage import coverage_step
from helpers.results import EvaluationResult
from helpers.scoring import Prediction
from helpers.style import new_figure
from helpers.tables.table import Column, Kind, Role

MakeCase = Callable[..., Case]
PARTS = {
    "metrics": quality.metrics_step, "classes": quality.classes_step, "confusion": quality.confusion_step,
    "errors": quality.errors_step, "calibration": quality.calibration_step, "costs": prices.costs_step,
    "importance": reasons.importance_step, "slices": reasons.slices_step,
    "more_metrics": ranking.more_metrics_step, "recalibration": ranking.recalibration_step,
    "fairness": stress.fairness_step, "robustness": stress.robustness_step,
    "label_shuffle": stress.label_shuffle_step, "coverage": coverage_step,
}  # fmt: skip
NO_INCUMBENT: Any = SimpleNamespace(params=SimpleNamespace(incumbent=None))
HOSTILE = {"signal": "<script>[0]</script>\n$x$ 🦉", "noise": "n" * 10_000}


def _evaluated(case: Case, *, shown: bool = False) -> EvaluationResult:
    steps: dict[str, Any] = {name: step(case) for name, step in PARTS.items()}
    steps["group_importance"] = model.group_importance_step(case, steps["importance"])
    steps["in_use"] = in_use_step(case, NO_INCUMBENT, steps["metrics"].result or [])
    others = [opening.models_step(case.judged), opening.threshold_step(case.judged)]
    others += [opening.holdout_step(case), curves.curves_step(case), ranking.gains_step(case)]
    others += [step(case, steps["importance"]) for step in (model.dependence_step, model.residuals_by_step)]
    others += [model.shap_step(case)]
    for step in (*steps.values(), *others):
        assert step.says and all(step.says)
        if shown:
            show(step, anchor="here")
    return evaluation_result(case, **steps)


@pytest.mark.parametrize(("wrong", "worth_it"), [(0, False), (4, False), (5, True)])
def test_with_few_mistakes_it_cannot_be_told_whether_recalibrating_is_worth_it(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch, wrong: int, worth_it: bool
) -> None:
    case = make_case("binary")
    case = replace(case, judged=replace(case.judged, unseen=pd.DataFrame({"row": [0]})))
    truth = case.rows.y.to_numpy(dtype=object)

    def stated(right: float) -> Prediction:
        """The true class with so much probability, but in the first few rows, where it has 0.45."""
        share = np.where(np.arange(len(truth)) < wrong, 0.45, right)
        columns = {name: np.where(truth == name, share, 1 - share) for name in case.rows.classes}
        return Prediction(truth, pd.DataFrame(columns, index=case.rows.frame.index))

    sharper = SimpleNamespace(method="platt", rows=200, of=lambda said: stated(0.95))
    monkeypatch.setattr(ranking, "why_not_recalibrated", lambda unseen: "")
    monkeypatch.setattr(ranking, "fit_recalibration", lambda unseen, **options: sharper)
    vars(case)["chosen"] = stated(0.7)  # as if asked already
    step = ranking.recalibration_step(case)
    assert step.result is not None and step.result.gain.low is not None and step.result.gain.low > 0
    assert step.result.worth_it == worth_it
    assert ("it cannot be told" in step.says[0]) != worth_it


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("group", [False, True])
def test_every_step_says_something_for_every_task(
    make_case: MakeCase, monkeypatch: pytest.MonkeyPatch, task: str, group: bool
) -> None:
    monkeypatch.setattr("helpers.display._compact", lambda png: "")  # drawn, not packed: half of the time
    case = make_case(task, names=HOSTILE, group=group)
    result = _evaluated(case, shown=not group and task != "multiclass")
    assert EvaluationResult.model_validate_json(result.model_dump_json()) == result
    headline = result.headline()
    assert headline is not None and headline.gain.low is not None and headline.gain.low > 0
    assert (result.errors is None) == (task != "regression")
    assert len(result.confusion) == {"binary": 2, "multiclass": 3, "regression": 0}[task]
    assert [found.column for found in result.importance] == [HOSTILE["signal"], HOSTILE["noise"]]
    assert len(findings_of(result)) == 10
    assert conclusions(result)[0].startswith(
        {"binary": "ROC AUC", "multiclass": "Log loss", "regression": "RMSE"}[task]
    )


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_with_nothing_held_out_every_step_says_so_in_one_sentence(make_case: MakeCase, task: str) -> None:
    case = make_case(task, held_out=0)
    for step in (
        *PARTS.values(),
        opening.holdout_step,
        curves.curves_step,
        ranking.gains_step,
        model.shap_step,
    ):
        assert step(case) == Step(None, ("Nothing was evaluated.",))
    result = _evaluated(case, shown=True)
    assert not result.evaluated
    assert result.metrics == []
    assert conclusions(result) == [
        "Nothing was evaluated. The model is stored; what it is worth on new rows is not known."
    ]
    assert {name: len(table) for name, table in stored_tables(result).items()} == {
        "metrics": 0, "more_metrics": 0, "importance": 0, "slices": 0, "fairness": 0
    }  # fmt: skip
    assert case.predictions().empty


def test_the_threshold_in_use_stands_among_the_usual_ones(make_case: MakeCase) -> None:
    table = curves.curves_step(make_case("binary")).table
    assert table is not None
    assert [text for text in table["threshold"] if "use" in text] == ["0.5 (in use)"] and len(table) == 9
    priced = curves.curves_step(
        make_case("binary", costs=Costs(false_negative=50.0, false_positive=1.0))
    ).table
    assert priced is not None and priced["threshold"].str.endswith("(in use)").sum() == 1
    assert curves.curves_step(make_case("multiclass")).table is None


def test_costs_move_the_threshold_and_price_model_and_baseline(make_case: MakeCase) -> None:
    case = make_case("binary", costs=Costs(unit="€", false_negative=50.0, false_positive=1.0))
    result = _evaluated(case)
    assert result.threshold is not None and result.threshold < 0.3
    assert result.costs is not None and result.costs.unit == "€"
    positive = next(found for found in result.classes if found.name == "yes")
    assert positive.found.value is not None and positive.found.value > 0.9
    # The baseline gives the answer that is cheaper throughout: it always says yes.
    assert (positive.baseline_found, positive.baseline_false_alarm) == (1.0, 1.0)
    assert "at the threshold" in reasons.slices_step(case).says[-1]


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_a_chosen_baseline_is_judged_as_well(make_case: MakeCase, task: str) -> None:
    case = make_case(task, chosen="baseline")
    result = _evaluated(case)
    headline = result.headline()
    assert headline is not None and headline.gain.value == 0.0
    said = quality.metrics_step(case).says[0]
    assert said.endswith("The chosen model is the baseline itself, so there is nothing to gain.")


def test_the_same_case_gives_the_same_digits(make_case: MakeCase) -> None:
    assert _evaluated(make_case("binary")) == _evaluated(make_case("binary"))


def test_predictions_hold_truth_answer_and_probabilities(make_case: MakeCase) -> None:
    frame = make_case("multiclass").predictions()
    assert list(frame.columns) == [
        "row",
        "truth",
        "prediction",
        "unit",
        "probability:a",
        "probability:b",
        "probability:c",
    ]
    assert frame["row"].tolist() == list(range(120, 240))
    assert frame.filter(like="probability:").sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_a_guarded_step_is_not_asked_without_rows(make_case: MakeCase) -> None:
    def never(_case: Case) -> Step[int]:
        raise AssertionError

    assert on_holdout(never)(make_case("binary", held_out=0)) == Step(None, ("Nothing was evaluated.",))


def test_the_anchor_stands_at_whatever_comes_first(monkeypatch: Any) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("helpers.display.display", lambda data, **options: shown.append({**data, **options}))
    show(Step(None, ("<one>", "two")), anchor="here")
    assert shown[0]["text/html"] == '<p class="nb-say" id="here">&lt;one&gt;</p>'
    assert "id=" not in shown[1]["text/html"]
    shown.clear()
    show(Step(None, ("two",), pictures=(Picture(lambda: new_figure()[0], alt="a"),)), anchor="here")
    assert shown[0]["metadata"]["image/png"]["anchor"] == "here"
    assert "id=" not in shown[1]["text/html"]


def test_parts_of_sentences() -> None:
    assert sentences("a", "", "b") == ("a", "b")
    assert first_of(["a", "b", "c"], 2) == "a; b; and 1 more"
    assert first_of(["a"], 2) == "a"


def test_predictions_know_a_row_again_by_its_id_and_what_is_drawn_together(make_case: MakeCase) -> None:
    case = make_case("binary", group=True)
    named = case.rows.frame.assign(number=np.arange(len(case.rows)) // 2)
    columns = {**case.rows.columns, "number": Column("number", Kind.IDENTIFIER, Role.ID, "number")}
    case = replace(case, rows=replace(case.rows, frame=named, columns=columns))
    frame = case.predictions()
    assert frame["unit"].nunique() == case.rows.frame["team"].nunique()
    assert frame["key"].nunique() == 60 and frame["key"][0] == frame["key"][1] != frame["key"][2]


def test_where_weights_count_is_told(make_case: MakeCase) -> None:
    case = make_case("binary")
    assert not any("count each row by" in said for said in opening.holdout_step(case).says)
    weighed = {**case.rows.columns, "noise": replace(case.rows.columns["noise"], role=Role.WEIGHT)}
    said = opening.holdout_step(replace(case, rows=replace(case.rows, columns=weighed))).says
    assert said[-1] == (
        "The metrics of the task, and what columns and worse rows do to them, count each row by “noise”, as "
        "learning and the selection did; classes, curves, calibration, costs, groups and the metrics of other "
        "fields count each row once."
    )
