"""How good it is and how sure that is: each sentence a function from facts to words with links.

A function returns None where its sentence does not apply. To add one, write it here or in the module of its
section, name it in that section in `page`, and test its whole text.
"""

from helpers.findings import SERIOUS, Severity
from helpers.results import ClassResult, Estimate
from helpers.summary import places
from helpers.summary.facts import LEAKS, TOO_GOOD, Facts
from helpers.summary.markup import Markup, element, escaped, linked, numbers_linked, with_range
from helpers.summary.names import baseline, baseline_scored, cases_of, counted
from helpers.summary.reasons import goal_text, metric_unit
from helpers.wording import (
    FEW_CASES,
    between,
    capital,
    likely_of_hundred,
    measured,
    number,
    of_hundred,
    percent,
    quoted,
    unbroken,
    with_unit,
)  # fmt: skip

USUAL_THRESHOLD = 0.5
NOTICEABLE = 100  # a class with at most so many checked cases: one case more or fewer moves 'of 100' visibly


def caution(facts: Facts) -> Markup | None:
    """Warn before the numbers where they cannot be taken at their word."""
    if facts.about(LEAKS, {Severity.STOP}) or any(found.severity is Severity.STOP for found in facts.of_data):
        return element(
            "strong", "Do not rely on these numbers: what is said at the top makes them worthless."
        )
    if facts.selection.chosen == "baseline":
        return element("strong", f"No model was chosen: these are the numbers of {baseline(facts)}.")
    if facts.about(TOO_GOOD, SERIOUS):
        return element("strong", "With new cases these numbers may turn out worse.")
    return None


def found_detail(found: ClassResult) -> str:
    """Return the counts behind 'found', and the interval."""
    hits = round((found.found.value or 0.0) * found.rows)
    return _detail(hits, found.rows, found.found)


def alarm_detail(positive: ClassResult, negative: ClassResult) -> str:
    """Return the counts behind 'false alarm' and the interval."""
    alarms = round((positive.false_alarm.value or 0.0) * negative.rows)
    return _detail(alarms, negative.rows, positive.false_alarm)


def _detail(hits: int, rows: int, share: Estimate) -> str:
    ends = likely_of_hundred(share.low, share.high)
    if rows < FEW_CASES or hits in (0, rows):
        return capital(ends)
    return f"{hits:,} of the {rows:,} checked; {ends}"


def beside_baseline(facts: Facts) -> Markup | None:
    """Say for two classes what the fixed answer would have found and raised."""
    positive = facts.positive
    if positive is None or positive.baseline_found is None or positive.baseline_false_alarm is None:
        return None
    found = {0.0: "find none", 1.0: "find all"}.get(positive.baseline_found)
    alarms = {0.0: "raise no false alarm", 1.0: "raise a false alarm every time"}.get(
        positive.baseline_false_alarm
    )
    if found is None or alarms is None:
        return None
    link = "but" if positive.baseline_found else "and"
    return escaped(
        f"For comparison, {baseline(facts)} would ",
        linked(f"{found} of them {link} {alarms}", places.METRICS),
        ".",
    )


def when_it_says(facts: Facts) -> Markup | None:
    """Say for two classes how often the positive answer is right."""
    positive = facts.positive
    if positive is None:
        return None
    answer = quoted(positive.name)
    if positive.right.value is None:
        return escaped(f"It never said {answer} of a checked case.")
    said = _named(positive, facts)
    share = of_hundred(positive.right.value, cases=said)
    ends = likely_of_hundred(positive.right.low, positive.right.high)
    if share.startswith(("all", "none")):
        word = "right every time" if share.startswith("all") else "wrong every time"
        text = f"{word}, {said:,} times" if said != 1 else "right the one time" if share == "all" else "wrong"
        return escaped(f"When it said {answer}, it was ", with_range(text, ends, places.CLASSES), ".")
    return escaped(
        f"When it said {answer}, it was right ", with_range(f"{share} times", ends, places.CLASSES), "."
    )


def _named(positive: ClassResult, facts: Facts) -> int:
    """Return how many checked cases were answered with the positive class."""
    negative = facts.negative
    others = round((positive.false_alarm.value or 0.0) * negative.rows) if negative else 0
    return round((positive.found.value or 0.0) * positive.rows) + others


def set_by_costs(facts: Facts) -> Markup | None:
    """Say for two classes whether costs made it raise the alarm early or late, or that none were given."""
    threshold, positive = facts.evaluation.threshold, facts.positive
    if threshold is None or positive is None:
        return None
    if facts.evaluation.costs is None:
        return escaped(
            f"It says {quoted(positive.name)} where it holds that the likelier answer; ",
            linked("another limit", places.THRESHOLDS),
            " would find more or raise fewer false alarms. What each kind of mistake costs was not given.",
        )
    if threshold == USUAL_THRESHOLD:
        return None
    early = threshold < USUAL_THRESHOLD
    when, why = ("early", "a miss costs more") if early else ("late", "a false alarm costs more")
    return escaped("It is set to raise the alarm ", linked(when, places.THRESHOLD), f", because {why}.")


def overall_share(facts: Facts) -> Estimate:
    """Return the share of the checked cases answered rightly, with its interval where 05 gave one."""
    given = next((result.chosen for result in facts.evaluation.metrics if result.metric == "accuracy"), None)
    if given is not None:
        return given
    right = sum(row[place] for place, row in enumerate(facts.evaluation.confusion))
    return Estimate(value=right / facts.evaluation.rows if facts.evaluation.rows else None)


