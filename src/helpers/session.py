"""What a notebook's first cell calls: the parameters, the development rows, and a place to record results.

A notebook runs three ways, and this module is why it need not know which. The runner and papermill set
`run_folder`; by hand it is empty, and results go to ``reports/<experiment>/interactive``.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from pydantic import BaseModel

import helpers.files as files
from helpers.display import say
from helpers.errors import Problem, UserError
from helpers.findings import Finding
from helpers.keys import result_key
from helpers.needs import run_here
from helpers.notebook_files import NotebookFile, find_notebook
from helpers.parameters import Parameters
from helpers.parameters.check import checked
from helpers.parameters.given import given_values
from helpers.paths import from_repository, reports_folder
from helpers.tables.holdout import open_holdout
from helpers.tables.prepare import Development, load_development
from helpers.tables.table import Table

Result = TypeVar("Result", bound=BaseModel)


class Session:
    """One notebook at work on one experiment.

    Attributes
    ----------
    notebook : NotebookFile
        The notebook that called `start`.
    params : Parameters
        The checked parameters.
    folder : Path
        The run's folder.
    by_hand : bool
        Whether no runner cares for the order of the notebooks; then one that is needed and has not run with
        these parameters runs here first.
    """

    def __init__(self, notebook: NotebookFile, params: Parameters, folder: Path, *, by_hand: bool) -> None:
        self.notebook = notebook
        self.params = params
        self.folder = folder
        self.by_hand = by_hand

    @cached_property
    def development(self) -> Development:
        """The development rows with all that reading, cleaning and splitting found out."""
        return load_development(self.params)

    @property
    def table(self) -> Table:
        """The development rows."""
        return self.development.table

    def open_holdout(self) -> Table:
        """Return the sealed holdout rows; the opening is written to the experiment's ledger.

        Raises
        ------
        UserError
            If this notebook's metadata does not say ``opens_holdout``.
        """
        return open_holdout(
            self.params,
            notebook=self.notebook,
            run=self.folder.name,
            ledger=self.folder.parent / "ledger.jsonl",
        )

    def artifact(self, name: str) -> Path:
        """Return the path of the artifact called `name`; its folder exists."""
        path = self.folder / "artifacts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def save_table(self, name: str, frame: pd.DataFrame) -> None:
        """Store a figure's or a report's table as ``artifacts/<name>.csv``."""
        files.write_text(self.artifact(f"{name}.csv"), frame.to_csv(index=False))

    def record(self, result: BaseModel | None = None, *, findings: Sequence[Finding] = ()) -> None:
        """Write what this notebook learned to ``artifacts/<notebook>.json``."""
        content = {
            "notebook": self.notebook.name,
            "key": self._key(self.notebook),
            "findings": [finding.to_dict() for finding in findings],
            "result": result.model_dump(mode="json") if result is not None else None,
        }
        files.write_json(self._record_path(self.notebook.name), content)

    def result(self, notebook: str, kind: type[Result]) -> Result:
        """Return what another notebook recorded as its result, running it here if it has not run yet."""
        return kind.model_validate(self._recorded(notebook)["result"])

    def findings(self, notebook: str) -> list[Finding]:
        """Return the findings that another notebook recorded."""
        return [Finding.from_dict(content) for content in self._recorded(notebook)["findings"]]

    def _recorded(self, notebook: str) -> dict[str, Any]:
        needed = find_notebook(notebook)
        if needed.name not in self.notebook.needs:
            raise UserError(
                Problem(
                    f"{self.notebook.path.name}: metadata.nightbook.needs",
                    str(list(self.notebook.needs)),
                    f"a list that names {notebook!r}, whose results the notebook reads",
                )
            )
        path = self._record_path(notebook)
        if self.by_hand and (not path.exists() or files.read_json(path)["key"] != self._key(needed)):
            say(f"{notebook} has not run with these parameters yet; it runs first.")
            run_here(needed, self.params)
        if not path.exists():
            raise UserError(
                Problem("run_folder", f"{self.folder}, where {notebook} has recorded nothing", "its record",
                        f"Run {notebook} with the same run_folder first.")
            )  # fmt: skip
        content: dict[str, Any] = files.read_json(path)
        return content

    def _record_path(self, notebook: str) -> Path:
        return self.folder / "artifacts" / f"{notebook}.json"

    def _key(self, notebook: NotebookFile) -> str:
        return result_key(notebook.path, self.params, fingerprint=self.development.info.fingerprint)


def start(notebook: str, namespace: Mapping[str, Any]) -> Session:
    """Begin a notebook: check its parameters and return the session that its cells use.

    Parameters
    ----------
    notebook : str
        The notebook's own name, for instance ``01_data_quality``.
    namespace : mapping
        ``globals()``: the names set by the `parameters` cell, and by papermill over them.

    Raises
    ------
    UserError
        If a parameter is wrong; all problems at once.
    """
    file = find_notebook(notebook)
    params = checked(given_values(namespace), where=f"{notebook}: parameters cell")
    run_folder = str(namespace.get("run_folder", ""))
    folder = (
        from_repository(run_folder) if run_folder else reports_folder() / params.experiment / "interactive"
    )
    return Session(file, params, folder, by_hand=not run_folder)
