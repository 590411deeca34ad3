"""What every test gets: an Agg backend, and reports that never land in the repository."""

import matplotlib as mpl
import pytest
from xdist.scheduler import LoadScopeScheduling

from command import nightbook

mpl.use("Agg")


# Files whose tests look at the examples, which are run once for all of them.
OF_THE_EXAMPLES = (
    "tests/browser/test_example_reports.py",
    "tests/notebooks/test_three_ways.py",
    "tests/notebooks/test_whole_runs.py",
)


class ExamplesTogether(LoadScopeScheduling):
    """Gives tests to workers one by one, and those that look at the examples all to one worker.

    xdist's own groups are written into the tests' ids, where this pytest does not look for them.
    """

    def _split_scope(self, nodeid):
        return "examples" if nodeid.partition("::")[0] in OF_THE_EXAMPLES else nodeid


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
    """The reports folder after `nightbook run breast_cancer diabetes wine`: the examples, run once for all tests."""
    folder = tmp_path_factory.mktemp("examples")
    done = nightbook("run", "breast_cancer", "diabetes", "wine", reports=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder
