from dataclasses import replace
from typing import Any

import pytest

from helpers.findings import Finding, Severity
from helpers.results import CalibrationResult, Estimate, LearningPoint, SliceResult
from helpers.summary import checks
from helpers.summary.facts import Facts
from helpers.summary.markup import as_text
from helpers.summary.next_steps import MOST_STEPS, next_steps
from helpers.summary.verdict import decide


def evaluated(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, evaluation=facts.evaluation.model_copy(update=changes))


def with_params(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, params=facts.params.model_copy(update=changes))


def with_quality(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, quality=facts.quality.model_copy(update=changes))


def with_finding(facts: Facts, kind: str, severity: Severity, plain: str, *columns: str) -> Facts:
    found = Finding("Q1", kind, severity, "for engineers", plain, columns=columns)
    return replace(facts, findings=(found, *facts.findings), of_data=(found,))


def said(check: checks.Check | None) -> tuple[str, str]:
    assert check is not None
    return check.mark, check.result


def steps(facts: Facts) -> list[str]:
    return [as_text(step) for step in next_steps(facts, decide(facts))]


@pytest.mark.parametrize(
    ("severity", "mark", "result"),
    [
        (Severity.STOP, "problem", "Tips give it away (“tips”)."),
        (Severity.WARN, "look", "Tips give it away (“tips”)."),
        (Severity.NOTE, "fine", "none found"),
    ],
)
def test_leaks(binary, severity, mark, result):
    facts = with_finding(replace(binary, findings=()), "target_leak", severity, "Tips give it away.", "tips")
    assert said(checks.leaks(facts)) == (mark, result)


def test_leaks_that_could_not_be_checked_are_not_called_absent(binary):
    assert said(checks.leaks(replace(binary, findings=()))) == ("unknown", "could not be checked")
    facts = with_finding(replace(binary, findings=()), "target_leak", Severity.NOT_APPLICABLE, "Too small.")
    assert said(checks.leaks(facts)) == ("unknown", "could not be checked")


def test_several_leaks_are_counted(binary):
    facts = with_finding(binary, "target_leak", Severity.STOP, "Tips give it away.")
    facts = with_finding(facts, "target_parts", Severity.STOP, "Parts add up to it")
    assert said(checks.leaks(facts)) == ("problem", "Parts add up to it. And 1 more.")


def test_the_same_thing_on_both_sides(binary):
    assert said(checks.both_sides(binary)) == (
        "unknown",
        "no column was named that says which cases belong together",
    )
    grouped = with_params(binary, group="mouse")
    assert said(checks.both_sides(replace(grouped, split="group"))) == ("fine", "kept apart by mouse")
    assert said(checks.both_sides(replace(grouped, split="time"))) == ("fine", "no mouse is on both sides")
    none_kept = replace(evaluated(grouped, evaluated=False), split="none")
    assert said(checks.both_sides(none_kept)) == ("fine", "kept apart by mouse while models were compared")
    numbered = with_params(binary, id="number")
    assert said(checks.both_sides(replace(numbered, split="id"))) == ("fine", "kept apart by number")
    assert said(checks.both_sides(replace(numbered, split="time")))[0] == "unknown"
    facts = with_finding(binary, "duplicates_across_split", Severity.WARN, "Three cases are on both sides.")
    assert said(checks.both_sides(facts)) == ("look", "Three cases are on both sides.")


def test_repeats(binary):
    assert said(checks.repeats(binary)) == ("fine", "none found")
    assert said(checks.repeats(with_quality(binary, duplicate_rows=1))) == (
        "look",
        "1 of 455 cases repeats another",
    )
    assert said(checks.repeats(with_quality(binary, duplicate_rows=12))) == (
        "look",
        "12 of 455 cases repeat another",
    )


def test_missing(binary):
    assert said(checks.missing(binary)) == ("fine", "none")
    assert said(checks.missing(with_quality(binary, missing_share=0.001))) == (
        "fine",
        "under\u00a01\u00a0% of all values",
    )
    assert said(checks.missing(with_quality(binary, missing_share=0.3))) == (
        "look",
        "30\u00a0% of all values",
    )


def test_over_time(binary):
    assert said(checks.over_time(binary)) == ("unknown", "not checked: no column of time was named")
    assert said(checks.over_time(replace(binary, split="time"))) == ("fine", "checked on the latest cases")
    facts = with_finding(binary, "time_order", Severity.WARN, "The rows have a date.", "day")
    assert said(checks.over_time(facts)) == ("look", "The rows have a date (“day”).")


@pytest.mark.parametrize(
    ("rows", "expected"), [(99, ("look", "only 99")), (100, ("fine", "100")), (1234, ("fine", "1,234"))]
)
def test_enough_checked(binary, rows, expected):
    assert said(checks.enough_checked(evaluated(binary, rows=rows))) == expected


