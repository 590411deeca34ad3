"""Notebooks as files: which there are, what each needs, and the parameters that each declares."""

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.errors import Problem, UserError, did_you_mean
from helpers.paths import notebooks_folder


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
    """

    name: str
    path: Path
    needs: tuple[str, ...]
    opens_holdout: bool
    audience: str


def read_notebook(path: Path) -> NotebookFile:
    """Return what the notebook's metadata says; it stands under ``metadata.nightbook``."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        said = content["metadata"].get("nightbook", {})
        return NotebookFile(
            name=path.stem,
            path=path,
            needs=tuple(said.get("needs", ())),
            opens_holdout=bool(said.get("opens_holdout", False)),
            audience=str(said.get("audience", "engineers")),
        )
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise UserError(
            Problem(str(path), f"a file that is not a notebook ({error})", "a Jupyter notebook (nbformat 4)")
        ) from error


def all_notebooks(folder: Path | None = None) -> dict[str, NotebookFile]:
    """Return the notebooks of the folder by name, in the order of their names."""
    paths = sorted((folder or notebooks_folder()).glob("*.ipynb"))
    return {path.stem: read_notebook(path) for path in paths}


def find_notebook(name: str, folder: Path | None = None) -> NotebookFile:
    """Return the notebook called `name`, or say which there are."""
    known = all_notebooks(folder)
    if name not in known:
        raise UserError(
            Problem("notebook", repr(name), f"one of {', '.join(known)}", did_you_mean(name, known))
        )
    return known[name]


def declared_parameters(path: Path) -> set[str]:
    """Return the names that the notebook's `parameters` cell assigns."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if "parameters" in cell["metadata"].get("tags", ()):
            try:
                tree = ast.parse("".join(cell["source"]))
            except SyntaxError as error:
                raise UserError(
                    Problem(
                        f"{path.name}: parameters cell",
                        f"line {error.lineno}: {error.msg}",
                        "Python assignments",
                    )
                ) from error
            return {name for statement in tree.body for name in _assigned(statement)}
    return set()


def _assigned(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.AnnAssign):
        return [statement.target.id] if isinstance(statement.target, ast.Name) else []
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return []
