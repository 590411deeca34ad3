"""Why a verdict was given: a few sentences for each row of the decision table."""

from collections.abc import Sequence

from helpers.findings import SERIOUS, Finding, Severity
from helpers.metrics import Task
from helpers.results import Estimate
from helpers.summary.facts import LEAKS, TOO_GOOD, Facts
from helpers.summary.names import baseline, cases_of, counted
from helpers.summary.savings import more_or_less
from helpers.wording import count, joined, measured, name, times

LONGEST_PLAIN = 260
MOST_COLUMNS = 3
WITHOUT_UNIT = frozenset({"r2"})


def leak(facts: Facts) -> str:
    """Say what gives the answer away."""
    found = first_of(facts.about(LEAKS, {Severity.STOP}), facts)
    return f"{found} Numbers reached in this way do not hold for new cases."


def fault(facts: Facts) -> str:
    """Say which fault of the table stops everything else."""
    stops = [finding for finding in facts.of_data if finding.severity is Severity.STOP]
    return f"{first_of(stops, facts)} This has to be mended before anything else is believed."


def not_evaluated(_facts: Facts) -> str:
    """Say that there is no holdout."""
    return "No cases were kept aside, so nobody knows how it does on cases that it has never seen."


def may_beat(facts: Facts) -> str:
    """Say that a model scored better than the baseline, but not beyond chance."""
    best = facts.selection.leaderboard[0].label
    return (
        f"The best model that was tried ({best}) did better than {baseline(facts)} while it was chosen, but "
        "that can still be chance, so nothing was chosen."
    )


def answers_no_better(facts: Facts) -> str:
    """Say that the ranking is good and the answers are not."""
    return (
        f"It sorts cases better than {baseline(facts)} does, but when it has to say yes or no its answers "
        "may be worth no more. Say what a miss and a false alarm cost: then it says yes where that pays."
    )


def none_scored(facts: Facts) -> str:
    """Say that nothing could be tried to its end, and why."""
    if facts.out_of_time:
        return "The seconds of the budget ran out before a model could be tried to its end."
    return "No model could be tried to its end on these data; the report on the models says why."


def unequal(facts: Facts) -> str:
    """Name the groups that are treated unequally."""
    lowest = dict.fromkeys(name(gap.lowest, limit=60) for gap in facts.evaluation.unequal_gaps)
    groups = joined(list(lowest)[:2])
    return f"It treats some groups differently from others, such as {groups}; find out why before using it."


def nothing_chosen(facts: Facts) -> str:
    """Say that no candidate beats the baseline."""
    tried = len(facts.selection.tried)
    who = "The one model that was tried" if tried == 1 else f"None of the {tried} models that were tried"
    did = "did not do" if tried == 1 else "did"
    return f"{who} {did} clearly better than {baseline(facts)}, so there is nothing to use."


def too_few(facts: Facts, *, fewest: int) -> str:
    """Say that there are too few holdout rows."""
    rows = counted(facts.evaluation.rows)
    return f"It was checked on only {rows}; with fewer than {fewest}, chance has too large a say."


def too_few_of_a_class(facts: Facts, *, fewest: int) -> str:
    """Say that there are too few holdout rows of one of two classes."""
    rare = min(facts.evaluation.classes, key=lambda found: found.rows)
    kind = cases_of(rare.name, facts, amount=rare.rows)
    verb = "was" if rare.rows == 1 else "were"
    return (
        f"Among the {counted(facts.evaluation.rows)} that it was checked on "
        f"there {verb} only {rare.rows} {kind}; with fewer than {fewest}, "
        "nobody can say how many of them it gets right."
    )


def not_compared(facts: Facts) -> str:
    """Say that the gain over the baseline could not be computed."""
    return f"{_on_the_checked(facts)} it could not be compared with {baseline(facts)}."


def worse(facts: Facts) -> str:
    """Say that the whole interval of the gain is at or below 0."""
    return f"{_on_the_checked(facts)} it did no better than {baseline(facts)}."


def small_at_best(facts: Facts) -> str:
    """Say that the interval of the gain includes 0 and reaches only to a small gain."""
    return (
        f"{_on_the_checked(facts)} it did not do clearly better than {baseline(facts)}. "
        "Even if chance was against it, the gain is small."
    )


def may_be_chance(facts: Facts) -> str:
    """Say that the interval of the gain includes 0 and is wide."""
    return (
        f"It was checked on {counted(facts.evaluation.rows)}. "
        f"That is too few to tell whether it does better than {baseline(facts)}."
    )


def goal_missed(facts: Facts) -> str:
    """Say that it is better than the baseline and short of the goal."""
    return f"{_clearly_better(facts)}, but {_against_goal(facts)}."


def goal_not_certain(facts: Facts) -> str:
    """Say that the goal lies inside the interval."""
    against = _against_goal(facts)
    return f"{_clearly_better(facts)} and reached the goal, but that can still be chance: {against}."


def small_gain(facts: Facts) -> str:
    """Say that it is better than the baseline for sure, but only a little."""
    gain = facts.headline.gain if facts.headline else Estimate(value=None)
    _, ends = measured(gain.value or 0.0, gain.low, gain.high, unit=metric_unit(facts))
    return (
        f"It does better than {baseline(facts)}, but perhaps only a little: "
        f"by {facts.metric.label} the gain is {ends}. "
        "No goal was given that says whether this is enough."
    )


