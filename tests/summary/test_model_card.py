"""The model card: each part's whole text, and what a hostile name does in Markdown and in the report."""

from dataclasses import replace

import pytest

from helpers.findings import Finding, Severity
from helpers.results import CoverageResult, Estimate, SliceResult
from helpers.summary import model_card as card
from helpers.summary.card_text import Card, Listing, Part, as_markdown, as_markup
from helpers.summary.verdict import decide

HOSTILE = "<script>x</script>|`a`\n# *b* [c](d) $e$ {{ 7*7 }} ~~f~~ &amp;" + "g" * 10_000


def span(value, low=None, high=None):
    return Estimate(value=value, low=low, high=high)


def finding(kind, severity, plain):
    return Finding("Q100", kind, severity, "for engineers", plain)


def with_evaluation(facts, **changes):
    return replace(facts, evaluation=facts.evaluation.model_copy(update=changes))


def test_the_parts_are_in_the_order_of_the_card(binary, unchecked):
    whole = card.model_card(binary, decide(binary))
    assert whole.title == "Model card: try"
    assert [part.heading for part in whole.parts] == [
        "Model", "Intended use", "Data", "Metrics", "By class", "By group", "Costs", "Limits",
    ]  # fmt: skip
    short = card.model_card(unchecked, decide(unchecked))
    assert [part.heading for part in short.parts] == ["Model", "Intended use", "Data", "Metrics", "Limits"]


def test_model(binary):
    assert card.model(binary).says == (
        "Random forest (many decision trees that vote). It learned from 455 cases, and was chosen by ROC AUC in "
        "a cross-validation.",
        "It answers “malignant” from a stated probability of 0.120 on.",
    )
    none = replace(binary, selection=binary.selection.model_copy(update={"chosen": "baseline"}))
    assert card.model(none).says[0] == (
        "No model was chosen. What answers is the baseline: always answering “benign”."
    )


def test_intended_use(binary, several, regression):
    said = card.intended_use(binary, decide(binary)).says
    assert said[:2] == (
        "The question: Is the lump malignant?",
        "It answers with one of the two values of kind, and how probable each is, for cases like those in the "
        "table that it learned from. For other cases nothing here was measured.",
    )
    assert said[2].startswith("Verdict: use it. It does clearly better than always answering “benign”, ")
    assert "one of the values of grower, and" in card.intended_use(several, decide(several)).says[1]
    assert "with a number, progression in points, for" in card.intended_use(
        regression, decide(regression)
    ).says[1]  # fmt: skip


def test_data(binary, unchecked):
    part = card.data(binary)
    assert part.says == (
        "569 rows and 31 columns. No value that it could learn from is missing.",
        "It learned from 455 cases; 114 cases were kept aside to check it, parted at random, with every "
        "part of the target in the same share on both sides.",
        "No check of the data found anything serious.",
    )
    assert part.listing is None
    one = binary.quality.model_copy(
        update={"rows": 1, "columns": 1, "holdout_rows": 1, "development_rows": 1, "missing_share": 0.004}
    )
    assert card.data(replace(binary, quality=one, split="time")).says[:2] == (
        "1 row and 1 column. Under 1 % of the values that it could learn from are missing.",
        "It learned from 1 case; 1 case was kept aside to check it, parted by time: the latest were kept aside.",
    )
    assert card.data(unchecked).says[1] == "It learned from all 569 cases; none was kept aside."


def test_data_lists_what_was_found_the_gravest_first(binary):
    found = [finding("outlier", Severity.WARN, f"Number {place}.") for place in range(13)]
    grave = finding("target_leak", Severity.STOP, "It is given away.")
    part = card.data(replace(binary, of_data=(*found, grave)))
    assert part.says[-1] == "Of 14 serious findings the gravest 12 are listed."
    assert part.listing is not None and part.listing.rows[:2] == (
        ("Q100", "stop", "It is given away."),
        ("Q100", "warn", "Number 0."),
    )


def test_metrics(binary, regression, unchecked):
    part = card.metrics(binary)
    assert part is not None and part.listing is not None
    assert part.says == (
        "On 114 cases that it had never seen. They had been opened once, this time included.",
    )
    assert part.listing.rows == (
        ("ROC AUC", "0.991 (likely between 0.972 and 1.000)", "0.500",
         "0.491 (likely between 0.472 and 0.500)", "higher"),
    )  # fmt: skip
    numbers = card.metrics(regression)
    assert numbers is not None and numbers.listing is not None
    assert numbers.listing.rows[0][:2] == ("RMSE", "54\u00a0points (likely between 47 and 62\u00a0points)")
    nothing = card.metrics(unchecked)
    assert nothing is not None and nothing.says == ("holdout is 0",)


def test_by_class(binary, several):
    part = card.by_group(binary)
    assert part is not None and part.listing is not None
    assert part.listing.rows == (
        ("Benign cases", "72", "97 of 100 (likely between 90 and 99 of 100)",
         "99 % (likely at least 92 of 100)"),
        ("Malignant cases", "42", "98 of 100 (likely at least 88 of 100)",
         "95 % (likely between 84 and 99 of 100)"),
    )  # fmt: skip
    many = card.by_group(with_evaluation(several, classes=several.evaluation.classes * 5))
    assert many is not None and many.says == ("3 more classes in the evaluation.",)


