"""What decides whether anything must run at all: it may not wait for the heavy libraries."""

import subprocess
import sys

HEAVY = {
    "pandas",
    "numpy",
    "sklearn",
    "scipy",
    "papermill",
    "nbconvert",
    "nbformat",
    "nbclient",
    "IPython",
    "matplotlib",
    "sqlalchemy",
    "psycopg",
    "pandera",
}
LIGHT = (
    "helpers.keys",
    "helpers.artifacts",
    "helpers.contracts.place",
    "helpers.tables.state",
    "helpers.runner.record.shelf",
    "helpers.runner.record.table_checks",
)


def test_deciding_what_to_reuse_imports_no_heavy_library():
    code = f"import sys, {', '.join(LIGHT)}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY & {name.partition(".")[0] for name in done.stdout.split()} == set()


def test_a_run_compiles_no_grammar_of_addresses_when_it_begins():
    code = """
import contextlib, sys
from helpers.runner.cli import main
sys.argv = ["nightbook", "--version"]
with contextlib.suppress(SystemExit):
    main()
import helpers.runner.execution.execute
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"jsonschema", "lark"} & set(done.stdout.split()) == {"jsonschema"}
