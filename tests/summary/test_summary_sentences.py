from dataclasses import replace
from typing import Any

import pytest

from helpers.findings import Finding, Severity
from helpers.results import CostResult, Estimate, ImportanceResult, SliceResult
from helpers.summary import costs, drivers, failures, savings, sentences
from helpers.summary.facts import Facts
from helpers.summary.markup import as_text
from helpers.summary.names import baseline, cases_of, cases_that, counted


def evaluated(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, evaluation=facts.evaluation.model_copy(update=changes))


def with_params(facts: Facts, **changes: Any) -> Facts:
    return replace(facts, params=facts.params.model_copy(update=changes))


def with_positive(facts: Facts, **changes: Any) -> Facts:
    assert facts.positive is not None
    return evaluated(facts, classes=[facts.negative, facts.positive.model_copy(update=changes)])


def span(value: float | None, low: float | None = None, high: float | None = None) -> Estimate:
    return Estimate(value=value, low=low, high=high)


def text(sentence: str | None) -> str:
    return as_text(sentence or "")


@pytest.mark.parametrize(
    ("name", "amount", "expected"),
    [
        ("malignant", 2, "malignant cases"),
        ("malignant", 1, "malignant case"),
        ("Iris setosa", 3, "Iris setosa cases"),
        ("Yes", 2, "cases where Churn is “Yes”"),
        ("1", 1, "case where Churn is “1”"),
        ("class_0", 2, "cases where Churn is “class_0”"),
        ("<b>&", 2, "cases where Churn is “<b>&”"),
        ("x" * 100, 2, f"cases where Churn is “{'x' * 39}…”"),
    ],
)
def test_cases_of_a_class(binary, name, amount, expected):
    assert cases_of(name, replace(binary, target="Churn"), amount=amount) == expected


def test_cases_of_a_class_to_which_something_happened(binary):
    facts = replace(binary, target="Churn")
    assert cases_that("malignant", facts, "found") == "malignant cases found"
    assert cases_that("Yes", facts, "found") == "cases found where Churn is “Yes”"


def test_counted():
    assert [counted(amount) for amount in (0, 1, 1234)] == ["0 cases", "1 case", "1,234 cases"]


def test_baseline_in_words(binary, regression, unchecked):
    assert baseline(binary) == "always answering “benign”"
    assert baseline(unchecked) == "always giving the most frequent answer"
    assert baseline(regression) == "always guessing the average"
    assert baseline(evaluated(regression, metric="mae")) == "always guessing the middle value"


def test_caution(binary):
    stop = Finding("Q1", "target_leak", Severity.STOP, "", "A leak.")
    warn = Finding("Q1", "group_structure", Severity.WARN, "", "A group.")
    assert sentences.caution(binary) is None
    assert text(sentences.caution(replace(binary, findings=(stop,)))) == (
        "Do not rely on these numbers: what is said at the top makes them worthless."
    )
    assert text(sentences.caution(replace(binary, findings=(warn,)))) == (
        "With new cases these numbers may turn out worse."
    )
    chosen = binary.selection.model_copy(update={"chosen": "baseline"})
    assert text(sentences.caution(replace(binary, selection=chosen))) == (
        "No model was chosen: these are the numbers of always answering “benign”."
    )


def test_counts_behind_the_cards(binary):
    assert sentences.found_detail(binary.positive) == "41 of the 42 checked; likely at least 88 of 100"
    assert sentences.alarm_detail(binary.positive, binary.negative) == (
        "2 of the 72 checked; likely between 1 and 10 of 100"
    )


def test_counts_are_not_said_twice_where_the_card_gives_them(binary):
    all_found = binary.positive.model_copy(update={"found": span(1.0, 0.916, 1.0)})
    assert sentences.found_detail(all_found) == "Likely at least 92 of 100"
    few = binary.positive.model_copy(update={"found": span(0.625, 0.3, 0.87), "rows": 8})
    assert sentences.found_detail(few) == "Likely between 30 and 87 of 100"


