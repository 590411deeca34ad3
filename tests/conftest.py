"""What every test gets: an Agg backend, and reports that never land in the repository."""

import os

import matplotlib as mpl
import pytest
from filelock import FileLock
from xdist.scheduler import LoadScopeScheduling

from command import nightbook

mpl.use("Agg")


# Its tests have the examples run, and share a page: they go to one worker, and first.
OF_ONE_WORKER = "tests/browser/test_example_reports.py"


class ExamplesTogether(LoadScopeScheduling):
    """Gives tests to workers one by one, and those that look at every report to one worker.

    xdist's own groups are written into the tests' ids, where this pytest does not look for them.
    """

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return file if file == OF_ONE_WORKER else nodeid


def pytest_xdist_make_scheduler(config, log):
    return ExamplesTogether(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(autouse=True)
def reports(tmp_path, monkeypatch):
    """A folder for reports of the test's own."""
    folder = tmp_path / "reports"
    monkeypatch.setenv("NIGHTBOOK_REPORTS", str(folder))
    return folder


@pytest.fixture(autouse=True)
def figures_closed():
    """A test that leaves a figure open fails: so would a notebook leak memory."""
    yield
    import matplotlib.pyplot as plt

    left = plt.get_fignums()
    plt.close("all")
    assert left == []


@pytest.fixture(scope="session")
def examples(tmp_path_factory):
    """The reports folder after `nightbook run breast_cancer diabetes wine`: the examples, run once for all tests.

    It is only read: whichever worker is the first to need it has it made, and the others wait for that.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, done = shared / "examples", shared / "examples.done"
    with FileLock(shared / "examples.lock"):
        if not done.exists():
            ran = nightbook("run", "breast_cancer", "diabetes", "wine", reports=folder)
            assert ran.returncode == 0, ran.stdout + ran.stderr
            done.touch()
    return folder
