"""`python -m benchmarks accuracy`: cut tables, let every tool predict, print losses, ranks and distances."""

import argparse
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.accuracy import by_nightbook
from benchmarks.accuracy.score import scores, summary
from benchmarks.accuracy.tables import Case, cases
from benchmarks.environments import NEIGHBOURS, environment

OURS = "nightbook"
OTHERS = ("flaml", "mljar", "autogluon-medium", "autogluon-best")
SECONDS = 60.0
# Enough that the seconds end the search and not the trials.
TRIALS = 200
# A tool that has not answered after so many times its seconds gives nothing.
PATIENCE = 5


def main(arguments: Sequence[str] = ()) -> None:
    """Measure the tools on the tables."""
    given = _parser().parse_args(arguments)
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for case in cases(folder, given.data, bundled=not given.only_data):
            for tool in (OURS, *(() if given.alone else OTHERS)):
                found.append(_measured(tool, case, folder, given))
                print(found[-1], flush=True)
    table = pd.DataFrame(found)
    with pd.option_context("display.width", 250, "display.max_columns", None):
        print(
            table.pivot_table(index="table", columns="tool", values="loss", dropna=False).round(5).to_string()
        )
        print(summary(table).round(2).to_string())
    print("loss: log loss of classes, RMSE of numbers, on the same rows that no tool had seen.")


def _measured(tool: str, case: Case, folder: Path, given: argparse.Namespace) -> dict[str, object]:
    out, began = folder / f"{case.name}_{tool}.csv", time.perf_counter()
    about: dict[str, object] = {"table": case.name, "tool": tool}
    try:
        if tool == OURS:
            by_nightbook.predict(case, folder, out, seconds=given.seconds, trials=given.trials)
        else:
            _by_neighbour(tool, case, out, given)
        found = scores(case, out)
    except (subprocess.SubprocessError, FileNotFoundError, ValueError) as error:
        about |= {"loss": float("nan"), "failed": type(error).__name__}
        found = {}
    return about | found | {"seconds": round(time.perf_counter() - began, 1)}


def _by_neighbour(tool: str, case: Case, out: Path, given: argparse.Namespace) -> None:
    python = environment(tool.partition("-")[0], given.environments)
    script = Path(__file__).with_name("neighbour.py")
    task = "regression" if case.regression else "classification"
    command = [python, script, tool, case.train, case.test, case.target, task, str(given.seconds), out]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE * given.seconds + 60)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks accuracy", description=__doc__)
    parser.add_argument("--data", nargs="*", default=[], metavar="FILE:TARGET[:COLUMN,…]",
                        help="more tables: the file, what to predict, columns to leave out")  # fmt: skip
    parser.add_argument("--only-data", action="store_true", help="without scikit-learn's tables")
    parser.add_argument("--alone", action="store_true", help="without the other tools")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each tool and table")
    parser.add_argument("--trials", type=int, default=TRIALS, help="trials of Nightbook's search")
    parser.add_argument("--environments", type=Path, default=NEIGHBOURS,
                        help="where the other tools are installed; made where it is missing")  # fmt: skip
    return parser