def test_what_the_baseline_would_find(binary):
    assert text(sentences.beside_baseline(binary)) == (
        "For comparison, always answering “benign” would find none of them and raise no false alarm."
    )
    other = with_positive(binary, baseline_found=1.0, baseline_false_alarm=1.0)
    assert text(sentences.beside_baseline(other)).endswith(
        "would find all of them but raise a false alarm every time."
    )
    assert sentences.beside_baseline(with_positive(binary, baseline_found=0.4)) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "When it said “malignant”, it was right 95 of 100 times (likely between 84 and 99 of 100)."),
        (
            {"right": span(1.0, 0.91, 1.0), "false_alarm": span(0.0, 0.0, 0.05)},
            "When it said “malignant”, it was right every time, 41 times (likely at least 91 of 100).",
        ),
        (
            {"right": span(0.5, 0.1, 0.9), "found": span(1 / 42), "false_alarm": span(1 / 72)},
            "When it said “malignant”, it was right 1 of 2 times (likely between 10 and 90 of 100).",
        ),
        ({"right": span(None), "found": span(0.0)}, "It never said “malignant” of a checked case."),
    ],
)
def test_how_often_the_positive_answer_is_right(binary, changes, expected):
    assert text(sentences.when_it_says(with_positive(binary, **changes))) == expected


def test_checked_on(binary):
    start = "It was checked on 114 cases that it had never seen, 20\u00a0% of the table"
    assert text(sentences.checked_on(binary)) == f"{start}."
    assert text(sentences.checked_on(replace(binary, split="time"))) == f"{start}: the latest ones."
    assert text(sentences.checked_on(replace(binary, split="group"))) == (
        f"{start}: none of which belongs to a group that it had seen."
    )


def test_one_case_more(binary, several, regression):
    assert text(sentences.one_case_more(binary)) == (
        "Among them were 42 malignant cases; a single one of these found or missed changes the share "
        "found of that kind by about 2 of 100."
    )
    assert text(sentences.one_case_more(with_positive(binary, rows=1))).startswith(
        "Among them was 1 malignant case; a single one"
    )
    assert sentences.one_case_more(with_positive(binary, rows=101)) is None
    assert "16 cases where grower is “class_2”" in text(sentences.one_case_more(several))
    assert sentences.one_case_more(regression) is None


def test_the_measure_behind_the_verdict(binary, regression):
    assert text(sentences.by_the_metric(binary)) == (
        "The measure behind the verdict is ROC AUC: 0.991 (likely between 0.972 and 1.000) for this "
        "model, 0.50 "
        "for always answering “benign”; higher is better. The gain over that is likely between "
        "0.472 and 0.500."
    )
    assert text(sentences.by_the_metric(regression)) == (
        "The measure behind the verdict is RMSE: 54\u00a0points (likely between 47 and 62\u00a0points) "
        "for this "
        "model, 75\u00a0points for always guessing the average; lower is better. The gain over that is likely "
        "between 13 and 28\u00a0points."
    )


@pytest.mark.parametrize(
    ("goal", "outcome"),
    [
        (0.995, "ROC AUC of at least 0.995: it was missed."),
        (0.98, "ROC AUC of at least 0.98: it was reached, but that can still be chance."),
        (0.9, "ROC AUC of at least 0.9: it was reached."),
    ],
)
def test_goal(binary, goal, outcome):
    assert text(sentences.goal(with_params(binary, goal=goal))) == f"The goal was {outcome}"
    assert sentences.goal(binary) is None


def test_without_holdout(unchecked):
    assert text(sentences.not_measured(unchecked)) == (
        "How good it is was not measured: all 569 cases were used to work the model out, and none was "
        "kept aside "
        "to check it on."
    )
    assert text(sentences.from_cross_validation(unchecked)) == (
        "What is known comes from cross-validation, by ROC AUC: 0.990 (likely between 0.980 and 1.000) "
        "for this "
        "model, 0.50 for always giving the most frequent answer; higher is better. That is a first "
        "impression and "
        "usually a little too good, because the same numbers decided which model was chosen."
    )


