"""Disk space set aside, given up when the disk is full."""

import errno

import pytest

from helpers.runner.record.reserve import RESERVED_BYTES, Reserve, disk_trouble


def failing(number, times):
    """A write that fails so often with this error, and the list of its calls."""
    calls = []

    def write():
        calls.append(None)
        if len(calls) <= times:
            raise OSError(number, "said the disk")

    return write, calls


def test_the_space_is_there_and_is_given_back_once(tmp_path):
    reserve = Reserve(tmp_path)
    assert reserve.path.stat().st_size == RESERVED_BYTES
    assert reserve.release() is True
    assert list(tmp_path.iterdir()) == []
    assert reserve.release() is False


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_gets_the_space_and_the_write_is_done_again(tmp_path, number):
    reserve = Reserve(tmp_path)
    write, calls = failing(number, times=1)
    reserve.write(write)
    assert len(calls) == 2 and not reserve.path.exists()


def test_a_disk_that_stays_full_is_an_error(tmp_path):
    write, calls = failing(errno.ENOSPC, times=9)
    with pytest.raises(OSError, match="said the disk"):
        Reserve(tmp_path).write(write)
    assert len(calls) == 2


def test_another_error_is_not_tried_again(tmp_path):
    reserve = Reserve(tmp_path)
    write, calls = failing(errno.EACCES, times=1)
    with pytest.raises(PermissionError):
        reserve.write(write)
    assert len(calls) == 1 and reserve.path.exists()


def test_what_is_wrong_with_the_disk_is_said_with_its_remedy():
    assert disk_trouble(OSError(errno.ENOSPC, "x")) == (
        "The disk is full. Free space, or name another folder in NIGHTBOOK_REPORTS."
    )
    assert disk_trouble(OSError(errno.EACCES, "Permission denied", "/a/b")) == (
        "/a/b cannot be written (Permission denied). "
        "Mend its rights, or name another folder in NIGHTBOOK_REPORTS."
    )