def test_none_checked(unchecked):
    assert said(checks.enough_checked(unchecked)) == ("unknown", "none were kept aside")


def test_looked_before(binary, unchecked):
    assert said(checks.looked_before(binary)) == ("fine", "no, this was the first look")
    assert said(checks.looked_before(evaluated(binary, openings=2))) == (
        "fine",
        "opened twice, always for this model",
    )
    several_looks = evaluated(binary, openings=5, looks=3)
    assert said(checks.looked_before(several_looks)) == ("fine", "3 different models were judged on them")
    overused = with_finding(several_looks, "holdout_overused", Severity.WARN, "Too often.")
    assert said(checks.looked_before(overused)) == ("look", "3 different models were judged on them")
    assert checks.looked_before(unchecked) is None


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("calibrated", ("fine", "no disagreement seen in 114 cases")),
        ("miscalibrated", ("look", "they are off: use them to sort cases, not as percentages")),
        ("cannot tell", ("unknown", "too few cases to tell")),
    ],
)
def test_probabilities(binary, verdict, expected):
    result = CalibrationResult(expected_calibration_error=Estimate(value=0.1), verdict=verdict)
    assert said(checks.probabilities(evaluated(binary, calibration=result))) == expected


def test_a_regression_states_no_probabilities(regression):
    assert checks.probabilities(regression) is None


def test_other_findings(binary):
    assert checks.other_findings(binary) is None
    facts = with_finding(binary, "mixed_type", Severity.WARN, "A column mixes numbers and text.")
    assert said(checks.other_findings(facts)) == ("look", "1 finding for the engineers to look at")


def test_steps_of_a_good_run(binary):
    assert steps(binary) == [
        "Check it on about 130 more malignant cases: the range for those found, now at least 88 of 100, "
        "would "
        "become about half as wide.",
        "Start beside the present way of deciding, and compare the two after the first weeks.",
        "Tell the engineers which cases belong to the same person or thing, if any do: such cases must be "
        "checked together.",
        "Tell the engineers what would be good enough: then the next verdict is measured against it.",
    ]


def test_steps_after_a_leak(binary):
    facts = with_finding(binary, "target_leak", Severity.STOP, "Tips give it away.", "tips")
    assert steps(facts)[0] == "Leave out what gives the answer away: tips. Then run this again."
    assert not any(step.startswith(("Check it on about", "Start beside")) for step in steps(facts))


def test_steps_after_a_suspected_leak(binary):
    facts = with_finding(
        binary, "target_leak", Severity.WARN, "Almost all hangs on it.", "a", "b", "c", "d", "e"
    )
    assert steps(facts)[0] == "Ask whether this is known before the answer is: a, b, c, d and 1 more."


def test_steps_without_holdout(unchecked):
    assert steps(unchecked)[0] == (
        "Keep some cases aside (a fifth of them, for instance) and run this again: only then is there an answer."
    )


def test_steps_after_too_few(binary):
    assert steps(evaluated(binary, rows=25))[0] == (
        "Check it on at least 5 cases more: fewer than 30 cannot give an answer."
    )
    classes = [binary.negative, binary.positive.model_copy(update={"rows": 9})]
    assert steps(evaluated(binary, classes=classes))[0] == "Check it on at least 1 more malignant case."


def test_steps_where_chance_may_be_all(regression):
    headline = regression.evaluation.metrics[0]
    changed = headline.model_copy(update={"gain": Estimate(value=5.0, low=-2.0, high=12.0)})
    facts = evaluated(regression, metrics=[changed])
    assert steps(facts)[0] == "Check it on more cases: about 270 more would halve the doubt."


@pytest.mark.parametrize(("rows", "more"), [(36, "about 110"), (60, "about 180"), (99, "about 300")])
def test_steps_after_few_checked(several, rows, more):
    assert steps(evaluated(several, rows=rows))[0] == (
        f"Check it on {more} more new cases: with only {rows}, the numbers are rough; with these, their "
        "ranges would become about half as wide."
    )
    assert not any("more new cases" in step for step in steps(evaluated(several, rows=100)))


def test_steps_where_nothing_was_better(regression):
    headline = regression.evaluation.metrics[0]
    changed = headline.model_copy(update={"gain": Estimate(value=-5.0, low=-9.0, high=-1.0)})
    assert steps(evaluated(regression, metrics=[changed]))[0] == (
        "Ask those who know the subject what decides the outcome, and whether it is in the table at all."
    )


def test_a_large_weak_group_need_not_be_collected(binary):
    weak = SliceResult(
        description="contract by the month", column="contract", rows=60, measure="error rate", confirmed=True,
        inside=Estimate(value=0.4), outside=Estimate(value=0.1),
    )  # fmt: skip
    assert "Have people decide where it is weak (contract by the month)." in steps(
        evaluated(binary, slices=[weak], costs=None)
    )