def test_errors_in_proportion(regression):
    assert text(sentences.errors_in_proportion(regression)) == (
        "To compare: nine of ten of the values to predict lie between 50 and 280\u00a0points."
    )


def test_an_alarm_set_by_costs(binary, several):
    assert text(sentences.set_by_costs(binary)) == (
        "It is set to raise the alarm early, because a miss costs more."
    )
    assert text(sentences.set_by_costs(evaluated(binary, threshold=0.8))) == (
        "It is set to raise the alarm late, because a false alarm costs more."
    )
    assert sentences.set_by_costs(evaluated(binary, threshold=0.5)) is None
    assert text(sentences.set_by_costs(evaluated(binary, costs=None))) == (
        "It says “malignant” where it holds that the likelier answer; another limit would find more or raise "
        "fewer false alarms. What each kind of mistake costs was not given."
    )
    assert sentences.set_by_costs(several) is None


def test_overall_share_comes_from_the_confusion_where_accuracy_is_missing(several):
    without = evaluated(several, metrics=several.evaluation.metrics[:1])
    assert sentences.overall_share(several) == span(0.95, 0.863, 0.983)
    assert sentences.overall_share(without) == span(57 / 60)
    assert sentences.baseline_share(several) == 0.4
    assert sentences.baseline_share(without) == 24 / 60


def test_prices(binary, several, regression):
    assert costs.prices(binary) == (
        "a missed malignant case at 10,000\u00a0€ and a false alarm at 200\u00a0€"
    )
    one = binary.params.costs.model_copy(update={"false_positive": None})
    assert costs.prices(with_params(binary, costs=one)) == "a missed malignant case at 10,000\u00a0€"
    wrong = binary.params.costs.model_copy(update={"mistake": 5.0, "unit": ""})
    assert costs.prices(with_params(several, costs=wrong)) == "a wrong answer at 5"
    uneven = binary.params.costs.model_copy(update={"too_low": 3.0, "too_high": 1.0})
    assert costs.prices(with_params(regression, costs=uneven)) == (
        "each unit (points) too low at 3\u00a0€ and each unit (points) too high at 1\u00a0€"
    )
    assert costs.prices(several) is None


def test_what_mistakes_cost(binary, several):
    assert text(costs.of_mistakes(binary)) == (
        "With a missed malignant case at 10,000\u00a0€ and a false alarm at 200\u00a0€, mistakes cost about "
        "9,000\u00a0€ (likely at most 26,000\u00a0€) for every 100 cases, and always answering “benign” "
        "would "
        "cost about 370,000\u00a0€ (likely between 280,000 and 460,000\u00a0€). It saves about 360,000\u00a0€ "
        "(likely between 250,000 and 460,000\u00a0€) at the costs given."
    )
    assert costs.of_mistakes(several) is None


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (
            1_200,
            2_400,
            "It saves about 1,800\u00a0€ (likely between 1,200 and 2,400\u00a0€) at the costs given.",
        ),
        (-3_000, 1_000, "The difference may be chance: up to 3,000\u00a0€ more or 1,000\u00a0€ less."),
        (-3_000, -1_000, "The difference may be chance: 1,000\u00a0€ to 3,000\u00a0€ more."),
        (None, None, None),
    ],
)
def test_saving(low, high, said):
    result = CostResult(unit="€", chosen=span(5.0), baseline=span(9.0), saving=span(1_812, low, high))
    assert as_text(savings.saving(result) or "") == (said or "")


