"""The state of a table: different whenever the table may be, and had without reading it as one."""

import os
from pathlib import Path

import pytest

from helpers.errors import UserError
from helpers.tables.sources import read_raw
from helpers.tables.state import FileHashes, is_still, table_state


def state(*data):
    return table_state([str(item) for item in data], hashes=FileHashes())


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n")
    return path


def test_the_same_bytes_are_the_same_state(path):
    before = state(path)
    os.utime(path, (1, 1))
    assert state(path) == before and len(before) == 64
    assert is_still([str(path)], before)


def test_an_edit_in_place_with_the_time_stamp_kept(path):
    before, stamp = state(path), path.stat()
    path.write_text("a\n2\n")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert state(path) != before
    assert not is_still([str(path)], before)


def test_another_name_is_another_state(path):
    before = state(path.parent / "t.*")
    path.rename(path.with_suffix(".tsv"))
    assert state(path.parent / "t.*") != before


def test_files_count_in_their_order_and_a_pattern_sees_a_new_one(path):
    other = path.with_name("u.csv")
    before = state(path.parent / "*.csv")
    other.write_text("a\n2\n")
    assert state(path, other) != state(other, path)
    assert state(path.parent / "*.csv") == state(path, other) != before


def test_a_bundled_table_is_its_name_and_the_version_that_brings_it(monkeypatch):
    before = state("sklearn:wine")
    assert before == state("sklearn:wine") != state("sklearn:iris")
    monkeypatch.setattr("helpers.tables.state.version", lambda _: "99.0")
    assert state("sklearn:wine") != before


def test_the_same_problems_as_reading_it(path, tmp_path):
    for data in (["nowhere.csv"], ["sklearn:wine", "sklearn:iris"], [str(tmp_path)], ["s3://x/y.csv"]):
        with pytest.raises(UserError) as hashing:
            table_state(data, hashes=FileHashes(), where="p: data")
        with pytest.raises(UserError) as reading:
            read_raw(data, where="p: data")
        assert str(hashing.value) == str(reading.value)


def test_a_file_that_may_not_be_read(path, monkeypatch):
    def refuse(self, *arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UserError) as caught:
        table_state([str(path)], hashes=FileHashes(), where="p: data")
    assert str(caught.value) == (
        "p: data: t.csv: given a file that cannot be read ([Errno 13] Permission denied); expected a readable table."
    )
    assert not is_still([str(path)], "x")


def test_a_file_is_hashed_once_a_command(path, monkeypatch):
    opened, really = [], Path.open

    def counted(self, *arguments):
        opened.append(self.name)
        return really(self, *arguments)

    monkeypatch.setattr(Path, "open", counted)
    hashes = FileHashes()
    assert len({table_state([str(path)], hashes=hashes) for _ in range(50)}) == 1
    assert opened == ["t.csv"]
