"""What could be wrong: what was checked before the numbers are believed, in a short table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from helpers.findings import SERIOUS, Finding, Severity
from helpers.summary import places
from helpers.summary.facts import LEAKS, SAME_ON_BOTH_SIDES, TIME, TOO_GOOD, Facts
from helpers.summary.names import counted
from helpers.summary.reasons import plain_of
from helpers.wording import capital, count, name, percent, times, unbroken

Mark = Literal["fine", "look", "problem", "unknown"]

MUCH_MISSING = 0.2
ENOUGH_CHECKED = 100  # checked cases below which every number is only a rough one
LONGEST_RESULT = 180
_SHOWN_ABOVE = TOO_GOOD | {"duplicate_rows", "missing_values"}


@dataclass(frozen=True)
class Check:
    """One line of the table: what was asked, what came out, how it is to be taken, where it was computed."""

    question: str
    mark: Mark
    result: str
    place: str


def leaks(facts: Facts) -> Check:
    """Whether something in the table gives the answer away."""
    question = "A column that gives the answer away"
    serious = facts.about(LEAKS, SERIOUS)
    if serious:
        mark: Mark = "problem" if serious[0].severity is Severity.STOP else "look"
        return Check(question, mark, _first(serious, facts), places.QUALITY_FINDINGS)
    if facts.leaks_searched:
        return Check(question, "fine", "none found", places.QUALITY_FINDINGS)
    return Check(question, "unknown", "could not be checked", places.QUALITY_FINDINGS)


def both_sides(facts: Facts) -> Check:
    """Whether the same person or thing is among the cases learned from and the cases checked on."""
    question = "The same person or thing among the cases learned from and those checked on"
    serious = facts.about(SAME_ON_BOTH_SIDES, SERIOUS)
    params = facts.params
    if serious:
        return Check(question, "look", _first(serious, facts), places.QUALITY_FINDINGS)
    column = params.group if facts.split == "group" else params.id if facts.split == "id" else None
    if column is not None:
        return Check(question, "fine", f"kept apart by {name(params.label(column))}", places.SPLIT)
    if params.group is not None and not facts.evaluation.evaluated:
        said = f"kept apart by {name(params.label(params.group))} while models were compared"
        return Check(question, "fine", said, places.SPLIT)
    if facts.split == "time" and params.group is not None:
        return Check(
            question, "fine", f"no {name(params.label(params.group))} is on both sides", places.SPLIT
        )
    return Check(
        question, "unknown", "no column was named that says which cases belong together", places.SPLIT
    )


def repeats(facts: Facts) -> Check:
    """Whether rows repeat each other."""
    repeated, rows = facts.quality.duplicate_rows, facts.quality.development_rows
    if not repeated:
        return Check("Cases entered twice", "fine", "none found", places.QUALITY_FINDINGS)
    verb = "repeats" if repeated == 1 else "repeat"
    return Check(
        "Cases entered twice",
        "look",
        f"{repeated:,} of {counted(rows)} {verb} another",
        places.QUALITY_FINDINGS,
    )


def missing(facts: Facts) -> Check:
    """How much of the table is empty."""
    share = facts.quality.missing_share
    serious = facts.about({"missing_values"}, SERIOUS)
    result = "none" if share == 0 else f"{unbroken(percent(share))} of all values"
    mark: Mark = "look" if share > MUCH_MISSING or serious else "fine"
    return Check("Missing values", mark, result, places.QUALITY)


def over_time(facts: Facts) -> Check:
    """Whether it was checked on later cases than it learned from."""
    question = "Whether it still works as time passes"
    serious = facts.about(TIME, SERIOUS)
    if facts.split == "time":
        return Check(question, "fine", "checked on the latest cases", places.SPLIT)
    if serious:
        return Check(question, "look", _first(serious, facts), places.QUALITY_FINDINGS)
    return Check(question, "unknown", "not checked: no column of time was named", places.SPLIT)


def enough_checked(facts: Facts) -> Check:
    """Whether it was checked on cases enough."""
    question, rows = "How many cases it was checked on", facts.evaluation.rows
    if not facts.evaluation.evaluated:
        return Check(question, "unknown", "none were kept aside", places.SPLIT)
    if rows < ENOUGH_CHECKED:
        return Check(question, "look", f"only {rows:,}", places.HOLDOUT)
    return Check(question, "fine", f"{rows:,}", places.HOLDOUT)


def looked_before(facts: Facts) -> Check | None:
    """Whether the checked cases had been looked at before."""
    result = facts.evaluation
    if not result.evaluated:
        return None
    question = "Checked cases looked at before"
    overused = facts.about({"holdout_overused"}, SERIOUS)
    if result.looks > 1:
        mark: Mark = "look" if overused else "fine"
        return Check(question, mark, f"{result.looks} different models were judged on them", places.HOLDOUT)
    if result.openings > 1:
        mark = "look" if overused else "fine"
        return Check(
            question, mark, f"opened {times(result.openings)}, always for this model", places.HOLDOUT
        )
    return Check(question, "look" if overused else "fine", "no, this was the first look", places.HOLDOUT)


def groups_alike(facts: Facts) -> Check | None:
    """Whether groups of the columns named as sensitive are treated alike."""
    if not facts.params.sensitive or not facts.evaluation.evaluated:
        return None
    question = "Groups that must be treated alike"
    gaps = facts.evaluation.unequal_gaps
    if gaps:
        lowest, highest = (name(text, limit=60) for text in (gaps[0].lowest, gaps[0].highest))
        more = f", and {count(len(gaps) - 1, 'more difference')}" if len(gaps) > 1 else ""
        return Check(
            question,
            "look",
            f"{gaps[0].measure} lower for {lowest} than for {highest}{more}",
            places.FAIRNESS,
        )
    if not facts.evaluation.fairness_gaps:
        return Check(question, "unknown", "too few cases to compare", places.FAIRNESS)
    return Check(question, "fine", "no large difference that is more than chance", places.FAIRNESS)


def probabilities(facts: Facts) -> Check | None:
    """Whether the probabilities can be taken at their word."""
    if facts.evaluation.calibration is None:
        return None
    said: dict[str, tuple[Mark, str]] = {
        "calibrated": ("fine", f"no disagreement seen in {counted(facts.evaluation.rows)}"),
        "miscalibrated": ("look", "they are off: use them to sort cases, not as percentages"),
        "cannot tell": ("unknown", "too few cases to tell"),
    }
    if facts.evaluation.calibration.verdict not in said:
        return None
    mark, result = said[facts.evaluation.calibration.verdict]
    return Check("The probabilities that it states", mark, result, places.CALIBRATION)


def other_findings(facts: Facts) -> Check | None:
    """How many further findings the technical report has."""
    more = [found for found in facts.of_data if found.severity in SERIOUS and found.kind not in _SHOWN_ABOVE]
    if not more:
        return None
    mark: Mark = "problem" if any(found.severity is Severity.STOP for found in more) else "look"
    text = f"{capital(count(len(more), 'finding'))} for the engineers to look at"
    return Check("Anything else in the data", mark, text, places.QUALITY_FINDINGS)


ALL: tuple[Callable[[Facts], Check | None], ...] = (
    leaks, both_sides, repeats, missing, over_time, enough_checked, looked_before, probabilities,
    groups_alike, other_findings,
)  # fmt: skip


def all_checks(facts: Facts) -> list[Check]:
    """Return every check that applies, in the order of the table."""
    return [check for rule in ALL if (check := rule(facts)) is not None]


def _first(findings: Sequence[Finding], facts: Facts) -> str:
    text = plain_of(findings[0], facts, limit=LONGEST_RESULT)
    more = len(findings) - 1
    return f"{text} And {more} more." if more else text
