"""A little disk space set aside at a run's start, so that a full disk can still be written down."""

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

RESERVED_BYTES = 1_500_000
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Reserve:
    """A file of `RESERVED_BYTES` in a run's folder, given up when the disk is full or the run has ended."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / ".reserve"
        try:
            with self.path.open("wb") as file:
                file.write(os.urandom(RESERVED_BYTES))  # no file system packs this into less
        except OSError as error:
            self.release()
            if error.errno not in FULL:
                raise

    def release(self) -> bool:
        """Give the space back; return whether there was any."""
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
            return True
        return False

    def write(self, write: Callable[[], object]) -> None:
        """Call `write`; where the disk is full, give the space back and call it once more.

        Raises
        ------
        OSError
            If it cannot be written then either.
        """
        try:
            write()
        except OSError as error:
            if error.errno not in FULL or not self.release():
                raise
            write()


def disk_trouble(error: OSError) -> str:
    """Return in plain words what kept something from being written, and what to do."""
    if error.errno in FULL:
        return "The disk is full. Free space, or name another folder in NIGHTBOOK_REPORTS."
    what = f"{error.filename or 'The folder'} cannot be written ({error.strerror})."
    return f"{what} Mend its rights, or name another folder in NIGHTBOOK_REPORTS."
