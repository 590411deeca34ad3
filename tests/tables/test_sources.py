import json

import pandas as pd
import pytest

from helpers.errors import UserError
from helpers.tables.kinds import cells_of, typed
from helpers.tables.sources import read_raw


@pytest.fixture
def frame():
    return pd.DataFrame({"a": [1, 2, 3], "b": ["x", None, "z"], "when": pd.to_datetime(["2020-01-01"] * 3)})


def message(*data):
    with pytest.raises(UserError) as error:
        read_raw([str(item) for item in data], where="p.yaml: data")
    return str(error.value)


def test_csv(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,x\n")
    raw = read_raw([str(path)])
    assert raw.frame.to_dict("list") == {"a": ["1"], "b": ["x"]}
    assert (raw.name, raw.likely_mark, raw.findings) == ("t.csv", ".", ())
    path.write_text("a,b\n2,x\n")
    assert read_raw([str(path)]).fingerprint != raw.fingerprint


def test_relative_paths_start_at_the_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("a\n1\n")
    assert "'t.csv', which does not exist" in message("t.csv")


def test_parquet_keeps_types_and_drops_an_index_without_a_name(tmp_path, frame):
    path = tmp_path / "t.parquet"
    frame.iloc[::-1].to_parquet(path)
    raw = read_raw([str(path)]).frame
    assert list(raw) == ["a", "b", "when"]
    assert raw["a"].tolist() == [3, 2, 1]
    assert raw.index.tolist() == [0, 1, 2]
    frame.set_index("a").to_parquet(path)
    assert list(read_raw([str(path)]).frame) == ["a", "b", "when"]


def test_json_lines_and_arrays(tmp_path):
    rows = [{"a": 1, "b": "x"}, {"a": 2.5}, {"b": True, "a": None}]
    lines, array = tmp_path / "t.jsonl", tmp_path / "t.json"
    lines.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    array.write_text(json.dumps(rows))
    for path in (lines, array):
        raw = read_raw([str(path)]).frame
        assert list(raw) == ["a", "b"]
        assert raw["a"].iloc[:2].tolist() == [1, 2.5]
        assert raw["b"].tolist()[2] is True


def test_half_characters_in_json_do_no_harm(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"a\\ud800": "x\\udfff"}\n')
    raw = read_raw([str(path)]).frame
    assert list(raw) == ["a?"]
    assert typed(cells_of(raw["a?"]), name="a?").series.tolist() == ["x?"]


def test_excel_keeps_the_words_na_and_none(tmp_path):
    path = tmp_path / "t.xlsx"
    pd.DataFrame({"a": ["None", "NA", "x"], "b": [1, None, 3]}).to_excel(path, index=False)
    raw = read_raw([str(path)]).frame
    assert raw["a"].tolist() == ["None", "NA", "x"]
    assert raw["b"].isna().tolist() == [False, True, False]


def test_excel_takes_the_first_sheet_with_values_and_says_so(tmp_path, frame):
    path = tmp_path / "t.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame().to_excel(book, sheet_name="cover")
        frame.to_excel(book, sheet_name="one", index=False)
        frame.to_excel(book, sheet_name="two", index=False)
    raw = read_raw([str(path)])
    assert list(raw.frame) == ["a", "b", "when"]
    assert raw.frame["a"].tolist() == [1, 2, 3]
    (finding,) = raw.findings
    assert finding.message == "The workbook has 2 sheets with values; the first, 'one', was read."
    assert finding.remedy == "For another one (two), save it as a file of its own."


def test_several_files_and_patterns(tmp_path):
    (tmp_path / "p2.csv").write_text("b,a\nx,3\n")
    (tmp_path / "p1.csv").write_text("a,b\n1,u\n2,v\n")
    raw = read_raw([str(tmp_path / "p*.csv")])
    assert raw.frame.to_dict("list") == {"a": ["1", "2", "3"], "b": ["u", "v", "x"]}
    assert raw.name == "p1.csv and 1 more file"
    (finding,) = raw.findings
    assert finding.message == "2 files with 3 rows were put together, one below the other."
    assert finding.evidence == ({"file": "p1.csv", "rows": 2}, {"file": "p2.csv", "rows": 1})
    assert read_raw([str(tmp_path / "p1.csv"), str(tmp_path / "p2.csv")]).fingerprint == raw.fingerprint


def test_several_files_need_the_same_columns(tmp_path):
    (tmp_path / "p1.csv").write_text("a,b\n1,u\n")
    (tmp_path / "p2.csv").write_text("a,c\n1,u\n")
    assert message(tmp_path / "p*.csv") == (
        "p.yaml: data: given p2.csv without b and with c besides; expected the same columns as p1.csv."
    )


def test_bundled_tables_have_classes_by_name():
    raw = read_raw(["sklearn:iris"])
    assert raw.frame.shape == (150, 5)
    assert raw.frame["target"].unique().tolist() == ["setosa", "versicolor", "virginica"]
    assert len(raw.fingerprint) == 64
    assert read_raw(["sklearn:digits"]).frame["target"].iloc[0] == "0"
    assert read_raw(["sklearn:diabetes"]).frame["target"].iloc[0] == 151.0
    for name in ("wine", "breast_cancer", "linnerud"):
        assert len(read_raw([f"sklearn:{name}"]).frame)


def test_an_unknown_bundled_table_names_the_nearest():
    assert message("sklearn:irs") == (
        "p.yaml: data: given the unknown table 'sklearn:irs'; expected sklearn: and one of breast_cancer, "
        "diabetes, digits, iris, linnerud, wine. Did you mean 'iris'?"
    )
    assert "one bundled table alone, or files" in message("sklearn:iris", "sklearn:wine")


def test_a_missing_file_names_the_nearest(tmp_path):
    (tmp_path / "customers.csv").write_text("a\n1\n")
    path = tmp_path / "custmers.csv"
    assert message(path).endswith("which does not exist; expected a file. Did you mean 'customers.csv'?")
    assert "whose folder does not exist" in message(tmp_path / "no" / "t.csv")
    assert "the pattern" in message(tmp_path / "z*.csv")
    assert "which cannot be looked at" in message("a" * 5000 + ".csv")


def test_a_folder_is_refused_with_the_pattern_to_write(tmp_path):
    shown = str(tmp_path)
    assert f"the folder {shown!r}; expected a file. For all files in it write" in message(tmp_path)


def test_addresses_are_refused_without_their_password():
    text = message("mysql://me:secret@host/db", "https://me:secret@host/a.csv")
    assert text == (
        "p.yaml: data: given an address (mysql://…); expected postgresql://… or sqlite:///…, a file or "
        "sklearn:NAME. Export the table as CSV or Parquet.\n"
        "p.yaml: data: given an address (https://…); expected a file on this machine. Download it first."
    )


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("t.csv", b"", "t.csv: given an empty file; expected a table with a header and rows."),
        ("t.csv", b"a,b\n", "t.csv: given a header without rows"),
        ("t.csv", b"\x89PNG\r\n\x1a\n\x00", "t.csv: given a picture; expected a table written as text."),
        ("t.png", b"\x89PNG", "t.png: given a file with .png; expected one of .csv, .tsv"),
        ("noending", b"a,b\n1,2\n", "noending: given a file with no ending"),
        ("t.parquet", b"PAR1 but no", "t.parquet: given a file that is not Parquet"),
        ("t.xlsx", b"no workbook", "t.xlsx: given a file that is not Excel"),
        ("t.jsonl", b'{"a": 1}\n{"a": \n', "t.jsonl: given line 2, which is not JSON"),
        ("t.json", b"[1, 2]", "t.json: given JSON whose rows are not objects"),
        ("t.json", b"[{", "t.json: given a file that is not JSON"),
        ("t.json", b"[]", "t.json: given a table without rows"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, name, content, part):
    (tmp_path / name).write_bytes(content)
    assert message(tmp_path / name).startswith(f"p.yaml: data: {part}")


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n")
    monkeypatch.setattr("pathlib.Path.read_bytes", _not_allowed)
    assert message(path).startswith("p.yaml: data: t.csv: given a file that cannot be read (")


def _not_allowed(self):
    raise PermissionError(13, "Permission denied")


def test_columns_without_a_name_get_one_and_equal_names_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('"",a, \n1,2,3\n')
    raw = read_raw([str(path)])
    assert list(raw.frame) == ["column 1", "a", "column 3"]
    (finding,) = raw.findings
    assert finding.message == "2 columns without a name; called column 1, column 3."
    path.write_text("a,b,a,b\n1,2,3,4\n")
    assert message(path) == (
        "p.yaml: data: given a table with more than one column called a, b; expected column "
        "names that differ. "
        "Rename them in the table."
    )


def test_a_semicolon_makes_a_decimal_comma_likely(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a;b\n1,234;x\n")
    assert read_raw([str(path)]).likely_mark == ","
