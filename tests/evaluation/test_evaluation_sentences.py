from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import helpers.evaluation.steps_costs as prices
import helpers.evaluation.steps_curves as curves
import helpers.evaluation.steps_model as steps_model
import helpers.evaluation.steps_quality as quality
import helpers.evaluation.steps_reasons as reasons
from helpers.evaluation.calibration import Calibration
from helpers.evaluation.case import Case
from helpers.evaluation.curves import class_curves
from helpers.evaluation.optimism import optimism
from helpers.evaluation.record import evaluation_result, slices_frame
from helpers.evaluation.steps import Step
from helpers.evaluation.words import ranged
from helpers.parameters import Costs
from helpers.results import (
    CalibrationResult,
    CostResult,
    Estimate,
    GroupImportanceResult,
    ImportanceResult,
)
from helpers.wording import number

MakeCase = Callable[..., Case]


def _important(*lows: float) -> tuple[ImportanceResult, ...]:
    return tuple(
        ImportanceResult(
            column=f"c{place}",
            label=f"C{place}",
            worse_by=Estimate(value=low + 1, low=low, high=low + 2),
        )
        for place, low in enumerate(lows)
    )


def test_what_the_model_leans_on() -> None:
    assert reasons._leans_on(_important(-1.0, -1.0)) == (
        "For none of 2 columns does the 95 % interval (each on its own) lie above 0."
    )
    assert reasons._leans_on(_important(0.5, 0.2, -1.0)) == (
        "For 2 of 3 columns the 95 % interval (each on its own) lies above 0: “C0”, “C1”."
    )
    assert reasons._leans_on(_important(0.5, 0.4, 0.3, 0.2)) == (
        "For 4 of 4 columns the 95 % interval (each on its own) lies above 0: most of all “C0”, “C1”, “C2”."
    )


def test_columns_that_rank_alike_may_look_too_small_or_too_large() -> None:
    assert reasons._shared(0) == ""
    assert reasons._shared(2) == (
        "2 columns rank the rows almost like another one. Shuffling one of a pair makes rows that do not "
        "occur. Its importance may be too small, because the model reads the other one, or too large, because "
        "a linear model weighs the two against each other. Read such a pair as one."
    )


def test_the_caption_of_importance_names_how_many_are_drawn() -> None:
    assert [reasons._drawn(columns) for columns in (1, 15, 30)] == [
        "The only column",
        "All 15 columns",
        "The 15 most important of 30 columns",
    ]


def _curve(happened: list[int], stated: list[float]) -> pd.DataFrame:
    return class_curves(np.array(happened, dtype=bool), np.array(stated))


def test_what_a_curve_gives_without_a_false_alarm() -> None:
    perfect = _curve([1, 1, 0, 0], [0.9, 0.8, 0.2, 0.1])
    half = _curve([1, 0, 1, 0], [0.9, 0.5, 0.4, 0.1])
    nearly = _curve([1] * 19 + [0, 1, 0], list(np.linspace(0.9, 0.1, 22)))
    assert curves._traded({"<b>": perfect}, several=False) == (
        "By moving the threshold: “<b>” is separated without a mistake."
    )
    assert curves._traded({"<b>": half}, several=False) == (
        "By moving the threshold: 50 % of “<b>” is found without a false alarm, 90 % with 50 % false alarms."
    )
    assert curves._traded({"a": perfect, "b": perfect}, several=True) == (
        "Each class is separated without a mistake."
    )
    assert curves._traded({"a": perfect, "b": nearly}, several=True) == (
        "Each class against the rest: “a” is separated without a mistake; 95 % of “b” is found without a "
        "false alarm, 100 % with 50 % false alarms."
    )


