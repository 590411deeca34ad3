"""The order of the file: whether a row's place tells its target, and whether columns change along it."""

from helpers.data_quality.context import Context
from helpers.data_quality.file_order import FEWEST_ROWS, place_by_column, row_numbers
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, rule, written
from helpers.data_quality.rules_leakage import skill_words
from helpers.findings import Severity
from helpers.tables.sample import sampled
from helpers.tables.table import Table
from helpers.wording import percent

PLACE_TELLS = 0.20
DRIFT = 0.10
DRIFT_ROWS = 5_000
DRIFT_SHOWN = 10


@rule("Q154", "row_order_leak")
def row_order_leak(table: Table, context: Context) -> Outcome:
    """Ask whether a row's place in the file tells its target."""
    if len(table) < FEWEST_ROWS:
        return not_applicable(f"Fewer than {FEWEST_ROWS} development rows: order cannot be told from chance.")
    skill = context.place_skill
    if skill.low < PLACE_TELLS:
        return passed(
            "A row's place in the file tells little of its target: it removes "
            f"{percent(max(0.0, skill.value), digits=1)} of the error of guessing.{context.sample_note}"
        )
    names = row_numbers(context.sample)
    message = (
        "The file is in order of the target" if context.is_sorted else "The target changes along the file"
    )
    message += f": a row's place removes {skill_words(skill)} of the error of guessing."
    if names:
        message += (
            f" {counted(len(names), 'feature', 'follows', 'follow')} the order of rows: {named(names)}."
        )
    remedy = "Never add a row number, and never take the last rows for a test."
    if names:
        remedy = f"Leave out what only counts rows: {written({'drop': names})}."
    elif not context.is_sorted:
        remedy = "Find out what the order means. If it is time, add it as a column and name it as `time`."
    return Outcome(
        Severity.WARN if names else Severity.NOTE,
        message + context.sample_note,
        plain="The rows of the file are sorted by the outcome."
        if context.is_sorted
        else "The outcome changes from the first rows of the file to the last.",
        remedy=remedy,
        columns=tuple(names),
        lines={"drop": names} if names else {},
        evidence=({"rows": skill.rows, "error removed": skill.value, "from": skill.low, "to": skill.high},),
    )


@rule("Q164", "drift_in_file")
def drift_in_file(table: Table, context: Context) -> Outcome:
    """Name the features whose values change from the first rows of the file to the last."""
    if len(table) < FEWEST_ROWS or not table.features:
        return not_applicable(f"Fewer than {FEWEST_ROWS} development rows, or no feature to look at.")
    if context.is_sorted:
        return not_applicable("The file is in order of the target, so that columns change along with it.")
    sample = sampled(context.sample, rows=DRIFT_ROWS, seed=context.seed)
    in_order = row_numbers(sample)
    found = [
        item
        for item in place_by_column(sample, seed=context.seed)
        if item.skill.low >= DRIFT and item.column not in in_order
    ]
    if not found:
        return passed(
            f"No feature tells a row's place in the file (none surely removes {percent(DRIFT)} of the error "
            "of guessing it)."
        )
    names = tuple(item.column for item in found)
    return Outcome(
        Severity.NOTE,
        f"{counted(len(names), 'feature', 'changes', 'change')} along the file: {named(names)}. Most in "
        f"{named(names[:1])}, which removes {skill_words(found[0].skill)} of the error of guessing a row's "
        "place.",
        plain="The first rows of the file differ from the last ones.",
        remedy="Find out what the order of the file means: over time a model may meet other rows than these.",
        columns=names,
        evidence=tuple(
            {"column": item.column, "error removed": item.skill.value, "from": item.skill.low}
            for item in found[:DRIFT_SHOWN]
        ),
    )
