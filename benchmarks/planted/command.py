"""`python -m benchmarks planted`: plant, ask, count, print, write."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.planted import cases, tables

SEEDS, QUICK_SEEDS = 20, 3
CASES = "planted_cases.csv"


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print; with ``--out`` also write the tables as CSV."""
    given = _parser().parse_args(arguments)
    seeds = range(given.first, given.first + (QUICK_SEEDS if given.quick else given.seeds))
    print(f"Rules of 01 on clean tables and with one planted fault, {len(seeds)} seeds from {given.first}")
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
        (given.out / CASES).unlink(missing_ok=True)

    def keep(case: cases.FaultCase) -> None:
        """Write the case down at once: a run of hours that is cut off leaves what it found."""
        if given.out is not None:
            path = given.out / CASES
            tables.case_table([case]).to_csv(path, mode="a", header=not path.exists(), index=False)

    clean, planted = cases.run(seeds=seeds, only=given.only, heard=keep)
    each = tables.case_table(planted)
    found = {"cases": each, "alarms": tables.alarms(clean)}
    if len(each):
        found["faults"] = tables.by_fault(each)
    if given.out is not None:
        for name, table in found.items():
            table.to_csv(given.out / f"planted_{name}.csv", index=False)
    with pd.option_context("display.width", 250, "display.max_rows", None, "display.max_columns", None):
        if "faults" in found:
            print(found["faults"].to_string(index=False))
        print(f"Said of {len(clean)} clean tables:")
        print(found["alarms"].round(3).to_string(index=False))
    answers = [*(case.answer for case in clean), *(case.answer for case in planted)]
    broken, refused = sum(len(each.broken) for each in answers), sum(bool(each.refused) for each in answers)
    print(f"Rules that could not run: {broken}; tables refused: {refused}")
    print("\n".join(tables.verdict(clean, each)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks planted", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"seeds of each table and fault ({SEEDS})")
    parser.add_argument(
        "--first", type=int, default=0, help="the first seed, to look at others than before (0)"
    )
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SEEDS} seeds")
    parser.add_argument("--only", default="", metavar="TEXT", help="only faults whose name holds this")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where to write the tables as CSV")
    return parser
