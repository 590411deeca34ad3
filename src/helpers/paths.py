"""Where things are, derived from where the repository is and never from the working directory."""

import os
from pathlib import Path


def repository() -> Path:
    """Return the folder that holds `notebooks/`, `params/`, `reports/` and `src/`."""
    return Path(__file__).resolve().parents[2]


def notebooks_folder() -> Path:
    """Return the folder of the notebooks; the environment variable NIGHTBOOK_NOTEBOOKS moves it."""
    moved = os.environ.get("NIGHTBOOK_NOTEBOOKS")
    return Path(moved).expanduser().resolve() if moved else repository() / "notebooks"


def params_folder() -> Path:
    """Return the folder of the experiments' YAML files."""
    return repository() / "params"


def reports_folder() -> Path:
    """Return the folder that runs write to; the environment variable NIGHTBOOK_REPORTS moves it."""
    moved = os.environ.get("NIGHTBOOK_REPORTS")
    return Path(moved).expanduser().resolve() if moved else repository() / "reports"


def kept_in(folder: Path) -> Path:
    """Return where later runs find what earlier ones left, of the reports folder or of one experiment's."""
    return folder / ".nightbook"


def ledger_in(experiment: Path) -> Path:
    """Return the file in an experiment's folder that counts the openings of its holdout."""
    return experiment / "ledger.jsonl"


def shown_path(path: Path) -> str:
    """Return the path as it stands in files and messages: from the repository where it is inside it."""
    path = path.absolute()
    return str(path.relative_to(repository())) if path.is_relative_to(repository()) else str(path)


def from_repository(path: str | Path) -> Path:
    """Return `path` as an absolute path; a relative one starts at the repository."""
    path = Path(path).expanduser()
    return path if path.is_absolute() else repository() / path
