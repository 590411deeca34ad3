"""The steps that say how good the predictions are: metrics, classes, errors, calibration."""

import numpy as np
import pandas as pd

from helpers.another_table import on_another_table
from helpers.bootstrap import CONFIDENCE
from helpers.errors import shortened
from helpers.evaluation.calibration import WORTH_NOTICING, Calibration, judge_calibration
from helpers.evaluation.case import Case
from helpers.evaluation.classes import class_frame, class_results, confusion
from helpers.evaluation.comparison import compare, comparison_frame, in_order
from helpers.evaluation.errors import error_result, residual_table
from helpers.evaluation.figures import draw_calibration, draw_metrics
from helpers.evaluation.figures_classes import MOST_CLASSES, draw_confusion
from helpers.evaluation.figures_errors import draw_predicted, draw_residuals
from helpers.evaluation.optimism import optimism
from helpers.evaluation.steps import Picture, Step, first_of, on_holdout, sentences
from helpers.evaluation.words import between, ranged
from helpers.metrics import METRICS, Task, bounds
from helpers.model_selection.record import unit_of, with_unit_of
from helpers.results import CalibrationResult, ClassResult, ErrorResult, MetricResult
from helpers.wording import capital, count, number, percent, with_unit


@on_holdout
def metrics_step(case: Case) -> Step[list[MetricResult]]:
    """Return every metric of the task for model and baseline, with the paired gain; the headline first."""
    metrics = in_order(case.judged.metric, case.rows)
    results = compare(case.rows, case.chosen, case.baseline, metrics=metrics, draws=case.draws)
    rows = len(case.rows)
    another = on_another_table(results[0].chosen, rows=rows, new_rows=rows, limits=bounds(case.judged.metric))
    results[0] = results[0].model_copy(update={"another_table": another})
    table = comparison_frame(results)
    table.insert(1, "label", [metric.label for metric in metrics])
    readable = pd.DataFrame(
        {
            "metric": [with_unit_of(metric, case.rows) for metric in metrics],
            "better": ["higher" if metric.higher_is_better else "lower" for metric in metrics],
            "chosen": table["chosen"],
            "95 % interval": [between(result.chosen) for result in results],
            "baseline": table["baseline"],
            "its interval": [between(result.baseline) for result in results],
            "gain": table["gain"],
            "interval of the gain": [between(result.gain) for result in results],
        }
    )
    said = [
        f"{metric.label} {ranged(r.chosen, unit=unit_of(metric, case.rows))}, baseline {ranged(r.baseline)}"
        for metric, r in zip(metrics, results, strict=True)
    ]
    model = case.judged.selection.chosen_label
    picture = Picture(
        lambda: draw_metrics(table, model=model),
        alt=f"Metrics of {shortened(model)} and of the baseline on the holdout: {first_of(said, 12)}.",
        caption="Each metric on its own scale; ↑ higher is better, ↓ lower; bars are 95 % intervals.",
    )
    caption = (
        f"Metrics on {count(len(case.rows), 'holdout row')}; the gain is paired and positive where better."
    )
    said_of_score = sentences(
        _headline(case, results[0]), _lucky(case, results[0]), _next_score(case, results[0])
    )
    return Step(results, said_of_score, readable, caption, pictures=(picture,))


def _next_score(case: Case, result: MetricResult) -> str:
    """Say where the score of another table may lie, for whoever holds one against this."""
    if result.another_table.low is None:
        return ""
    return (
        f"On another {count(len(case.rows), 'row')}, which have luck of their own, the model's score itself "
        f"may lie anywhere from {between(result.another_table)} (95 %)."
    )


def _lucky(case: Case, result: MetricResult) -> str:
    """Say how much of the score luck may have given, where other models were judged on the same rows."""
    luck = optimism(result.chosen, case.looks)
    if luck is None:
        return ""
    metric = METRICS[result.metric]
    unit = unit_of(metric, case.rows)
    return (
        f"{count(luck.looks, 'model')} were judged on these rows: the best of so many equals would look "
        f"better by {with_unit(number(luck.expected, digits=2), unit)} by luck alone (standard error "
        f"{number(luck.standard_error, digits=2)}, scores correlated {luck.correlation:g}; "
        f"{number(luck.at_most, digits=2)} if they were independent). Take that off the score."
    )


