"""The state of a table without reading it as one: what changes whenever the table may have changed."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import helpers.files as files
from helpers.errors import Problem, UserError, shortened
from helpers.tables.places import bundled_name, table_files


class FileHashes:
    """The hashes of files, each computed once; made anew for each look at the disk, since files change."""

    def __init__(self) -> None:
        self._known: dict[Path, bytes] = {}

    def of(self, path: Path) -> bytes:
        """Return the SHA-256 of the file's bytes, never guessed from its time stamp."""
        if path not in self._known:
            with path.open("rb") as file:
                self._known[path] = hashlib.file_digest(file, "sha256").digest()
        return self._known[path]


def table_state(data: Sequence[str], *, hashes: FileHashes, where: str = "data") -> str:
    """Return a hash that differs whenever the table that `data` names may differ.

    Parameters
    ----------
    data : sequence of str
        As in the params.
    hashes : FileHashes
        What is known of the files already; share one between the experiments of a command.
    where : str
        What messages begin with.

    Returns
    -------
    str
        Over the files' names and bytes in their order, or over the name of a table of scikit-learn with the
        version that brings it.

    Raises
    ------
    UserError
        If a file is missing or cannot be read.
    """
    bundled = bundled_name(data, where=where)
    if bundled is not None:
        return files.hash_of(["bundled", bundled, version("scikit-learn")])
    parts: list[str | bytes] = ["files"]
    for path in table_files(data, where=where):
        try:
            # The name decides how a file is read and what the findings call it.
            parts += [path.name, hashes.of(path)]
        except OSError as error:
            place = f"{where}: {shortened(path.name)}"
            raise UserError(
                Problem(place, f"a file that cannot be read ({error})", "a readable table")
            ) from None
    return files.hash_of(parts)


def is_still(data: Sequence[str], state: str) -> bool:
    """Tell whether the table is, at this moment, in the state that `table_state` returned before."""
    try:
        return table_state(data, hashes=FileHashes()) == state
    except UserError:
        return False
