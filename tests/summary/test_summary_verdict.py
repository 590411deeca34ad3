from dataclasses import replace
from typing import Any

import pytest

from helpers.findings import Finding, Severity
from helpers.paths import repository
from helpers.results import (
    CalibrationResult,
    Estimate,
    EvaluationResult,
    FairnessGap,
    MetricResult,
    SliceResult,
    Verdict,
)
from helpers.summary.checks import groups_alike
from helpers.summary.facts import Facts
from helpers.summary.next_steps import give_time, treat_alike
from helpers.summary.verdict import RULES, decide
from helpers.summary.verdict_page import verdict_page


def evaluated(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, evaluation=facts.evaluation.model_copy(update=changes))


def with_finding(
    facts: Facts, kind: str, severity: Severity, plain: str, columns: tuple[str, ...] = ()
) -> Facts:
    found = Finding("Q1", kind, severity, "for engineers", plain, columns=columns)
    return replace(facts, findings=(found, *facts.findings), of_data=(found,))


def with_headline(facts: Facts, low: float, value: float, high: float, **chosen: Estimate) -> Facts:
    """Give the headline metric another gain over the baseline, and other values where they are named."""
    headline = facts.evaluation.metrics[0]
    changed = headline.model_copy(update={"gain": Estimate(value=value, low=low, high=high), **chosen})
    return evaluated(facts, metrics=[changed, *facts.evaluation.metrics[1:]])


def weak(confirmed: bool = True) -> SliceResult:
    return SliceResult(
        description="age above 60", column="age", rows=18, measure="error rate", confirmed=confirmed,
        inside=Estimate(value=0.4, low=0.2, high=0.6), outside=Estimate(value=0.02, low=0.01, high=0.05),
    )  # fmt: skip


def test_names_of_rules_are_unique_and_the_last_one_always_applies(binary):
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert RULES[-1].applies(binary)


def test_nothing_against_it(binary):
    assert decide(binary) == Verdict(
        word="use it",
        rule="nothing against it",
        reason="It does clearly better than always answering “benign”, it was checked on 114 cases that "
        "it had "
        "never seen, and nothing was found in the table that gives the answer away. It was not checked "
        "whether some cases belong together or whether it still works later. No goal was given, so whether "
        "that is good enough is yours to decide.",
    )


@pytest.mark.parametrize(
    ("changes", "split", "said"),
    [
        ({"group": "clinic"}, "group", "It was not checked whether it still works later."),
        ({}, "time", "It was not checked whether some cases belong together."),
        ({"id": "patient", "time": "day"}, "time", "It was not checked whether some cases belong together."),
    ],
)
def test_use_it_says_what_was_not_checked(binary, changes, split, said):
    params = binary.params.model_copy(update={"goal": 0.9, **changes})
    reason = decide(replace(binary, params=params, split=split)).reason
    assert reason.split("gives the answer away.")[1].strip() == said


def test_use_it_claims_no_search_for_leaks_that_was_not_made(binary):
    assert decide(replace(binary, findings=())).reason == (
        "It does clearly better than always answering “benign”, and it was checked on 114 cases that it had "
        "never seen. It was not checked whether some cases belong together or whether it still works later. "
        "No goal was given, so whether that is good enough is yours to decide."
    )


def test_answer_given_away_comes_before_everything(unchecked):
    facts = with_finding(
        unchecked, "target_leak", Severity.STOP, "A column all but states the answer.", ("tips",)
    )
    assert decide(facts) == Verdict(
        word="do not use",
        rule="answer given away",
        reason="A column all but states the answer (“tips”). "
        "Numbers reached in this way do not hold for new cases.",
    )


def test_fault_in_the_data(binary):
    facts = with_finding(binary, "target_missing", Severity.STOP, "Half of the answers are missing.")
    assert decide(facts) == Verdict(
        word="do not use",
        rule="fault in the data",
        reason="Half of the answers are missing. This has to be mended before anything else is believed.",
    )


def test_a_stop_of_the_evaluation_is_no_fault_of_the_data(binary):
    found = Finding("V104", "no_better_than_baseline", Severity.STOP, "for engineers", "It is worse.")
    assert decide(replace(binary, findings=(found, *binary.findings))).rule == "nothing against it"


def test_not_checked(unchecked):
    assert decide(unchecked) == Verdict(
        word="cannot tell",
        rule="not checked",
        reason="No cases were kept aside, so nobody knows how it does on cases that it has never seen.",
    )