def _headline(case: Case, result: MetricResult) -> str:
    metric, gain = METRICS[result.metric], result.gain
    unit = unit_of(metric, case.rows)
    text = (
        f"{capital(metric.label)} on the holdout is {ranged(result.chosen, unit=unit)}; "
        f"the baseline's is {ranged(result.baseline, unit=unit)}."
    )
    if case.judged.selection.chosen == "baseline":
        return f"{text} The chosen model is the baseline itself, so there is nothing to gain."
    if gain.value is None or gain.low is None or gain.high is None:
        return f"{text} Too few rows or groups to say how sure the gain is."
    if gain.low > 0:
        return f"{text} The gain of {ranged(gain, unit=unit)} is more than chance."
    if gain.high < 0:
        lost = with_unit(number(-gain.value), unit)
        return f"{text} The model is worse than the baseline on these rows, by {lost}."
    return f"{text} The gain of {ranged(gain, unit=unit)} may be chance: its interval holds 0."


@on_holdout
def classes_step(case: Case) -> Step[list[ClassResult]]:
    """Return for each class how much of it is found, and how often its name is right or a false alarm."""
    if case.task is Task.REGRESSION:
        return Step([], ("The target is a number, so there are no classes to tell apart.",))
    results = class_results(
        case.rows.y,
        list(case.answers),
        list(case.baseline_answers),
        classes=case.rows.classes,
        draws=case.draws,
    )
    table = class_frame(results)
    for name in ("found", "right", "false_alarm"):
        table[f"{name} "] = [between(getattr(result, name), share=True) for result in results]
    shown = {
        "class": "class", "rows": "rows", "found": "found", "found ": "interval", "right": "right when named",
        "right ": "interval of that", "false_alarm": "false alarms", "false_alarm ": "interval of these",
        "baseline_found": "baseline finds",
    }  # fmt: skip
    formats = {shown[name]: ".1%" for name in ("found", "right", "false_alarm", "baseline_found")}
    said = _found_least(results)
    caption = (
        "Shares of each class with 95 % intervals: rows of it found, names that are right, false alarms."
    )
    return Step(results, (said,), table.sort_values("rows", ascending=False), caption, shown, formats)


def _found_least(results: list[ClassResult]) -> str:
    seen = [result for result in results if result.found.value is not None]
    weakest = min(seen, key=lambda result: result.found.value or 0.0)
    if weakest.found.value == 1.0:
        return f"Every row of {count(len(seen), 'class')} is found."
    found = ranged(weakest.found, share=True)
    return (
        f"“{shortened(weakest.name, limit=60)}” is found least: {found} of its {count(weakest.rows, 'row')}."
    )


@on_holdout
def confusion_step(case: Case) -> Step[list[list[int]]]:
    """Return the confusion matrix, truth down and answer across; the figure holds the 20 largest classes."""
    if case.task is Task.REGRESSION:
        return Step([], ("The target is a number; its errors take the place of a confusion matrix.",))
    counts = confusion(case.rows.y, list(case.answers), classes=case.rows.classes)
    largest = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index[:MOST_CLASSES]
    drawn = counts.loc[counts.index.isin(largest), counts.columns.isin(largest)]
    pairs = [
        (int(counts.loc[truth, answer]), str(truth), str(answer))
        for truth in counts.index
        for answer in counts.columns
        if truth != answer and counts.loc[truth, answer]
    ]
    pairs.sort(key=lambda pair: -pair[0])
    mistakes = [
        f"{amount:,} × “{shortened(t, limit=40)}” called “{shortened(a, limit=40)}”" for amount, t, a in pairs
    ]
    wrong = sum(amount for amount, _, _ in pairs)
    said = f"{count(wrong, 'mistake')} in {count(len(case.rows), 'row')}"
    said += f", most often: {first_of(mistakes, 3)}." if mistakes else "."
    left_out = (
        f"The {MOST_CLASSES} largest of {len(counts)} classes are drawn." if len(drawn) < len(counts) else ""
    )
    picture = Picture(lambda: draw_confusion(drawn), alt=f"Confusion matrix. {said}", caption=left_out)
    return Step(counts.to_numpy().tolist(), (said,), pictures=(picture,))


