"""What a report opens with when its notebook did not succeed."""

import pytest

from helpers.runner.record.run_record import CellError, NotebookRecord
from helpers.runner.reporting.reports import banner

AT = {"cell": 7, "line": 3, "cause": "KeyError: 'x'"}
NOWHERE = {"cell": None, "line": None, "cause": "It needs 01_a, which did not succeed."}


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        ("succeeded", None, ""),
        ("failed", AT, "Cell 7, line 3, failed: KeyError: 'x'"),
        ("failed", {**AT, "line": None, "what": "Mend it."}, "Cell 7 failed: KeyError: 'x' Mend it."),
        ("interrupted", AT, "Cell 7, line 3, was interrupted: KeyError: 'x'"),
        ("not run", NOWHERE, "This notebook did not run. It needs 01_a, which did not succeed."),
        ("not run", None, "This notebook did not run: the run was interrupted before."),
        ("cut off", None, "This notebook was cut off: the process that ran it ended before it did."),
        (
            "cut off",
            {"cell": 7, "line": None, "cause": "Its runner was killed."},
            "Cell 7 was cut off: Its runner was killed.",
        ),
        (
            "cut off",
            {"cell": None, "line": None, "cause": "Its runner was killed."},
            "The notebook was cut off: Its runner was killed.",
        ),
    ],
)
def test_the_banner_says_what_happened(status, error, expected):
    error = CellError(**error) if error else None
    assert banner(NotebookRecord(status=status, error=error, report="x.html")) == expected
