"""How much memory is free for this process: the machine's, and what its control groups leave of it."""

from pathlib import Path

import psutil

GROUPS = Path("/sys/fs/cgroup")
OWN_GROUPS = Path("/proc/self/cgroup")

# The files of both versions of control groups: the limit, what is taken, and the line of `memory.stat` that
# tells how much of that is pages of files which the kernel gives back when it must.
_NEW = ("memory.max", "memory.current", "inactive_file")
_OLD = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def available_bytes(*, groups: Path = GROUPS, own: Path = OWN_GROUPS) -> int:
    """Return how much memory is free for new work, in bytes.

    Parameters
    ----------
    groups : Path
        Where the control groups are mounted.
    own : Path
        The file that names those of this process.
    """
    free = int(psutil.virtual_memory().available)
    return min(
        [
            free,
            *(left for folder, names in _folders(groups, own) if (left := _left(folder, names)) is not None),
        ]
    )


def _folders(groups: Path, own: Path) -> list[tuple[Path, tuple[str, str, str]]]:
    """Return the folders of the groups that hold this process, each with the names of its files."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        _, controllers, path = (*line.split(":", 2), "", "")[:3]
        if controllers and "memory" not in controllers.split(","):
            continue
        top, names = (groups / "memory", _OLD) if controllers else (groups, _NEW)
        # In a container the path may be that of the host: then only the top is there.
        parts = [part for part in path.split("/") if part]
        found += [(top.joinpath(*parts[:depth]), names) for depth in range(len(parts) + 1)]
    return found


def _left(folder: Path, names: tuple[str, str, str]) -> int | None:
    """Return what the group leaves to take, None where it has no limit or cannot be read."""
    limit, taken, spare = names
    try:
        allowed = (folder / limit).read_text(encoding="ascii").strip()
        if not allowed.isdecimal():
            return None
        used = int((folder / taken).read_text(encoding="ascii"))
        stat = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return None
    given_back = sum(int(line.split()[1]) for line in stat if line.split()[:1] == [spare])
    return max(0, int(allowed) - used + given_back)
