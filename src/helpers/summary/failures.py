"""Where it fails: the mistakes counted, and the groups of cases in which they gather."""

from helpers.metrics import Task
from helpers.results import SliceResult
from helpers.summary import places
from helpers.summary.facts import Facts
from helpers.summary.markup import Markup, escaped, linked, numbers_linked
from helpers.summary.names import CASE, baseline, cases_of, counted
from helpers.wording import (
    FEW_CASES,
    count,
    likely_of_hundred,
    measured,
    name,
    number,
    quoted,
    times,
    with_unit,
)  # fmt: skip

MOST_GROUPS = 3
ENOUGH_FOR_SMALL_DIFFERENCES = 1000  # checked cases from which a group's weakness of a few in 100 is seen
SUSPECT_P = 0.2  # corrected for how many were tried: from here on a weak group is not worth a sentence


def mistakes(facts: Facts) -> Markup | None:
    """Say for classes how many of the checked cases it got wrong, and of which kind."""
    confusion, rows = facts.evaluation.confusion, facts.evaluation.rows
    if not confusion:
        return None
    wrong = rows - sum(row[place] for place, row in enumerate(confusion))
    if not wrong:
        return escaped(
            "It got ", linked(f"all {counted(rows)}", places.CONFUSION), " right that it was checked on."
        )
    start = escaped(
        "Of the ",
        linked(counted(rows), places.HOLDOUT),
        " that it was checked on, it got ",
        linked(f"{wrong:,} wrong", places.CONFUSION),
    )
    return escaped(start, _kinds(facts), ".")


def _kinds(facts: Facts) -> Markup:
    if facts.task is Task.BINARY and facts.positive and facts.negative:
        positive, negative = facts.positive, facts.negative
        missed = round((1 - (positive.found.value or 0.0)) * positive.rows)
        alarms = round((positive.false_alarm.value or 0.0) * negative.rows)
        kind = cases_of(positive.name, facts, amount=missed)
        return escaped(
            ": it missed ", linked(f"{missed:,}", places.CONFUSION), f" {kind} and raised ",
            linked(count(alarms, "false alarm"), places.CONFUSION),
        )  # fmt: skip
    names = [found.name for found in facts.evaluation.classes]
    mixed = [
        (amount, names[truth], names[answer])
        for truth, row in enumerate(facts.evaluation.confusion)
        for answer, amount in enumerate(row)
        if truth != answer
    ]
    amount, truth, answer = max(mixed, key=lambda item: item[0])
    most = "most often " if sum(bool(item[0]) for item in mixed) > 1 else ""
    often = linked(times(amount), places.CONFUSION)
    return escaped(f": {most}it took {quoted(truth)} for {quoted(answer)} (", often, ")")


def weak_lead(facts: Facts) -> Markup | None:
    """Say that there are confirmed groups, before they are listed."""
    weak = sum(found.confirmed for found in facts.evaluation.slices)
    if not weak:
        return None
    groups, them = ("One group does", "it") if weak == 1 else ("Some groups do", "them")
    return escaped(
        f"{groups} clearly worse than the rest, as cases that had not served to find {them} confirm:"
    )


def weak_groups(facts: Facts) -> list[Markup]:
    """Return a sentence for each confirmed group, the weakest first, at most three."""
    return [_group(found, facts) for found in facts.evaluation.slices if found.confirmed][:MOST_GROUPS]


def no_group(facts: Facts) -> Markup | None:
    """Say that no group stood out, and how far that goes."""
    if any(found.confirmed for found in facts.evaluation.slices):
        return None
    rows = facts.evaluation.rows
    if not facts.evaluation.slices_examined:
        return escaped(
            "Whether it does worse for some kinds of cases was ", linked("not examined", places.SLICES),
            ": ", linked(count(rows, f"checked {CASE}"), places.HOLDOUT),
            f" {'is' if rows == 1 else 'are'} too few to tell.",
        )  # fmt: skip
    text = escaped(
        linked(f"No group of {_noun(rows)} stood out", places.SLICES), " as clearly worse than the rest."
    )
    if rows < ENOUGH_FOR_SMALL_DIFFERENCES:
        said = " checked, only large differences could have shown."
        return escaped(text, " With ", linked(counted(rows), places.HOLDOUT), said)
    return escaped(text, " A weakness in a very small group could still have gone unseen.")


