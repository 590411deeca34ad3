"""Environments of their own: for other tools, whose pins clash with ours, and for extras of ours."""

import subprocess
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from helpers.paths import repository

NEIGHBOURS = repository() / ".venv" / "neighbours"
# What stands on top of our own environment.
ON_TOP = "boosters"
PACKAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ydata": ("ydata-profiling", "setuptools<81", "pyarrow"),
        "skore": ("skore", "skrub", "pyarrow"),
        "flaml": ("flaml[automl]",),
        "mljar": ("mljar-supervised", "setuptools<81"),
        "autogluon": ("autogluon.tabular[all]",),
        ON_TOP: ("lightgbm", "catboost"),
    }
)


def environment(tool: str, environments: Path) -> Path:
    """Return the interpreter of the tool's environment in this folder, made anew where needed."""
    folder, packages = environments / tool, PACKAGES[tool]
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists() or done.read_text() != "\n".join(packages):
        venv.create(folder, with_pip=True, clear=True)
        if tool == ON_TOP:
            _see_ours(python)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *packages], check=True, capture_output=True
        )
        done.write_text("\n".join(packages))
    return python


def _see_ours(python: Path) -> None:
    """Let the environment import what ours holds, this package included."""
    asked = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    its = subprocess.run([python, "-c", asked], check=True, capture_output=True, text=True).stdout.strip()
    # Plain lines of a .pth file are folders, whose own .pth files are not read: an editable install is one.
    ours = f"import site; site.addsitedir({sysconfig.get_paths()['purelib']!r})"
    (Path(its) / "ours.pth").write_text(ours)
