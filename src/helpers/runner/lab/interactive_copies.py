"""Copies of the notebooks with an experiment's values, to work in by hand; what a person changed stays.

A copy says in its metadata what was written into it. So a person's changes are told from those of the
notebook or of the params file, and only a copy without changes is replaced. Outputs are no changes: they go
with the values that they came from.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.errors import Problem, UserError
from helpers.notebook_files import NotebookFile
from helpers.paths import shown_path
from helpers.runner.experiments.experiment_file import Experiment
from helpers.runner.lab.filled_cell import filled_cell

CELLS, PARAMETERS = "cells", "parameters"


class Fate(StrEnum):
    """What became of one copy, in words for the person."""

    WRITTEN = "written"
    RENEWED = "renewed"
    SAME = "as they were"
    KEPT = "kept with your changes"
    FILLED = "kept with your changes, parameters renewed"
    OWN_PARAMETERS = "kept with your own parameters"
    UNREADABLE = "kept, though not readable as notebooks"


def write_copies(
    notebooks: Mapping[str, NotebookFile], experiment: Experiment, *, folder: Path
) -> dict[str, Fate]:
    """Write a copy of each notebook to `folder`, and return what became of each.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    try:
        return {name: _write(notebook, experiment, folder) for name, notebook in notebooks.items()}
    except OSError as error:
        given = f"a folder that cannot be written ({error.strerror})"
        remedy = "Free space or mend its rights, or name another one in NIGHTBOOK_REPORTS."
        raise UserError(Problem(shown_path(folder), given, "a writable folder", remedy)) from None


def _write(notebook: NotebookFile, experiment: Experiment, folder: Path) -> Fate:
    path = folder / notebook.path.name
    fresh = _fresh(notebook, experiment)
    if not path.exists():
        files.write_text(path, _text(fresh))
        return Fate.WRITTEN
    there = _read(path)
    if there is None:
        return Fate.UNREADABLE
    fate, content = _together(there, fresh)
    if content is not None:
        files.write_text(path, _text(content))
    return fate


def _together(there: dict[str, Any], fresh: dict[str, Any]) -> tuple[Fate, dict[str, Any] | None]:
    """Return what shall become of a copy that is there, and what to write, None for nothing."""
    written, wanted, found = _written(there), _hashes(fresh), _hashes(there)
    if found[PARAMETERS] not in (written.get(PARAMETERS), wanted[PARAMETERS]):
        return Fate.OWN_PARAMETERS, None
    if found[CELLS] not in (written.get(CELLS), wanted[CELLS]):
        if found[PARAMETERS] == wanted[PARAMETERS]:
            return Fate.KEPT, None
        for cell, given in zip(_parameters_cells(there), _parameters_cells(fresh), strict=False):
            cell["source"] = given["source"]
        _note(there, {CELLS: written.get(CELLS, ""), PARAMETERS: wanted[PARAMETERS]})
        return Fate.FILLED, there
    return (Fate.SAME, None) if found == wanted else (Fate.RENEWED, fresh)


def _fresh(notebook: NotebookFile, experiment: Experiment) -> dict[str, Any]:
    """Return the notebook without outputs, the experiment's values in its `parameters` cell."""
    content: dict[str, Any] = files.read_json(notebook.path)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    own = {
        # A whole number is a good value for a float; written as one it keeps the type that the cell declares.
        name: float(value) if notebook.parameters[name] is float and value is not None else value
        for name, value in experiment.own.get(notebook.name, {}).items()
    }
    for cell in _parameters_cells(content):
        source = filled_cell("".join(cell["source"]), experiment.params, own=own)
        cell["source"] = source.splitlines(keepends=True)
    _note(content, _hashes(content))
    return content


def _parameters_cells(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the cell tagged `parameters` in a list, an empty one where there is none."""
    tagged = [cell for cell in content["cells"] if "parameters" in cell.get("metadata", {}).get("tags", ())]
    return tagged[:1]


def _hashes(content: Mapping[str, Any]) -> dict[str, str]:
    """Return a hash of the `parameters` cell and one of all others."""
    parameters = _parameters_cells(content)
    others = [cell for cell in content["cells"] if not any(cell is tagged for tagged in parameters)]
    return {
        name: files.hash_of(part for cell in cells for part in (cell["cell_type"], "".join(cell["source"])))
        for name, cells in ((CELLS, others), (PARAMETERS, parameters))
    }


def _note(content: dict[str, Any], hashes: Mapping[str, str]) -> None:
    content["metadata"].setdefault("nightbook", {})["copied"] = dict(hashes)


def _written(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the hashes of what was written into the copy; empty where it does not say."""
    said = content["metadata"].get("nightbook")
    copied = said.get("copied") if isinstance(said, dict) else None
    return copied if isinstance(copied, dict) else {}


def _read(path: Path) -> dict[str, Any] | None:
    """Return the copy that is there, None where it is no notebook."""
    try:
        content = files.read_json(path)
        _hashes(content)
        _written(content)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return content if isinstance(content, dict) else None


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
