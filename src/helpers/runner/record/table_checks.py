"""What a check of a table against its parameters found, kept so that an unchanged table is not read again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.contracts.place import contract_state
from helpers.errors import Problem, UserError
from helpers.keys import Surroundings
from helpers.metrics import Task
from helpers.parameters import Parameters
from helpers.parameters.model import RUN_SETTINGS
from helpers.parameters.seen import SeenParameters, without
from helpers.paths import kept_in, reports_folder
from helpers.runner.record.newest import keep_newest
from helpers.tables.info import DataInfo

# What fits a table does not depend on these, so that a grid over them checks its table once.
NOT_CHECKED = RUN_SETTINGS | {
    "experiment", "question", "goal", "models", "incumbent", "budget", "seed"
}  # fmt: skip
KEPT = 1_000
# What is too large for the notebook that reads the table first is refused before any runs.
FIRST_READER = "01_data_quality"


@dataclass(frozen=True)
class TableCheck:
    """A table that fits its parameters: what it is, and the kind of answer that its target asks for."""

    info: DataInfo
    task: Task


def check_one(values: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Read the table and hold parameters and contract against it; takes and returns what JSON can hold.

    Parameters
    ----------
    values : mapping
        ``Parameters.model_dump(mode="json")``.
    where : str
        What messages begin with, the params file for instance.

    Returns
    -------
    dict
        ``info``, what `DataInfo` says of the table, and ``task``, the kind of answer that its target asks
        for; or ``problems``, for each a list of where, given, expected, remedy.
    """
    # Imported here: it takes pandas a second, and a table that is known is never read.
    from helpers.contracts.check import contract_problems
    from helpers.kept_look import read_look
    from helpers.tables.prepare import split_look

    everything = Parameters.model_validate(dict(values))
    most = everything.memory_bytes(FIRST_READER)
    params = _checked_part(everything)
    try:
        kept = kept_in(reports_folder())
        look = read_look(params, where=f"{where}: data", kept=kept, most_bytes=most)
    except UserError as error:
        return _told(error.problems)
    broken = contract_problems(look, params, contract=params.contract, where=where)
    try:
        development = split_look(look, params, where=where)[0]
    except UserError as error:
        return _told([*error.problems, *broken])
    if broken:
        return _told(broken)
    return {"info": asdict(development.info), "task": development.table.task}


def _told(problems: Sequence[Problem]) -> dict[str, Any]:
    return {"problems": [[item.where, item.given, item.expected, item.remedy] for item in problems]}


def check_key(params: Parameters, *, state: str, around: Surroundings) -> str:
    """Return the key of what a check finds.

    Parameters
    ----------
    params : Parameters
        The experiment's.
    state : str
        From `table_state`.
    around : Surroundings
        The helpers and versions that check.
    """
    values = json.dumps(_checked_part(params).model_dump(mode="json"), sort_keys=True)
    contract = contract_state(params.contract)
    return files.hash_of([values, state, contract, around.helpers, around.lock, around.versions])


def known(key: str, *, reports: Path) -> TableCheck | None:
    """Return what a successful check with this key found, or None; a damaged file counts as none."""
    try:
        content = files.read_json(_path(key, reports))
        info, task = DataInfo(**content["info"]), Task(content["task"])
        kinds = [type(value) for value in (info.name, info.rows, info.columns, info.fingerprint)]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return TableCheck(info, task) if kinds == [str, int, int, str] else None


def remember(key: str, found: TableCheck, *, reports: Path) -> None:
    """Keep what a successful check found; a folder that cannot be written only costs the next call time."""
    path = _path(key, reports)
    try:
        files.write_json(path, asdict(found))
        keep_newest(path.parent, KEPT)
    except OSError:
        return


def _checked_part(params: Parameters) -> SeenParameters:
    return without(params, NOT_CHECKED, reader="the check of the table")


def _path(key: str, reports: Path) -> Path:
    return kept_in(reports) / "tables" / f"{key}.json"