def test_threshold_by_costs(binary):
    assert text(costs.threshold(binary)) == (
        "To keep that low, it says “malignant” already from a probability of 12\u00a0% on; with the usual "
        "50\u00a0% it would cost about 18,000\u00a0€."
    )
    alone = CostResult(unit="€", chosen=span(5.0), baseline=span(9.0), saving=span(4.0))
    assert text(costs.threshold(evaluated(binary, costs=alone, threshold=0.7))) == (
        "To keep that low, it says “malignant” only from a probability of 70\u00a0% on."
    )
    assert costs.threshold(evaluated(binary, threshold=0.5)) is None
    cheaper = alone.model_copy(update={"without_threshold": span(4.0)})
    assert text(costs.threshold(evaluated(binary, costs=cheaper, threshold=0.4))) == (
        "To keep that low, it says “malignant” already from a probability of 40\u00a0% on. That was settled "
        "before these cases were looked at; on them the usual 50\u00a0% would have cost less: "
        "about 4.0\u00a0€."
    )
    same = alone.model_copy(update={"without_threshold": span(4.98)})
    assert text(costs.threshold(evaluated(binary, costs=same, threshold=0.4))).endswith(
        "on them the usual 50\u00a0% would have cost about the same: about 5.0\u00a0€."
    )


def test_what_answers(binary):
    assert (
        text(drivers.what_answers(binary))
        == "It answers through many decision trees that vote (random forest)."
    )
    none = binary.selection.model_copy(update={"chosen": "baseline"})
    assert drivers.what_answers(replace(binary, selection=none)) is None


def importance(*lows: float) -> list[ImportanceResult]:
    return [
        ImportanceResult(column=str(place), label=f"Column {place}", worse_by=span(low + 0.1, low, low + 0.2))
        for place, low in enumerate(lows)
    ]


def test_only_clear_columns_drive_it(binary):
    assert [found.label for found in drivers.clear(binary)] == [
        "Largest perimeter",
        "Deepest dents",
        "Average texture",
    ]


@pytest.mark.parametrize(
    ("lows", "expected"),
    [
        ((0.5, 0.4), ""),
        ((0.5, -0.1), "1 other column makes no clear difference alone."),
        ((0.5, -0.1, -0.2), "2 other columns make no clear difference alone."),
        ((0.9, 0.8, 0.7, 0.6, 0.5, 0.4), "1 more column matters less than these."),
        (
            (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, -0.1),
            "2 more columns matter less than these and 1 other column makes no clear difference alone.",
        ),
        (
            (-0.1, -0.2),
            "No column stands out: of the 2 columns examined, none makes a clear difference alone. "
            "That happens when several say much the same.",
        ),
        ((), ""),
    ],
)
def test_the_columns_that_are_not_shown(binary, lows, expected):
    assert text(drivers.the_rest(evaluated(binary, importance=importance(*lows)))) == expected


def test_mistakes(binary, several, regression):
    assert text(failures.mistakes(binary)) == (
        "Of the 114 cases that it was checked on, it got 3 wrong: it missed 1 malignant case and raised "
        "2 false alarms."
    )
    assert text(failures.mistakes(several)) == (
        "Of the 60 cases that it was checked on, it got 3 wrong: most often it took “class_1” for "
        "“class_2” (twice)."
    )
    right = evaluated(several, confusion=[[20, 0, 0], [0, 24, 0], [0, 0, 16]])
    assert text(failures.mistakes(right)) == "It got all 60 cases right that it was checked on."
    once = evaluated(several, confusion=[[20, 0, 0], [0, 23, 1], [0, 0, 16]])
    assert text(failures.mistakes(once)).endswith("got 1 wrong: it took “class_1” for “class_2” (once).")
    assert failures.mistakes(regression) is None


def group(confirmed: bool, **changes: Any) -> SliceResult:
    values: dict[str, Any] = {
        "description": "perimeter up to 85 mm", "column": "perimeter", "rows": 50, "rows_confirming": 18,
        "measure": "error rate", "p_corrected": 0.19, "inside": span(7 / 18, 0.2, 0.62), "outside": span(1 / 96, 0.0, 0.05), "confirmed": confirmed,
    }  # fmt: skip
    return SliceResult(**{**values, **changes})


