"""What Nightbook and other tools say of a table that is handed over with nothing but its target."""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.environments import environment
from benchmarks.traps.documented import Trap
from helpers.data_quality.run import examine
from helpers.findings import SERIOUS, Severity
from helpers.parameters import Parameters
from helpers.sides import advised_sides

SAID = SERIOUS | {Severity.NOTE}
HERE = Path(__file__).parent
NOT_SEEN = "cannot be installed or did not finish"
SCRIPTS: Mapping[str, str] = {"ydata": "ydata_alerts.py", "skore": "skore_checks.py"}


@dataclass(frozen=True)
class Saying:
    """One thing said: its kind or code, the columns that it names, and whether it is serious."""

    kind: str
    columns: tuple[str, ...]
    serious: bool = True


def by_nightbook(path: Path, target: str) -> list[Saying]:
    """Return the findings of notebook 01, given data and target alone."""
    params = Parameters(experiment="traps", question="What is wrong?", data=[str(path)], target=target)
    sides = advised_sides(params)
    found = examine(sides.development, seed=0, advice=sides.advice).findings
    return [
        Saying(each.kind, tuple(each.columns), each.severity in SERIOUS)
        for each in (*sides.development.findings, *found)
        if each.severity in SAID
    ]


def by_neighbour(
    tool: str, path: Path, target: str, *, environments: Path, patience: float
) -> list[Saying] | str:
    """Return what another tool says, from an environment of its own, within the seconds of patience.

    A text where it says nothing at all.
    """
    try:
        python = environment(tool, environments)
        with tempfile.NamedTemporaryFile(suffix=".json") as out:
            command = [python, HERE / SCRIPTS[tool], path, target, out.name]
            subprocess.run(command, check=True, capture_output=True, timeout=patience)
            content = json.loads(Path(out.name).read_text())
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        return f"{NOT_SEEN} ({type(error).__name__})"
    return [Saying(str(kind), tuple(columns)) for kind, columns in content]


def names(said: Sequence[Saying], trap: Trap, kinds: frozenset[str]) -> bool:
    """Return whether something of these kinds was said of a column that the trap concerns."""
    return any(
        each.kind in kinds and (not trap.columns or set(each.columns) & set(trap.columns)) for each in said
    )


def with_target(file: Path, made: pd.DataFrame, folder: Path) -> Path:
    """Write the table with its target beside the file's other columns."""
    path = folder / f"{file.stem}.csv"
    made.to_csv(path, index=False)
    return path