def test_calibrated_probabilities_are_called_undisputed_not_true() -> None:
    result = CalibrationResult(
        expected_calibration_error=Estimate(value=0.05, low=0.02, high=0.09), verdict="calibrated"
    )
    judged = Calibration(result, pd.DataFrame({"rows": [57, 56]}), 0.06, 0.1, 0.7)
    assert quality._calibrated(judged) == (
        "The expected calibration error is 0.0500 (0.0200 to 0.0900). Perfectly calibrated probabilities "
        "would show 0.0600 on as many rows by chance, and more than 0.100 in one of twenty cases (p = 0.70). "
        "No disagreement is seen in 113 rows."
    )


def test_a_single_bin_is_not_drawn(make_case: MakeCase) -> None:
    few = quality.calibration_step(make_case("binary", held_out=30))
    assert few.table is not None and len(few.table) == 1
    assert few.pictures == ()
    assert few.caption.endswith("and the share that was so, over all rows.")
    many = quality.calibration_step(make_case("binary"))
    assert len(many.pictures) == 1
    assert many.caption.endswith("and the share that was so, in bins of about equal size.")


def _cost(low: float | None, high: float | None) -> CostResult:
    costs = Estimate(value=10.0, low=5.0, high=20.0)
    saving = Estimate(value=3.0, low=low, high=high)
    return CostResult(unit="€", chosen=costs, baseline=costs, saving=saving)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.0, 5.0, "Row by row, 3\xa0€ (1 to 5) is saved, which is more than chance."),
        (-1.0, 5.0, "Row by row, 3\xa0€ (−1 to 5) is saved, which may be chance: the interval holds 0."),
        (-5.0, -1.0, "Row by row, the model costs more: the saving is 3\xa0€ (−5 to −1)."),
        (None, None, "Row by row, 3\xa0€ is saved."),
    ],
)
def test_the_paired_saving_in_words(low: float | None, high: float | None, said: str) -> None:
    assert prices._saved(_cost(low, high)) == said


def test_costs_are_held_against_the_out_of_fold_predictions(make_case: MakeCase) -> None:
    case = make_case("binary", costs=Costs(unit="€", false_negative=50.0, false_positive=1.0))
    step = prices.costs_step(case)
    threshold = case.judged.threshold
    assert threshold is not None and step.table is not None and step.result is not None
    at = threshold.curve.loc[threshold.curve["threshold"] == threshold.value].iloc[0]
    promised = ranged(Estimate(value=at["cost"], low=at["low"], high=at["high"]), unit="€")
    assert step.says[1].startswith(f"On out-of-fold predictions the threshold {threshold.value:.3g}")
    assert f" cost {promised}; it was chosen on those rows, which flatters them. " in step.says[1]
    assert step.table["what"].tolist() == [
        "chosen model",
        "chosen model at 0.5",
        "baseline",
        "saved by the model (paired)",
    ]
    assert step.table["cost per 100 rows"].iloc[-1] == step.result.saving.value
    several = make_case("multiclass", costs=Costs(mistake=2.0))
    assert len(prices.costs_step(several).says) == 1


def test_the_unit_of_the_target_stands_in_the_sentences(make_case: MakeCase) -> None:
    case = make_case("regression", unit="mm")
    said = quality.metrics_step(case)
    assert "\xa0mm (" in said.says[0] and said.says[0].startswith("RMSE on the holdout is ")
    assert said.table is not None and said.table["metric"].iloc[0] == "RMSE (mm)"
    assert "R²" in said.table["metric"].tolist()
    assert reasons.importance_step(case).caption.endswith("among the holdout rows (in mm).")


def test_slices_carry_the_confirming_rows_and_whether_any_was_looked_for(make_case: MakeCase) -> None:
    step = reasons.slices_step(make_case("binary", rows=600, held_out=400))
    assert step.result is not None and step.result.examined
    if step.result.results and step.table is not None:
        assert step.table["rows confirming"].tolist() == [r.rows_confirming for r in step.result.results]
    few = reasons.slices_step(make_case("binary", held_out=30))
    assert few.says == ("Too few rows (30) to look for weak groups: each half needs 20.",)
    assert few.result is not None and not few.result.examined
    assert list(slices_frame([]).columns[2:5]) == ["rows", "rows_confirming", "measure"]


