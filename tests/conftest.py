"""What every test gets: an Agg backend, and reports that never land in the repository."""

import matplotlib as mpl
import pytest

from command import nightbook

mpl.use("Agg")


@pytest.hookimpl(tryfirst=True)  # before xdist looks at the marks
def pytest_collection_modifyitems(items):
    """Side by side run files, not tests; and the examples are run once, for all who look at them."""
    for item in items:
        group = "examples" if "examples" in item.fixturenames else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


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
