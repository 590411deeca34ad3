"""The state of a table without reading it as one: what changes whenever the table may have changed."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import helpers.files as files
from helpers.errors import Problem, UserError, shortened
from helpers.tables.database_address import database_item, query_place
from helpers.tables.places import bundled_name, table_files


class FileHashes:
    """The hashes of files, and of what queries give, each computed once.

    Made anew for each look at the disk and the database, since both change.
    """

    def __init__(self) -> None:
        self._known: dict[Path, bytes] = {}
        self._asked: dict[tuple[str, str], str] = {}

    def of(self, path: Path) -> bytes:
        """Return the SHA-256 of the file's bytes, never guessed from its time stamp."""
        if path not in self._known:
            with path.open("rb") as file:
                self._known[path] = hashlib.file_digest(file, "sha256").digest()
        return self._known[path]

    def of_query(self, address: str, query: str, *, where: str) -> str:
        """Return a hash over the rows that a database gives for the query, none of which is kept."""
        if (address, query) not in self._asked:
            # Imported here: it takes the libraries a while, and most tables are files.
            from helpers.tables.database_rows import database_state

            state = database_state(address, query, where=where, query_where=query_place(where))
            self._asked[address, query] = state
        return self._asked[address, query]


def table_state(
    data: Sequence[str], *, query: str | None = None, hashes: FileHashes, where: str = "data"
) -> str:
    """Return a hash that differs whenever the table that `data` names may differ.

    Parameters
    ----------
    data, query
        As in the params.
    hashes : FileHashes
        What is known of the files already; share one between the experiments of a command.
    where : str
        What messages begin with.

    Returns
    -------
    str
        Over the files' names and bytes in their order; over the rows that a database gives, which are asked
        for again, so that the state stays the same only if the query orders them; or over the name of a table
        of scikit-learn with the version that brings it.

    Raises
    ------
    UserError
        If a file is missing or cannot be read, or the database refuses.
    """
    address = database_item(data, where=where)
    if address is not None:
        return files.hash_of(["database", hashes.of_query(address, query or "", where=where)])
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
    """Tell whether the files are, at this moment, in the state that `table_state` returned before."""
    try:
        return table_state(data, hashes=FileHashes()) == state
    except UserError:
        return False
