"""The key of a notebook's result: a hash over everything that could change it, and what that is made of."""

import json
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

import helpers.files as files
from helpers.contracts.place import accepted_state, contract_state
from helpers.errors import Problem, UserError
from helpers.notebook_files import NotebookFile, find_notebook
from helpers.own_classes import own_source
from helpers.parameters import Parameters
from helpers.parameters.own_model import own_models
from helpers.parameters.seen import seen_by
from helpers.paths import notebooks_folder, repository
from helpers.prediction.stored import model_state
from helpers.tables.ledger import looks_of_others, params_key

# Half a SHA-256 for what is listed in records; a quarter for each of the many parameters.
_PART, _SMALL_PART = 32, 16
# Kernels that are this Python: which of them a notebook was last opened with changes nothing.
_OWN_KERNELS = frozenset({"", "python3", "nightbook"})
# What no cell computes with: a new version of these is no reason to run anything again.
TOOLS = frozenset({"mypy", "nbval", "pip", "playwright", "pre_commit", "pytest", "ruff", "uv", "wheel"})


class Ingredients(BaseModel):
    """What a notebook's result depends on; every value but the names is a hash.

    Attributes
    ----------
    source : str
        The notebook's cells and what its metadata says; outputs and execution counts do not count.
    parameters : dict of str to str
        Those that it can read, its own among them; with `incumbent` goes the model that it names now.
    own_models : str
        Where it fits models: the source of the user's own; else empty.
    needs : dict of str to str
        The keys of the notebooks whose results it reads.
    data : str
        The state of the table.
    looks : str
        Where it opens the holdout: which other models were judged on its rows; else empty.
    contract : str
        Where it reads the contract: what is in it, and the last accepted table, if that is another; else
        empty.
    helpers : str
        Every file of the helpers, and Python files beside the notebooks.
    lock, versions : str
        The locked versions; Python and every package that is installed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    parameters: dict[str, str]
    own_models: str = ""
    needs: dict[str, str]
    data: str
    looks: str = ""
    contract: str = ""
    helpers: str
    lock: str
    versions: str

    def key(self) -> str:
        """Return the key: equal keys mean equal results."""
        return files.hash_of([json.dumps(self.model_dump(), sort_keys=True)])


@dataclass(frozen=True)
class Surroundings:
    """What the results of all experiments depend on; looked at once a command.

    Attributes
    ----------
    sources : mapping of str to str
        By notebook the hash of its source.
    helpers, lock, versions : str
        As in `Ingredients`.
    """

    sources: Mapping[str, str]
    helpers: str
    lock: str
    versions: str


def surroundings(notebooks: Mapping[str, NotebookFile]) -> Surroundings:
    """Look at the notebooks, the helpers and what is installed, as they are at this moment."""
    lock = repository() / "requirements.lock"
    return Surroundings(
        sources={name: notebook_source(notebook.path) for name, notebook in notebooks.items()},
        helpers=helpers_source(),
        lock=files.hash_of_files([lock])[:_PART] if lock.exists() else "",
        versions=installed_versions(),
    )


def ingredients_of(
    params: Parameters,
    notebooks: Mapping[str, NotebookFile],
    *,
    own: Mapping[str, Mapping[str, Any]],
    data: str,
    around: Surroundings,
    ledger: Path,
) -> dict[str, Ingredients]:
    """Return what the result of each notebook depends on.

    Parameters
    ----------
    params : Parameters
        The experiment's.
    notebooks : mapping of str to NotebookFile
        Each after those that it needs.
    own : mapping of str to mapping
        By notebook the values given to the parameters that only it declares; the defaults stand for others.
    data : str
        From `table_state`.
    around : Surroundings
        Of these notebooks.
    ledger : Path
        The experiment's ``ledger.jsonl``, which need not exist; what its last accepted table was is beside.

    Raises
    ------
    UserError
        If a notebook's metadata ignores what it may not.
    """
    found: dict[str, Ingredients] = {}
    reports = ledger.parent.parent
    for name, notebook in notebooks.items():
        seen = seen_by(params, notebook)
        values = {**seen.model_dump(mode="json"), **own_values(notebook, own.get(name, {}))}
        if values.get("incumbent"):
            values["incumbent"] = [values["incumbent"], model_state(values["incumbent"], reports=reports)]
        found[name] = Ingredients(
            source=around.sources[name],
            parameters={key: _hash_of_value(values[key]) for key in sorted(values)},
            own_models=models_source(params) if "models" in values else "",
            needs={need: found[need].key()[:_PART] for need in notebook.needs},
            data=data[:_PART],
            looks=looks_of_others(ledger, params_key(seen))[:_PART] if notebook.opens_holdout else "",
            contract=_contract(values.get("contract"), data=data, folder=ledger.parent),
            helpers=around.helpers,
            lock=around.lock,
            versions=around.versions,
        )
    return found


def models_source(params: Parameters) -> str:
    """Return a hash over the source of the user's own models among the params'; empty where there is none."""
    return own_source(own_models(params.models))[:_PART]


def _contract(contract: str | None, *, data: str, folder: Path) -> str:
    if contract is None:
        return ""
    return files.hash_of([contract_state(contract), accepted_state(folder, data=data)])[:_PART]


def differences(old: Ingredients, new: Ingredients) -> list[str]:
    """Return what changed from `old` to `new`, in plain words; empty where nothing did."""
    names = {*old.parameters, *new.parameters}
    parameters = sorted(name for name in names if old.parameters.get(name) != new.parameters.get(name))
    needs = [name for name in new.needs if old.needs.get(name) != new.needs[name]]
    changed = [
        (old.source != new.source, "its own source changed"),
        (bool(parameters), f"its parameters changed: {', '.join(parameters)}"),
        (old.own_models != new.own_models, "the source of the user's own models changed"),
        (old.data != new.data, "the table changed"),
        (bool(needs), f"{', '.join(needs)} changed, which it needs"),
        (old.looks != new.looks, "other models were judged on the same holdout since"),
        (old.contract != new.contract, "the contract or the last accepted table changed"),
        (old.helpers != new.helpers, "the helpers' source changed"),
        (old.lock != new.lock, "requirements.lock changed"),
        (old.versions != new.versions, "installed versions changed"),
    ]
    return [words for is_so, words in changed if is_so]


def with_needs(notebook: NotebookFile, *, for_: tuple[str, ...] = ()) -> dict[str, NotebookFile]:
    """Return the notebook and all that it needs, each after those that it needs itself.

    Parameters
    ----------
    notebook : NotebookFile
        Where to begin.
    for_ : tuple of str
        The notebooks that need it, to find out whether it needs one of them in turn.

    Raises
    ------
    UserError
        If a need names no notebook, or needs go round in a circle.
    """
    way = (*for_, notebook.name)
    if notebook.name in for_:
        expected = "needs that do not go round in a circle"
        raise UserError(Problem("metadata.nightbook.needs", " → ".join(way), expected))
    found: dict[str, NotebookFile] = {}
    for need in notebook.needs:
        found |= with_needs(find_notebook(need), for_=way)
    return {**found, notebook.name: notebook}


def own_values(notebook: NotebookFile, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the parameters that only this notebook declares: as given, else the defaults."""
    known = {*Parameters.model_fields, "run_folder"}
    names = [name for name in notebook.parameters if name not in known]
    values = {**notebook.defaults, **given}
    return {name: values[name] for name in names if name in values}


