"""`python -m benchmarks describe`: make tables, describe them, print."""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from benchmarks.describe import tables
from benchmarks.describe.measured import Measured, by_nightbook, by_skrub, by_ydata
from benchmarks.environments import NEIGHBOURS

SIZES = (10_000, 100_000, 1_000_000)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure every tool on every size and print seconds, memory, weight and their ratios."""
    given = _parser().parse_args(arguments)
    found: list[Measured] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in given.rows:
            tables.write(folder / f"{rows}.csv", rows)
            for measured in _each(folder / f"{rows}.csv", rows, folder, given):
                found.append(measured)
                print(f"{measured.tool}, {rows:,} rows: {measured.seconds:.1f} s", flush=True)
    frame = pd.DataFrame([asdict(each) for each in found])
    own = frame[frame["tool"].str.startswith("nightbook")].set_index("rows")
    for column in ("seconds", "memory", "pages"):
        frame[f"{column}, nightbook to it"] = own[column].loc[frame["rows"]].to_numpy() / frame[column]
    with pd.option_context("display.width", 250, "display.max_columns", None):
        print(frame.round(2).to_string(index=False))
    print("memory and pages in MB; overview: seconds of notebook 02 up to its table of all variables.")


def _each(table: Path, rows: int, folder: Path, given: argparse.Namespace) -> Iterator[Measured]:
    yield by_nightbook(table, rows, folder)
    if given.alone:
        return
    yield by_skrub(table, rows, folder)
    for minimal in (True, False):
        yield by_ydata(table, rows, folder, environments=given.environments, minimal=minimal)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks describe", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES), help="sizes of the tables")
    parser.add_argument("--alone", action="store_true", help="without the other tools")
    parser.add_argument("--environments", type=Path, default=NEIGHBOURS,
                        help="where the other tools are installed; made where it is missing")  # fmt: skip
    return parser