@pytest.mark.parametrize(("held_out", "examined"), [(120, True), (30, False), (0, False)])
def test_the_record_says_whether_weak_groups_were_looked_for(
    make_case: MakeCase, held_out: int, examined: bool
) -> None:
    case = make_case("binary", held_out=held_out)
    nothing: Step[list[object]] = Step(None)
    parts = dict.fromkeys(
        (
            "metrics",
            "classes",
            "confusion",
            "errors",
            "calibration",
            "coverage",
            "costs",
            "importance",
            "in_use",
            "more_metrics",
            "recalibration",
            "group_importance",
            "fairness",
            "robustness",
            "label_shuffle",
        ),
        nothing,
    )
    result = evaluation_result(case, **parts, slices=reasons.slices_step(case))  # type: ignore[arg-type]
    assert result.slices_examined is examined


def _group(low: float, value: float) -> GroupImportanceResult:
    worse = Estimate(value=value, low=low, high=value + 1)
    return GroupImportanceResult(columns=["a", "b"], label="“A” and “B”", worse_by=worse)


def test_columns_together_and_alone_are_told_apart_only_beyond_chance() -> None:
    begin = "Shuffled together, “A” and “B” make RMSE worse by 2 mm (1 to 3), one of them alone by "
    assert steps_model._together(_group(1, 2), 0.5, "RMSE", "mm") == (
        f"{begin}0.500 mm at most: alone such columns stand in for each other and look too unimportant."
    ).replace(" mm", "\u00a0mm")
    assert steps_model._together(_group(1, 2), 4, "RMSE", "mm").endswith(
        "at most: the model weighs them against each other, so alone they look too important."
    )
    assert steps_model._together(_group(-1, 2), 0.5, "RMSE", "mm").endswith(
        "at most; that they matter together may be chance."
    )


def test_where_the_score_of_as_many_other_rows_may_lie_is_said(make_case: MakeCase) -> None:
    case = make_case("regression")
    step = quality.metrics_step(case)
    assert step.result is not None
    headline, others = step.result[0], step.result[1:]
    value, low, high = headline.chosen.value, headline.chosen.low, headline.chosen.high
    assert value is not None and low is not None and high is not None
    lowest = max(0.0, value - 2**0.5 * (value - low))
    assert headline.another_table.low == pytest.approx(lowest)
    assert step.says[1] == (
        f"On another {len(case.rows)} rows, which have luck of their own, the model's score itself may lie "
        f"anywhere from {number(lowest)} to {number(value + 2**0.5 * (high - value))} (95 %)."
    )
    assert all(result.another_table.value is None for result in others)


def test_the_luck_of_the_best_of_several_looks_stands_with_the_score(make_case: MakeCase) -> None:
    case = replace(make_case("binary"), looks=3)
    said = quality.metrics_step(case).says
    luck = optimism(quality.metrics_step(case).result[0].chosen, 3)  # type: ignore[index]
    assert luck is not None
    assert said[1] == (
        f"3 models were judged on these rows: the best of so many equals would look better by "
        f"{number(luck.expected, digits=2)} by luck alone (standard error "
        f"{number(luck.standard_error, digits=2)}, scores correlated 0.5; {number(luck.at_most, digits=2)} "
        "if they were independent). Take that off the score."
    )


def test_the_holdouts_cost_curve_is_looked_back_on_and_the_threshold_stays(make_case: MakeCase) -> None:
    step = prices.costs_step(
        make_case("binary", costs=Costs(unit="€", false_negative=5.0, false_positive=1.0))
    )
    assert len(step.pictures) == 1
    assert "the cheapest threshold on these rows would have been" in step.says[-1]
    assert step.says[-1].endswith("It stays: one picked here would flatter itself.")
