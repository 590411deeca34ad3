"""The verdict: a decision table, read from the top; the first row that applies gives word, rule and reason.

To add a row, write its predicate, its reason and what holds otherwise, put it where it belongs in `RULES`,
test it in ``tests/summary/test_summary_verdict.py``, and let
``tools/verdict_table.py`` write ``docs/verdict.md`` anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import helpers.summary.reasons as reasons
from helpers.findings import SERIOUS, Severity
from helpers.metrics import Task
from helpers.results import Verdict
from helpers.summary.facts import LEAKS, SMALL_SHARE, TOO_GOOD, Facts

Word = Literal["use it", "promising, not yet", "do not use", "cannot tell"]

FEWEST_CASES = 30  # checked cases below which chance has too large a say
FEWEST_WITHOUT_GOAL = 50  # the same where no goal says how good is good enough
FEWEST_OF_A_CLASS = 10  # two classes: the same for each of them


def _always(_facts: Facts) -> bool | None:
    return True


@dataclass(frozen=True)
class Rule:
    """One row of the decision table.

    Attributes
    ----------
    name : str
        Stable name, recorded with the verdict.
    word : str
        The verdict that it gives.
    looks_at : str
        What it decides by, for the documentation.
    plain : str
        When it applies, for everyone, without a full stop.
    applies : callable
        Facts to bool. It may rely on the rows above it not applying.
    reason : callable
        Facts to a few sentences.
    otherwise : str
        What is known where it does not apply, without a full stop.
    examined : callable
        Facts to whether that could be looked at; None where the row does not concern such a table.
    unknown : str
        What is not known where it could not be looked at, without a full stop.
    """

    name: str
    word: Word
    looks_at: str
    plain: str
    applies: Callable[[Facts], bool]
    reason: Callable[[Facts], str]
    otherwise: str = ""
    examined: Callable[[Facts], bool | None] = _always
    unknown: str = ""


def _leak(facts: Facts) -> bool:
    return bool(facts.about(LEAKS, {Severity.STOP}))


def _fault(facts: Facts) -> bool:
    return any(finding.severity is Severity.STOP for finding in facts.of_data)


def _not_evaluated(facts: Facts) -> bool:
    return not facts.evaluation.evaluated


def _may_beat(facts: Facts) -> bool:
    """Tell whether the baseline stands for want of certainty: a model gained much, but not surely."""
    board, baseline = facts.selection.leaderboard, facts.score_of("baseline")
    if facts.selection.chosen != "baseline" or not board or baseline is None:
        return False
    best, fixed = board[0].score.value, baseline.score.value
    if best is None or fixed is None or not facts.metric.better(best, fixed):
        return False
    room = abs((1.0 if facts.metric.higher_is_better else 0.0) - fixed)
    return abs(best - fixed) >= SMALL_SHARE * room


def _none_scored(facts: Facts) -> bool:
    """Tell whether the baseline stands because nothing else could be tried to its end."""
    return _nothing_chosen(facts) and not facts.selection.tried


def _groups_compared(facts: Facts) -> bool | None:
    return bool(facts.evaluation.fairness_gaps) if facts.params.sensitive else None


def _unequal(facts: Facts) -> bool:
    return bool(facts.evaluation.unequal_gaps)


def _nothing_chosen(facts: Facts) -> bool:
    return facts.selection.chosen == "baseline"


def _answers_no_better(facts: Facts) -> bool:
    """Tell whether it sorts cases well, and yet its yes or no is worth no more than a fixed answer."""
    agreement = next((found for found in facts.evaluation.metrics if found.metric == "mcc"), None)
    if facts.task is not Task.BINARY or facts.evaluation.costs is not None or agreement is None:
        return False
    return agreement.gain.low is not None and agreement.gain.low <= 0


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


def _few_without_goal(facts: Facts) -> bool:
    return facts.params.goal is None and facts.evaluation.rows < FEWEST_WITHOUT_GOAL


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


def _leaks_searched(facts: Facts) -> bool | None:
    return facts.leaks_searched


def _two_classes(facts: Facts) -> bool | None:
    return True if facts.task is Task.BINARY else None


def _goal_given(facts: Facts) -> bool | None:
    return facts.params.goal is not None


def _if_goal(facts: Facts) -> bool | None:
    return True if facts.params.goal is not None else None


def _if_no_goal(facts: Facts) -> bool | None:
    return True if facts.params.goal is None else None


def _costs_given(facts: Facts) -> bool | None:
    return facts.evaluation.costs is not None


def _calibration_measured(facts: Facts) -> bool | None:
    calibration = facts.evaluation.calibration
    if calibration is None or calibration.verdict == "not applicable":
        return None
    return calibration.verdict != "cannot tell"


def _groups_examined(facts: Facts) -> bool | None:
    return facts.evaluation.slices_examined


RULES: tuple[Rule, ...] = (
    Rule("answer given away", "do not use", "findings of leakage",
         "Something was found in the table that gives the answer away", _leak, reasons.leak,
         otherwise="Nothing was found in the table that gives the answer away", examined=_leaks_searched,
         unknown="Whether something in the table gives the answer away"),
    Rule("fault in the data", "do not use", "findings of the data's quality",
         "A fault was found in the table that must be mended first", _fault, reasons.fault,
         otherwise="No fault was found in the table that must be mended first"),
    Rule("not checked", "cannot tell", "size of the holdout",
         "It was not checked on cases that it had never seen", _not_evaluated, reasons.not_evaluated,
         otherwise="It was checked on cases that it had never seen"),
    Rule("no model scored", "cannot tell", "interval against the baseline",
         "No model could be tried to its end", _none_scored, reasons.none_scored,
         otherwise="At least one model could be tried to its end"),
    Rule("no model surely better", "cannot tell", "interval against the baseline",
         "A model did better than a fixed answer when models were compared, but that may be chance",
         _may_beat, reasons.may_beat,
         otherwise="No model was left aside only because its gain can be chance"),
    Rule("nothing beats the baseline", "do not use", "interval against the baseline",
         "No model did better than a fixed answer", _nothing_chosen, reasons.nothing_chosen,
         otherwise="When models were compared, one did better than a fixed answer"),
    Rule("too few checked", "cannot tell", "size of the holdout",
         f"It was checked on fewer than {FEWEST_CASES} cases", _too_few,
         lambda facts: reasons.too_few(facts, fewest=FEWEST_CASES),
         otherwise=f"It was checked on at least {FEWEST_CASES} cases"),
    Rule("too few of a class", "cannot tell", "size of the holdout",
         f"It was checked on fewer than {FEWEST_OF_A_CLASS} cases of one of the two kinds",
         _too_few_of_a_class,
         lambda facts: reasons.too_few_of_a_class(facts, fewest=FEWEST_OF_A_CLASS),
         otherwise=f"It was checked on at least {FEWEST_OF_A_CLASS} cases of both kinds",
         examined=_two_classes),
    Rule("not compared", "cannot tell", "interval against the baseline",
         "It could not be compared with a fixed answer", _not_compared, reasons.not_compared,
         otherwise="It could be compared with a fixed answer"),
    Rule("worse than the baseline", "do not use", "interval against the baseline",
         "It does no better than a fixed answer", _worse, reasons.worse,
         otherwise="It may do better than a fixed answer"),
    Rule("small gain at best", "do not use", "interval against the baseline",
         "It may do no better than a fixed answer, and at best a little better", _small_at_best,
         reasons.small_at_best,
         otherwise="What it gains over a fixed answer may be more than a little"),
    Rule("gain may be chance", "cannot tell", "interval against the baseline",
         "Whether it does better than a fixed answer can still be chance", _may_be_chance,
         reasons.may_be_chance,
         otherwise="That it does better than a fixed answer is hardly chance"),
    Rule("goal missed", "promising, not yet", "goal",
         "It does better than a fixed answer, but misses the goal", _goal_missed, reasons.goal_missed,
         otherwise="It reached the goal", examined=_goal_given,
         unknown="Whether it is good enough: no goal was given"),
    Rule("goal not certain", "promising, not yet", "goal",
         "It reached the goal, but that can still be chance", _goal_not_certain, reasons.goal_not_certain,
         otherwise="That it reached the goal is hardly chance", examined=_if_goal),
    Rule("small gain", "promising, not yet", "interval against the baseline",
         "It does better than a fixed answer, but perhaps only a little, and no goal says it is enough",
         _small_gain, reasons.small_gain,
         otherwise="It does clearly better than a fixed answer", examined=_if_no_goal),
    Rule("few checked without a goal", "promising, not yet", "size of the holdout",
         f"It was checked on fewer than {FEWEST_WITHOUT_GOAL} cases, and no goal says what is good enough",
         _few_without_goal,
         lambda facts: reasons.few_without_goal(facts, fewest=FEWEST_WITHOUT_GOAL),
         otherwise=f"It was checked on at least {FEWEST_WITHOUT_GOAL} cases", examined=_if_no_goal),
    Rule("saving not certain", "promising, not yet", "costs",
         "Its mistakes may cost no less than those of a fixed answer",
         _saving_not_certain, reasons.saving_not_certain,
         otherwise="Its mistakes cost less than those of a fixed answer", examined=_costs_given,
         unknown="What its mistakes cost: no costs were given"),
    Rule("answers no better", "promising, not yet", "interval against the baseline",
         "It sorts cases better than chance, but its yes or no may be worth no more than a fixed answer",
         _answers_no_better, reasons.answers_no_better,
         otherwise="Its yes or no is worth more than a fixed answer", examined=_two_classes),
    Rule("may be too good", "promising, not yet", "findings of leakage",
         "Something was found in the data that may make the numbers better than they will be", _too_good,
         reasons.too_good,
         otherwise="Nothing was found in the data that makes the numbers too good"),
    Rule("checked too often", "promising, not yet", "use of the holdout",
         "The cases it was checked on had been looked at too often", _overused, reasons.overused,
         otherwise="The cases it was checked on had not been looked at too often"),
    Rule("probabilities off", "promising, not yet", "calibration",
         "The probabilities that it states were found to be off", _miscalibrated, reasons.miscalibrated,
         otherwise="The probabilities that it states were not found to be off",
         examined=_calibration_measured,
         unknown="Whether the probabilities that it states are off: too few cases"),
    Rule("weak group", "promising, not yet", "weak slices",
         "A group of cases was found on which it does no better than a fixed answer", _weak_group,
         reasons.weak_group,
         otherwise="No group of cases was found on which it does no better than a fixed answer",
         examined=_groups_examined,
         unknown="Whether it does worse for some kinds of cases: too few cases"),
    Rule("groups treated unequally", "promising, not yet", "fairness",
         "It treats groups of people unequally, by much and by more than chance", _unequal, reasons.unequal,
         otherwise="No groups were found that it treats unequally",
         examined=_groups_compared,
         unknown="Whether it treats groups unequally"),
    Rule("nothing against it", "use it", "all of the above",
         "It does clearly better than a fixed answer, and nothing was found against it",
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