def notebook_source(path: Path) -> str:
    """Return a hash over what the notebook executes and says of itself, but nothing that it computed."""
    content = files.read_json(path)
    metadata = content.get("metadata") or {}
    kernel = str((metadata.get("kernelspec") or {}).get("name", ""))
    cells = [
        [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags"), cell.get("attachments")]
        for cell in content["cells"]
    ]
    parts = [metadata.get("nightbook"), "" if kernel in _OWN_KERNELS else kernel, cells]
    return files.hash_of([json.dumps(parts, sort_keys=True)])[:_PART]


def helpers_source() -> str:
    """Return a hash over every file of the helpers, and over the Python files beside the notebooks."""
    parts: list[str | bytes] = []
    for folder, pattern in ((repository() / "src" / "helpers", "*"), (notebooks_folder(), "*.py")):
        for path in _source_files(folder, pattern):
            parts += [path.relative_to(folder).as_posix(), path.read_bytes()]
    return files.hash_of(parts)[:_PART]


def _source_files(folder: Path, pattern: str) -> Iterator[Path]:
    """Yield the files in the order of their names, without what Python and editors leave behind."""
    for path in sorted(folder.rglob(pattern)):
        names = path.relative_to(folder).parts
        left_behind = any(name.startswith(".") or name == "__pycache__" for name in names)
        if not left_behind and not path.name.endswith((".pyc", "~")) and path.is_file():
            yield path


def installed_versions(places: Sequence[str] | None = None) -> str:
    """Return a hash over the version of Python and of every package that is installed.

    Parameters
    ----------
    places : sequence of str, optional
        Where packages are looked for; by default where Python looks for them, and what conda installed.
    """
    names: set[str] = set()
    # The names alone tell the versions; opening each package's metadata would take a good part of a second.
    for place in dict.fromkeys(sys.path if places is None else places):
        names.update(name for name in _listed(place) if name.endswith((".dist-info", ".egg-info")))
    if places is None:
        names.update(name for name in _listed(str(Path(sys.prefix) / "conda-meta")) if name.endswith(".json"))
    counted = sorted(name for name in names if not _is_tool(name))
    this = f"{platform.python_implementation()} {platform.python_version()} {platform.machine()}"
    return files.hash_of([this, *counted])[:_PART]


def _listed(place: str) -> list[str]:
    return [path.name for path in Path(place).iterdir()] if place and Path(place).is_dir() else []


def _is_tool(name: str) -> bool:
    package = name.split("-")[0].lower()
    return package in TOOLS or package.startswith("pytest_")


def _hash_of_value(value: Any) -> str:
    plain = json.dumps(files.plain(value), sort_keys=True, ensure_ascii=False)
    return files.hash_of([plain])[:_SMALL_PART]
