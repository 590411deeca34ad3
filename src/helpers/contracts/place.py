"""Where a contract and the description of the last accepted table are, and their states, without pandas."""

from pathlib import Path

import helpers.files as files
from helpers.paths import from_repository, params_folder

SUFFIX = ".contract.yaml"
ACCEPTED = "accepted.json"
# The artifact of notebook 01 that becomes the accepted description once its run has succeeded.
DESCRIBED = "01_contract.json"


def default_path(experiment: str) -> Path:
    """Return where `nightbook contract` writes unless it is told otherwise."""
    return params_folder() / f"{experiment}{SUFFIX}"


def contract_state(contract: str | None) -> str:
    """Return a hash that differs whenever the contract may differ.

    Parameters
    ----------
    contract : str or None
        As in the params.

    Returns
    -------
    str
        Empty without a contract; ``unreadable`` where reading it will say what is wrong.
    """
    if contract is None:
        return ""
    try:
        return files.hash_of_files([from_repository(contract)])
    except (OSError, ValueError):
        return "unreadable"


def accepted_path(folder: Path) -> Path:
    """Return where the experiment whose reports are in `folder` keeps what its last accepted table was."""
    return folder / ACCEPTED


def accepted_state(folder: Path, *, data: str) -> str:
    """Return a hash over the last accepted table; empty where it is the very table in question, or none.

    Parameters
    ----------
    folder : Path
        The experiment's folder of reports.
    data : str
        The state of the table in question, from `table_state`.
    """
    path = accepted_path(folder)
    try:
        accepted = files.read_json(path)
        same = not isinstance(accepted, dict) or accepted.get("state") == data
        return "" if same else files.hash_of_files([path])
    except (OSError, ValueError):
        return ""


def accept(folder: Path, *, data: str) -> None:
    """Keep what notebook 01 of a run that succeeded recorded of its table as the last accepted one.

    Parameters
    ----------
    folder : Path
        The run's folder. Nothing is done where notebook 01 recorded no such thing.
    data : str
        The state of its table.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    try:
        described = files.read_json(folder / "artifacts" / DESCRIBED)
    except (FileNotFoundError, ValueError):  # recorded without a contract, or damaged since
        return
    files.write_json(accepted_path(folder.parent), {**described, "state": data})
