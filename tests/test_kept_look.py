"""Large tables are kept as they were read; what is restored is the same to the last bit."""

import numpy as np
import pandas as pd
import pytest

import helpers.kept_look as kept_look
from helpers.parameters.check import checked
from helpers.tables.levels import Levels
from helpers.tables.look import look_at

ROWS = 40


@pytest.fixture
def table(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_look, "FEWEST_CELLS", 1)
    monkeypatch.setattr(kept_look, "FEWEST_BYTES", 1)
    frame = pd.DataFrame(
        {
            "id": [f"r{number}" for number in range(ROWS)],
            "x": [None if number % 7 == 0 else number / 3 for number in range(ROWS)],
            "whole": range(ROWS),
            "city": ["Zürich", "<b>", "  ", "NA"] * (ROWS // 4),
            "when": pd.date_range("2020-01-01", periods=ROWS),
            "said": [f"word {number} and 😀 {number * 7}" for number in range(ROWS)],
            "flag": ["yes", "no"] * (ROWS // 2),
            "empty": [None] * ROWS,
            "y": ["a", "b"] * (ROWS // 2),
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    return tmp_path


def params(path, **values):
    given = {"experiment": "e", "question": "q", "data": str(path), "target": "y"}
    return checked(given | values, where="p")


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
@pytest.mark.parametrize("target", ["y", "x"])
def test_a_kept_table_is_the_same(table, name, target, monkeypatch):
    given = params(table / name, target=target, id="id", clean={"missing": {"city": ["NA"]}})
    whole = look_at(given.data, params=given, where="p")
    first = kept_look.read_look(given, where="p", kept=table / "kept")
    monkeypatch.setattr(kept_look, "look_at", None)  # would be an error if the table were read again
    again = kept_look.read_look(given, where="p", kept=table / "kept")
    assert (again.name, again.fingerprint, again.rows) == (whole.name, whole.fingerprint, ROWS)
    assert (
        (again.findings, again.changes) == (whole.findings, whole.changes) == (first.findings, first.changes)
    )
    assert list(again.typed) == list(whole.typed)
    for column, expected in whole.typed.items():
        pd.testing.assert_series_equal(again.typed[column].series, expected.series)
        assert (again.typed[column].kind, again.typed[column].inferred) == (expected.kind, expected.inferred)
        assert np.array_equal(again.keys[column], whole.keys[column])
    for column, cells in whole.cells.items():
        if isinstance(cells, Levels):
            assert again.cells[column].texts.equals(cells.texts)
            assert np.array_equal(again.cells[column].codes, cells.codes)
        else:
            pd.testing.assert_series_equal(again.cells[column], cells)


def test_another_table_or_other_declarations_are_read_anew(table):
    kept = table / "kept"
    kept_look.read_look(params(table / "t.csv"), where="p", kept=kept)
    kept_look.read_look(params(table / "t.csv", drop=["x"], seed=3), where="p", kept=kept)
    assert len(list(kept.glob("looks/*.arrow"))) == 1
    kept_look.read_look(params(table / "t.csv", clean={"types": {"whole": "category"}}), where="p", kept=kept)
    assert len(list(kept.glob("looks/*.arrow"))) == 2
    text = (table / "t.csv").read_text()
    (table / "t.csv").write_text(text + text.splitlines()[-1] + "\n")
    assert kept_look.read_look(params(table / "t.csv"), where="p", kept=kept).rows == ROWS + 1


def test_a_damaged_file_is_read_anew_and_small_tables_are_not_kept(table, monkeypatch):
    kept, given = table / "kept", params(table / "t.csv")
    kept_look.read_look(given, where="p", kept=kept)
    (path,) = kept.glob("looks/*.arrow")
    path.write_bytes(path.read_bytes()[:100])
    assert kept_look.read_look(given, where="p", kept=kept).rows == ROWS
    monkeypatch.setattr(kept_look, "FEWEST_CELLS", ROWS * 9 + 1)
    kept_look.read_look(given, where="p", kept=table / "none")
    assert not list((table / "none").glob("looks/*.arrow"))


def test_for_a_small_file_not_even_a_folder_is_made(table, monkeypatch):
    monkeypatch.setattr(kept_look, "FEWEST_BYTES", (table / "t.csv").stat().st_size + 1)
    assert kept_look.read_look(params(table / "t.csv"), where="p", kept=table / "kept").rows == ROWS
    assert not (table / "kept").exists()


def test_the_oldest_go_where_room_is_short_and_a_folder_that_cannot_be_written_costs_nothing(
    table, monkeypatch
):
    kept = table / "kept"
    kept_look.read_look(params(table / "t.csv"), where="p", kept=kept)
    (first,) = kept.glob("looks/*.arrow")
    monkeypatch.setattr(kept_look, "MOST_BYTES", first.stat().st_size + 10)
    kept_look.read_look(params(table / "t.parquet"), where="p", kept=kept)
    (left,) = kept.glob("looks/*.arrow")
    assert left != first
    (table / "file").write_text("no folder")
    assert kept_look.read_look(params(table / "t.csv"), where="p", kept=table / "file").rows == ROWS
