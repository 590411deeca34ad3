"""What a comparison needs of a run, read from its folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

import helpers.files as files
from helpers.comparing.holdouts import Holdout
from helpers.comparing.results import Named
from helpers.errors import shortened
from helpers.results import EvaluationResult

EVALUATION, SELECTION = "05_evaluation", "04_model_selection"
PREDICTIONS = "holdout_predictions.parquet"
_NEEDED = frozenset({"row", "truth", "prediction", "unit"})


@dataclass(frozen=True)
class ComparedRun:
    """One of the two runs.

    Attributes
    ----------
    named : Named
        Which it is.
    record : mapping
        Its `run.json`.
    findings : tuple of mapping or None
        Its `findings.json`; None where none was written.
    holdout : Holdout or str
        What its model said of the holdout rows, or why that is not known.
    chosen : str
        What people call the model that it chose; empty where it chose none.
    """

    named: Named
    record: Mapping[str, Any]
    findings: tuple[Mapping[str, Any], ...] | None
    holdout: Holdout | str
    chosen: str = ""

    @property
    def params(self) -> Mapping[str, Any]:
        """Its parameters."""
        found = self.record.get("params")
        return found if isinstance(found, Mapping) else {}

    @property
    def finished(self) -> frozenset[str]:
        """The notebooks whose findings are known."""
        notebooks = (self.record.get("notebooks") or {}) if self.findings is not None else {}
        return frozenset(name for name, outcome in notebooks.items() if outcome["status"] == "succeeded")


def read_run(folder: Path, record: Mapping[str, Any]) -> ComparedRun:
    """Return the run in `folder`, whose record is given, as a comparison needs it.

    What the run did not write, or what cannot be read any more, is left out; of the predictions it is said
    why they are missing.
    """
    named = Named(
        experiment=str(record.get("experiment")), run=str(record.get("run")),
        started=str(record.get("started") or ""), status=str(record.get("status") or ""),
    )  # fmt: skip
    findings = _json(folder / "findings.json")
    selection = _json(folder / "artifacts" / f"{SELECTION}.json")
    chosen = selection.get("result", {}).get("chosen_label") if isinstance(selection, Mapping) else ""
    return ComparedRun(
        named,
        record,
        tuple(item for item in findings if isinstance(item, Mapping)) if isinstance(findings, list) else None,
        _holdout(folder, record, named),
        str(chosen or ""),
    )


def _holdout(folder: Path, record: Mapping[str, Any], named: Named) -> Holdout | str:
    outcome = (record.get("notebooks") or {}).get(EVALUATION) or {}
    status = outcome.get("status")
    if status != "succeeded":
        how = f"the run is “{named.status}”" if status is None else f"its evaluation is “{status}”"
        return f"{named.title} has evaluated nothing ({how})"
    try:
        content = files.read_json(folder / "artifacts" / f"{EVALUATION}.json")
        result = EvaluationResult.model_validate(content["result"])
        if not result.evaluated:
            why = result.why_not.removeprefix("Nothing was evaluated: ").rstrip(".")
            return f"{named.title} has evaluated nothing ({why})"
        rows = pd.read_parquet(folder / "artifacts" / PREDICTIONS)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"what {named.title} recorded of its evaluation cannot be read ({shortened(error, limit=120)})"
    if not set(rows.columns) >= _NEEDED:
        return f"{named.title} comes from an earlier version, which did not store all that this needs"
    params = record.get("params") or {}
    by_id = (named.experiment, str(params["id"])) if params.get("id") else ()
    return Holdout(rows, result, str((record.get("data") or {}).get("fingerprint")), by_id)


def _json(path: Path) -> Any:
    """Return what the file holds, an empty mapping where there is none or it is damaged."""
    try:
        return files.read_json(path)
    except (OSError, ValueError):
        return {}
