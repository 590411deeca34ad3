"""`make bench`: every measurement in turn, each a table on the terminal.

One of them: ``python -m benchmarks NAME``, with its own options behind the name.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks import (
    accuracy,
    choosing,
    coverage,
    describe,
    execution,
    kernels,
    many_runs,
    mixes,
    planted,
    predicting,
    rendering,
    search,
    traps,
)

MEASUREMENTS: Mapping[str, Callable[..., Any]] = {
    "many_runs": many_runs.main,
    "kernels": kernels.main,
    "execution": execution.main,
    "rendering": rendering.main,
    "planted": planted.main,
    "traps": traps.main,
    "describe": describe.main,
    "accuracy": accuracy.main,
    "search": search.main,
    "predicting": predicting.main,
    "coverage": coverage.main,
    "choosing": choosing.main,
    "mixes": mixes.main,
}
WITH_OPTIONS = ("planted", "traps", "describe", "accuracy", "choosing", "search", "mixes")


def main(arguments: Sequence[str]) -> None:
    """Run the named measurement, or all of them."""
    if not arguments:
        for measure in MEASUREMENTS.values():
            measure()
        return
    name, *options = arguments
    if name not in MEASUREMENTS:
        sys.exit(f"No measurement {name!r}; there are {', '.join(MEASUREMENTS)}.")
    if options and name not in WITH_OPTIONS:
        sys.exit(f"The measurement {name!r} takes no options.")
    MEASUREMENTS[name](*([options] if options else []))


if __name__ == "__main__":
    main(sys.argv[1:])