def saving_not_certain(facts: Facts) -> str:
    """Say that the costs of mistakes may be no lower than the baseline's."""
    costs = facts.evaluation.costs
    if costs is None or costs.saving.low is None:
        return f"{_clearly_better(facts)}, but what that saves cannot be told."
    return (
        f"{_clearly_better(facts)} at telling cases apart, but its mistakes may cost no less: for every 100 "
        f"cases {more_or_less(costs)}."
    )


def too_good(facts: Facts) -> str:
    """Say what makes the measured number too good."""
    found = first_of(facts.about(TOO_GOOD, SERIOUS), facts)
    return (
        f"{_clearly_better(facts)}, but the numbers may be better than they will be with new cases. {found}"
    )


def overused(facts: Facts) -> str:
    """Say that the holdout has judged too many models."""
    result = facts.evaluation
    looks = f"{result.looks} different models were judged on them"
    before = looks if result.looks > 1 else f"they were opened {times(result.openings)}"
    return (
        f"{_clearly_better(facts)}, but the cases it was checked on were no longer fresh: {before}. "
        "The numbers may flatter it."
    )


def miscalibrated(facts: Facts) -> str:
    """Say that the stated probabilities are off."""
    return (
        f"{_clearly_better(facts)}, but the probabilities that it states are off: "
        "what it calls 80 of 100 does not come true 80 times of 100."
    )


def weak_group(facts: Facts) -> str:
    """Say that there are confirmed weak slices on which the model is of no use."""
    weak = sum(found.confirmed and found.no_better_than_baseline for found in facts.evaluation.slices)
    groups = "there is a group" if weak == 1 else f"there are {count(weak, 'group')}"
    return f"{_clearly_better(facts)}, but {groups} of cases on which it is no better than a fixed answer."


def use_it(facts: Facts) -> str:
    """Say what speaks for it and what was not checked; of leaks only where they were looked for."""
    checked = f"it was checked on {counted(facts.evaluation.rows)} that it had never seen"
    text = f"{_clearly_better(facts)}, and {checked}."
    if facts.leaks_searched:
        text = (
            f"{_clearly_better(facts)}, {checked}, and nothing was found in the table that gives the answer "
            "away."
        )
    return " ".join(part for part in (text, _not_checked(facts), _no_goal(facts)) if part)


def few_without_goal(facts: Facts, *, fewest: int) -> str:
    """Say that it is better, checked on few cases, with nothing to measure it against."""
    return (
        f"{_clearly_better(facts)}, but it was checked on only {counted(facts.evaluation.rows)}. "
        f"No goal was given, and with fewer than {fewest} nobody can say closely how good it is."
    )


def _not_checked(facts: Facts) -> str:
    """Return what nobody looked at, because the params name no column for it."""
    parts = [] if facts.kept_together else ["whether some cases belong together"]
    if facts.split != "time":
        parts.append("whether it still works later")
    return f"It was not checked {joined(parts, last='or')}." if parts else ""


def _no_goal(facts: Facts) -> str:
    return (
        "No goal was given, so whether that is good enough is yours to decide."
        if facts.params.goal is None else ""
    )  # fmt: skip


def first_of(findings: Sequence[Finding], facts: Facts) -> str:
    """Return the first finding's plain sentence, and how many more there are of its kind."""
    if not findings:
        return ""
    text, more = plain_of(findings[0], facts), len(findings) - 1
    if not more:
        return text
    verb = "is" if more == 1 else "are"
    return f"{text} {count(more, 'more finding')} of this kind {verb} listed in the data report."


def plain_of(finding: Finding, facts: Facts, *, limit: int = LONGEST_PLAIN) -> str:
    """Return a finding's plain sentence with the columns that it is about, cut where it is very long."""
    text = " ".join(finding.plain.split())
    text = text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
    text = text.removesuffix(".")
    labels = [f"“{name(facts.params.label(column), limit=40)}”" for column in finding.columns]
    if labels and not any(label.strip("“”") in text for label in labels):
        more = len(labels) - MOST_COLUMNS
        shown = labels if more <= 1 else [*labels[:MOST_COLUMNS], f"{more} more"]
        text = f"{text} ({joined(shown)})"
    return text if text.endswith(("!", "?", "…")) else f"{text}."


def goal_text(facts: Facts) -> str:
    """Return the goal in words, as it stands after 'the goal was': 'ROC AUC of at least 0.9'."""
    side = "at least" if facts.metric.higher_is_better else "at most"
    goal = f"{facts.params.goal or 0.0:,.10g}".replace("-", "−")  # as it was given, no digit added
    return f"{facts.metric.label} of {side} {goal}"


def metric_unit(facts: Facts) -> str:
    """Return the unit of the headline metric: the target's for errors of a regression, else none."""
    return facts.unit if facts.task is Task.REGRESSION and facts.metric.name not in WITHOUT_UNIT else ""


def _clearly_better(facts: Facts) -> str:
    how = "clearly better" if facts.clearly_better else "better"
    return f"It does {how} than {baseline(facts)}"


def _on_the_checked(facts: Facts) -> str:
    return f"On the {counted(facts.evaluation.rows)} that it was checked on,"


def _against_goal(facts: Facts) -> str:
    """Return the headline metric beside the goal."""
    headline = facts.headline
    if headline is None or headline.chosen.value is None:
        return f"the goal was {goal_text(facts)}"
    chosen = headline.chosen
    value, ends = measured(chosen.value or 0.0, chosen.low, chosen.high, unit=metric_unit(facts))
    return f"the goal was {goal_text(facts)}, and it reached {value}{f' ({ends})' if ends else ''}"
