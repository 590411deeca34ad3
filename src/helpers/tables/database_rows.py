"""Rows of a database as they come, a few thousand at a time; nothing is written there, no file is made.

The query runs in one transaction that only reads, so that all its rows are of one moment. The session counts
time in UTC, and scans of large tables begin at the beginning: the same rows come in the same order from the
same server, as far as the query leaves that open.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from helpers.errors import Problem, UserError, listed, shortened
from helpers.tables.database_address import Address, read_address
from helpers.tables.database_problems import connection_problem, file_problem, no_driver, query_problem
from helpers.tables.database_query import one_statement

CHUNK_ROWS = 2_000
CONNECT_SECONDS = 10
HIGHEST_PORT = 65_535
SESSION = "SET LOCAL TIME ZONE 'UTC'; SET LOCAL synchronize_seqscans = off"
# Says what is wrong with a query, and where in it, before a cursor is declared for it.
PREPARED = "PREPARE nightbook_query AS "
UNPREPARED = "DEALLOCATE nightbook_query"

Row = Sequence[Any]


@dataclass(frozen=True)
class Rows:
    """What a query gives: the columns' names, and the rows in chunks, which can be gone through once."""

    names: tuple[str, ...]
    chunks: Iterator[Sequence[Row]]


@contextmanager
def open_rows(address: Address, query: str, *, where: str, query_where: str) -> Iterator[Rows]:
    """Connect, run the query and give its rows.

    Parameters
    ----------
    address : Address
        From `read_address`.
    query : str
        One statement that reads.
    where, query_where : str
        What messages on the address, and on the query, begin with.

    Raises
    ------
    UserError
        If there is no driver or no database, or the database refuses the user or the query; also while the
        rows are gone through. What came from the environment shows in no message.
    """
    statement = one_statement(query, where=query_where)
    with _connected(address, where) as connection:
        try:
            yield _rows(connection, address, statement, query_where)
        except (SQLAlchemyError, UnicodeDecodeError) as error:
            cause = getattr(error, "orig", None) or error
            problem = query_problem(cause, address, statement, where=query_where, prefix=len(PREPARED))
            raise UserError(problem) from None


def database_state(item: str, query: str, *, where: str, query_where: str) -> str:
    """Return a hash over the rows that the query gives now, none of which is kept."""
    address = read_address(item, where=where)
    with open_rows(address, query, where=where, query_where=query_where) as rows:
        digest = RowsDigest(rows.names)
        for chunk in rows.chunks:
            digest.add(chunk)
    return digest.hexdigest()


class RowsDigest:
    """A SHA-256 over columns and rows in their order, whatever the chunks that they come in."""

    def __init__(self, names: Sequence[str]) -> None:
        self._hash = hashlib.sha256(repr(tuple(names)).encode("utf-8", "surrogatepass"))

    def add(self, rows: Sequence[Row]) -> None:
        """Take in the next rows."""
        text = "".join(f"\n{tuple(row)!r}" for row in rows)
        self._hash.update(text.encode("utf-8", "surrogatepass"))

    def hexdigest(self) -> str:
        """Return the hash over all that was taken in."""
        return self._hash.hexdigest()


def _connected(address: Address, where: str) -> sa.Connection:
    engine = _engine(address, where)
    try:
        return engine.connect()
    except Exception as error:  # what is wrong in an address, drivers tell in errors of every kind
        cause = getattr(error, "orig", None) or error
        raise UserError(connection_problem(cause, address, where=where)) from None


def _engine(address: Address, where: str) -> sa.Engine:
    if address.kind == "sqlite":
        return _file_engine(Path(address.parts["database"]), address, where)
    port = address.parts.get("port")
    if port is not None and not (port.isdecimal() and 0 < int(port) <= HIGHEST_PORT):
        given = f"{shortened(address.server)}, whose port is no number from 1 to {HIGHEST_PORT}"
        raise UserError(Problem(where, given, "the number of a port"))
    url = sa.URL.create(
        "postgresql+psycopg",
        username=address.parts.get("user"),
        password=address.parts.get("password"),
        host=address.parts.get("host") or None,
        port=None if port is None else int(port),
        database=address.parts["database"],
        query=dict(address.options),
    )
    usual = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "nightbook",
        "client_encoding": "utf8",  # some databases name no encoding of their own
    }
    arguments = {key: value for key, value in usual.items() if key not in address.options}
    try:
        return sa.create_engine(url, poolclass=NullPool, connect_args=arguments)
    except ImportError:
        raise UserError(no_driver(where)) from None


def _file_engine(path: Path, address: Address, where: str) -> sa.Engine:
    """Return an engine on an existing file, which is opened to be read alone."""
    problem = file_problem(path, address, where=where)
    if problem is not None:
        raise UserError(problem)
    uri = f"file:{quote(str(path))}?mode=ro"
    return sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True), poolclass=NullPool)


def _rows(connection: sa.Connection, address: Address, statement: str, query_where: str) -> Rows:
    # Without parameters the driver takes the text as it is: colons and per cent signs mean nothing.
    connection = connection.execution_options(no_parameters=True)
    if address.kind == "postgresql":
        connection = connection.execution_options(postgresql_readonly=True)
        connection.exec_driver_sql(SESSION)
        connection.exec_driver_sql(PREPARED + statement)
        connection.exec_driver_sql(UNPREPARED)  # a pooler may hand this session on
    streaming = connection.execution_options(stream_results=True, max_row_buffer=CHUNK_ROWS)
    result = streaming.exec_driver_sql(statement)
    names = tuple(result.keys())
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        given = address.masked(f"a query that gives more than one column called {listed(twice)}")
        remedy = "Name them with AS, or list the columns instead of *."
        raise UserError(Problem(query_where, given, "column names that differ", remedy))
    return Rows(names, result.partitions(CHUNK_ROWS))
