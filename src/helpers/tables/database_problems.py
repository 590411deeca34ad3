"""What databases say when they refuse, told as one problem each; nothing from the environment shows."""

import re
from pathlib import Path
from typing import Any

from helpers.errors import Problem, listed, shortened
from helpers.paths import from_repository
from helpers.tables.database_address import EXAMPLE, Address

INSTALL = "pip install 'nightbook[postgresql]'"
SQLITE_MAGIC = b"SQLite format 3\x00"
SAID_CHARACTERS = 240
OUT_OF_RANGE = "Read such values as text, with CAST(column AS text), or leave their rows out."

# A server says it in its own language; whatever none of these fits is told in its words.
_REFUSED_USER = re.compile(r"authentication failed|no password supplied|role .* does not exist")
_NO_DATABASE = re.compile(r"database .* does not exist")
_NO_HOST = re.compile(r"failed to resolve host|could not translate host name|Name or service not known")
_NO_SERVER = re.compile(r"Connection refused|No such file or directory|No route to host|unreachable")
_NO_ANSWER = re.compile(r"timeout expired|timed out")


def no_driver(where: str) -> Problem:
    """Say that the library which speaks to PostgreSQL is not installed."""
    return Problem(
        where, "an address of PostgreSQL, whose driver psycopg is not installed", "the driver", f"{INSTALL}."
    )


def file_problem(path: Path, address: Address, *, where: str) -> Problem | None:
    """Return why an SQLite file cannot be read, or None; a file that is missing is not made."""
    shown = shortened(repr(address.name))
    try:
        if not path.exists():
            remedy = f"Relative paths start at {from_repository('')}."
            return Problem(
                where, f"the database {shown}, whose file does not exist", "an SQLite file", remedy
            )
        with path.open("rb") as file:
            start = file.read(len(SQLITE_MAGIC))
    except (OSError, ValueError) as error:
        said = shortened(address.masked(str(error)))
        return Problem(
            where, f"the database {shown}, which cannot be read ({said})", "a readable SQLite file"
        )
    if start and start != SQLITE_MAGIC:
        return Problem(where, f"{shown}, which is not an SQLite database", "an SQLite file")
    return None


def connection_problem(cause: BaseException, address: Address, *, where: str) -> Problem:
    """Say why there is no connection."""
    said = _said(str(cause), address)
    server = shortened(address.server) or "this machine"
    if _REFUSED_USER.search(said):
        variables = [f"${{{name}}}" for name in address.variables]
        remedy = f"Check {listed(variables or ['the user'])}."
        if "password" not in address.parts:
            remedy += f" The address names no password; one that does is {EXAMPLE}."
        given = f"a user or a password that the server refuses ({said})"
        return Problem(where, given, "a user and a password that it knows", remedy)
    if _NO_DATABASE.search(said):
        return Problem(where, f"a database that {server} does not have ({said})", "one that it has")
    if _NO_HOST.search(said):
        return Problem(where, f"the host {server}, which is not found ({said})", "the name of a host")
    if _NO_SERVER.search(said):
        given = f"{server}, where no server answers ({said})"
        return Problem(where, given, "the host and the port of a PostgreSQL server")
    if _NO_ANSWER.search(said):
        given = f"{server}, which does not answer in time ({said})"
        return Problem(where, given, "a server that can be reached from here")
    return Problem(where, f"a database that cannot be reached ({said})", "one that can")


def query_problem(
    cause: BaseException, address: Address, statement: str, *, where: str, prefix: int = 0
) -> Problem:
    """Say why the database does not give the rows, with the place in the query where it knows one.

    Parameters
    ----------
    cause : exception
        The driver's.
    address : Address
        What to keep out of the message.
    statement : str
        The query as it was sent.
    where : str
        What the message begins with.
    prefix : int
        How many characters were sent before the query; the server counts from there.
    """
    told: Any = getattr(cause, "diag", None)
    if told is None or told.message_primary is None:
        remedy = OUT_OF_RANGE if type(cause).__name__ == "DataError" else ""
        given = f"a query that fails ({_said(str(cause), address)})"
        return Problem(where, given, "a query that gives rows", remedy)
    place = _place(told.statement_position, statement, prefix)
    hint = " ".join(_said(text, address) for text in (told.message_detail, told.message_hint) if text)
    given = f"a query that the database refuses: {_said(told.message_primary, address)}{place}"
    return Problem(where, given, "a query that it can run", hint)


def _place(position: str | None, statement: str, prefix: int) -> str:
    """Return in which line and column of the query the server found the mistake."""
    if position is None or not prefix < int(position) <= prefix + len(statement) + 1:
        return ""
    before = statement[: int(position) - prefix - 1]
    return f" (line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))})"


def _said(text: str, address: Address) -> str:
    """Return the first line of what was said, masked and not too long."""
    lines = address.masked(text).splitlines()  # masked first: what is hidden may hold a line's end
    first = next((line.strip() for line in lines if line.strip()), "no reason given")
    return shortened(re.sub(r"^connection (failed|is bad): ", "", first), limit=SAID_CHARACTERS)
