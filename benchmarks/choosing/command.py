"""`python -m benchmarks choosing`: simulate, count, print."""

import argparse
from collections.abc import Sequence

import pandas as pd

from benchmarks.choosing import advising, comparing, mixing

TIMES, QUICK_TIMES = 1_000, 200
MEASURES = {
    "false_alarms": comparing.false_alarms,
    "wrong_simplicity": comparing.wrong_simplicity,
    "coverage": comparing.coverage,
    "more_rows": advising.more_rows,
    "more_trials": advising.more_trials,
    "noise": advising.noise,
    "mixing": mixing.mixing,
}


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    given = _parser().parse_args(arguments)
    times = QUICK_TIMES if given.quick else given.times
    found = [measure(given.seed, times) for name, measure in MEASURES.items() if given.only in name]
    if not found:
        _parser().error(f"nothing is called {given.only!r}; there are {', '.join(MEASURES)}")
    print(f"What 04 promises, in {times:,} simulated selections each, seed {given.seed}")
    with pd.option_context("display.width", 200, "display.max_colwidth", 80):
        print(pd.concat(found).round(4).to_string(index=False))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks choosing", description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES, help=f"simulations of each kind ({TIMES})")
    parser.add_argument("--seed", type=int, default=0, help="seed (0)")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_TIMES} simulations of each kind")
    parser.add_argument("--only", default="", metavar="TEXT", help="only measures whose name holds this")
    return parser
