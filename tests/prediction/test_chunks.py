import json

import numpy as np
import pandas as pd
import pytest

import helpers.prediction.part as part
from helpers.errors import UserError
from helpers.prediction.chunks import parts_of
from helpers.prediction.text_stream import encoding_of


def whole(path, wanted=("a",)):
    return pd.concat([each.frame for each in parts_of(str(path), wanted=list(wanted))], ignore_index=True)


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of 7 rows."""
    monkeypatch.setattr(part, "MOST_ROWS", 7)
    monkeypatch.setattr(part, "LEAST_ROWS", 1)


FRAME = pd.DataFrame({"a": [f"{row},5" for row in range(20)], "ü\n": ['q"', "x\ny"] * 10, "b": "é"})


@pytest.mark.parametrize(("sep", "encoding", "suffix"), [
    (",", "utf-8", "csv"), (";", "cp1252", "csv"), ("\t", "utf-8-sig", "tsv"), ("|", "utf-16", "txt"),
])  # fmt: skip
def test_text_in_parts_is_the_text_as_a_whole(tmp_path, small_parts, sep, encoding, suffix):
    path = tmp_path / f"t.{suffix}"
    path.write_text("\n\n" + FRAME.to_csv(sep=sep, index=False), encoding=encoding)
    parts = list(parts_of(str(path), wanted=["a"]))
    assert [len(each.frame) for each in parts] == [7, 7, 6] and parts[-1].done == 1.0
    assert whole(path).astype(object).equals(FRAME.astype(object))


def test_text_written_by_excel_and_by_r(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("sep=;\na;b\n1;2\n")
    assert whole(path).to_dict("list") == {"a": ["1"], "b": ["2"]}
    path.write_text('"a","b"\n"r1",1,2\n"r2",3,4\n')
    assert whole(path).to_dict("list") == {"column 1": ["r1", "r2"], "a": ["1", "3"], "b": ["2", "4"]}
    path.write_text("a,b\n1,2,\n3,4,\n")
    assert whole(path).to_dict("list") == {"a": ["1", "3"], "b": ["2", "4"], "column 3": ["", ""]}


def test_encodings(tmp_path):
    path = tmp_path / "t.csv"
    for content, codec, errors in [
        ("a\nü\ufffd".encode(), "utf-8", "strict"),
        (b"a\n" + "ü".encode() * 20 + b"\xff", "utf-8", "replace"),
        (b"a\n\xfc", "cp1252", "strict"),
        (b"a\n\xfc\x81", "latin-1", "strict"),
    ]:
        path.write_bytes(content)
        found = encoding_of(path, place="t")
        assert (found.codec, found.errors) == (codec, errors)


def test_json_lines_and_parquet_and_arrays(tmp_path, small_parts):
    rows = [{"a": row, "b": "x"} if row % 2 else {"a": row} for row in range(16)]
    wanted = pd.DataFrame(rows)
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    (tmp_path / "t.json").write_text(json.dumps(rows))
    wanted.to_parquet(tmp_path / "t.parquet", row_group_size=3)
    for name in ("t.jsonl", "t.json", "t.parquet"):
        parts = list(parts_of(str(tmp_path / name), wanted=["b", "a"]))
        assert [len(each.frame) for each in parts] == [7, 7, 2], name
        assert whole(tmp_path / name, ["a", "b"]).astype(object).equals(wanted.astype(object)), name
    (alone,) = {each.others for each in parts_of(str(tmp_path / "t.parquet"), wanted=["a"])}
    assert alone == ("b",)


@pytest.mark.parametrize(("name", "content", "said"), [
    ("none.csv", None, r"TABLE: given .*, which does not exist; expected a file"),
    ("t.doc", b"x", r"a file with \.doc; expected one of \.csv"),
    ("t.csv", b"", "an empty file; expected a table with a header and rows"),
    ("t.csv", b"\n\n", "an empty file"),
    ("t.csv", b"a,b\n", "a header without rows"),
    ("t.csv", b"a,a\n1,2\n", "more than one column called a"),
    ("t.csv", b"a,b\n" + b"1,2\n" * 40 + b"1,2,3\n", "1 line without as many fields as the header: 3 in the first"),
    ("t.csv", b"PK\x03\x04\x00", "a ZIP archive or an Excel workbook"),
    ("t.parquet", b"PAR1 no", "a file that cannot be read as Parquet"),
    ("t.jsonl", b'{"a": 1}\nnone\n', "line 2, which is not JSON"),
    ("t.jsonl", b"3\n", "line 1, which is no JSON object"),
    ("t.jsonl", b"\n", "a table without rows"),
])  # fmt: skip
def test_what_is_no_table_is_refused(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=said):
        list(parts_of(str(tmp_path / name), wanted=["a"]))
    with pytest.raises(UserError, match="the folder"):
        parts_of(str(tmp_path), wanted=["a"])


def test_a_table_without_rows_as_parquet(tmp_path):
    pd.DataFrame({"a": np.empty(0)}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(UserError, match="a table without rows"):
        whole(tmp_path / "t.parquet")
