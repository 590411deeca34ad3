"""The `nightbook` command, as a person calls it."""

import os
import subprocess
import sys
from pathlib import Path


def nightbook(*arguments, reports):
    """Run the command as a person does, and return what it said."""
    command = [str(Path(sys.executable).with_name("nightbook")), *arguments]
    environment = {**os.environ, "NIGHTBOOK_REPORTS": str(reports)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600, check=False)