def with_baseline_chosen(facts, best):
    board = [
        found if found.model == "baseline" else found.model_copy(update={"score": Estimate(value=best)})
        for found in facts.selection.leaderboard
    ]
    return replace(
        facts, selection=facts.selection.model_copy(update={"chosen": "baseline", "leaderboard": board})
    )


def with_no_model_scored(facts, *more):
    board = [
        found
        if found.model == "baseline"
        else found.model_copy(update={"failed": "stopped", "score": Estimate(value=None)})
        for found in facts.selection.leaderboard
    ]
    chosen = facts.selection.model_copy(update={"chosen": "baseline", "leaderboard": board})
    return replace(facts, selection=chosen, findings=(*facts.findings, *more))


def test_no_model_scored(binary):
    said = "No model could be tried to its end on these data; the report on the models says why."
    assert decide(with_no_model_scored(binary)) == Verdict(
        word="cannot tell", rule="no model scored", reason=said
    )
    late = Finding("M104", "stopped_by_seconds", Severity.WARN, "for engineers", "Time ran out.")
    facts = with_no_model_scored(binary, late)
    found = decide(facts)
    assert found.reason == "The seconds of the budget ran out before a model could be tried to its end."
    assert give_time(facts, found) == "Give the models more time (budget.seconds) and run this again."
    assert give_time(binary, decide(binary)) is None


def test_groups_treated_unequally(binary):
    gap = FairnessGap(
        column="age", measure="selection rate", lowest="age up to 60", highest="age above 60", difference=0.3,
        ratio=None, unequal=True,
    )  # fmt: skip
    facts = replace(
        evaluated(binary, fairness_gaps=[gap]), params=binary.params.model_copy(update={"sensitive": ["age"]})
    )
    assert decide(facts) == Verdict(
        word="promising, not yet",
        rule="groups treated unequally",
        reason="It treats some groups differently from others, such as age up to 60; find out why before using "
        "it.",
    )
    assert groups_alike(facts).result == "selection rate lower for age up to 60 than for age above 60"
    equal = replace(facts, evaluation=facts.evaluation.model_copy(
        update={"fairness_gaps": [gap.model_copy(update={"unequal": False})]}))  # fmt: skip
    assert decide(equal).rule == "nothing against it"
    assert groups_alike(equal).mark == "fine" and treat_alike(equal, decide(equal)) is None
    none = replace(facts, evaluation=facts.evaluation.model_copy(update={"fairness_gaps": []}))
    assert groups_alike(none).mark == "unknown" and groups_alike(binary) is None
    assert groups_alike(replace(none, evaluation=EvaluationResult(evaluated=False, metric="roc_auc"))) is None
    assert treat_alike(facts, decide(facts)).startswith("Find out why groups are treated differently")


def test_no_model_surely_better(binary):
    facts = with_baseline_chosen(binary, 0.6)
    assert decide(facts) == Verdict(
        word="cannot tell",
        rule="no model surely better",
        reason=f"The best model that was tried ({facts.selection.leaderboard[0].label}) did better than always "
        "answering “benign” while it was chosen, but that can still be chance, so nothing was chosen.",
    )


def test_answers_no_better(binary):
    agreement = MetricResult(
        metric="mcc", chosen=Estimate(value=0.1), baseline=Estimate(value=0.0),
        gain=Estimate(value=0.1, low=-0.05, high=0.2),
    )  # fmt: skip
    facts = evaluated(binary, costs=None, metrics=[*binary.evaluation.metrics, agreement])
    assert decide(facts) == Verdict(
        word="promising, not yet",
        rule="answers no better",
        reason="It sorts cases better than always answering “benign” does, but when it has to say yes or no "
        "its answers may be worth no more. Say what a miss and a false alarm cost: then it says yes where "
        "that pays.",
    )


def test_nothing_beats_the_baseline(binary):
    facts = with_baseline_chosen(binary, 0.51)
    assert decide(facts) == Verdict(
        word="do not use",
        rule="nothing beats the baseline",
        reason="The one model that was tried did not do clearly better than always answering “benign”, "
        "so there is nothing to use.",
    )


def test_too_few_checked(binary):
    assert decide(evaluated(binary, rows=29)) == Verdict(
        word="cannot tell",
        rule="too few checked",
        reason="It was checked on only 29 cases; with fewer than 30, chance has too large a say.",
    )
    assert decide(evaluated(binary, rows=30)).rule == "few checked without a goal"


