"""Files that are either old or new, and hashes."""

import os

import numpy as np
import pandas as pd
import pytest

import helpers.files as files
from helpers.findings import Severity


def test_json_reads_back_and_holds_no_nan(tmp_path):
    content = {
        "a": np.int64(3), "b": (np.float64(0.5), float("nan"), float("inf")), "c": Severity.STOP, "d": None,
        "e": pd.Timestamp("2026-01-02"), "f": True,
    }  # fmt: skip
    files.write_json(tmp_path / "deep" / "x.json", content)
    assert files.read_json(tmp_path / "deep" / "x.json") == {
        "a": 3, "b": [0.5, None, None], "c": "stop", "d": None, "e": "2026-01-02 00:00:00", "f": True,
    }  # fmt: skip


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "x.txt"
    files.write_text(path, "old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.write_text(path, "new")
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["x.txt"]


def test_hashes_tell_where_a_part_ends():
    assert files.hash_of(["ab", "c"]) != files.hash_of(["a", "bc"])
    assert files.hash_of(["ab", b"c"]) == files.hash_of(["ab", "c"])


def test_the_hash_of_files_is_of_their_bytes_in_order(tmp_path):
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_bytes(b"x")
    two.write_bytes(b"y")
    assert files.hash_of_files([one, two]) != files.hash_of_files([two, one])
    before, stamp = files.hash_of_files([one]), one.stat()
    one.write_bytes(b"z")
    os.utime(one, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert files.hash_of_files([one]) != before
