"""A run held against the previous comparable one when it ends, so that pages need only read the answer.

Comparable is the newest earlier run of the same experiment, from another call, that succeeded, varied the
same values, predicts the same target, and was judged on the holdout.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.errors import UserError
from helpers.runner.record.run_record import RunRecord, run_folders

COMPARISON = "comparison.json"

Record = Mapping[str, Any]


def write_comparison(folder: Path, record: RunRecord) -> None:
    """Write the comparison of a run that succeeded with the previous comparable one into its folder.

    Nothing is written where nothing was computed, nothing was judged on the holdout, or there is no run to
    compare it with.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    mine = record.model_dump(mode="json")
    computed = any(not outcome.reused for outcome in record.notebooks.values())
    if not computed or not _judged(mine):
        return
    earlier = previous_comparable(folder, mine)
    if earlier is None:
        return
    # Their imports take a second that a run with nothing to compare does not spend.
    from helpers.comparing.compare import comparison
    from helpers.comparing.reading import read_run

    try:
        found = comparison(read_run(*earlier), read_run(folder, mine), headline_only=True)
    except UserError:
        return  # another kind of answer than before: there is nothing to compare
    files.write_json(folder / COMPARISON, found.model_dump(mode="json"))


def previous_comparable(folder: Path, record: Record) -> tuple[Path, Record] | None:
    """Return the folder and the record of the newest earlier run that the run can be held against."""
    earlier = [
        path for path in run_folders(folder.parent.parent, folder.parent.name) if path.name < folder.name
    ]
    for path in sorted(earlier, reverse=True):
        try:
            found = files.read_json(path / "run.json")
        except (OSError, ValueError):
            continue
        if isinstance(found, dict) and _comparable(found, record):
            return path, found
    return None


def _comparable(earlier: Record, record: Record) -> bool:
    same = all(earlier.get(key) == record.get(key) for key in ("experiment", "variant"))
    targets = {str((run.get("params") or {}).get("target")) for run in (earlier, record)}
    return same and len(targets) == 1 and earlier.get("batch") != record.get("batch") and _judged(earlier)


def _judged(record: Record) -> bool:
    metrics = record.get("metrics") or {}
    return record.get("status") == "succeeded" and metrics.get("measured_on") == "holdout"
