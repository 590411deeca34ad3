"""Where a run's model is, by the names that a RUN goes by, and what the run decided about using it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.errors import Problem, UserError, did_you_mean, listed, shortened
from helpers.paths import reports_folder, shown_path

MODEL = "model.skops"
SELECTION, EVALUATION = "04_model_selection", "05_evaluation"
BY_HAND = "interactive"
# The only word of a verdict with which a model is to be used without reserve.
IN_FAVOUR = "use it"


@dataclass(frozen=True)
class Stored:
    """A model's file.

    Attributes
    ----------
    path : Path
        The file.
    title : str
        What to call the run in messages: experiment/run, or the path.
    threshold : float or None
        For two classes: from which probability on 05 names the positive one; None where it decided nothing.
    """

    path: Path
    title: str
    threshold: float | None


def find_model(name: str | Path, *, reports: Path | None = None, where: str = "RUN") -> Stored:
    """Return the model of a run.

    Parameters
    ----------
    name : str or Path
        An experiment (its newest run that succeeded), ``experiment/run``, the folder of a run or of notebooks
        that were run by hand, or the model's own file.
    reports : Path, optional
        The folder of the runs; by default the usual one.
    where : str
        What an error begins with.

    Raises
    ------
    UserError
        If there is no such run, it did not succeed, or has no model.
    """
    reports = reports or reports_folder()
    text = str(name)
    for place in (Path(text).expanduser(), reports / text):
        if _is_file(place):
            return Stored(place, shown_path(place), _threshold(place.parent))
        if _is_file(place / "run.json") or _is_file(place / "artifacts" / MODEL):
            return _of_run(place.resolve(), where)
    if re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", text) and list(reports.glob(f"{text}/*/run.json")):
        return _of_experiment(reports / text, where)
    known = sorted({path.parents[1].name for path in reports.glob("*/*/run.json")})
    expected = f"an experiment ({listed(known) or 'none has run yet'}), experiment/run, or a folder"
    remedy = did_you_mean(text, known)
    if _is_file(reports / text / BY_HAND / "artifacts" / MODEL):
        remedy = f"{text}/{BY_HAND} is the model of notebooks that were run by hand."
    raise UserError(Problem(where, shortened(repr(text)), expected, remedy))


def model_state(name: str, *, reports: Path) -> str:
    """Return a hash of the model that a RUN names, ``unreadable`` where using it will say what is wrong."""
    try:
        return files.hash_of_files([find_model(name, reports=reports).path])
    except (OSError, UserError):
        return "unreadable"


def run_record(model: Path) -> dict[str, Any]:
    """Return the record of the run that stored a model, nothing where none is beside it.

    Raises
    ------
    UserError
        If it is damaged.
    """
    return _record(model.parent.parent / "run.json")


def params_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the params of a recorded run, nothing where it holds none."""
    params = record.get("params")
    return params if isinstance(params, dict) else {}


def reservations_of(record: Mapping[str, Any]) -> list[str]:
    """Return as a sentence what the verdict on a recorded run holds against using its model, if any."""
    verdict = record.get("verdict")
    word = verdict.get("word") if isinstance(verdict, dict) else None
    if not isinstance(verdict, dict) or not isinstance(word, str) or word == IN_FAVOUR:
        return []
    return [f"The verdict on this run was “{shortened(word)}”. {verdict.get('reason') or ''}".rstrip()]


def models_source_of(record: Mapping[str, Any]) -> str | None:
    """Return the hash over the source of the user's own models that a recorded run learnt from.

    Empty where it had none of them; None where the record does not say.
    """
    done = record.get("notebooks")
    selection = done.get(SELECTION) if isinstance(done, dict) else None
    made_of = selection.get("ingredients") if isinstance(selection, dict) else None
    source = made_of.get("own_models") if isinstance(made_of, dict) else None
    return source if isinstance(source, str) else None


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - Path.is_file raises for a name too long


def _of_experiment(folder: Path, where: str) -> Stored:
    latest = folder / "latest"
    if _is_file(latest / "run.json"):
        return _of_run(latest.resolve(), where)
    newest = max(path.parent.name for path in folder.glob("*/run.json"))
    given = f"{folder.name}, of which no run succeeded; the newest is {newest}"
    raise UserError(Problem(where, given, "an experiment with a run that succeeded", _show(folder.name)))


def _of_run(folder: Path, where: str) -> Stored:
    title = f"{folder.parent.name}/{folder.name}"
    path = folder / "artifacts" / MODEL
    record = _record(folder / "run.json")
    status = record.get("status", "succeeded")  # notebooks that were run by hand have no record
    if status != "succeeded":
        remedy = _show(title) if not _is_file(path) else (
            f"{_show(title)} To use its model all the same, name the file: {shown_path(path)}"
        )  # fmt: skip
        raise UserError(Problem(where, f"{title}, which is {status!r}", "a run that succeeded", remedy))
    if not _is_file(path):
        remedy = f"It did not run {SELECTION}." if SELECTION not in record.get("notebooks", {}) else ""
        raise UserError(Problem(where, f"{title}, which has stored no model", "a run with a model", remedy))
    return Stored(path, title, _threshold(path.parent))


def _show(name: str) -> str:
    return f"nightbook show {name} says what happened."


def _threshold(artifacts: Path) -> float | None:
    """Return the decision threshold that the evaluation beside the model chose."""
    result = _record(artifacts / f"{EVALUATION}.json").get("result") or {}
    value = result.get("threshold") if isinstance(result, dict) else None
    return float(value) if isinstance(value, (int, float)) else None


def _record(path: Path) -> dict[str, Any]:
    """Return what a JSON file holds, nothing where there is none.

    Raises
    ------
    UserError
        If it is damaged.
    """
    if not _is_file(path):
        return {}
    try:
        content = files.read_json(path)
    except (OSError, ValueError) as error:
        given = f"a file that cannot be read ({shortened(error)})"
        raise UserError(Problem(shown_path(path), given, "what a run wrote")) from None
    return content if isinstance(content, dict) else {}