def test_few_checked_without_a_goal(binary):
    assert decide(evaluated(binary, rows=49)) == Verdict(
        word="promising, not yet",
        rule="few checked without a goal",
        reason="It does clearly better than always answering “benign”, but it was checked on only 49 cases. "
        "No goal was given, and with fewer than 50 nobody can say closely how good it is.",
    )
    assert decide(evaluated(binary, rows=50)).rule == "nothing against it"
    with_goal = replace(binary, params=binary.params.model_copy(update={"goal": 0.9}))
    assert decide(evaluated(with_goal, rows=49)).rule == "nothing against it"


@pytest.mark.parametrize(
    ("rows", "said"), [(9, "there were only 9 malignant cases"), (1, "there was only 1 malignant case")]
)
def test_too_few_of_a_class(binary, rows, said):
    classes = [binary.negative, binary.positive.model_copy(update={"rows": rows})]
    assert decide(evaluated(binary, classes=classes)) == Verdict(
        word="cannot tell",
        rule="too few of a class",
        reason=f"Among the 114 cases that it was checked on {said}; with fewer than 10, "
        "nobody can say how many of them it gets right.",
    )


def test_few_of_one_of_several_classes_do_not_decide(several):
    classes = [found.model_copy(update={"rows": 9}) for found in several.evaluation.classes]
    assert decide(evaluated(several, classes=classes)).rule == "nothing against it"


def test_not_compared(binary):
    assert decide(evaluated(binary, metrics=[])) == Verdict(
        word="cannot tell",
        rule="not compared",
        reason="On the 114 cases that it was checked on, it could not be compared with always answering "
        "“benign”.",
    )


def test_worse_than_the_baseline(regression):
    assert decide(with_headline(regression, -9.0, -4.0, 0.0)) == Verdict(
        word="do not use",
        rule="worse than the baseline",
        reason="On the 89 cases that it was checked on, it did no better than always guessing the average.",
    )


def test_small_gain_at_best(regression):
    # The baseline is 75 from a perfect score, so that 7.5 is where a gain stops to be small.
    assert decide(with_headline(regression, -1.0, 3.0, 7.4)) == Verdict(
        word="do not use",
        rule="small gain at best",
        reason="On the 89 cases that it was checked on, it did not do clearly better than always guessing "
        "the "
        "average. Even if chance was against it, the gain is small.",
    )


def test_gain_may_be_chance(regression):
    assert decide(with_headline(regression, 0.0, 5.0, 7.5)) == Verdict(
        word="cannot tell",
        rule="gain may be chance",
        reason="It was checked on 89 cases. That is too few to tell whether it does better than always "
        "guessing "
        "the average.",
    )


def test_goal_missed(binary):
    facts = replace(binary, params=binary.params.model_copy(update={"goal": 0.995}))
    assert decide(facts) == Verdict(
        word="promising, not yet",
        rule="goal missed",
        reason="It does clearly better than always answering “benign”, but the goal was ROC AUC of at least "
        "0.995, and it reached 0.991 (likely between 0.972 and 1.000).",
    )


def test_goal_not_certain(regression):
    facts = replace(regression, params=regression.params.model_copy(update={"goal": 60.0}))
    assert decide(facts) == Verdict(
        word="promising, not yet",
        rule="goal not certain",
        reason="It does clearly better than always guessing the average and reached the goal, but that "
        "can still "
        "be chance: the goal was RMSE of at most 60, and it reached 54\u00a0points (likely between 47 and "
        "62\u00a0points).",
    )


def test_a_goal_that_the_whole_interval_reaches_is_reached(regression):
    facts = replace(regression, params=regression.params.model_copy(update={"goal": 62.0}))
    assert decide(facts).rule == "nothing against it"


def test_small_gain(regression):
    assert decide(with_headline(regression, 7.4, 13.0, 19.0)) == Verdict(
        word="promising, not yet",
        rule="small gain",
        reason="It does better than always guessing the average, but perhaps only a little: by RMSE the "
        "gain is likely between 7 and 19\u00a0points. No goal was given that says whether this is "
        "enough.",
    )
    assert decide(with_headline(regression, 7.5, 13.0, 19.0)).rule == "nothing against it"


def test_clearly_is_said_only_where_the_whole_gain_is_more_than_small(regression):
    facts = replace(regression, params=regression.params.model_copy(update={"goal": 70.0}))
    assert decide(facts).reason.startswith("It does clearly better than always guessing the average, it was")
    assert decide(with_headline(facts, 1.0, 7.4, 12.0)).reason.startswith(
        "It does better than always guessing the average, it was"
    )


