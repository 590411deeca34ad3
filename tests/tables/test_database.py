import datetime as dt
import sqlite3
import sys
import traceback
from decimal import Decimal
from types import SimpleNamespace

import pyarrow as pa
import pytest

from helpers.errors import UserError
from helpers.parameters.check import checked
from helpers.paths import from_repository
from helpers.tables.database_address import read_address
from helpers.tables.database_frame import array_of, joined_arrays
from helpers.tables.database_problems import connection_problem, query_problem
from helpers.tables.database_rows import CHUNK_ROWS, open_rows
from helpers.tables.look import look_at
from helpers.tables.sources import read_raw
from helpers.tables.state import FileHashes, table_state
from helpers.tables.table import Kind

ORDERED = "SELECT * FROM t ORDER BY id"
SECRET = "hush/a@b:c"


@pytest.fixture
def shop(tmp_path):
    """A database with more rows than a chunk holds; its address, and a function that changes it."""
    path = tmp_path / "shop.db"

    def execute(*statements):
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    execute(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, price REAL, name TEXT, late BLOB)",
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= {CHUNK_ROWS}) "
        "INSERT INTO t SELECT i, i / 4.0, 'n' || i, CASE WHEN i > 2000 THEN x'6869' END FROM n",
    )
    return f"sqlite:///{path}", execute


def message(address, query="SELECT 1"):
    with pytest.raises(UserError) as error:
        read_raw([address], query=query, where="p.yaml: data")
    return str(error.value)


def test_rows_come_in_chunks_with_their_types(shop):
    raw = read_raw([shop[0]], query=f"{ORDERED};  -- all of them")
    assert raw.frame.shape == (CHUNK_ROWS + 1, 4)
    assert raw.frame.iloc[[0, -1]].fillna("-").to_dict("list") == {
        "id": [1, 2001], "price": [0.25, 500.25], "name": ["n1", "n2001"], "late": ["-", "hi"],
    }  # fmt: skip
    assert [str(dtype) for dtype in raw.frame.dtypes] == ["int64", "float64", "str", "str"]
    assert (raw.name, raw.findings) == ("query of shop.db", ())


def test_no_more_than_a_chunk_of_rows_is_held(shop):
    address = read_address(shop[0], where="p: data")
    with open_rows(address, ORDERED, where="p: data", query_where="p: query") as rows:
        assert [len(chunk) for chunk in rows.chunks] == [CHUNK_ROWS, 1]


def test_colons_per_cents_and_quotes_in_a_query_mean_nothing_else(shop):
    query = "SELECT 'a;b' AS \":x\", '50%' AS \"%s\", ':id' AS c, '--' AS d /* ; */ ORDER BY 1"
    assert read_raw([shop[0]], query=query).frame.to_dict("list") == {
        ":x": ["a;b"], "%s": ["50%"], "c": [":id"], "d": ["--"],
    }  # fmt: skip


def test_the_state_follows_the_rows_and_their_order(shop):
    address, execute = shop

    def state(query=ORDERED):
        return table_state([address], query=query, hashes=FileHashes())

    before = state()
    fingerprint = read_raw([address], query=ORDERED).fingerprint
    assert state() == before
    assert state(ORDERED + " DESC") != before
    execute("UPDATE t SET price = 1 WHERE id = 2")
    assert state() != before
    assert read_raw([address], query=ORDERED).fingerprint != fingerprint
    execute("UPDATE t SET price = 0.5 WHERE id = 2")
    assert state() == before


def test_a_query_is_asked_once_for_the_experiments_of_a_command(shop):
    address, execute = shop
    hashes = FileHashes()
    before = table_state([address], query=ORDERED, hashes=hashes)
    execute("DELETE FROM t")
    assert table_state([address], query=ORDERED, hashes=hashes) == before


def test_a_query_without_order_is_read_and_said(shop):
    (finding,) = read_raw([shop[0]], query="SELECT *, 'order by' FROM t").findings
    assert (finding.code, finding.severity.value) == ("T109", "note")
    assert finding.message == (
        "The query of shop.db has no ORDER BY: the database may give the same rows in another order next "
        "time, which is then another table."
    )


def test_a_table_is_typed_as_one_of_a_file_is(shop):
    params = checked(
        {"experiment": "e", "question": "q", "data": shop[0], "query": ORDERED, "target": "price"}, where="p"
    )
    look = look_at(params.data, params=params)
    kinds = {name: column.kind for name, column in look.typed.items()}
    assert kinds == {
        "id": Kind.IDENTIFIER, "price": Kind.NUMBER, "name": Kind.IDENTIFIER, "late": Kind.CATEGORY,
    }  # fmt: skip


