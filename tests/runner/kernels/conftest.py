"""A warm server for the tests of this folder, and what it leaves behind."""

import pytest

from helpers.runner.kernels.warm import WarmServer


@pytest.fixture(scope="session")
def server():
    """One running warm server for all tests that do not end it."""
    started = WarmServer()
    yield started
    started.close()
