"""The verdict: a decision table, read from the top; the first row that applies gives word, rule and reason.

To add a row, write its predicate and its reason, put it where it belongs in `RULES`, and test it in
``tests/summary/test_verdict.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import helpers.summary.reasons as reasons
from helpers.findings import Severity
from helpers.metrics import Task
from helpers.results import Verdict
from helpers.summary.facts import LEAKS, SERIOUS, TOO_GOOD, Facts

Word = Literal["use it", "promising, not yet", "do not use", "cannot tell"]

FEWEST_CASES = 30  # checked cases below which chance has too large a say
FEWEST_OF_A_CLASS = 10  # two classes: the same for each of them


@dataclass(frozen=True)
class Rule:
    """One row of the decision table.

    Attributes
    ----------
    name : str
        Stable name, recorded with the verdict.
    word : str
        The verdict that it gives.
    plain : str
        When it applies, for everyone, without a full stop.
    applies : callable
        Facts to bool. It may rely on the rows above it not applying.
    reason : callable
        Facts to one or two sentences.
    """

    name: str
    word: Word
    plain: str
    applies: Callable[[Facts], bool]
    reason: Callable[[Facts], str]


def _leak(facts: Facts) -> bool:
    return bool(facts.about(LEAKS, {Severity.STOP}))


def _fault(facts: Facts) -> bool:
    return any(finding.severity is Severity.STOP for finding in facts.of_data)


def _not_evaluated(facts: Facts) -> bool:
    return not facts.evaluation.evaluated


def _nothing_chosen(facts: Facts) -> bool:
    return facts.selection.chosen == "baseline"


def _too_few(facts: Facts) -> bool:
    return facts.evaluation.rows < FEWEST_CASES


def _too_few_of_a_class(facts: Facts) -> bool:
    return facts.task is Task.BINARY and any(
        found.rows < FEWEST_OF_A_CLASS for found in facts.evaluation.classes
    )


def _not_compared(facts: Facts) -> bool:
    gain = facts.headline.gain if facts.headline else None
    return gain is None or gain.value is None or gain.low is None or gain.high is None or facts.room is None


def _worse(facts: Facts) -> bool:
    return _high(facts) <= 0


def _small_at_best(facts: Facts) -> bool:
    return _low(facts) <= 0 and _high(facts) < facts.small_gain


def _may_be_chance(facts: Facts) -> bool:
    return _low(facts) <= 0


def _goal_missed(facts: Facts) -> bool:
    goal, headline = facts.params.goal, facts.headline
    if goal is None or headline is None or headline.chosen.value is None:
        return False
    return facts.metric.better(goal, headline.chosen.value)


def _goal_not_certain(facts: Facts) -> bool:
    goal, headline = facts.params.goal, facts.headline
    if goal is None or headline is None:
        return False
    worst = headline.chosen.low if facts.metric.higher_is_better else headline.chosen.high
    return worst is None or facts.metric.better(goal, worst)


def _small_gain(facts: Facts) -> bool:
    return facts.params.goal is None and not facts.clearly_better


def _saving_not_certain(facts: Facts) -> bool:
    costs = facts.evaluation.costs
    return costs is not None and (costs.saving.low is None or costs.saving.low <= 0)


def _too_good(facts: Facts) -> bool:
    return bool(facts.about(TOO_GOOD, SERIOUS))


def _overused(facts: Facts) -> bool:
    return bool(facts.about({"holdout_overused"}, SERIOUS))


def _miscalibrated(facts: Facts) -> bool:
    return (
        facts.evaluation.calibration is not None and facts.evaluation.calibration.verdict == "miscalibrated"
    )


def _weak_group(facts: Facts) -> bool:
    return any(found.confirmed and found.no_better_than_baseline for found in facts.evaluation.slices)


def _otherwise(_facts: Facts) -> bool:
    return True


def _low(facts: Facts) -> float:
    """Return the lower end of the gain; `_not_compared` stands above every rule that asks."""
    return facts.headline.gain.low or 0.0 if facts.headline else 0.0


def _high(facts: Facts) -> float:
    return facts.headline.gain.high or 0.0 if facts.headline else 0.0


RULES: tuple[Rule, ...] = (
    Rule("answer given away", "do not use",
         "Something was found in the table that gives the answer away", _leak, reasons.leak),
    Rule("fault in the data", "do not use",
         "A fault was found in the table that must be mended first", _fault, reasons.fault),
    Rule("not checked", "cannot tell",
         "It was not checked on cases that it had never seen", _not_evaluated, reasons.not_evaluated),
    Rule("nothing beats the baseline", "do not use",
         "No model did better than a fixed answer", _nothing_chosen, reasons.nothing_chosen),
    Rule("too few checked", "cannot tell",
         f"It was checked on fewer than {FEWEST_CASES} cases", _too_few,
         lambda facts: reasons.too_few(facts, fewest=FEWEST_CASES)),
    Rule("too few of a class", "cannot tell",
         f"It was checked on fewer than {FEWEST_OF_A_CLASS} cases of one of the two kinds",
         _too_few_of_a_class,
         lambda facts: reasons.too_few_of_a_class(facts, fewest=FEWEST_OF_A_CLASS)),
    Rule("not compared", "cannot tell",
         "It could not be compared with a fixed answer", _not_compared, reasons.not_compared),
    Rule("worse than the baseline", "do not use",
         "It does no better than a fixed answer", _worse, reasons.worse),
    Rule("small gain at best", "do not use",
         "It may do no better than a fixed answer, and at best a little better", _small_at_best,
         reasons.small_at_best),
    Rule("gain may be chance", "cannot tell",
         "Whether it does better than a fixed answer can still be chance", _may_be_chance,
         reasons.may_be_chance),
    Rule("goal missed", "promising, not yet",
         "It does better than a fixed answer, but misses the goal", _goal_missed, reasons.goal_missed),
    Rule("goal not certain", "promising, not yet",
         "It reached the goal, but that can still be chance", _goal_not_certain, reasons.goal_not_certain),
    Rule("small gain", "promising, not yet",
         "It does better than a fixed answer, but perhaps only a little, and no goal says it is enough",
         _small_gain, reasons.small_gain),
    Rule("saving not certain", "promising, not yet",
         "Its mistakes may cost no less than those of a fixed answer",
         _saving_not_certain, reasons.saving_not_certain),
    Rule("may be too good", "promising, not yet",
         "Something was found in the data that may make the numbers better than they will be", _too_good,
         reasons.too_good),
    Rule("checked too often", "promising, not yet",
         "The cases it was checked on had been looked at too often", _overused, reasons.overused),
    Rule("probabilities off", "promising, not yet",
         "The probabilities that it states were found to be off", _miscalibrated, reasons.miscalibrated),
    Rule("weak group", "promising, not yet",
         "A group of cases was found on which it does no better than a fixed answer", _weak_group,
         reasons.weak_group),
    Rule("nothing against it", "use it",
         "None of these: it does clearly better than a fixed answer, and nothing was found against it",
         _otherwise,
         reasons.use_it),
)  # fmt: skip


def deciding_rule(facts: Facts) -> Rule:
    """Return the first row of the table that applies."""
    return next(rule for rule in RULES if rule.applies(facts))


def decide(facts: Facts) -> Verdict:
    """Return the verdict on a run: its word, the rule that gave it, and the reason for everyone."""
    rule = deciding_rule(facts)
    return Verdict(word=rule.word, rule=rule.name, reason=rule.reason(facts))
