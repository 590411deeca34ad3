"""What takes long to work out, kept in a file for the next notebook that needs the same."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

Made = TypeVar("Made")


def kept_or_made(
    path: Path,
    *,
    read: Callable[[Path], Made | None],
    make: Callable[[], Made],
    write: Callable[[Path, Made], None],
) -> Made:
    """Return what the file holds, or else what `make` returns, written for the next who asks.

    Who asks at the same moment waits for the one that makes it. A folder that cannot be written, or a full
    disk, only costs the next one time.

    Parameters
    ----------
    path : Path
        The file; its name must tell everything that the content depends on.
    read : callable
        Returns what the file holds, None where there is none or it is damaged.
    make : callable
        Works it out.
    write : callable
        Writes it to the file, as a whole or not at all; it may decide not to.
    """
    known = read(path)
    if known is not None:
        return known
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_suffix(".lock"))
        lock.acquire()
    except OSError:
        return make()
    try:
        known = read(path)
        if known is not None:
            return known
        made = make()
        with suppress(OSError):
            write(path, made)
        return made
    finally:
        lock.release()