def test_saving_not_certain(binary):
    costs = binary.evaluation.costs.model_copy(
        update={"saving": Estimate(value=2_000.0, low=-15_000.0, high=12_000.0)}
    )
    assert decide(evaluated(binary, costs=costs)) == Verdict(
        word="promising, not yet",
        rule="saving not certain",
        reason="It does clearly better than always answering “benign” at telling cases apart, but its "
        "mistakes may cost no less: for every 100 cases up to 15,000\u00a0€ more or 12,000\u00a0€ less.",
    )


def test_a_small_gain_that_reaches_the_goal_is_enough(regression):
    facts = replace(regression, params=regression.params.model_copy(update={"goal": 80.0}))
    assert decide(with_headline(facts, 1.0, 7.4, 12.0)).rule == "nothing against it"


def test_may_be_too_good(binary):
    facts = with_finding(
        binary, "group_structure", Severity.WARN, "Several rows seem to be one mouse.", ("Mouse",)
    )
    assert decide(facts) == Verdict(
        word="promising, not yet",
        rule="may be too good",
        reason="It does clearly better than always answering “benign”, but the numbers may be better than "
        "they "
        "will be with new cases. Several rows seem to be one mouse (“Mouse”).",
    )


@pytest.mark.parametrize(
    ("looks", "said"), [(4, "4 different models were judged on them"), (1, "they were opened 3 times")]
)
def test_checked_too_often(binary, looks, said):
    facts = with_finding(binary, "holdout_overused", Severity.WARN, "Too many looks.")
    assert decide(evaluated(facts, looks=looks, openings=3)) == Verdict(
        word="promising, not yet",
        rule="checked too often",
        reason="It does clearly better than always answering “benign”, but the cases it was checked on "
        "were no "
        f"longer fresh: {said}. The numbers may flatter it.",
    )


def test_probabilities_off(binary):
    off = CalibrationResult(expected_calibration_error=Estimate(value=0.2), verdict="miscalibrated")
    assert decide(evaluated(binary, calibration=off)) == Verdict(
        word="promising, not yet",
        rule="probabilities off",
        reason="It does clearly better than always answering “benign”, but the probabilities that it "
        "states are "
        "off: what it calls 80 of 100 does not come true 80 times of 100.",
    )


@pytest.mark.parametrize(("amount", "said"), [(1, "there is a group"), (2, "there are 2 groups")])
def test_weak_group(binary, amount, said):
    assert decide(evaluated(binary, slices=[weak()] * amount)) == Verdict(
        word="promising, not yet",
        rule="weak group",
        reason=f"It does clearly better than always answering “benign”, but {said} of cases on which it is "
        "no better than a fixed answer.",
    )


def test_a_group_that_is_not_confirmed_does_not_decide(binary):
    assert decide(evaluated(binary, slices=[weak(confirmed=False)])).rule == "nothing against it"


def test_a_weak_group_where_it_still_beats_the_baseline_does_not_decide(binary):
    better = weak().model_copy(update={"baseline_inside": 0.5})
    assert decide(evaluated(binary, slices=[better])).rule == "nothing against it"
    equal = weak().model_copy(update={"baseline_inside": 0.4})
    assert decide(evaluated(binary, slices=[equal])).rule == "weak group"


def test_the_table_looks_at_everything_that_a_verdict_depends_on_and_is_documented():
    assert {rule.looks_at for rule in RULES} == {
        "findings of leakage", "findings of the data's quality", "interval against the baseline", "goal", "costs",
        "size of the holdout", "use of the holdout", "calibration", "weak slices", "fairness", "all of the above",
    }  # fmt: skip
    assert (repository() / "docs" / "verdict.md").read_text(encoding="utf-8") == verdict_page()


def test_every_rule_is_tried_here(binary, unchecked, regression):
    tried = {name.removeprefix("test_").replace("_", " ") for name in globals() if name.startswith("test_")}
    known = {rule.name for rule in RULES} - {"answer given away"}
    assert known <= tried


def test_a_headline_without_an_interval_is_not_compared(binary):
    headline = MetricResult(
        metric="roc_auc", chosen=Estimate(value=0.9), baseline=Estimate(value=0.5), gain=Estimate(value=0.4)
    )
    facts = replace(
        binary, evaluation=EvaluationResult(evaluated=True, rows=114, metric="roc_auc", metrics=[headline])
    )
    assert decide(facts).rule == "not compared"
