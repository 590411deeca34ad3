"""The model card: what the model is, what it is for, on what it rests, how it does by group, where it ends.

Built from the same facts as the summary (the parts follow Mitchell and others, Model Cards for Model
Reporting, 2019). Each function gives one part, or None where it does not apply.
"""

from pathlib import Path

import helpers.files as files
from helpers.findings import SERIOUS, by_severity
from helpers.metrics import IN_TARGET_UNITS, METRICS, Task
from helpers.results import Estimate, SliceResult, Verdict
from helpers.summary import places
from helpers.summary.card_text import Card, Listing, Part, as_markdown
from helpers.summary.facts import Facts
from helpers.summary.names import baseline, cases_of, counted
from helpers.summary.verdict import RULES
from helpers.wording import (
    between,
    capital,
    count,
    likely_of_hundred,
    measured,
    name,
    number,
    of_hundred,
    percent,
    quoted,
    times,
    with_unit,
)

MOST_GROUPS = 12
MOST_FINDINGS = 12
_SPLITS = {
    "stratified": "at random, with every part of the target in the same share on both sides",
    "random": "at random",
    "id": "by the column that names a row, so that a row stays on its side for ever",
    "group": "by group, so that no group is on both sides",
    "time": "by time: the latest were kept aside",
}


def model_card(facts: Facts, verdict: Verdict) -> Card:
    """Return the model card of a run."""
    parts = (
        model(facts), intended_use(facts, verdict), data(facts), metrics(facts), by_group(facts),
        intervals(facts), weak_groups(facts), costs(facts), limits(facts, verdict),
    )  # fmt: skip
    title = f"Model card: {name(facts.params.experiment)}"
    return Card(title, tuple(part for part in parts if part))


def write_model_card(card: Card, path: Path) -> None:
    """Write the card as Markdown to `path`, atomically."""
    files.write_text(path, as_markdown(card))


def model(facts: Facts) -> Part:
    """Say what kind of model answers, and from when on it says yes."""
    selection, evaluation = facts.selection, facts.evaluation
    if selection.chosen == "baseline":
        said = [f"No model was chosen. What answers is the baseline: {baseline(facts)}."]
    else:
        said = [
            f"{capital(selection.chosen_label)} ({selection.chosen_plain.rstrip('.')}). It learned from "
            f"{counted(selection.rows)}, and was chosen by {facts.metric.label} in a cross-validation."
        ]
    if evaluation.threshold is not None and evaluation.positive is not None:
        said.append(
            f"It answers {quoted(evaluation.positive)} from a stated probability of "
            f"{number(evaluation.threshold)} on."
        )
    return Part("Model", tuple(said), place=places.CHOSEN)


def intended_use(facts: Facts, verdict: Verdict) -> Part:
    """Say which question it is for, what it answers, and what the verdict on using it is."""
    unit = f" in {name(facts.unit)}" if facts.unit else ""
    what = {
        Task.REGRESSION: f"with a number, {name(facts.target)}{unit}",
        Task.BINARY: f"with one of the two values of {name(facts.target)}, and how probable each is",
        Task.MULTICLASS: f"with one of the values of {name(facts.target)}, and how probable each is",
    }[facts.task]
    return Part(
        "Intended use",
        (
            f"The question: {name(facts.params.question, limit=300)}",
            f"It answers {what}, for cases like those in the table that it learned from. For other cases "
            "nothing here was measured.",
            f"Verdict: {verdict.word}. {verdict.reason}",
        ),
    )


