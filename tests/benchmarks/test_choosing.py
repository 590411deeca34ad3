"""The simulations of choosing run, and what they count are shares."""

import pytest
from benchmarks.choosing.command import MEASURES


@pytest.mark.whole_run
@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_gives_shares_with_what_is_promised(name):
    found = MEASURES[name](0, 2)
    assert list(found.columns) == ["what", "where", "share", "promised"]
    assert len(found) > 0 and found["share"].between(0, 1).all()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "times"), [("noise", 150), ("more_rows", 100), ("more_trials", 300)])
def test_the_intervals_hold_what_they_promise(name, times):
    found = MEASURES[name](0, times)
    promised = found[found["promised"] == "0.93 to 0.97"]
    assert len(promised) > 0
    # So few simulations leave the share itself uncertain, by about one in a hundred.
    assert 0.92 <= promised["share"].mean() <= 0.98
