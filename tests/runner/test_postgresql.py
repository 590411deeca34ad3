"""A table from a real PostgreSQL server, from `nightbook new` to the summary, and what is told when it refuses."""

import json

import pytest
import yaml

from command import nightbook
from helpers.errors import UserError
from helpers.tables.database_address import read_address
from helpers.tables.database_rows import CHUNK_ROWS, open_rows
from helpers.tables.sources import read_raw
from helpers.tables.state import FileHashes, table_state
from postgresql import PASSWORD, postgresql_server

pytestmark = pytest.mark.whole_run

QUERY = "SELECT * FROM houses ORDER BY id"


@pytest.fixture(scope="module")
def server():
    with postgresql_server() as started:
        started.execute(
            "CREATE TABLE houses (id bigint PRIMARY KEY, area numeric(8, 2), garden boolean, sold date, "
            "city text, tags text[], seen timestamptz, price numeric(12, 2))",
            "INSERT INTO houses SELECT g, 40 + g * 37 % 160, g % 3 = 0, date '2019-01-01' + g, "
            "(ARRAY['Rome', 'Oslo', 'Bonn'])[1 + g % 3], ARRAY['a', 'b' || g % 2], "
            "timestamptz '2020-07-01 00:30+02', 900 * (40 + g * 37 % 160) + g * 7919 % 9000 "
            "FROM generate_series(1, 4001) g",
            "INSERT INTO houses (id, price) VALUES (0, 1)",
        )
        yield started


@pytest.fixture
def message(server, monkeypatch):
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)

    def said(address, query="SELECT 1"):
        with pytest.raises(UserError) as error:
            read_raw([address], query=query, where="p: data")
        assert PASSWORD not in str(error.value)
        return str(error.value)

    return said


def test_types_and_the_order_survive(server, monkeypatch):
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    frame = read_raw([server.address()], query=QUERY).frame
    assert frame["id"].tolist() == list(range(4002))
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        "id": "int64", "area": "float64", "garden": "str", "sold": "datetime64[us]", "city": "str",
        "tags": "str", "seen": "datetime64[us, UTC]", "price": "float64",
    }  # fmt: skip
    assert frame.iloc[3].astype("str").tolist() == [
        "3", "151.0", "true", "2019-01-04 00:00:00", "Rome", '["a", "b1"]', "2020-06-30 22:30:00+00:00",
        "141657.0",
    ]  # fmt: skip
    assert frame.iloc[0].isna().sum() == 6


def test_no_more_than_a_chunk_of_rows_is_held(server, monkeypatch):
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    address = read_address(server.address(), where="p: data")
    with open_rows(address, QUERY, where="p: data", query_where="p: query") as rows:
        assert [len(chunk) for chunk in rows.chunks] == [CHUNK_ROWS, CHUNK_ROWS, 2]


def test_the_state_follows_the_rows(server, monkeypatch):
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)

    def state():
        return table_state([server.address()], query=QUERY, hashes=FileHashes())

    before = state()
    assert state() == before
    server.execute("UPDATE houses SET price = price + 1 WHERE id = 7")
    assert state() != before


def test_each_refusal_is_one_clear_message(server, message, monkeypatch):
    address, at = server.address(), f"127.0.0.1:{server.port}"
    connection = f'connection to server at "127.0.0.1", port {server.port} failed: FATAL: '
    assert message(address, "SELECT area,\n  prize FROM houses") == (
        'p: query: given a query that the database refuses: column "prize" does not exist (line 2, column '
        '3); expected a query that it can run. Perhaps you meant to reference the column "houses.price".'
    )
    assert message(address, "WITH x AS (DELETE FROM houses RETURNING *) SELECT * FROM x") == (
        "p: query: given a query that the database refuses: DECLARE CURSOR must not contain data-modifying "
        "statements in WITH; expected a query that it can run."
    )
    assert message(address, "SELECT timestamp 'infinity'") == (
        "p: query: given a query that fails (timestamp too large (after year 10K): 'infinity'); expected a "
        "query that gives rows. Read such values as text, with CAST(column AS text), or leave their rows out."
    )
    assert message(server.address("nowhere")) == (
        f'p: data: given a database that {at} does not have ({connection} database "nowhere" does not '
        "exist); expected one that it has."
    )
    assert message(address.replace(at, "nowhere.invalid")).startswith(
        "p: data: given the host nowhere.invalid, which is not found ("
    )
    assert message(address.replace(str(server.port), "1")).startswith(
        "p: data: given 127.0.0.1:1, where no server answers ("
    )
    monkeypatch.setenv("NB_PASSWORD", "wrong")
    assert message(address) == (
        f"p: data: given a user or a password that the server refuses ({connection} password authentication "
        'failed for user "${NB_USER}"); expected a user and a password that it knows. Check ${NB_USER}, '
        "${NB_PASSWORD}."
    )


def test_a_whole_run_keeps_the_password_to_itself(server, tmp_path, reports):
    params = tmp_path / "houses.yaml"
    values = {
        "experiment": "houses", "question": "What is it worth?", "data": server.address(), "target": "price",
        "query": f"{QUERY} LIMIT 150", "models": ["linear"], "budget": {"trials": 0}, "validation": {"strategy": "random", "folds": 2},
        "drop": ["id"], "clean": {"types": {"seen": "text"}},
    }  # fmt: skip
    params.write_text(yaml.safe_dump(values))

    def said(*arguments, status=0, **environment):
        done = nightbook(*arguments, reports=reports, **{**server.environment, **environment})
        assert done.returncode == status, done.stdout + done.stderr
        assert PASSWORD not in done.stdout + done.stderr
        return done.stdout + done.stderr

    said("run", str(params))
    record = json.loads((reports / "houses" / "latest" / "run.json").read_text())
    assert record["params"]["data"] == [server.address()]
    assert record["data"]["name"] == f"query of postgres on 127.0.0.1:{server.port}"
    assert (record["data"]["rows"], record["data"]["columns"]) == (150, 8)
    assert {notebook["status"] for notebook in record["notebooks"].values()} == {"succeeded"}
    assert "nothing has changed, everything was reused" in said("run", str(params))
    refused = said("run", str(params), status=2, NB_PASSWORD="wrong")
    assert "given a user or a password that the server refuses (" in refused
    hidden = PASSWORD.encode()
    written = [path for path in [params, *reports.rglob("*")] if path.is_file()]
    assert len(written) > 50
    assert [path for path in written if hidden in path.read_bytes()] == []