@on_holdout
def errors_step(case: Case) -> Step[ErrorResult]:
    """Return the sizes of a regression's errors and where its predictions lean to one side."""
    if case.task is not Task.REGRESSION:
        return Step(None, ("The target has classes; mistakes between them are counted above.",))
    truth = case.rows.y.to_numpy(dtype=float)
    predicted, simple = (np.asarray(said, dtype=float) for said in (case.answers, case.baseline_answers))
    result = error_result(truth, predicted, simple, draws=case.draws)
    table = residual_table(truth, predicted, draws=case.draws)
    target, unit = case.rows.target, case.rows.target.unit
    leans = [
        f"{number(row['from'])} to {number(row['to'])} by {with_unit(number(row['residual']), unit)}"
        for _, row in table.iterrows() if row["low"] > 0 or row["high"] < 0
    ]  # fmt: skip
    said = sentences(
        f"Half of the errors are smaller than {ranged(result.typical, unit=unit)}, nine of ten smaller than "
        f"{ranged(result.nine_of_ten, unit=unit)}; half of the baseline's are smaller than "
        f"{with_unit(number(result.baseline_typical), unit)}.",
        f"For predictions of {first_of(leans, 4)}, the 95 % interval of the mean residual does not hold 0."
        if leans
        else "For no size of prediction is the mean residual clearly off 0.",
    )  # fmt: skip
    seed = case.seed
    pictures = (
        Picture(lambda: draw_predicted(truth, predicted, target=target.title, seed=seed),
                alt=f"Observed against predicted values of {count(len(truth), 'row')}. {said[0]}"),
        Picture(lambda: draw_residuals(truth, predicted, table, target=target.title, seed=seed),
                alt=f"Residuals by size of prediction with their means. {said[1]}"),
    )  # fmt: skip
    shown = {"from": "predicted from", "to": "to", "rows": "rows", "residual": "mean residual", "low": "low",
             "high": "high", "error": "mean absolute error"}  # fmt: skip
    caption = (
        f"Residuals (observed minus predicted{f', in {unit}' if unit else ''}) by size of the prediction."
    )
    return Step(result, said, table, caption, shown, pictures=pictures)


@on_holdout
def calibration_step(case: Case) -> Step[CalibrationResult]:
    """Return whether the stated probabilities can be taken at their word."""
    if case.task is Task.REGRESSION or case.chosen.probabilities is None:
        nothing = {"expected_calibration_error": {"value": None}, "verdict": "not applicable"}
        return Step(
            CalibrationResult.model_validate(nothing), ("A regression states no probabilities to calibrate.",)
        )
    truth = case.rows.y.to_numpy(dtype=object)
    if case.rows.positive is not None:
        event = f"“{case.rows.positive}”"
        stated, happened = case.stated(case.rows.positive), truth == case.rows.positive
    else:
        event = "the class that was named"
        stated = case.chosen.probabilities.to_numpy(dtype=float).max(axis=1)
        happened = truth == case.answers
    judged = judge_calibration(stated, happened, draws=case.draws, seed=case.seed)
    text = _calibrated(judged)
    bins = [
        f"{percent(row['stated'])} stated, {percent(row['observed'])} so"
        for _, row in judged.table.iterrows()
    ]
    picture = Picture(
        lambda: draw_calibration(judged.table, event=event),
        alt=f"Calibration of the probability of {shortened(event)}: {first_of(bins, 10)}. {text}",
    )
    what = f"Stated probability of {shortened(event, limit=50)} and the share that was so"
    caption = f"{what}, in bins of about equal size." if len(bins) > 1 else f"{what}, over all rows."
    formats = dict.fromkeys(["from", "to", "stated", "observed", "low", "high"], ".1%")
    pictures = (picture,) if len(bins) > 1 else ()
    return Step(judged.result, (text,), judged.table, caption, formats=formats, pictures=pictures)


def _calibrated(judged: Calibration) -> str:
    observed = ranged(judged.result.expected_calibration_error)
    text = (
        f"The expected calibration error is {observed}. Perfectly calibrated probabilities would show "
        f"{number(judged.by_chance)} on as many rows by chance, and more than {number(judged.noticeable)} "
        f"in one of twenty cases (p = {number(judged.p_value, digits=2)})."
    )
    verdicts = {
        "calibrated": f"No disagreement is seen in {count(int(judged.table['rows'].sum()), 'row')}.",
        "miscalibrated": "So they are off by more than chance: use them to rank rows, not as percentages.",
        "cannot tell": "These rows are too few to tell whether they agree with what happened.",
    }
    if judged.result.verdict == "calibrated" and judged.p_value < 1 - CONFIDENCE:
        return (
            f"{text} They are off by more than chance, but by under {WORTH_NOTICING}: too little to matter."
        )
    return f"{text} {verdicts[judged.result.verdict]}"