def suspect(facts: Facts) -> Markup | None:
    """Name the weakest group where none is confirmed but chance alone seldom does it: worth a look."""
    if not facts.evaluation.slices or any(found.confirmed for found in facts.evaluation.slices):
        return None
    found = facts.evaluation.slices[0]
    if found.p_corrected is None or found.p_corrected >= SUSPECT_P or not _shown_apart(found, facts):
        return None
    return escaped(
        "The weakest group: ", _described(found),
        numbers_linked(
            f": {_inside(found, facts)}; elsewhere {_outside(found, facts)}. "
            "That can be chance, and is worth a look.",
            places.SLICES,
        ),
    )  # fmt: skip


def _group(found: SliceResult, facts: Facts) -> Markup:
    ends = _ends(found, facts)
    inside = f"{_inside(found, facts)}{f' ({ends})' if ends else ''}"
    said = f": {inside}; elsewhere {_outside(found, facts)}.{_of_baseline(found, facts)}"
    return escaped(_described(found), numbers_linked(said, places.SLICES))


def _of_baseline(found: SliceResult, facts: Facts) -> str:
    """Say what the baseline does there: a group can be hard for everyone."""
    beside = found.baseline_inside
    if beside is None:
        return ""
    if found.measure == "error rate":
        return f" There {baseline(facts)} is wrong in {_about_of_hundred(beside)}."
    return f" There {baseline(facts)} is off by {_off_by(beside, found, facts)}."


def _described(found: SliceResult) -> Markup:
    """Name a group and the cases that its values were measured on: those that did not serve to find it."""
    size = f"{counted(found.rows_confirming)} that had not served to find it"
    described = linked(name(found.description, limit=120), places.SLICES)
    return escaped(described, " (", numbers_linked(size, places.SLICES), ")")


def _shown_apart(found: SliceResult, facts: Facts) -> bool:
    """Whether the group's value is the worse one still when both are rounded as they are shown."""
    inside, outside = found.inside.value, found.outside.value
    if inside is None or outside is None or inside <= outside:
        return False
    if found.measure == "error rate":
        return _about_of_hundred(inside) != _about_of_hundred(outside)
    return _off_by(inside, found, facts) != _off_by(outside, found, facts)


def _noun(rows: int) -> str:
    return counted(max(rows, 2)).split(" ", 1)[1]


def _inside(found: SliceResult, facts: Facts) -> str:
    if found.inside.value is None:
        return "not measured"
    if found.measure == "error rate":
        rows = found.rows_confirming
        few = rows < FEW_CASES
        share = (
            f"{round(found.inside.value * rows)} of {rows}" if few else _about_of_hundred(found.inside.value)
        )
        return f"{share} wrong"
    return f"off by {_off_by(found.inside.value, found, facts)} on average"


def _outside(found: SliceResult, facts: Facts) -> str:
    if found.outside.value is None:
        return "not measured"
    if found.measure == "error rate":
        return _about_of_hundred(found.outside.value)
    return _off_by(found.outside.value, found, facts)


def _off_by(value: float, found: SliceResult, facts: Facts) -> str:
    """Return an error to the digits that the group's interval supports, so that two can be compared."""
    if found.inside.low is None:
        return with_unit(number(value, digits=2), facts.unit)
    return measured(value, found.inside.low, found.inside.high, unit=facts.unit)[0]


def _about_of_hundred(share: float) -> str:
    """Return a share as 'about 40 of 100', never rounded to all or none."""
    if share <= 0 or share >= 1:
        return "all" if share >= 1 else "none"
    return f"about {min(max(round(share * 100), 1), 99)} of 100"


def _ends(found: SliceResult, facts: Facts) -> str:
    if found.inside.low is None or found.inside.high is None or found.inside.value is None:
        return ""
    if found.measure == "error rate":
        return likely_of_hundred(found.inside.low, found.inside.high)
    return measured(found.inside.value, found.inside.low, found.inside.high, unit=facts.unit)[1]
