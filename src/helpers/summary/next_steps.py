"""What to do next: at most five steps, the most urgent first, each from what the run found."""

from collections.abc import Callable

from helpers.findings import SERIOUS, Severity
from helpers.metrics import Task
from helpers.results import Estimate, Verdict
from helpers.summary import places
from helpers.summary.checks import ENOUGH_CHECKED
from helpers.summary.facts import LEAKS, SAME_ON_BOTH_SIDES, TIME, Facts
from helpers.summary.markup import escaped, linked, numbers_linked
from helpers.summary.names import CASE, baseline, cases_of, counted
from helpers.summary.sentences import NOTICEABLE
from helpers.summary.verdict import FEWEST_CASES, FEWEST_OF_A_CLASS
from helpers.wording import about, joined, likely_of_hundred, name, plural

MOST_STEPS = 5
MOST_NAMES = 4
SMALL_GROUP = 0.2  # of the checked cases: a larger group is no rarity that could be collected
WIDE = 0.1  # width of an interval of shares above which more checked cases are worth their trouble
COSTS_OF = {Task.BINARY: "a missed case and a false alarm cost", Task.MULTICLASS: "a wrong answer costs",
            Task.REGRESSION: "an answer that is too low and one that is too high cost"}  # fmt: skip

Step = Callable[[Facts, Verdict], str | None]


def mend_leak(facts: Facts, _verdict: Verdict) -> str | None:
    """Leave out what gives the answer away."""
    columns = _columns(facts, LEAKS, Severity.STOP)
    if facts.about(LEAKS, {Severity.STOP}):
        what = f": {columns}" if columns else ""
        return f"Leave out what gives the answer away{what}. Then run this again."
    columns = _columns(facts, LEAKS, Severity.WARN)
    if facts.about(LEAKS, {Severity.WARN}):
        return f"Ask whether this is known before the answer is: {columns or 'what the data report names'}."
    return None


def mend_fault(_facts: Facts, verdict: Verdict) -> str | None:
    """Mend what else stops."""
    if verdict.rule != "fault in the data":
        return None
    return "Mend the fault in the data that is named at the top, and run this again."


def keep_cases_aside(_facts: Facts, verdict: Verdict) -> str | None:
    """Evaluate at all."""
    return (
        "Keep some cases aside (a fifth of them, for instance) and run this again: only then is there an "
        "answer."
        if verdict.rule == "not checked" else None
    )  # fmt: skip


def do_not_rely(_facts: Facts, verdict: Verdict) -> str | None:
    """Look for what decides the outcome."""
    if verdict.rule not in {"nothing beats the baseline", "worse than the baseline", "small gain at best"}:
        return None
    return "Ask those who know the subject what decides the outcome, and whether it is in the table at all."


def give_time(facts: Facts, verdict: Verdict) -> str | None:
    """Have models tried at all."""
    if verdict.rule != "no model scored":
        return None
    if facts.out_of_time:
        return "Give the models more time (budget.seconds) and run this again."
    return "Have the engineers mend what kept the models from being tried, and run this again."


def treat_alike(facts: Facts, _verdict: Verdict) -> str | None:
    """Look into groups that are treated unequally."""
    if not facts.evaluation.unequal_gaps:
        return None
    return (
        "Find out why groups are treated differently before using it on people; a difference that the cases "
        "themselves do not call for is not to be automated."
    )


def check_on_more(facts: Facts, verdict: Verdict) -> str | None:
    """Check on more cases, with how many."""
    if verdict.rule == "too few checked":
        more = FEWEST_CASES - facts.evaluation.rows
        return numbers_linked(
            f"Check it on at least {counted(more)} more: fewer than {FEWEST_CASES} cannot give an answer.",
            places.HOLDOUT,
        )
    if verdict.rule == "too few of a class":
        rare = min(facts.evaluation.classes, key=lambda found: found.rows)
        more = FEWEST_OF_A_CLASS - rare.rows
        kind = cases_of(rare.name, facts, amount=more)
        return escaped(numbers_linked(f"Check it on at least {more} more ", places.CLASSES), f"{kind}.")
    if verdict.rule in {"gain may be chance", "goal not certain"}:
        more_cases = linked(_thrice(facts.evaluation.rows), places.HOLDOUT)
        return escaped("Check it on more cases: ", more_cases, " more would halve the doubt.")
    return (_narrow(facts) or _few(facts)) if verdict.word in {"use it", "promising, not yet"} else None


