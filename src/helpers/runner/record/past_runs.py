"""All runs on record as plain values: what the list and the index are made from."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.errors import Problem, UserError, shortened
from helpers.runner.record.run_record import read_record


def records_of(folders: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the records of the runs in the folders, in their order, as plain values.

    A run that says 'running' though its runner is gone has the status ``cut off``. A record that cannot be
    read has the status ``unreadable``, and the reason under that key.
    """
    return [_record_of(folder) for folder in folders]


def _record_of(folder: Path) -> dict[str, Any]:
    try:
        record = read_record(folder)
    except UserError as error:
        reason = str(error)
    except (OSError, RecursionError) as error:
        cause = shortened(error, limit=200)
        where = str(folder / "run.json")
        reason = str(Problem(where, f"a record that cannot be read ({cause})", "a run record"))
    else:
        return {**record.model_dump(), "status": record.effective_status()}
    return {
        "experiment": folder.parent.name,
        "run": folder.name,
        "status": "unreadable",
        "unreadable": reason,
    }
