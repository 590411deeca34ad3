"""Notebooks as files: which there are, what each needs, and the parameters that each declares."""

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from helpers.errors import Problem, UserError, did_you_mean
from helpers.paths import notebooks_folder

_TYPES: Mapping[str, type] = {kind.__name__: kind for kind in (str, int, float, bool, list, dict)}


@dataclass(frozen=True)
class NotebookFile:
    """A notebook and what its metadata says.

    Attributes
    ----------
    name : str
        The file's stem, for instance ``05_evaluation``.
    path : Path
        Where it is.
    needs : tuple of str
        Names of the notebooks whose results it reads.
    opens_holdout : bool
        Whether it may open the holdout.
    audience : str
        ``everyone`` for the summary, else ``engineers``.
    cores : int or 'all'
        How many cores it keeps busy; the runner gives it so many.
    ignores : tuple of str
        Known parameters that it does not read, so that a change of them leaves its result as it is.
    reuse : bool
        Whether its result may stand in for running it again with nothing changed.
    parameters : mapping of str to type or None
        What its `parameters` cell assigns, with the type that the annotation or the default names.
    defaults : mapping of str to Any
        The literals among what it assigns.
    """

    name: str
    path: Path
    needs: tuple[str, ...]
    opens_holdout: bool
    audience: str
    cores: int | Literal["all"] = 1
    ignores: tuple[str, ...] = ()
    reuse: bool = True
    parameters: Mapping[str, type | None] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)


def read_notebook(path: Path) -> NotebookFile:
    """Return what the notebook says of itself, under ``metadata.nightbook`` and in its `parameters` cell.

    Raises
    ------
    UserError
        If the file is no notebook, or what it says cannot be understood.
    """
    place = path.name
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(
            Problem(place, f"a file that cannot be read ({error.strerror})", "a notebook")
        ) from None
    except ValueError:
        raise UserError(Problem(place, "a file that is not JSON", "a Jupyter notebook")) from None
    if not isinstance(content, dict) or content.get("nbformat") != 4 or not _all_cells(content.get("cells")):
        raise UserError(Problem(place, "JSON that is no such notebook", "a Jupyter notebook of nbformat 4"))
    metadata = content.get("metadata")
    said = metadata.get("nightbook", {}) if isinstance(metadata, dict) else {}
    if not isinstance(said, dict):
        raise UserError(Problem(f"{place}: metadata.nightbook", repr(said), "names and values"))
    assigned = _assignments(content["cells"], place)
    return NotebookFile(
        name=path.stem,
        path=path,
        needs=_names(said, "needs", place, "a list of notebooks' names"),
        opens_holdout=said.get("opens_holdout") is True,
        audience=str(said.get("audience", "engineers")),
        cores=_cores(said, place),
        ignores=_names(said, "ignores", place, "a list of parameters' names"),
        reuse=said.get("reuse", True) is True,
        parameters={name: kind for name, kind, _ in assigned},
        defaults={name: literal[0] for name, _, literal in assigned if literal},
    )


def _names(said: Mapping[str, Any], key: str, place: str, expected: str) -> tuple[str, ...]:
    names = said.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UserError(Problem(f"{place}: metadata.nightbook.{key}", repr(names), expected))
    return tuple(names)


def _cores(said: Mapping[str, Any], place: str) -> int | Literal["all"]:
    cores = said.get("cores", 1)
    if cores == "all":
        return "all"
    if isinstance(cores, int) and not isinstance(cores, bool) and cores >= 1:
        return cores
    raise UserError(Problem(f"{place}: metadata.nightbook.cores", repr(cores), "a whole number, or all"))


def all_notebooks(folder: Path | None = None) -> dict[str, NotebookFile]:
    """Return the notebooks of the folder by name, in the order of their names, without broken ones."""
    return read_notebooks(folder)[0]


def read_notebooks(folder: Path | None = None) -> tuple[dict[str, NotebookFile], list[Problem]]:
    """Return the notebooks of the folder by name, in the order of their names, and what is wrong with others.

    One broken file must not keep the others from running; who calls says what was left out.
    """
    found: dict[str, NotebookFile] = {}
    problems: list[Problem] = []
    for path in sorted((folder or notebooks_folder()).glob("*.ipynb")):
        try:
            found[path.stem] = read_notebook(path)
        except UserError as error:
            problems.extend(error.problems)
    return found, problems


def find_notebook(name: str) -> NotebookFile:
    """Return the notebook called `name`, or say which there are; no other file is read."""
    path = notebooks_folder() / f"{name}.ipynb"
    if path.is_file():
        return read_notebook(path)
    known = sorted(other.stem for other in notebooks_folder().glob("*.ipynb"))
    raise UserError(Problem("notebook", repr(name), f"one of {', '.join(known)}", did_you_mean(name, known)))


def _all_cells(cells: object) -> bool:
    return isinstance(cells, list) and all(
        isinstance(cell, dict)
        and isinstance(cell.get("metadata"), dict)
        and "cell_type" in cell
        and "source" in cell
        for cell in cells
    )


# A name, its type, and its literal in a list, which is empty where the value is none.
_Assigned = tuple[str, type | None, list[Any]]


def _assignments(cells: list[dict[str, Any]], place: str) -> list[_Assigned]:
    """Return what the `parameters` cell assigns."""
    for cell in cells:
        if "parameters" in cell["metadata"].get("tags", ()):
            try:
                tree = ast.parse("".join(cell["source"]))
            except SyntaxError as error:
                problem = f"line {error.lineno}: {error.msg}"
                raise UserError(Problem(f"{place}: parameters cell", problem, "Python assignments")) from None
            return [found for statement in tree.body for found in _assigned(statement)]
    return []


def _assigned(statement: ast.stmt) -> list[_Assigned]:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        annotation, literal = statement.annotation, _literal(statement.value)
        named = _TYPES.get(annotation.id) if isinstance(annotation, ast.Name) else None
        return [(statement.target.id, named or _type_of(literal), literal)]
    if isinstance(statement, ast.Assign):
        literal = _literal(statement.value)
        names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        return [(name, _type_of(literal), literal) for name in names]
    return []


def _literal(value: ast.expr | None) -> list[Any]:
    try:
        return [ast.literal_eval(value)] if value is not None else []
    except ValueError:
        return []


def _type_of(literal: list[Any]) -> type | None:
    """Return the type of a literal default, None where it says nothing."""
    return next((type(default) for default in literal if type(default).__name__ in _TYPES), None)
