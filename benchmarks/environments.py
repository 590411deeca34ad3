"""Environments of their own for other tools, whose pins clash with ours."""

import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

from helpers.paths import repository

NEIGHBOURS = repository() / ".venv" / "neighbours"


def environment(folder: Path, packages: Sequence[str]) -> Path:
    """Return the interpreter of an environment with these packages, made where there is none yet."""
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *packages], check=True, capture_output=True
        )
        done.write_text("\n".join(packages))
    return python
