"""Where a result came from: versions of what computed it, and the state of the repository."""

import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from helpers.paths import repository

PACKAGES: tuple[str, ...] = (
    "nightbook",
    "jupyterlab",
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pyarrow",
    "scikit-learn",
    "scipy",
    "seaborn",
    "skops",
    "skrub",
    "xgboost",
)
GIT_SECONDS = 10.0


@dataclass(frozen=True)
class Origin:
    """What computes the runs of one call: looked at once, however many there are.

    Attributes
    ----------
    versions : dict of str to str
        By package the installed version.
    git : dict
        The commit and whether there are changes; see `git_state`.
    """

    versions: dict[str, str]
    git: dict[str, str | bool | None]


def this_origin() -> Origin:
    """Return the origin of what this process computes."""
    return Origin(versions(), git_state(repository()))


def versions() -> dict[str, str]:
    """Return the installed version of each package that a result can depend on."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def git_state(folder: Path) -> dict[str, str | bool | None]:
    """Return the commit that `folder` is at and whether it has changes; None where git cannot say."""
    commit = _git(folder, "rev-parse", "HEAD")
    changes = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return {"commit": commit or None, "dirty": None if changes is None else bool(changes)}


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