def test_confirmed_groups(binary, regression):
    said = failures.weak_groups(evaluated(binary, slices=[group(True), group(False)]))
    assert [text(one) for one in said] == [
        "perimeter up to 85 mm (18 cases that had not served to find it): 7 of 18 wrong (likely between 20 "
        "and 62 of 100); elsewhere about 1 of 100."
    ]
    large = group(True, rows_confirming=36)
    assert text(failures.weak_groups(evaluated(binary, slices=[large]))[0]).startswith(
        "perimeter up to 85 mm (36 cases that had not served to find it): about 39 of 100 wrong"
    )
    off = group(
        True, measure="mean absolute error", inside=span(60.0, 51.0, 73.0), outside=span(30.0, 25.0, 34.0)
    )
    assert text(failures.weak_groups(evaluated(regression, slices=[off]))[0]) == (
        "perimeter up to 85 mm (18 cases that had not served to find it): off by 60\u00a0points on average "
        "(likely between 51 and 73\u00a0points); elsewhere 30\u00a0points."
    )


def test_what_the_baseline_does_stands_beside_a_weak_group(binary, regression):
    (said,) = failures.weak_groups(evaluated(binary, slices=[group(True, baseline_inside=0.48)]))
    assert text(said).endswith(
        "elsewhere about 1 of 100. There always answering “benign” is wrong in about 48 of 100."
    )
    off = group(
        True, measure="mean absolute error", inside=span(60.0, 51.0, 73.0), outside=span(30.0, 25.0, 34.0),
        baseline_inside=71.3,
    )  # fmt: skip
    (said,) = failures.weak_groups(evaluated(regression, slices=[off]))
    assert text(said).endswith("There always guessing the average is off by 71\u00a0points.")


def test_the_groups_are_announced(binary):
    start = "clearly worse than the rest, as cases that had not served to find"
    one, two = [group(True)], [group(True), group(True), group(False)]
    assert text(failures.weak_lead(evaluated(binary, slices=one))) == f"One group does {start} it confirm:"
    assert text(failures.weak_lead(evaluated(binary, slices=two))) == f"Some groups do {start} them confirm:"
    assert failures.weak_lead(binary) is None


def test_no_group(binary):
    assert text(failures.no_group(binary)) == (
        "No group of cases stood out as clearly worse than the rest. With 114 cases checked, only large "
        "differences could have shown."
    )
    assert text(failures.no_group(evaluated(binary, rows=1000))).endswith(
        "A weakness in a very small group could still have gone unseen."
    )
    assert failures.no_group(evaluated(binary, slices=[group(True)])) is None


def test_groups_that_were_not_examined_are_not_called_fine(binary):
    assert text(failures.no_group(evaluated(binary, slices_examined=False))) == (
        "Whether it does worse for some kinds of cases was not examined: 114 checked cases are too few to "
        "tell."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"p_corrected": None},
        {"p_corrected": 0.2},
        {"inside": span(0.100, 0.0, 0.4), "outside": span(0.097, 0.05, 0.2)},
        {"inside": span(0.0, 0.0, 0.2), "outside": span(0.1, 0.05, 0.2)},
        {"inside": span(None)},
        {"measure": "mean absolute error", "inside": span(30.3, 20, 45), "outside": span(29.9, 28, 31)},
    ],
)
def test_a_group_that_may_well_be_chance_is_not_named(binary, changes):
    assert failures.suspect(evaluated(binary, slices=[group(False, **changes)])) is None


def test_a_suspected_group_is_said_to_be_no_more(binary):
    assert text(failures.suspect(evaluated(binary, slices=[group(False)]))) == (
        "The weakest group: perimeter up to 85 mm (18 cases that had not served to find it): 7 of 18 wrong; "
        "elsewhere about 1 of 100. That can be chance, and is worth a look."
    )
    assert failures.suspect(binary) is None
    assert failures.suspect(evaluated(binary, slices=[group(True)])) is None


def test_a_number_is_a_link_into_a_report(binary):
    assert '<a href="05_evaluation.html#costs">about 9,000\u00a0€ (likely at most 26,000\u00a0€)</a>' in str(
        costs.of_mistakes(binary)
    )
    assert '<a href="05_evaluation.html#holdout">114 cases</a>' in sentences.checked_on(binary)