def data(facts: Facts) -> Part:
    """Say what the table was, how cases were kept aside, and what was found in it."""
    quality = facts.quality
    missing = (
        f"{capital(percent(quality.missing_share))} of the values that it could learn from are missing."
        if quality.missing_share
        else "No value that it could learn from is missing."
    )
    said = [f"{count(quality.rows, 'row')} and {count(quality.columns, 'column')}. {missing}"]
    if quality.holdout_rows:
        how = _SPLITS.get(facts.split, "")
        said.append(
            f"It learned from {counted(quality.development_rows)}; {counted(quality.holdout_rows)} "
            f"{'was' if quality.holdout_rows == 1 else 'were'} kept aside to check it"
            f"{f', parted {how}' if how else ''}."
        )
    else:
        said.append(f"It learned from all {counted(quality.development_rows)}; none was kept aside.")
    grave = by_severity(finding for finding in facts.of_data if finding.severity in SERIOUS)
    if not grave:
        said.append("No check of the data found anything serious.")
        return Part("Data", tuple(said), place=places.QUALITY)
    rows = tuple((finding.code, finding.severity.value, finding.plain) for finding in grave[:MOST_FINDINGS])
    more = len(grave) - MOST_FINDINGS
    if more > 0:
        said.append(f"Of {count(len(grave), 'serious finding')} the gravest {MOST_FINDINGS} are listed.")
    listing = Listing("What was found in the data", ("Code", "Severity", "Finding"), rows)
    return Part("Data", tuple(said), listing, places.QUALITY_FINDINGS)


def metrics(facts: Facts) -> Part | None:
    """Give every metric with its interval beside the baseline's, and the paired gain."""
    evaluation = facts.evaluation
    if not evaluation.evaluated:
        return Part("Metrics", (evaluation.why_not,))
    rows = tuple(
        (
            METRICS[found.metric].label,
            _ranged(found.chosen, _unit(found.metric, facts)),
            _ranged(found.baseline, _unit(found.metric, facts)),
            _ranged(found.gain, _unit(found.metric, facts)),
            "higher" if METRICS[found.metric].higher_is_better else "lower",
        )
        for found in evaluation.metrics
    )
    opened = f"They had been opened {times(evaluation.openings)}, this time included."
    return Part(
        "Metrics",
        (f"On {counted(evaluation.rows)} that it had never seen. {opened}",),
        Listing(
            "Metrics with 95 % intervals; the gain is over the baseline, more is better",
            ("Metric", "Model", "Baseline", "Gain", "Better is"),
            rows,
        ),
        places.METRICS,
    )


def by_group(facts: Facts) -> Part | None:
    """Give how each class fares, or how large the errors of a number are."""
    evaluation = facts.evaluation
    if evaluation.errors is not None:
        errors = evaluation.errors
        rows = tuple(
            (what, _ranged(found, facts.unit))
            for what, found in (
                ("half of the answers are off by less than", errors.typical),
                ("nine of ten answers are off by less than", errors.nine_of_ten),
                ("mean size of the error", errors.mean),
            )
        )
        said = (
            f"Nine of ten true values lie {between(errors.target_low, errors.target_high, unit=facts.unit)}."
        )
        listing = Listing("Sizes of the errors", ("What", "Value"), rows)
        return Part("Errors", (said,), listing, places.ERRORS)
    if not evaluation.classes:
        return None
    found_rows = tuple(
        (
            capital(cases_of(found.name, facts)),
            f"{found.rows:,}",
            _share(found.found, found.rows),
            "–" if found.right.value is None else _percent(found.right),
        )
        for found in evaluation.classes[:MOST_GROUPS]
    )
    hidden = len(evaluation.classes) - MOST_GROUPS
    said_of = (f"{capital(count(hidden, 'more class'))} in the evaluation.",) if hidden > 0 else ()
    titles = ("Class", "Checked", "Found", "Right where it is named")
    return Part("By class", said_of, Listing("How each class fares", titles, found_rows), places.CLASSES)


def intervals(facts: Facts) -> Part | None:
    """Say what the intervals, or sets of values, that come with predictions promise, and what they keep."""
    found = facts.evaluation.coverage
    if not found:
        return None
    numeric = facts.task is Task.REGRESSION
    what = "an interval" if numeric else "a set of values"
    promised = f"With each prediction for a new case comes {what} that shall hold the truth"
    rows = tuple(
        (
            name(each.group, limit=120),
            f"{each.rows:,}",
            _share(each.share, each.rows),
            with_unit(number(each.size), facts.unit) if numeric else number(each.size),
        )
        for each in found[:MOST_GROUPS]
    )
    titles = ("Cases", "Checked", "Truth inside", "Mean width" if numeric else "Values in the set, mean")
    return Part(
        "Intervals" if numeric else "Sets of values",
        (f"{promised} in {percent(found[0].level)} of cases: on average, not for each group.",),
        Listing("How often the truth is inside", titles, rows),
        places.COVERAGE,
    )


