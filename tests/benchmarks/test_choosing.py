"""The simulations of choosing run, and what they count are shares."""

import pytest
from benchmarks.choosing.command import MEASURES


@pytest.mark.whole_run
@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_gives_shares_with_what_is_promised(name):
    found = MEASURES[name](0, 2)
    assert list(found.columns) == ["what", "where", "share", "promised"]
    assert len(found) > 0 and found["share"].between(0, 1).all()