def _thrice(rows: int) -> str:
    """Return how many more cases halve an interval's width, which falls with their square root."""
    text = about(3 * rows)
    return text if text.startswith("about ") else f"about {text}"


def _few(facts: Facts) -> str | None:
    """Ask for more checked cases where all numbers rest on few."""
    rows = facts.evaluation.rows
    if rows >= ENOUGH_CHECKED:
        return None
    return numbers_linked(
        f"Check it on {_thrice(rows)} more new {plural(CASE)}: with only {rows}, the numbers are rough; "
        "with these, their ranges would become about half as wide.",
        places.HOLDOUT,
    )


def _narrow(facts: Facts) -> str | None:
    """Say how many more cases of the class to find halve a wide interval."""
    found = facts.positive
    if found is None or found.rows > NOTICEABLE or not _wide(found.found):
        return None
    ends = likely_of_hundred(found.found.low, found.found.high).removeprefix("likely ")
    kind = cases_of(found.name, facts)
    return escaped(
        numbers_linked(f"Check it on {_thrice(found.rows)} more ", places.CLASSES), f"{kind}: ",
        numbers_linked(
            f"the range for those found, now {ends}, would become about half as wide.", places.CLASSES
        ),
    )  # fmt: skip


def weak_groups(facts: Facts, _verdict: Verdict) -> str | None:
    """Do something about the first confirmed group on which it is of no use, else about the first of all.

    A group can be hard for everyone: where the model still errs less than the baseline, it is no worse than
    what there would be without it.
    """
    weak = [found for found in facts.evaluation.slices if found.confirmed]
    # Where mistakes have prices, more of the cheap ones are what was asked for.
    if not weak or facts.evaluation.costs is not None or facts.selection.chosen == "baseline":
        return None
    group = next((found for found in weak if found.no_better_than_baseline), weak[0])
    where = name(group.description, limit=80)
    small = group.rows < SMALL_GROUP * facts.evaluation.rows
    if group.no_better_than_baseline:
        collect = f", or collect more such {plural(CASE)}" if small else ""
        return f"Have people decide where it is weak ({where}){collect}."
    collect = f"; collect more such {plural(CASE)}" if small else ""
    counts = group.measure == "error rate"
    more, fewer = ("more mistakes", "makes fewer") if counts else ("larger errors", "errs less")
    return (
        f"Expect {more} where it is weak ({where}); there, too, it {fewer} than {baseline(facts)}{collect}."
    )


def recalibrate(facts: Facts, _verdict: Verdict) -> str | None:
    """Correct the probabilities."""
    result = facts.evaluation.calibration
    if result is None or result.verdict != "miscalibrated":
        return None
    return "Use its probabilities to sort cases, not as percentages, until they have been corrected."


def fresh_cases(facts: Facts, _verdict: Verdict) -> str | None:
    """Evaluate on cases that nobody has looked at."""
    if not facts.about({"holdout_overused"}, SERIOUS):
        return None
    return "Check it once on new cases that nobody has looked at."


def reach_goal(facts: Facts, verdict: Verdict) -> str | None:
    """Get closer to the goal."""
    if verdict.rule not in {"goal missed", "small gain", "saving not certain"}:
        return None
    if facts.selection.trials == 0:
        return (
            "Let the computer search for a better setting of the model; so far it tried only the usual ones."
        )
    return "Look for further information about each case; more searching alone is unlikely to be enough."


