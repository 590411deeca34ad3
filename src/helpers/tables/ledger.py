"""The ledger of an experiment's holdout: one line for each time that it was opened."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Looks:
    """How often the same holdout rows were opened.

    Attributes
    ----------
    openings : int
        Openings in all; a line of the ledger that cannot be read counts as one.
    looks : int
        How many different parameters were judged on them; an unreadable line counts as one more.
    """

    openings: int
    looks: int


def append_line(ledger: Path, content: Mapping[str, Any]) -> None:
    """Add one line to the ledger so that neither a crash nor another process can lose or mix lines.

    The line goes out in a single write to a file opened for appending, and is on disk on return. If an
    earlier line was cut off, the new one starts on a line of its own.
    """
    ledger.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n"
    handle = os.open(ledger, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(handle).st_size
        cut_off = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, (b"\n" if cut_off else b"") + line.encode("utf-8"))
        os.fsync(handle)
    finally:
        os.close(handle)


def looks(ledger: Path, split_key: str) -> Looks:
    """Return how often the holdout rows with this key were opened, and by how many different parameters."""
    if not ledger.exists():
        return Looks(0, 0)
    openings, different, damaged = 0, set(), 0
    for line in ledger.read_bytes().splitlines():
        if not line.strip():
            continue
        entry = _entry(line)
        if entry is None:
            damaged += 1
        elif entry["key"] == split_key:
            openings += 1
            different.add(entry["params"])
    return Looks(openings + damaged, len(different) + damaged)


def _entry(line: bytes) -> dict[str, Any] | None:
    """Return what the line says, or None if it is damaged."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    whole = (
        isinstance(entry, dict) and isinstance(entry.get("key"), str) and isinstance(entry.get("params"), str)
    )
    return entry if whole else None