def test_a_relative_path_starts_at_the_repository_and_no_file_is_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert message("sqlite:///gone.db") == (
        "p.yaml: data: given the database 'gone.db', whose file does not exist; expected an SQLite file. "
        f"Relative paths start at {from_repository('')}."
    )
    assert not from_repository("gone.db").exists()
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_sqlite_database_is_refused(tmp_path):
    (tmp_path / "t.db").write_text("a,b\n1,2\n")
    said = "p.yaml: data: given 't.db', which is not an SQLite database; expected an SQLite file."
    assert message(f"sqlite:///{tmp_path / 't.db'}") == said
    assert message("sqlite://t.db") == (
        "p.yaml: data: given an address that cannot be read as one of a database; expected sqlite:/// and "
        "the path of the file."
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT nme FROM t", "a query that fails (no such column: nme); expected a query that gives rows."),
        ("SELECT * FROM t WHERE id < 0", "a query that gives no rows; expected a table with rows."),
        (
            "SELECT 1 AS a, 2 AS a",
            "a query that gives more than one column called a; expected column names that differ. Name them "
            "with AS, or list the columns instead of *.",
        ),
        (
            "DELETE FROM t",
            "SQL that begins with 'DELETE'; expected a statement that reads: SELECT, WITH, VALUES, TABLE.",
        ),
        (" -- x", "no SQL; expected a statement that reads: SELECT, WITH, VALUES, TABLE."),
        (
            "SELECT 1; DROP TABLE t",
            "more than one statement (SELECT 1; DROP TABLE t); expected one statement that reads rows.",
        ),
        (
            "WITH x AS (SELECT 1) INSERT INTO t (id) SELECT 0",
            "a query that fails (attempt to write a readonly database); expected a query that gives rows.",
        ),
    ],
)
def test_wrong_sql_gives_one_message(shop, query, said):
    assert message(shop[0], query) == f"p.yaml: query: given {said}"


def test_variables_are_filled_in_as_they_are_and_shown_by_name(monkeypatch):
    monkeypatch.setenv("NB_PASSWORD", SECRET)
    monkeypatch.setenv("NB_USER", "amy")
    address = read_address(
        "postgresql://${NB_USER}:${NB_PASSWORD}@db.example.org:6543/sh%20op?sslmode=require", where="p: data"
    )
    assert address.parts == {
        "user": "amy", "password": SECRET, "host": "db.example.org", "port": "6543", "database": "sh op",
    }  # fmt: skip
    assert address.options == {"sslmode": "require"}
    assert address.name == "sh%20op on db.example.org:6543"
    assert SECRET not in repr(address)
    said = address.masked(f'user "amy" of dreamy with {SECRET}')
    assert said == 'user "${NB_USER}" of dreamy with ${NB_PASSWORD}'


def test_a_whole_address_may_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("NB_URL", "postgres://amy:p%40ss/w@[::1]/shop")
    address = read_address("${NB_URL}", where="p: data")
    assert address.parts == {"user": "amy", "password": "p@ss/w", "host": "::1", "database": "shop"}
    assert address.name == "${NB_URL}"
    assert address.masked('"amy" with p@ss/w at p%40ss/w') == '"***" with *** at ***'
    monkeypatch.setenv("NB_URL", "nonsense")
    with pytest.raises(UserError) as error:
        read_address("${NB_URL}", where="p: data")
    assert str(error.value) == (
        "p: data: given ${NB_URL}, whose value is no address of a database; expected a value such as "
        "postgresql://… or sqlite:///…."
    )


def test_a_variable_that_is_not_set_is_named(monkeypatch):
    monkeypatch.delenv("NB_NONE", raising=False)
    assert message("postgresql://me:${NB_NONE}@h/db") == (
        "p.yaml: data: given ${NB_NONE}, which the environment does not set; expected the environment "
        "variable NB_NONE. Set it first: export NB_NONE=…"
    )


def test_a_port_is_a_number(monkeypatch):
    monkeypatch.setenv("NB_PORT", "hush")
    assert message("postgresql://h:${NB_PORT}/db") == (
        "p.yaml: data: given h:${NB_PORT}, whose port is no number from 1 to 65535; expected the number of a "
        "port."
    )


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:hush@h/db",
        "postgresql://me:${NB_PASSWORD}hush@h/db",
        "postgresql://me:hush@h",
        "postgresql://me:hu/sh?@x@h/db",
        "postgresql+psycopg://me@h/db?password=hush",
    ],
)
def test_a_password_in_the_params_is_refused_and_not_repeated(address):
    values = {"experiment": "e", "question": "q", "data": address, "query": "SELECT 1", "target": "y"}
    with pytest.raises(UserError) as error:
        checked(values, where="p.yaml")
    assert str(error.value) == (
        "p.yaml: data: given an address with a password in it; expected a password that comes from the "
        "environment. Write ${PGPASSWORD} in its place, as in postgresql://user:${PGPASSWORD}@host/database, "
        "and set that variable."
    )


def test_query_and_address_go_together():
    def said(**values):
        with pytest.raises(UserError) as error:
            checked({"experiment": "e", "question": "q", "target": "y", **values}, where="p.yaml")
        return str(error.value)

    assert said(data="sqlite:///a.db") == (
        "p.yaml: data: given the address of a database; expected the key query beside it. For instance "
        "query: SELECT * FROM customers ORDER BY id"
    )
    assert said(data="a.csv", query="SELECT 1") == (
        "p.yaml: query: given 'SELECT 1'; expected the address of a database under data. Take it out, or "
        "write postgresql://… or sqlite:///… under data."
    )
    with pytest.raises(
        UserError, match="the address of a database among 2 items; expected one address alone"
    ):
        read_raw(["sqlite:///a.db", "b.csv"], query="SELECT 1")