def test_a_group_that_is_hard_for_everyone_is_not_taken_from_the_model(binary, regression):
    hard = SliceResult(
        description="contract by the month", column="contract", rows=60, measure="error rate", confirmed=True,
        inside=Estimate(value=0.4), outside=Estimate(value=0.1), baseline_inside=0.5,
    )  # fmt: skip
    assert (
        "Expect more mistakes where it is weak (contract by the month); there, too, it makes fewer than always "
        "answering “benign”."
    ) in steps(evaluated(binary, slices=[hard], costs=None))
    sizes = {"measure": "mean absolute error", "inside": Estimate(value=60.0), "baseline_inside": 71.0}
    assert (
        "Expect larger errors where it is weak (contract by the month); there, too, it errs less than always "
        "guessing the average."
    ) in steps(evaluated(regression, slices=[hard.model_copy(update=sizes)], costs=None))
    useless = hard.model_copy(
        update={"description": "age above 60 years", "baseline_inside": 0.4, "rows": 18}
    )
    assert "Have people decide where it is weak (age above 60 years), or collect more such cases." in steps(
        evaluated(binary, slices=[hard, useless], costs=None)
    )
    # With prices, more of the cheap mistakes are what was asked for.
    assert not [step for step in steps(evaluated(binary, slices=[useless])) if "where it is weak" in step]


def test_a_model_in_use_that_was_chosen_stays(binary):
    kept = binary.selection.model_copy(update={"chosen": "incumbent_random_forest"})
    said = steps(replace(binary, selection=kept))
    assert "Keep the model that is in use: no other was shown to be better." in said
    assert not [step for step in said if step.startswith("Start beside")]


def test_many_cases_of_a_class_are_enough(binary):
    many = binary.positive.model_copy(update={"rows": 101})
    assert not steps(evaluated(binary, classes=[binary.negative, many]))[0].startswith("Check it on")


def test_steps_for_what_was_found(binary):
    weak = SliceResult(
        description="age above 60 years", column="age", rows=18, measure="error rate", confirmed=True,
        inside=Estimate(value=0.4), outside=Estimate(value=0.1),
    )  # fmt: skip
    off = CalibrationResult(expected_calibration_error=Estimate(value=0.2), verdict="miscalibrated")
    facts = with_finding(
        evaluated(binary, slices=[weak], calibration=off, costs=None),
        "holdout_overused",
        Severity.WARN,
        "Too often.",
    )
    assert steps(facts)[1:4] == [
        "Have people decide where it is weak (age above 60 years), or collect more such cases.",
        "Use its probabilities to sort cases, not as percentages, until they have been corrected.",
        "Check it once on new cases that nobody has looked at.",
    ]


def test_more_data_only_where_the_curve_still_rises_beyond_doubt(regression):
    def curve(before: Estimate, last: Estimate) -> Facts:
        points = [
            LearningPoint(rows=rows, train=last, validation=score)
            for rows, score in ((200, before), (400, last))
        ]
        selection = regression.selection.model_copy(update={"learning_curve": points})
        risen: Facts = replace(regression, selection=selection)
        return risen

    sentence = "Collect more cases to learn from: from 200 to 400 of them it still got clearly better."
    rising = curve(Estimate(value=70, low=66, high=74), Estimate(value=60, low=55, high=65))
    flat = curve(Estimate(value=70, low=64, high=74), Estimate(value=60, low=55, high=65))
    assert sentence in steps(rising)
    assert sentence not in steps(flat)


def test_steps_towards_a_goal(binary):
    facts = with_params(binary, goal=0.999)
    assert (
        "Let the computer search for a better setting of the model; so far it tried only the usual ones."
        in (steps(facts))
    )
    searched = replace(facts, selection=facts.selection.model_copy(update={"trials": 50}))
    assert "Look for further information about each case; more searching alone is unlikely to be enough." in (
        steps(searched)
    )


def test_costs_are_asked_for_where_none_were_given(several):
    assert "Tell the engineers what a wrong answer costs: then the next report can count in money." in steps(
        several
    )


def test_never_more_steps_than_five(regression):
    facts = with_finding(regression, "time_order", Severity.WARN, "By date.", "day")
    facts = with_finding(facts, "target_leak", Severity.WARN, "Hangs on it.", "a")
    facts = with_finding(facts, "group_structure", Severity.WARN, "Groups.", "mouse")
    assert len(steps(facts)) == MOST_STEPS
    assert (
        "Tell the engineers which column names one person or thing (mouse), and check again with such cases "
        "together."
    ) in steps(facts)
    assert (
        "Check it again on the latest cases by day: a model for the future must be judged on them."
        in steps(facts)
    )
