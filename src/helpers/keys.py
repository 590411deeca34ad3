"""The key of a notebook's result: everything that could change it."""

import json
from pathlib import Path

import helpers.files as files
from helpers.parameters import Parameters
from helpers.paths import repository


def helpers_source() -> str:
    """Return a hash over the source of every helper module and the locked versions."""
    sources = sorted((repository() / "src" / "helpers").rglob("*.py"))
    lock = repository() / "requirements.lock"
    return files.hash_of_files([*sources, lock] if lock.exists() else sources)


def result_key(notebook: Path, params: Parameters, *, fingerprint: str) -> str:
    """Return the key of what `notebook` records for `params` on the data with `fingerprint`."""
    parameters = json.dumps(params.model_dump(mode="json"), sort_keys=True)
    return files.hash_of([files.hash_of_files([notebook]), parameters, fingerprint, helpers_source()])
