"""The `nightbook` command, as a person calls it."""

import os
import subprocess
import sys
from pathlib import Path


def nightbook(*arguments, reports, notebooks=None, **environment):
    """Run the command as a person does, and return what it said; `notebooks` puts another folder in place."""
    process = started(*arguments, reports=reports, notebooks=notebooks, **environment)
    said, errors = process.communicate(timeout=600)
    return subprocess.CompletedProcess(process.args, process.returncode, said, errors)


def started(*arguments, reports, notebooks=None, **environment):
    """Start the command and return its process."""
    moved = {"NIGHTBOOK_NOTEBOOKS": str(notebooks)} if notebooks else {}
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("nightbook")), *arguments],
        env={**os.environ, "NIGHTBOOK_REPORTS": str(reports), **moved, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
