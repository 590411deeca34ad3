"""The ledger of an experiment's holdout: one line for each time that it was opened."""

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import helpers.files as files
from helpers.parameters import Parameters
from helpers.parameters.model import RUN_SETTINGS
from helpers.parameters.seen import CHANGE_NO_MODEL

# What notebooks that are run by hand write to, in place of a run's folder.
BY_HAND = "interactive"


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


@dataclass(frozen=True)
class Opened:
    """How often a run's holdout rows had been opened, and whether the run did so itself."""

    looks: Looks
    by_these: bool


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


def is_noted(ledger: Path, content: Mapping[str, Any]) -> bool:
    """Tell whether a line says the same but for the time: the notebook was started again in the same run.

    By hand there is but one run, called `BY_HAND`, and each opening in it is one of its own.
    """
    if content["run"] == BY_HAND:
        return False
    said = {**content, "when": None}
    return any(entry is not None and {**entry, "when": None} == said for entry in _entries(ledger))


def looks(ledger: Path, split_key: str) -> Looks:
    """Return how often the holdout rows with this key were opened, and by how many different parameters."""
    return _counted(_entries(ledger), "key", split_key)


def opened_by(ledger: Path, runs: Collection[str], *, fingerprint: str) -> Opened:
    """Return how often the holdout rows that `runs` opened had been opened, their own openings included.

    Later openings do not count. Where none of `runs` opened any, all openings of rows of the table with this
    fingerprint count.

    Parameters
    ----------
    ledger : Path
        The experiment's ``ledger.jsonl``.
    runs : collection of str
        Names of the run and of those whose results it reuses.
    fingerprint : str
        The fingerprint of the run's table.
    """
    entries = list(_entries(ledger))
    places = [place for place, entry in enumerate(entries) if entry and entry.get("run") in runs]
    if places:
        last = entries[places[-1]] or {}
        return Opened(_counted(entries[: places[-1] + 1], "key", last["key"]), by_these=True)
    return Opened(_counted(entries, "fingerprint", fingerprint), by_these=False)


def looks_of_others(ledger: Path, params: str) -> str:
    """Return a hash over which other parameters were judged on which holdout rows.

    It stays as it is when the model of `params` is judged again, and changes with the first look of another
    one: an evaluation that counted the looks is out of date from then on.

    Parameters
    ----------
    ledger : Path
        The experiment's ``ledger.jsonl``.
    params : str
        The `params_key` of the parameters whose own looks do not count.
    """
    entries = list(_entries(ledger))
    others = {(entry["key"], entry["params"]) for entry in entries if entry and entry["params"] != params}
    damaged = sum(entry is None for entry in entries)
    return files.hash_of([str(damaged), *(part for pair in sorted(others) for part in pair)])


def params_key(params: Parameters) -> str:
    """Return a hash of everything in the params that can change what is judged."""
    judged = params.model_dump(mode="json", exclude=set(CHANGE_NO_MODEL | RUN_SETTINGS))
    return files.hash_of([json.dumps(judged, sort_keys=True)])


def _counted(entries: Iterable[dict[str, Any] | None], name: str, value: str) -> Looks:
    """Count the lines that say `value` under `name`; a damaged one counts as a look of its own."""
    openings, different, damaged = 0, set(), 0
    for entry in entries:
        if entry is None:
            damaged += 1
        elif entry.get(name) == value:
            openings += 1
            different.add(entry["params"])
    return Looks(openings + damaged, len(different) + damaged)


def _entries(ledger: Path) -> Iterator[dict[str, Any] | None]:
    """Yield what each line says, None for a damaged one."""
    if ledger.exists():
        for line in ledger.read_bytes().splitlines():
            if line.strip():
                yield _entry(line)


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
