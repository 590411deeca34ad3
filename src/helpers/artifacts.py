"""The files that a notebook makes beside its record, and the list of them."""

import shutil
from functools import cached_property
from pathlib import Path

import helpers.files as files
from helpers.errors import Problem, UserError, shortened
from helpers.keys import with_needs
from helpers.notebook_files import NotebookFile

LIST_SUFFIX = ".files.json"


class Artifacts:
    """What one notebook makes in a run's ``artifacts`` folder.

    Parameters
    ----------
    folder : Path
        The folder; it is made with the first artifact.
    notebook : NotebookFile
        The notebook at work.
    """

    def __init__(self, folder: Path, notebook: NotebookFile) -> None:
        self.folder = folder
        self.notebook = notebook
        self._made: set[str] = set()

    def path(self, name: str) -> Path:
        """Return the artifact's path and note it as made here, unless a notebook that is needed made it.

        Raises
        ------
        UserError
            If the name leads out of the folder.
        """
        if Path(name).is_absolute() or ".." in Path(name).parts or not Path(name).parts:
            raise UserError(Problem("artifact", repr(shortened(name)), "a name inside the folder artifacts/"))
        name = Path(name).as_posix()
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name not in self._made and name not in self._of_others():
            _own_copy(path)
            self._made.add(name)
            # At once, because a cell may ask for a path after the notebook has recorded its result.
            self.write_list()
        return path

    def write_list(self) -> None:
        """Write the names of what this notebook makes to ``<notebook>.files.json``."""
        files.write_json(self.folder / f"{self.notebook.name}{LIST_SUFFIX}", sorted(self._made))

    @cached_property
    def _needed(self) -> list[str]:
        return [name for name in with_needs(self.notebook) if name != self.notebook.name]

    def _of_others(self) -> set[str]:
        return {name for needed in self._needed for name in listed_artifacts(self.folder, needed)}


def listed_artifacts(folder: Path, notebook: str) -> list[str]:
    """Return the names on the notebook's list in the ``artifacts`` folder, none where there is no list.

    Raises
    ------
    ValueError
        If the list is damaged.
    """
    path = folder / f"{notebook}{LIST_SUFFIX}"
    if not path.exists():
        return []
    names = files.read_json(path)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{path} is no list of names")
    return names


def _own_copy(path: Path) -> None:
    """Let a file that a reused result shares with an earlier run be this run's own before it is written."""
    if path.is_file() and path.stat().st_nlink > 1:
        fresh = path.with_name(f".{path.name}.part")
        shutil.copyfile(path, fresh)
        fresh.replace(path)