def test_errors(regression):
    part = card.by_group(regression)
    assert part is not None and part.listing is not None
    assert (part.heading, part.says) == (
        "Errors",
        ("Nine of ten true values lie between 50 and 280\u00a0points.",),
    )
    assert part.listing.rows[0] == (
        "half of the answers are off by less than",
        "41\u00a0points (likely between 35 and 49\u00a0points)",
    )


def test_intervals(binary, regression):
    assert card.intervals(binary) is None
    held = [
        CoverageResult(group=group, rows=rows, level=0.9, share=span(*share), size=size)
        for group, rows, share, size in (
            ("all rows", 120, (0.9, 0.83, 0.94), 172.5),
            ("Sex: 2", 50, (0.8, 0.67, 0.89), 172.5),
        )
    ]
    part = card.intervals(with_evaluation(regression, coverage=held))
    assert part is not None and part.listing is not None
    assert (part.heading, part.says) == (
        "Intervals",
        (
            "With each prediction for a new case comes an interval that shall hold the truth in 90 % of cases: "
            "on average, not for each group.",
        ),
    )
    assert part.listing.titles == ("Cases", "Checked", "Truth inside", "Mean width")
    assert part.listing.rows[1] == (
        "Sex: 2", "50", "80 of 100 (likely between 67 and 89 of 100)", "172\u00a0points",
    )  # fmt: skip
    sets = card.intervals(with_evaluation(binary, coverage=held))
    assert sets is not None and sets.listing is not None
    assert (sets.heading, sets.listing.titles[-1]) == ("Sets of values", "Values in the set, mean")


def test_by_group(binary, regression, unchecked):
    assert card.weak_groups(unchecked) is None
    part = card.weak_groups(binary)
    assert part is not None
    assert part.says == ("No group of cases was found on which it does worse than on the rest.",)
    part = card.weak_groups(with_evaluation(binary, slices_examined=False))
    assert part is not None
    assert part.says == ("Not examined: 114 cases are too few to look for groups that fare worse.",)
    group = SliceResult(
        description="Age above 60", column="age", rows=40, rows_confirming=20, measure="error rate",
        inside=span(0.4, 0.2, 0.6), outside=span(0.004, 0.0, 0.1), p_corrected=0.01, confirmed=True,
    )  # fmt: skip
    part = card.weak_groups(with_evaluation(binary, slices=[group]))
    assert part is not None and part.listing is not None
    assert part.listing.rows == (("Age above 60", "20", "40 %", "under 1 %", "yes"),)
    off = group.model_copy(
        update={"measure": "mean absolute error", "inside": span(12.34), "confirmed": False}
    )
    part = card.weak_groups(with_evaluation(regression, slices=[off]))
    assert part is not None and part.listing is not None
    assert part.listing.rows[0][2:] == ("12\u00a0points", "0.0040\u00a0points", "no")


def test_costs(binary, several):
    part = card.costs(binary)
    assert part is not None and part.listing is not None
    assert part.listing.rows[0] == ("Model", "9,000\u00a0€ (likely at most 26,000\u00a0€)")
    assert card.costs(several) is None


def test_limits(binary, several):
    always = (
        "An interval says how far chance moves a number, not what changes when the cases do.",
        "What drives the model is what it relies on; it need not be what brings the outcome about.",
    )
    assert card.limits(binary, decide(binary)).says == (
        "Not known: whether it is good enough (no goal was given).", *always
    )  # fmt: skip
    assert card.limits(several, decide(several)).says[:3] == (
        "Not known: whether it is good enough (no goal was given).",
        "Not known: what its mistakes cost (no costs were given).",
        "Not known: whether the probabilities that it states are off (too few cases).",
    )
    off = binary.evaluation.calibration.model_copy(update={"verdict": "miscalibrated"})
    facts = with_evaluation(binary, calibration=off, looks=3)
    assert card.limits(facts, decide(facts)).says[1:4] == (
        "The probabilities that it states were found to be off.",
        "The probabilities that it states are off: read them as an order, not as shares.",
        "3 different models were judged on the same cases, so the numbers may flatter this one.",
    )


@pytest.fixture
def hostile():
    return Card(
        HOSTILE, (Part(HOSTILE, (HOSTILE,), Listing(HOSTILE, (HOSTILE, "b"), ((HOSTILE, HOSTILE),))),)
    )


def test_hostile_names_are_text_in_markdown(hostile):
    written = as_markdown(hostile)
    lines = written.splitlines()
    assert [line[:12] for line in lines if line.startswith("#")] == ["# \\<script\\>", "## \\<script\\"]
    assert all(
        line.count(" | ") == 1 for line in lines if line.startswith("| ")
    )  # two cells, whatever they hold
    assert "](d)" not in written.replace("\\](d)", "") and len(written) < 6_000


def test_hostile_names_are_text_in_the_report(hostile):
    shown = as_markup(hostile)
    assert "<script" not in shown and shown.count("<details>") == 1 and "&lt;script&gt;" in shown


def test_a_card_as_markdown():
    listing = Listing("Sizes", ("What", "Value"), (("a", "1"),))
    made = Card("Model card: try", (Part("Data", ("5 rows.",), listing, "01_data_quality.html#overview"),))
    assert as_markdown(made) == (
        "# Model card: try\n\n## Data\n\n5 rows.\n\nSizes:\n\n| What | Value |\n| --- | --- |\n| a | 1 |\n\n"
        "[Where this was computed](01_data_quality.html#overview)\n"
    )
