"""The target's classes: how unequal, how rare."""

from helpers.data_quality.context import Context
from helpers.data_quality.rule import Outcome, counted, named, not_applicable, passed, rule
from helpers.findings import Severity
from helpers.metrics import Task
from helpers.tables.table import Table
from helpers.wording import percent

IMBALANCE_NOTE = 0.20
IMBALANCE_WARN = 0.05
RARE_ROWS = 10


@rule("Q141", "class_imbalance")
def class_imbalance(table: Table, _context: Context) -> Outcome:
    """Compare the smallest class with an equal share; accuracy says little where it is small."""
    if table.task is Task.REGRESSION:
        return not_applicable("The target is a number and has no classes.")
    sizes = table.y.value_counts()
    shares = sizes / len(table)
    smallest, largest = named([str(shares.index[-1])]), named([str(shares.index[0])])
    low, high = percent(float(shares.iloc[-1]), digits=1), percent(float(shares.iloc[0]), digits=1)
    # With more classes an equal share is smaller; two classes are the scale of the thresholds.
    relative = float(shares.iloc[-1]) * len(shares) / 2
    if relative >= IMBALANCE_NOTE:
        return passed(f"The smallest class {smallest} holds {low} of the rows.")
    return Outcome(
        Severity.WARN if relative < IMBALANCE_WARN else Severity.NOTE,
        f"The classes are unequal: {smallest} holds {low} of the rows, {largest} {high}.",
        plain=f"One outcome is rare: it makes up {low} of the rows.",
        remedy=f"Always answering {largest} is right in {high}: judge by a metric that sees the rare class, "
        "and name the `costs` of mistakes.",
        columns=(table.target.name,),
        evidence=tuple(
            {"class": str(name), "rows": int(size), "share": int(size) / len(table)}
            for name, size in sizes.items()
        ),
    )


@rule("Q142", "rare_class")
def rare_class(table: Table, _context: Context) -> Outcome:
    """Name classes with too few rows to be in every fold."""
    if table.task is Task.REGRESSION:
        return not_applicable("The target is a number and has no classes.")
    sizes = table.y.value_counts()
    rare = sizes[sizes < RARE_ROWS]
    if rare.empty:
        return passed(f"Each class has at least {RARE_ROWS} development rows.")
    names = [str(name) for name in rare.index]
    return Outcome(
        Severity.WARN,
        f"{counted(len(rare), 'class', 'has', 'have')} fewer than {RARE_ROWS} development rows: "
        f"{named(names)}.",
        plain="Some outcomes were seen too seldom to learn them.",
        remedy="Join rare classes to others in the table, gather more rows, or leave them out.",
        columns=(table.target.name,),
        evidence=tuple({"class": str(name), "rows": int(size)} for name, size in rare.items()),
    )