def baseline_share(facts: Facts) -> float | None:
    """Return the share of the checked cases that the baseline answers rightly."""
    given = next(
        (result.baseline.value for result in facts.evaluation.metrics if result.metric == "accuracy"), None
    )
    if given is not None:
        return given
    most = next((found.rows for found in facts.evaluation.classes if found.name == facts.frequent), None)
    return most / facts.evaluation.rows if most is not None else None


def errors_in_proportion(facts: Facts) -> Markup | None:
    """Give for a regression the range of the values to predict, against which the errors are to be read."""
    errors = facts.evaluation.errors
    if errors is None:
        return None
    span = between(errors.target_low, errors.target_high, unit=facts.unit)
    return escaped("To compare: nine of ten of the values to predict lie ", linked(span, places.ERRORS), ".")


def checked_on(facts: Facts) -> Markup:
    """Say on how many cases it was checked, and how they were set aside."""
    rows = facts.evaluation.rows
    share = percent(rows / (facts.quality.development_rows + facts.quality.holdout_rows or rows))
    start = escaped(
        "It was checked on ",
        linked(counted(rows), places.HOLDOUT),
        " that it had never seen, ",
        linked(unbroken(share), places.HOLDOUT),
        " of the table",
    )
    how = {
        "time": "the latest ones",
        "group": "none of which belongs to a group that it had seen",
    }.get(facts.split)
    return escaped(start, f": {how}." if how else ".")


def one_case_more(facts: Facts) -> Markup | None:
    """Say how much a single case moves the number for the class with the fewest checked cases."""
    classes = [facts.positive] if facts.positive else facts.evaluation.classes
    rare = min(
        (found for found in classes if found and found.rows), key=lambda found: found.rows, default=None
    )
    if rare is None or rare.rows > NOTICEABLE:
        return None
    step = max(1, round(100 / rare.rows))
    kind = cases_of(rare.name, facts, amount=rare.rows)
    there = "was" if rare.rows == 1 else "were"
    return escaped(
        f"Among them {there} ", linked(f"{rare.rows} {kind}", places.CLASSES),
        "; a single one of these found or missed changes the share found of that kind by ",
        linked(f"about {step} of 100", places.CLASSES), ".",
    )  # fmt: skip


def by_the_metric(facts: Facts) -> Markup | None:
    """Give the headline metric beside the baseline's, and the difference that the verdict rests on."""
    headline = facts.headline
    if headline is None or headline.chosen.value is None:
        return None
    text = escaped(
        f"The measure behind the verdict is {facts.metric.label}: ",
        _beside_each_other(headline.chosen, headline.baseline.value, places.METRICS, facts), ".",
    )  # fmt: skip
    gain = headline.gain
    if gain.value is None or gain.low is None or gain.high is None:
        return text
    _, ends = measured(gain.value, gain.low, gain.high, unit=metric_unit(facts))
    return (
        escaped(text, " The gain over that is ", linked(ends, places.METRICS), ".")
        if ends and gain.low > 0
        else text
    )


def _beside_each_other(chosen: Estimate, base: float | None, place: str, facts: Facts) -> Markup:
    """Return the model's value and the baseline's, and which way is better."""
    unit = metric_unit(facts)
    value, ends = measured(chosen.value or 0.0, chosen.low, chosen.high, unit=unit)
    text = escaped(with_range(value, ends, place), " for this model")
    if base is not None:
        text = escaped(
            text, ", ", linked(with_unit(number(base, digits=2), unit), place),
            f" for {baseline_scored(facts)}",
        )  # fmt: skip
    return escaped(text, f"; {'higher' if facts.metric.higher_is_better else 'lower'} is better")


def goal(facts: Facts) -> Markup | None:
    """Give the goal, and whether it was reached."""
    headline = facts.headline
    if facts.params.goal is None or headline is None or headline.chosen.value is None:
        return None
    better = facts.metric.better
    worst = headline.chosen.low if facts.metric.higher_is_better else headline.chosen.high
    if better(facts.params.goal, headline.chosen.value):
        outcome = "it was missed"
    elif worst is None or better(facts.params.goal, worst):
        outcome = "it was reached, but that can still be chance"
    else:
        outcome = "it was reached"
    asked = numbers_linked(goal_text(facts), places.METRICS)
    return escaped("The goal was ", asked, ": ", linked(outcome, places.METRICS), ".")


def not_measured(facts: Facts) -> Markup:
    """Say why there are no counts: no case was kept aside."""
    rows = facts.quality.development_rows
    return escaped(
        "How good it is was not measured: all ", linked(counted(rows), places.SPLIT),
        " were used to work the model out, and none was kept aside to check it on.",
    )  # fmt: skip


def from_cross_validation(facts: Facts) -> Markup | None:
    """Give what cross-validation says instead, and why that is not the same."""
    score = facts.score_of(facts.selection.chosen)
    if score is None or score.score.value is None:
        return None
    base = facts.score_of("baseline")
    return escaped(
        f"What is known comes from cross-validation, by {facts.metric.label}: ",
        _beside_each_other(
            score.score, base.score.value if base and base is not score else None, places.LEADERBOARD, facts
        ),
        ". That is a first impression and usually a little too good, because the same numbers decided which "
        "model was chosen.",
    )
