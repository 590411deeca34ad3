"""The `nightbook` command over another folder of notebooks: ``python over_notebooks.py FOLDER run …``."""

import sys
from pathlib import Path

import helpers.keys
import helpers.notebook_files
from helpers.runner.cli import main

FOLDER = Path(sys.argv.pop(1))
helpers.keys.notebooks_folder = helpers.notebook_files.notebooks_folder = lambda: FOLDER

if __name__ == "__main__":
    main()
