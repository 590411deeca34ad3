"""Folders of small JSON files of which only the newest are worth their place."""

from pathlib import Path


def newest_first(folder: Path) -> list[Path]:
    """Return the JSON files of the folder, the one written last first; none where there is no folder."""
    found: list[tuple[int, str, Path]] = []
    for path in folder.glob("*.json"):
        try:
            found.append((path.stat().st_mtime_ns, path.name, path))
        except FileNotFoundError:
            # Another runner removed it meanwhile.
            continue
    return [path for _, _, path in sorted(found, reverse=True)]


def keep_newest(folder: Path, kept: int) -> None:
    """Remove all but the newest of the folder's JSON files."""
    for path in newest_first(folder)[kept:]:
        path.unlink(missing_ok=True)