def test_without_its_driver_postgresql_names_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert message("postgresql://h/db") == (
        "p.yaml: data: given an address of PostgreSQL, whose driver psycopg is not installed; expected the "
        "driver. pip install 'nightbook[postgresql]'."
    )


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (
            'connection failed: FATAL:  password authentication failed for user "amy"\nmore',
            "a user or a password that the server refuses (FATAL:  password authentication failed for user "
            '"${NB_USER}"); expected a user and a password that it knows. Check ${NB_USER}, ${NB_PASSWORD}.',
        ),
        (
            'FATAL:  database "db" does not exist',
            'a database that h:1 does not have (FATAL:  database "db" does not exist); expected one that it '
            "has.",
        ),
        (
            "failed to resolve host 'h'",
            "the host h:1, which is not found (failed to resolve host 'h'); expected the name of a host.",
        ),
        (
            "Connection refused",
            "h:1, where no server answers (Connection refused); expected the host and the port of a "
            "PostgreSQL server.",
        ),
        (
            "connection timeout expired",
            "h:1, which does not answer in time (connection timeout expired); expected a server that can be "
            "reached from here.",
        ),
        (
            f"Ungültig: {SECRET}",
            "a database that cannot be reached (Ungültig: ${NB_PASSWORD}); expected one that can.",
        ),
    ],
)
def test_each_failure_to_connect_gives_one_message(monkeypatch, cause, said):
    monkeypatch.setenv("NB_PASSWORD", SECRET)
    monkeypatch.setenv("NB_USER", "amy")
    address = read_address("postgresql://${NB_USER}:${NB_PASSWORD}@h:1/db", where="p: data")
    assert str(connection_problem(Exception(cause), address, where="p: data")) == f"p: data: given {said}"


def test_the_place_of_a_mistake_is_counted_in_the_query_alone(monkeypatch):
    cause = Exception()
    cause.diag = SimpleNamespace(
        message_primary='column "nme" does not exist',
        message_detail=None,
        message_hint='Perhaps you meant "name".',
        statement_position="17",
    )
    address = read_address("postgresql://h/db", where="p: data")
    problem = query_problem(cause, address, "SELECT\n  nme", where="p: query", prefix=7)
    assert str(problem) == (
        'p: query: given a query that the database refuses: column "nme" does not exist (line 2, column 3); '
        'expected a query that it can run. Perhaps you meant "name".'
    )


def test_no_traceback_shows_what_came_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("NB_FOLDER", str(tmp_path / SECRET))
    with pytest.raises(UserError) as error:
        read_raw(["sqlite:///${NB_FOLDER}/x.db"], query="SELECT 1")
    assert SECRET not in "".join(traceback.format_exception(error.value))


ZONE = dt.timezone(dt.timedelta(hours=2))


@pytest.mark.parametrize(
    ("values", "type_", "read"),
    [
        ([1, None], pa.int64(), [1, None]),
        ([Decimal("1.50"), 2, 0.5], pa.float64(), [1.5, 2.0, 0.5]),
        ([Decimal(2**53 + 1), None], pa.string(), ["9007199254740993", None]),
        ([2**53 + 1, 1], pa.string(), ["9007199254740993", "1"]),
        ([Decimal("NaN")], pa.float64(), None),
        ([True, None], pa.string(), ["true", None]),
        ([dt.date(2020, 1, 2)], pa.timestamp("us"), [dt.datetime(2020, 1, 2)]),
        (
            [dt.datetime(2020, 1, 2, 1, tzinfo=ZONE)],
            pa.timestamp("us", tz="UTC"),
            [dt.datetime(2020, 1, 1, 23, tzinfo=dt.UTC)],
        ),
        ([dt.timedelta(hours=1)], pa.duration("us"), [dt.timedelta(hours=1)]),
        ([dt.time(12, 30)], pa.string(), ["12:30:00"]),
        ([[1, "a"], {"b": None}], pa.string(), ['[1, "a"]', '{"b": null}']),
        ([b"\xc3\xa9", memoryview(b"x")], pa.string(), ["é", "x"]),
        ([1, "a"], pa.string(), ["1", "a"]),
        ([None], pa.null(), [None]),
    ],
)
def test_values_become_the_narrowest_type_that_keeps_them(values, type_, read):
    array = array_of(values)
    assert array.type == type_
    if read is not None:
        assert array.to_pylist() == read


def test_chunks_of_different_types_are_joined_without_loss():
    def joined(*chunks):
        found = joined_arrays([array_of(chunk) for chunk in chunks])
        return found.type, found.to_pylist()

    assert joined([None], [1]) == (pa.int64(), [None, 1])
    assert joined([1], [0.5]) == (pa.float64(), [1.0, 0.5])
    assert joined([1, None], ["a"]) == (pa.string(), ["1", None, "a"])
    assert joined([1.0], [2**60]) == (pa.string(), ["1", "1152921504606846976"])
    assert joined([None], [None]) == (pa.null(), [None, None])
