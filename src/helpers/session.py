"""What a notebook's first cell calls: the parameters, the development rows, and a place to record results.

A notebook runs three ways, and this module is why it need not know which. The runner and papermill set
`run_folder`; by hand it is empty, and results go to ``reports/<experiment>/interactive``.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
from pydantic import BaseModel

import helpers.files as files
from helpers.artifacts import Artifacts
from helpers.contracts.check import contract_problems
from helpers.contracts.place import accepted_path
from helpers.data_quality.split_advice import SplitAdvice
from helpers.display import say
from helpers.errors import Problem, UserError
from helpers.findings import Finding
from helpers.kept_look import read_look
from helpers.keys import Ingredients, ingredients_of, own_values, surroundings, with_needs
from helpers.needs import run_here
from helpers.notebook_files import NotebookFile, find_notebook
from helpers.parameters import Parameters
from helpers.parameters.check import checked
from helpers.parameters.given import given_values, injected_names
from helpers.parameters.model import RUN_SETTINGS
from helpers.parameters.seen import seen_by
from helpers.paths import from_repository, kept_in, ledger_in, reports_folder
from helpers.sides import Sides, advised_sides
from helpers.tables.holdout import open_holdout
from helpers.tables.look import Look
from helpers.tables.prepare import Development
from helpers.tables.state import FileHashes, table_state
from helpers.tables.table import Table

if TYPE_CHECKING:
    from helpers.contracts.report import ContractReport

Result = TypeVar("Result", bound=BaseModel)

SAME_TABLE = (
    "Run again. Let the query of a database order its rows, and leave out those that are still coming in, "
    "for instance with a fixed day up to which it reads."
)


class Session:
    """One notebook at work on one experiment.

    Attributes
    ----------
    notebook : NotebookFile
        The notebook that called `start`.
    params : Parameters
        The checked parameters, without those that the notebook ignores: reading one of these is an error.
    folder : Path
        The run's folder.
    by_hand : bool
        Whether no runner cares for the order of the notebooks; then one that is needed and has not run with
        these parameters runs here first.
    """

    def __init__(
        self,
        notebook: NotebookFile,
        everything: Parameters,
        folder: Path,
        *,
        by_hand: bool,
        own: Mapping[str, Any],
        injected: Mapping[str, Any],
    ) -> None:
        self.notebook = notebook
        self.params = seen_by(everything, notebook)
        self.folder = folder
        self.by_hand = by_hand
        # A notebook that this one needs may read what this one ignores.
        self._everything = everything
        self._own_given = own
        self._injected = injected
        self._contract: ContractReport | None = None
        self._artifacts = Artifacts(folder / "artifacts", notebook)

    @cached_property
    def development(self) -> Development:
        """The development rows with all that reading, cleaning and splitting found out."""
        if self.by_hand:
            _ = (
                self._table_state
            )  # of before it is read: if it changes on disk meanwhile, the key is the old one
        return self._read[0]

    @property
    def contract(self) -> "ContractReport":
        """What there is to say of the table's contract; only for a notebook that reads the key `contract`.

        Raises
        ------
        UserError
            If the params name no contract.
        """
        _ = self.development
        if self._contract is None:
            raise UserError(
                Problem(f"{self.params.experiment}: contract", "none", "a file of `nightbook contract`")
            )
        return self._contract

    @property
    def advice(self) -> SplitAdvice | None:
        """What was measured to split the rows; None where the params decided."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[Development, SplitAdvice | None]:
        sides = self._read_sides(look=self._look_under_contract())
        return sides.development, sides.advice

    def _read_sides(self, look: Look | None = None) -> Sides:
        sides = advised_sides(self.params, kept=kept_in(reports_folder()), look=look)
        if not self.by_hand:  # by hand, what read another table runs again
            self._check_same_table(sides.development.info.fingerprint)
        return sides

    def _check_same_table(self, fingerprint: str) -> None:
        """Refuse a table that is not the one which the notebooks that this one needs have read.

        Rows that one of them learned from could otherwise be held out here.
        """
        for need in self.notebook.needs:
            path = self._record_path(need)
            read = files.read_json(path).get("fingerprint") if path.exists() else None
            if read not in (None, fingerprint):
                raise UserError(
                    Problem(f"{self.params.experiment}: data", f"a table that changed since {need} read it",
                            "the same table for all notebooks of a run", SAME_TABLE)
                )  # fmt: skip

    def _look_under_contract(self) -> Look | None:
        """Return the table as read, once it was held against its contract; None where none is given.

        In a run the runner has done so for the notebooks that ignore it.
        """
        reads = "contract" not in self.notebook.ignores
        contract = self._everything.contract if reads or self.by_hand else None
        if contract is None:
            return None
        # A notebook may ignore what tells how the whole table is read; by hand it is known all the same.
        params = self._everything if self.by_hand else self.params
        where = params.experiment
        look = read_look(self.params, where=f"{where}: data", kept=kept_in(reports_folder()))
        if reads:
            from helpers.contracts.report import contract_report  # it brings pandera

            accepted = accepted_path(self.folder.parent)
            self._contract = contract_report(look, params, contract=contract, accepted=accepted, where=where)
        elif broken := contract_problems(look, params, contract=contract, where=where):
            raise UserError(*broken)
        return look

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

        def read() -> tuple[Development, Table]:
            checked = "_read" in self.__dict__
            sides = self._read_sides(look=None if checked else self._look_under_contract())
            return sides.development, sides.holdout

        return open_holdout(
            self.params, read=read, notebook=self.notebook, run=self.folder.name, ledger=self._ledger
        )

    def artifact(self, name: str) -> Path:
        """Return the path of the artifact called `name`, to write it or to read it; its folder exists.

        What this notebook makes is listed in ``artifacts/<notebook>.files.json``; what one that it needs has
        made is not.
        """
        return self._artifacts.path(name)

    def kept(self, name: str) -> Path:
        """Return a folder for what the next run of the same may take up if this one is cut off.

        It need not exist. It is named by this notebook's key: nothing in it belongs to other data, parameters
        or code.
        """
        return kept_in(self.folder.parent) / name / self._key(self.notebook)

    def save_table(self, name: str, frame: pd.DataFrame) -> None:
        """Store a figure's or a report's table as ``artifacts/<name>.csv``."""
        files.write_text(self.artifact(f"{name}.csv"), frame.to_csv(index=False))

    def record(self, result: BaseModel | None = None, *, findings: Sequence[Finding] = ()) -> None:
        """Write what this notebook learned to ``artifacts/<notebook>.json``."""
        read = self.__dict__.get("development")
        content = {
            "notebook": self.notebook.name,
            # In a run the runner knows the key, and this notebook is not given what goes into it.
            "key": self._key(self.notebook) if self.by_hand else None,
            "fingerprint": read.info.fingerprint if read is not None else None,
            "findings": [finding.to_dict() for finding in findings],
            "result": result.model_dump(mode="json") if result is not None else None,
        }
        files.write_json(self._record_path(self.notebook.name), content)
        self._artifacts.write_list()

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
            known = self._everything.model_dump(mode="python", exclude=set(RUN_SETTINGS))
            run_here(needed, {**known, **self._own(needed)})
        if not path.exists():
            raise UserError(
                Problem("run_folder", f"{self.folder}, where {notebook} has recorded nothing", "its record",
                        f"Run {notebook} with the same run_folder first.")
            )  # fmt: skip
        content: dict[str, Any] = files.read_json(path)
        return content

    def _record_path(self, notebook: str) -> Path:
        return self.folder / "artifacts" / f"{notebook}.json"

    @property
    def _ledger(self) -> Path:
        return ledger_in(self.folder.parent)

    @cached_property
    def _table_state(self) -> str:
        where = f"{self._everything.experiment}: data"
        everything = self._everything
        return table_state(everything.data, query=everything.query, hashes=FileHashes(), where=where)

    def _own(self, notebook: NotebookFile) -> dict[str, Any]:
        """Return the values of the notebook's own parameters, as far as they can be known from here."""
        mine = notebook.name == self.notebook.name
        return own_values(notebook, self._own_given if mine else self._injected)

    def _key(self, notebook: NotebookFile) -> str:
        needed = with_needs(notebook)
        found: dict[str, Ingredients] = ingredients_of(
            self._everything,
            needed,
            own={name: self._own(other) for name, other in needed.items()},
            data=self._table_state,
            around=surroundings(needed),
            ledger=self._ledger,
        )
        return found[notebook.name].key()


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
    run_folder = str(namespace.get("run_folder", ""))
    values = given_values(namespace)
    if run_folder:
        # The runner does not give what is ignored; the cell's own values stand in, and cannot be read either.
        spare = {name: namespace[name] for name in file.ignores if name in namespace}
        values = {**spare, **values}
    params = checked(values, where=f"{notebook}: parameters cell")
    folder = (
        from_repository(run_folder) if run_folder else reports_folder() / params.experiment / "interactive"
    )
    own = {name: namespace[name] for name in file.parameters if name in namespace}
    injected = {
        name: namespace[name] for name in injected_names(namespace.get("In", ())) if name in namespace
    }
    return Session(file, params, folder, by_hand=not run_folder, own=own, injected=injected)
