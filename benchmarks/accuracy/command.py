"""`python -m benchmarks accuracy`: cut tables, let every tool predict, print losses, ranks and distances."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from benchmarks.accuracy import by_nightbook
from benchmarks.accuracy.score import distances, row_losses, scores, summary
from benchmarks.accuracy.tables import SEED, TEST_SHARE, Case, cases
from benchmarks.environments import NEIGHBOURS, ON_TOP, environment
from helpers.parameters.model import Budget

OURS = "nightbook"
OURS_ON_TOP = f"{OURS}-{ON_TOP}"
TOOLS = (OURS, OURS_ON_TOP, "flaml", "mljar", "autogluon-medium", "autogluon-best")
SECONDS = 60.0
# Enough that the seconds end the search and not the trials.
TRIALS = 200
# A tool that has not answered after so many times its seconds gives nothing.
PATIENCE = 5


def main(arguments: Sequence[str] = ()) -> None:
    """Measure the tools on the tables."""
    given = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = given.out or Path(name)
        found, behind = [], list[dict[str, object]]()
        for seed in range(given.first, given.first + given.cuts):
            kept = folder / f"cut_{seed}"
            options = {"bundled": not given.only_data, "seed": seed, "test_share": given.test_share}
            for case in cases(kept, given.data, **options):
                by_tool = {}
                for tool in given.tools:
                    found.append({"cut": seed} | _measured(tool, case, kept, given))
                    print(found[-1], flush=True)
                    if "failed" not in found[-1]:
                        by_tool[tool] = row_losses(case, _answers(tool, case, kept))
                ours = distances(by_tool, (OURS, OURS_ON_TOP), regression=case.regression)
                behind.extend({"table": case.name, "cut": seed} | each for each in ours)
    table = pd.DataFrame(found)
    with pd.option_context("display.width", 250, "display.max_columns", None):
        losses = table.pivot_table(index=["table", "cut"], columns="tool", values="loss", dropna=False)
        print(losses.dropna(how="all").round(5).to_string())
        print(summary(table).round(2).to_string())
        if behind:
            print(pd.DataFrame(behind).round(2).to_string(index=False))
    print("loss: log loss of classes, RMSE of numbers, on the same rows that no tool had seen.")
    print("behind: our loss above that of the best other tool, with its standard error over the rows.")


def _measured(tool: str, case: Case, folder: Path, given: argparse.Namespace) -> dict[str, object]:
    """Return what is known of the tool's answers; one that has answered in this folder is not asked again."""
    kept = folder / f"{case.name}_{tool}.json"
    if kept.exists():
        found: dict[str, object] = json.loads(kept.read_text())
        return found
    out, began = _answers(tool, case, folder), time.perf_counter()
    found = {"table": case.name, "tool": tool}
    try:
        if tool in (OURS, OURS_ON_TOP):
            python = Path(sys.executable) if tool == OURS else environment(ON_TOP, given.environments)
            budget = Budget(trials=given.trials, seconds=given.seconds)
            by_nightbook.predict(
                case, folder / tool, out, python=python, budget=budget, holdout=given.holdout
            )
            found |= by_nightbook.stated(case, folder / tool)
        else:
            _by_neighbour(tool, case, out, given)
        found |= {"loss": float("nan"), **scores(case, out)}
    except (subprocess.SubprocessError, FileNotFoundError, ValueError) as error:
        said = (getattr(error, "stdout", None) or b"") + (getattr(error, "stderr", None) or b"")
        found |= {"loss": float("nan"), "failed": type(error).__name__, "said": said.decode()[-500:]}
    found |= {"seconds": round(time.perf_counter() - began, 1)}
    kept.write_text(json.dumps(found))
    return found


def _answers(tool: str, case: Case, folder: Path) -> Path:
    return folder / f"{case.name}_{tool}.csv"


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
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=TOOLS, help="default: all")
    parser.add_argument("--cuts", type=int, default=1, help="how often each table is cut anew")
    parser.add_argument("--first", type=int, default=SEED, help="seed of the first cut")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each tool and table")
    parser.add_argument("--trials", type=int, default=TRIALS, help="trials of Nightbook's search")
    parser.add_argument("--test-share", type=float, default=TEST_SHARE, help="of each table, to predict")
    parser.add_argument("--holdout", type=float, default=0.0,
                        help="share of the other rows that Nightbook keeps for its evaluation")  # fmt: skip
    parser.add_argument("--out", type=Path, help="keeps cuts and answers; what has been answered there stays")
    parser.add_argument("--environments", type=Path, default=NEIGHBOURS,
                        help="where the other tools are installed; made where it is missing")  # fmt: skip
    return parser
