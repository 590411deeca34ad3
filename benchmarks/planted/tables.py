"""The cases counted: what was named at which strength, what was said of clean tables, and the goals."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from benchmarks.planted.cases import CleanCase, FaultCase
from helpers.findings import SERIOUS, Severity
from helpers.intervals import wilson

NAMED_GOAL = 0.95
FALSE_STOPS_GOAL, COLUMNS = 1, 200
WARNINGS_GOAL = 3


def case_table(cases: Iterable[FaultCase]) -> pd.DataFrame:
    """Return one row a planted fault.

    Returns
    -------
    pandas.DataFrame
        Columns: fault, strength, base, seed, rows, flattered, honest, error (the larger standard error),
        moved, named, severity (of the most serious finding that names it, empty if none), by, said (all
        findings), refused, broken.
    """
    return pd.DataFrame(
        {
            "fault": case.fault,
            "strength": case.strength,
            "base": case.base,
            "seed": case.seed,
            "rows": case.rows,
            "flattered": case.move.flattered.mean,
            "honest": case.move.honest.mean,
            "error": max(case.move.flattered.error, case.move.honest.error),
            "moved": case.move.is_beyond_error,
            "named": bool(case.named),
            "severity": case.named[0].severity.value if case.named else "",
            "by": " · ".join(f"{each.code} {each.kind}" for each in case.named),
            "said": " · ".join(map(str, case.answer.said)),
            "refused": case.answer.refused,
            "broken": " · ".join(case.answer.broken),
        }
        for case in cases
    )


def by_fault(cases: pd.DataFrame) -> pd.DataFrame:
    """Return one row a fault and strength, from `case_table`.

    Returns
    -------
    pandas.DataFrame
        Columns: fault, strength, cases, moved, named, moved and named, stop, warn, note, missed (moved, and
        not named): numbers of cases.
    """
    counted = cases.assign(
        cases=1,
        **{
            "moved and named": cases["moved"] & cases["named"],
            **{name: cases["severity"] == name for name in ("stop", "warn", "note")},
            "missed": cases["moved"] & ~cases["named"],
        },
    )
    columns = ["cases", "moved", "named", "moved and named", "stop", "warn", "note", "missed"]
    summed = counted.groupby(["fault", "strength"], sort=False)[columns].sum()
    return summed.astype(int).reset_index()


def alarms(clean: Sequence[CleanCase]) -> pd.DataFrame:
    """Return one row a rule and severity with how often clean tables heard of it.

    Returns
    -------
    pandas.DataFrame
        Columns: code, kind, severity, tables, share with its 95 % Wilson interval (low, high), a table
        (findings a clean table), bases (the tables concerned).
    """
    rows = [
        (said.code, said.kind, said.severity.value, case.base, case.seed)
        for case in clean
        for said in case.answer.said
    ]
    found = pd.DataFrame(rows, columns=["code", "kind", "severity", "base", "seed"])
    order = [severity.value for severity in Severity]
    grouped = found.groupby(["code", "kind", "severity"])
    table = (
        grouped[["base", "seed"]]
        .apply(lambda part: len(part.drop_duplicates()))
        .rename("tables")
        .reset_index()
    )
    table["share"] = table["tables"] / len(clean)
    table["low"], table["high"] = wilson(table["tables"].to_numpy(), np.full(len(table), len(clean)))
    table["a table"] = grouped.size().to_numpy() / len(clean)
    table["bases"] = grouped["base"].apply(lambda part: ", ".join(sorted(set(part)))).to_numpy()
    table["rank"] = table["severity"].map(order.index)
    ordered = table.sort_values(["rank", "tables", "code"], ascending=[True, False, True], ignore_index=True)
    return ordered.drop(columns="rank")


def verdict(clean: Sequence[CleanCase], cases: pd.DataFrame) -> list[str]:
    """Return a line a goal: what was measured, with its interval, and whether it meets the goal."""
    lines = []
    if len(cases):
        moved = cases[cases["moved"]]
        lines.append(_named_line(int(moved["named"].sum()), len(moved)))
    columns = sum(case.features for case in clean)
    stops = sum(
        max(1, len(said.columns))
        for case in clean
        for said in case.answer.said
        if said.severity is Severity.STOP
    )
    serious = [sum(said.severity in SERIOUS for said in case.answer.said) for case in clean]
    low, high = _ends(stops, columns)
    lines.append(
        f"False stops: {stops} in {columns:,} clean columns, {COLUMNS * stops / columns:.2f} "
        f"({COLUMNS * low:.2f} to {COLUMNS * high:.2f}) in {COLUMNS}; goal under {FALSE_STOPS_GOAL}: "
        f"{_met(COLUMNS * stops / columns < FALSE_STOPS_GOAL)}"
    )
    lines.append(
        f"Findings of stop or warn on {len(clean)} clean tables: {np.mean(serious):.2f} a table, at most "
        f"{max(serious)}; goal under {WARNINGS_GOAL} on each: {_met(max(serious) < WARNINGS_GOAL)}"
    )
    return lines


def _named_line(named: int, moved: int) -> str:
    low, high = _ends(named, moved)
    share = named / max(1, moved)
    return (
        f"Faults that move the score by more than its standard error: {named} of {moved} named, {share:.1%} "
        f"({low:.1%} to {high:.1%}); goal at least {NAMED_GOAL:.0%}: {_met(share >= NAMED_GOAL)}"
    )


def _ends(successes: int, trials: int) -> tuple[float, float]:
    low, high = wilson(np.array([successes]), np.array([trials]))
    return float(low[0]), float(high[0])


def _met(is_met: bool) -> str:
    return "met" if is_met else "NOT MET"