def try_it(facts: Facts, verdict: Verdict) -> str | None:
    """Start to use it, with care; what is in use already stays."""
    if verdict.word != "use it":
        return None
    if facts.selection.keeps_incumbent:
        return "Keep the model that is in use: no other was shown to be better."
    return "Start beside the present way of deciding, and compare the two after the first weeks."


def more_data(facts: Facts, _verdict: Verdict) -> str | None:
    """Say whether more cases to learn from would help, where the learning curve tells."""
    points = [point for point in facts.selection.learning_curve if point.validation.value is not None]
    if len(points) < 2:
        return None
    before, last = points[-2], points[-1]
    now, then = _ends(last.validation, facts), _ends(before.validation, facts)
    if now is None or then is None or not facts.metric.better(now[0], then[1]):
        return None
    grown = linked(f"from {before.rows:,} to {last.rows:,} of them", places.LEARNING_CURVE)
    return escaped("Collect more cases to learn from: ", grown, " it still got clearly better.")


def name_groups(facts: Facts, _verdict: Verdict) -> str | None:
    """Name what belongs together."""
    params = facts.params
    if params.group is not None or params.id is not None:
        return None
    found = facts.about(SAME_ON_BOTH_SIDES, SERIOUS)
    columns = _columns(facts, SAME_ON_BOTH_SIDES, *SERIOUS)
    if found and columns:
        return (
            f"Tell the engineers which column names one person or thing ({columns}), "
            "and check again with such cases together."
        )
    return (
        "Tell the engineers which cases belong to the same person or thing, if any do: "
        "such cases must be checked together."
    )


def name_time(facts: Facts, _verdict: Verdict) -> str | None:
    """Check on the latest cases."""
    if facts.split == "time" or not facts.about(TIME, SERIOUS):
        return None
    columns = _columns(facts, TIME, *SERIOUS)
    by = f" by {columns}" if columns else ""
    return f"Check it again on the latest cases{by}: a model for the future must be judged on them."


def say_costs(facts: Facts, _verdict: Verdict) -> str | None:
    """Ask for costs."""
    if facts.params.costs is not None or (facts.task is Task.MULTICLASS and not facts.evaluation.evaluated):
        return None
    return f"Tell the engineers what {COSTS_OF[facts.task]}: then the next report can count in money."


def say_goal(facts: Facts, _verdict: Verdict) -> str | None:
    """Ask for a goal."""
    return (
        None
        if facts.params.goal is not None
        else "Tell the engineers what would be good enough: then the next verdict is measured against it."
    )


STEPS: tuple[Step, ...] = (
    mend_leak, mend_fault, keep_cases_aside, give_time, do_not_rely, treat_alike, check_on_more, weak_groups,
    recalibrate, fresh_cases, name_time, reach_goal, try_it, more_data, name_groups, say_costs, say_goal,
)  # fmt: skip


def next_steps(facts: Facts, verdict: Verdict) -> list[str]:
    """Return what to do next, the most urgent first, at most five steps."""
    return [step for rule in STEPS if (step := rule(facts, verdict)) is not None][:MOST_STEPS]


def _columns(facts: Facts, kinds: frozenset[str], *severities: Severity) -> str:
    """Return the labels of the columns that such findings name."""
    named = dict.fromkeys(column for found in facts.about(kinds, severities) for column in found.columns)
    labels = [name(facts.params.label(column), limit=40) for column in named]
    if len(labels) > MOST_NAMES:
        labels = [*labels[:MOST_NAMES], f"{len(labels) - MOST_NAMES} more"]
    return joined(labels)


def _wide(share: Estimate) -> bool:
    return share.low is not None and share.high is not None and share.high - share.low > WIDE


def _ends(estimate: Estimate, facts: Facts) -> tuple[float, float] | None:
    """Return the interval as (worst, best) in the metric's direction."""
    if estimate.low is None or estimate.high is None:
        return None
    return (estimate.low, estimate.high) if facts.metric.higher_is_better else (estimate.high, estimate.low)