def weak_groups(facts: Facts) -> Part | None:
    """Give the groups on which it does worse, confirmed ones and others; say where none was looked for."""
    evaluation = facts.evaluation
    if not evaluation.evaluated:
        return None
    if not evaluation.slices_examined:
        said = f"Not examined: {counted(evaluation.rows)} are too few to look for groups that fare worse."
        return Part("By group", (said,), place=places.SLICES)
    if not evaluation.slices:
        said = "No group of cases was found on which it does worse than on the rest."
        return Part("By group", (said,), place=places.SLICES)
    rows = tuple(
        (
            name(found.description, limit=120),
            f"{found.rows_confirming:,}",
            _level(found, found.inside, facts),
            _level(found, found.outside, facts),
            "yes" if found.confirmed else "no",
        )
        for found in evaluation.slices[:MOST_GROUPS]
    )
    measure = evaluation.slices[0].measure
    listing = Listing(
        f"Groups that looked worse on one half of the cases, by {measure}, on the other half",
        ("Group", "Checked", "In the group", "Elsewhere", "Confirmed"),
        rows,
    )
    said = "A group counts as confirmed where the difference stands after correction for how many were tried."
    return Part("By group", (said,), listing, places.SLICES)


def costs(facts: Facts) -> Part | None:
    """Give what mistakes cost per 100 cases, beside the baseline."""
    found = facts.evaluation.costs
    if found is None:
        return None
    rows = (
        ("Model", _ranged(found.chosen, found.unit)),
        ("Baseline", _ranged(found.baseline, found.unit)),
        ("Saved by the model", _ranged(found.saving, found.unit)),
    )
    listing = Listing("What mistakes cost, for 100 cases", ("Whose", "Cost"), rows)
    return Part("Costs", (), listing, places.COSTS)


def limits(facts: Facts, verdict: Verdict) -> Part:
    """Name what was not examined, what speaks against it, and what the numbers do not say."""
    decided = next(rule for rule in RULES if rule.name == verdict.rule)
    before = RULES[: RULES.index(decided)]
    said = [_not_known(rule.unknown) for rule in before if rule.unknown and rule.examined(facts) is False]
    said += [f"{capital(rule.plain)}." for rule in RULES[:-1] if rule is decided]
    calibration = facts.evaluation.calibration
    if calibration is not None and calibration.verdict == "miscalibrated":
        said.append("The probabilities that it states are off: read them as an order, not as shares.")
    looks = facts.evaluation.looks
    if looks > 1:
        said.append(
            f"{looks} different models were judged on the same cases, so the numbers may flatter this one."
        )
    said.append("An interval says how far chance moves a number, not what changes when the cases do.")
    said.append("What drives the model is what it relies on; it need not be what brings the outcome about.")
    return Part("Limits", tuple(dict.fromkeys(said)))


def _unit(metric: str, facts: Facts) -> str:
    return facts.unit if metric in IN_TARGET_UNITS else ""


def _not_known(unknown: str) -> str:
    """Return what could not be looked at, with the reason in brackets where there is one."""
    what, _, why = unknown.partition(": ")
    return f"Not known: {what[:1].lower()}{what[1:]}{f' ({why})' if why else ''}."


def _ranged(found: Estimate, unit: str) -> str:
    """Return a value with its interval in brackets."""
    if found.value is None:
        return "–"
    value, ends = measured(found.value, found.low, found.high, unit=unit)
    return f"{value} ({ends})" if ends else value


def _share(found: Estimate, cases: int) -> str:
    if found.value is None:
        return "–"
    return f"{of_hundred(found.value, cases=cases)} ({likely_of_hundred(found.low, found.high)})"


def _percent(found: Estimate) -> str:
    """Return a share of cases whose number is not known here, with its interval."""
    return f"{percent(found.value or 0.0)} ({likely_of_hundred(found.low, found.high)})"


def _level(group: SliceResult, found: Estimate, facts: Facts) -> str:
    if found.value is None:
        return "–"
    if group.measure == "error rate":
        return percent(found.value)
    return with_unit(number(found.value, digits=2), facts.unit)
