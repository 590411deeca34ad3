"""Environments of their own for other tools, whose pins clash with ours."""

import subprocess
import venv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from helpers.paths import repository

NEIGHBOURS = repository() / ".venv" / "neighbours"
PACKAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ydata": ("ydata-profiling", "setuptools<81", "pyarrow"),
        "skore": ("skore", "skrub", "pyarrow"),
        "flaml": ("flaml[automl]",),
        "mljar": ("mljar-supervised", "setuptools<81"),
        "autogluon": ("autogluon.tabular[all]",),
    }
)


def environment(tool: str, environments: Path) -> Path:
    """Return the interpreter of the tool's environment in this folder, made where there is none yet."""
    folder, packages = environments / tool, PACKAGES[tool]
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *packages], check=True, capture_output=True
        )
        done.write_text("\n".join(packages))
    return python
