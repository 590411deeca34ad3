import sqlite3

import pandas as pd
import pyarrow as pa
import pytest

import helpers.tables.table_size as table_size
from helpers.errors import UserError
from helpers.runner.record.table_checks import check_one
from helpers.tables.sources import read_raw
from helpers.tables.table_size import (
    CELL_BYTES,
    CHARACTER_BYTES,
    EXCEL_FACTOR,
    JSON_CELL_BYTES,
    JSON_CHARACTER_BYTES,
    NUMBER_BYTES,
    OWN_CHARACTER_BYTES,
    ColumnSize,
    array_size,
    column_size,
    reading_bytes,
)


def test_a_sample_tells_length_and_number_of_texts():
    assert column_size(["ab", "ab", "ab", "abcdef"]) == ColumnSize(3.0, 2.0)
    assert column_size(["a", "a", "b", "b", "c", "d"]) == ColumnSize(1.0, 4 + 2**2 / (2 * 2))
    assert column_size(["é", None, "x"]) == ColumnSize(1.5, float("inf"))
    assert column_size([None]) == ColumnSize()
    assert array_size(pa.array([1.5, None])) == ColumnSize()
    assert array_size(pa.array([["a"], ["a"]])) == ColumnSize(5.0, 2.0 - 1 + 0.0)


def test_texts_cost_by_length_and_by_how_many_differ():
    assert ColumnSize().bytes_of(10) == 10 * NUMBER_BYTES
    assert (
        ColumnSize(4.0, 3.0).bytes_of(10) == 10 * CELL_BYTES + 40 * CHARACTER_BYTES + 12 * OWN_CHARACTER_BYTES
    )
    assert ColumnSize(4.0, float("inf")).bytes_of(2) == 2 * CELL_BYTES + 8 * (
        CHARACTER_BYTES + OWN_CHARACTER_BYTES
    )


@pytest.fixture
def frame():
    return pd.DataFrame({"n": [7] * 400, "t": ["xy"] * 400})


def test_a_text_is_measured_by_its_lines(tmp_path, frame, monkeypatch):
    path = tmp_path / "t.csv"
    frame.to_csv(path, sep=";", index=False)
    whole = ColumnSize(1.0, 1.0).bytes_of(400) + ColumnSize(2.0, 1.0).bytes_of(400)
    assert reading_bytes(path) == pytest.approx(whole, rel=0.01)
    monkeypatch.setattr(table_size, "SAMPLE_BYTES", 200)
    assert reading_bytes(path) == pytest.approx(whole, rel=0.05)


def test_other_files_are_measured_without_being_read(tmp_path, frame):
    frame.to_parquet(tmp_path / "t.parquet")
    assert reading_bytes(tmp_path / "t.parquet") == 400 * NUMBER_BYTES + ColumnSize(2.0, 1.0).bytes_of(400)
    path = tmp_path / "t.jsonl"
    frame.to_json(path, orient="records", lines=True)
    assert reading_bytes(path) == 800 * JSON_CELL_BYTES + path.stat().st_size * JSON_CHARACTER_BYTES
    frame.head(3).to_excel(tmp_path / "t.xlsx", index=False)
    assert reading_bytes(tmp_path / "t.xlsx") > 500 * EXCEL_FACTOR
    (tmp_path / "broken.xlsx").write_text("no")
    (tmp_path / "empty.csv").write_text("")
    assert [reading_bytes(tmp_path / name) for name in ("broken.xlsx", "empty.csv", "gone.csv")] == [0, 0, 0]


def refused(*data, most_bytes, **query):
    with pytest.raises(UserError) as error:
        read_raw([str(item) for item in data], where="p: data", most_bytes=most_bytes, **query)
    return str(error.value)


def test_a_table_that_does_not_fit_is_refused_with_size_limit_and_remedy(tmp_path, frame):
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)
    assert len(read_raw([str(path)], most_bytes=41_000).frame) == 400
    assert refused(path, most_bytes=30_000) == (
        "p: data: given t.csv (0.0 MiB on disk), which takes about 0.0 MiB of memory to read; expected at most "
        "0.0 MiB, which is what memory allows. Take a sample of the rows, fewer columns, or more memory. Written "
        "as Parquet, numbers with many digits take about a third."
    )
    frame.to_csv(tmp_path / "u.csv", index=False)
    assert refused(tmp_path / "?.csv", most_bytes=41_000).startswith("p: data: given a table of 2 files (")


def test_what_is_free_is_the_limit_where_it_is_less(tmp_path, monkeypatch):
    monkeypatch.setattr(table_size, "available_bytes", lambda: 10 * 2**20)
    pd.DataFrame({name: [1.5] * 30_000 for name in "abcdefgh"}).to_parquet(tmp_path / "t.parquet")
    assert refused(tmp_path / "t.parquet", most_bytes=2**40).endswith(
        "which takes about 11.4 MiB of memory to read; expected at most 10.0 MiB, which is what is free here. "
        "Take a sample of the rows, fewer columns, or more memory."
    )


def test_reading_a_database_stops_where_the_rows_pass_the_limit(tmp_path):
    connection = sqlite3.connect(tmp_path / "t.db")
    connection.execute("CREATE TABLE t (a INTEGER)")
    connection.executemany("INSERT INTO t VALUES (?)", [(7,)] * 9_000)
    connection.commit()
    connection.close()
    data, query = f"sqlite:///{tmp_path / 't.db'}", "SELECT a FROM t ORDER BY a"
    assert len(read_raw([data], query=query, most_bytes=450_000).frame) == 9_000
    assert refused(data, query=query, most_bytes=250_000) == (
        "p: query: given a query of more than 6,000 rows, which takes about 0.3 MiB of memory to read; "
        "expected at most 0.2 MiB, which is what memory allows. Let the query give fewer rows or columns, or "
        "take more memory."
    )


def test_the_memory_of_the_first_notebook_holds_for_the_check(tmp_path):
    pd.DataFrame({"n": [1.5] * 300_000}).assign(**dict.fromkeys("abcdefgh", 1)).to_parquet(
        tmp_path / "t.parquet"
    )
    values = {
        "experiment": "e", "question": "q", "data": [str(tmp_path / "t.parquet")], "target": "n",
        "memory": {"01_data_quality": 0.1, "*": 9.0},
    }  # fmt: skip
    ((where, given, expected, _),) = check_one(values, "p")["problems"]
    assert (where, given.partition(",")[2]) == ("p: data", " which takes about 128.7 MiB of memory to read")
    assert expected == "at most 102.4 MiB, which is what memory allows"
