"""Values that stand for 'no value' and were read as values."""

from collections import defaultdict

from helpers.data_quality.context import Context, looked_at
from helpers.data_quality.markers import BULK, FEWEST_VALUES, Marker
from helpers.data_quality.phrases import counted, named, written
from helpers.data_quality.rule import Outcome, not_applicable, passed, rule
from helpers.findings import Severity
from helpers.tables.table import Kind, Table
from helpers.wording import count, number, percent


@rule("Q104", "missing_marker")
def missing_marker(table: Table, context: Context) -> Outcome:
    """Find repeated numbers and dates at an end, far from all others: -999, 99999999, 1900-01-01."""
    columns = [column for column in looked_at(table) if column.kind in (Kind.NUMBER, Kind.DATE)]
    if not any(table.frame[column.name].count() >= FEWEST_VALUES for column in columns):
        return not_applicable(f"No column of numbers or dates has at least {FEWEST_VALUES} values.")
    found = sorted(context.markers, key=lambda marker: -marker.rows)
    if not found:
        return passed(
            f"In none of {count(len(columns), 'column')} does a repeated value stand apart as if it meant "
            "'no value'."
        )
    names = list(dict.fromkeys(marker.column for marker in found))
    first, missing = found[0], {"clean": {"missing": markers_to_declare(found)}}
    return Outcome(
        Severity.WARN,
        f"{counted(len(names), 'column', 'holds', 'hold')} a repeated value that seems to stand for 'no "
        f"value': {named(names)}. In {named(names[:1])} {count(first.rows, 'row')} "
        f"({percent(first.rows / len(table), digits=1)}) hold {first.text}, "
        f"while {percent(BULK)} of the others lie between {_shown(first.low)} and {_shown(first.high)} with "
        f"{number(first.usual)} rows a value.",
        plain="Some numbers seem to be signs for 'unknown', and are taken for amounts.",
        remedy=f"If they mean 'no value': {written(missing)}.",
        columns=tuple(names),
        lines=missing,
        evidence=tuple(
            {
                "column": marker.column,
                "value": marker.text,
                "rows": marker.rows,
                f"{percent(BULK)} of the others from": _shown(marker.low),
                "to": _shown(marker.high),
                "usual rows a value": number(marker.usual),
            }
            for marker in found
        ),
    )


def markers_to_declare(markers: list[Marker]) -> dict[str, list[float | str]]:
    """Return the values by column, as ``clean.missing`` takes them."""
    found: dict[str, list[float | str]] = defaultdict(list)
    for marker in markers:
        plain = float(marker.value) if isinstance(marker.value, float) else marker.text
        found[marker.column].append(int(plain) if isinstance(plain, float) and plain.is_integer() else plain)
    return dict(found)


def _shown(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)[:10]
