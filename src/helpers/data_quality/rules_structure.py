"""Rows that belong together or follow each other: what a split at random makes of them.

What each way of splitting scores comes from `helpers.data_quality.split_advice`; where the split was made by
it, because `validation` is auto, the finding says so.
"""

from collections.abc import Sequence

from helpers.data_quality.context import Context
from helpers.data_quality.price import Price
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, points, rule, written
from helpers.data_quality.split_advice import FEWEST_ROWS, LATEST, LOSS_NOTE, SplitOption
from helpers.data_quality.time_candidates import TimeCandidate, time_candidates
from helpers.findings import Severity
from helpers.tables.table import Role, Table
from helpers.wording import percent


@rule("Q161", "group_structure")
def group_structure(table: Table, context: Context) -> Outcome:
    """Find rows that belong to the same person, animal or thing, and what a random split makes of it."""
    options = [option for option in context.advice.options if option.way == "group"]
    if context.has(Role.GROUP) and not options:
        return not_applicable("The params name a group column; its rows stay on one side.")
    if len(table) < FEWEST_ROWS:
        return not_applicable(
            f"Fewer than {FEWEST_ROWS} development rows: too few to price a split by groups."
        )
    if not options:
        return passed("No column has repeated values that could name persons, things or batches.")
    kept = [option for option in options if option.identifies or option.flatters]
    if not kept:
        return passed(
            f"Keeping the rows of one group together costs a small model nothing that is sure and at least "
            f"{percent(LOSS_NOTE)} of the error of guessing; tried by "
            f"{named([option.columns[0] for option in options])}."
        )
    first = context.advice.advised
    if first in kept:
        kept = [first, *(option for option in kept if option is not first)]
    return _group_outcome(kept, taken=_was_taken(context, "group"))


def _was_taken(context: Context, way: str) -> bool:
    """Return whether the rows were split this way because `validation` is auto."""
    advised = context.development.advised_split
    return advised and context.development.split.strategy == way


def _group_outcome(found: Sequence[SplitOption], *, taken: bool) -> Outcome:
    first = found[0]
    names = tuple(dict.fromkeys(option.columns[0] for option in found))
    message = f"Rows may belong together by {first.words}. " + _price_words(first.price, "with new groups")
    if taken:
        message += " As validation is auto, the rows were split by it."
    if len(names) > 1:
        message += f" Other columns that might name groups: {named(names[1:])}."
    return Outcome(
        Severity.WARN if first.decides else Severity.NOTE,
        message,
        plain="Several rows seem to belong to the same person or thing, which can flatter the result.",
        remedy=f"If new rows will come from new ones: {written(first.lines)}.",
        lines=first.lines,
        columns=names,
        evidence=tuple(_evidence(option) for option in found),
    )


def _price_words(price: Price, case: str) -> str:
    """Say what a small model scores at random and otherwise, or that the difference is within chance."""
    if not price.is_sure:
        found = f"{case} it loses {points(price.loss)} ({points(price.low)} to {points(price.high)}) of the "
        found += "error of guessing"
        if price.high < LOSS_NOTE:
            return f"Folds drawn at random do not flatter a small model: {found}."
        return f"Whether folds drawn at random flatter a small model cannot be told: {found}."
    return (
        f"A small model reaches {price.measure} {price.flattered} with folds drawn at random, "
        f"{price.honest} {case}."
    )


def _evidence(option: SplitOption) -> dict[str, object]:
    price = option.price
    return {
        "split by": option.words,
        f"{price.measure}, random folds": str(price.flattered),
        f"{price.measure}, this split": str(price.honest),
        "share of the error of guessing lost": price.loss,
        "from": price.low,
        "to": price.high,
    }


@rule("Q162", "time_order")
def time_order(table: Table, context: Context) -> Outcome:
    """Find columns of time while the params name none, and what predicting the latest rows costs."""
    options = [option for option in context.advice.options if option.way == "time"]
    if context.has(Role.TIME) and not options:
        return not_applicable("The params name a time column; the latest rows are held out.")
    candidates = time_candidates(table)
    if not candidates and not options:
        return not_applicable("No feature holds dates, moments counted from 1970 or years.")
    return _time_outcome(candidates, options, taken=_was_taken(context, "time"))


def _time_outcome(
    candidates: Sequence[TimeCandidate], options: Sequence[SplitOption], *, taken: bool
) -> Outcome:
    names = list(dict.fromkeys([*(option.columns[0] for option in options), *(c.column for c in candidates)]))
    message = (
        f"{counted(len(names), 'column', 'tells', 'tell')} when, and `time` is not given: {named(names)}."
    )
    units = [f"{named([each.column])} counts {each.unit}" for each in candidates if each.unit]
    if units:
        message += f" {'; '.join(units)}."
    in_order = [option.columns[0] for option in options if option.in_order]
    if in_order:
        message += f" The rows are in the order of {named(in_order)}."
    first = options[0] if options else None
    if first is not None and first.flatters:
        case = (
            f"for the latest {percent(LATEST)} of rows by {named(first.columns)}, learning from earlier ones"
        )
        message += f" {_price_words(first.price, case)}"
    if taken:
        message += " As validation is auto, the rows were split by it."
    return Outcome(
        Severity.WARN if first is not None and first.decides else Severity.NOTE,
        message,
        plain="The rows have a date: a model meant for the future is to be judged on the latest ones.",
        remedy=f"If it will be used on later rows: {written({'time': names[0]})}.",
        lines={"time": names[0]},
        columns=tuple(names),
        evidence=tuple(_evidence(option) for option in options),
    )


@rule("Q163", "time_order")
def hidden_order(table: Table, context: Context) -> Outcome:
    """Ask whether rows near each other in the file are alike though no column tells when."""
    if len(table) < FEWEST_ROWS:
        return not_applicable(
            f"Fewer than {FEWEST_ROWS} development rows: too few to price stretches of them."
        )
    found = next((option for option in context.advice.options if option.way == "file order"), None)
    if found is None:
        return not_applicable(
            "The file is in the order of a column of time, of groups or of the target, or there are too few "
            "rows; its order tells nothing else."
        )
    if not found.flatters:
        return passed(
            f"Holding out stretches of the file costs a small model nothing that is sure and at least "
            f"{percent(LOSS_NOTE)} of the error of guessing: its order hides no time."
        )
    return Outcome(
        Severity.WARN if found.decides else Severity.NOTE,
        "Rows near each other in the file are alike, as if it were in order of time or of batches. "
        + _price_words(found.price, "where a stretch of the file is held out"),
        plain="The order of the rows matters, as if they had been recorded over time.",
        remedy="Find out what the order means. If it is time, add it as a column and name it as `time`; if "
        "it is batches, add their number and name it as `group`.",
        evidence=(_evidence(found),),
    )
