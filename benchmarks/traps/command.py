"""`python -m benchmarks traps`: ask, count, print."""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.environments import NEIGHBOURS
from benchmarks.traps.documented import TABLES, TrapTable
from benchmarks.traps.said import SCRIPTS, Saying, by_neighbour, by_nightbook, names, with_target
from helpers.paths import repository

SERIOUS_AT_MOST = 8
PATIENCE = 900.0


def main(arguments: Sequence[str] = ()) -> None:
    """Ask each tool about each table and print which documented traps it names."""
    given = _parser().parse_args(arguments)
    if not given.data.is_dir():
        raise SystemExit(f"No folder {given.data}; name the folder of tables: NIGHTBOOK_DATA or --data.")
    traps, said = [], []
    with tempfile.TemporaryDirectory() as folder:
        for table in TABLES:
            answers = _asked(table, given, Path(folder))
            traps += [_trap_row(table, place, answers) for place in range(len(table.traps))]
            said.append(_said_row(table, answers))
            print(_told(table, traps, said), flush=True)
    _print_all(pd.DataFrame(traps), pd.DataFrame(said))


def _asked(table: TrapTable, given: argparse.Namespace, folder: Path) -> dict[str, list[Saying] | str]:
    path = given.data / table.file
    if table.made is not None:
        path = with_target(path, table.made(pd.read_csv(path)), folder)
    found: dict[str, list[Saying] | str] = {"nightbook": by_nightbook(path, table.target)}
    for tool in given.beside:
        found[tool] = by_neighbour(
            tool, path, table.target, environments=given.environments, patience=given.patience
        )
    return found


def _trap_row(table: TrapTable, place: int, answers: dict[str, list[Saying] | str]) -> dict[str, object]:
    trap = table.traps[place]
    kinds = {"nightbook": trap.kinds, "ydata": trap.ydata, "skore": trap.skore}
    named = {
        tool: answer if isinstance(answer, str) else names(answer, trap, kinds[tool])
        for tool, answer in answers.items()
    }
    return {"table": table.name, "trap": trap.words, **named}


def _said_row(table: TrapTable, answers: dict[str, list[Saying] | str]) -> dict[str, object]:
    found: dict[str, object] = {"table": table.name}
    for tool, answer in answers.items():
        found[tool] = float("nan") if isinstance(answer, str) else sum(each.serious for each in answer)
    return found


def _told(table: TrapTable, traps: list[dict[str, object]], said: list[dict[str, object]]) -> str:
    own = [row for row in traps if row["table"] == table.name]
    return f"{table.name}: {sum(row['nightbook'] is True for row in own)} of {len(own)} traps, {said[-1]}"


def _print_all(traps: pd.DataFrame, said: pd.DataFrame) -> None:
    with pd.option_context("display.width", 250, "display.max_rows", None, "display.max_colwidth", 60):
        print(traps.replace({True: "yes", False: "-"}).to_string(index=False))
        print("Stop and warn (Nightbook), alerts (ydata), issues and tips (skore) a table:")
        print(said.to_string(index=False))
    for tool in traps.columns[2:]:
        judged = traps[tool].map(lambda each: each if isinstance(each, bool) else None).dropna()
        print(f"{tool}: {int(judged.sum())} of {len(judged)} traps; {said[tool].mean():.1f} a table")
    print(f"Goals: all traps; at most {SERIOUS_AT_MOST} stop and warn a table on average.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks traps", description=__doc__)
    tables = Path(os.environ.get("NIGHTBOOK_DATA", repository().parent / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=tables, help="the folder of tables")
    parser.add_argument("--beside", nargs="*", choices=tuple(SCRIPTS), default=tuple(SCRIPTS),
                        help="the other tools to ask; default: all")  # fmt: skip
    parser.add_argument("--patience", type=float, default=PATIENCE,
                        help="seconds that another tool has for a table")  # fmt: skip
    parser.add_argument("--environments", type=Path, default=NEIGHBOURS,
                        help="where the other tools are installed; made where it is missing")  # fmt: skip
    return parser
