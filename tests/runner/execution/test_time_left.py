"""The time left of a batch, from times before and in it."""

from helpers.runner.execution.time_left import TimeLeft


def test_what_took_long_before_is_waited_for():
    left = TimeLeft({("a", "01"): 10.0, ("a", "02"): 20.0, ("b", "01"): 6.0}, side_by_side=2)
    assert left.seconds(0.0) == 20.0  # 36 s of work in two places, but one notebook alone takes 20 s
    left.begin(("a", "02"), 100.0)
    assert left.seconds(104.0) == 16.0  # (10 + 16 + 6) / 2
    left.end(("a", "02"), 125.0, ran=True)
    assert left.seconds(125.0) == 10.0


def test_a_notebook_past_its_time_counts_nothing():
    left = TimeLeft({("a", "01"): 5.0}, side_by_side=1)
    left.begin(("a", "01"), 0.0)
    assert left.seconds(9.0) == 0.0


def test_without_any_earlier_time_nothing_is_guessed_until_the_same_notebook_has_run():
    left = TimeLeft({("a", "01"): None, ("b", "01"): None}, side_by_side=1)
    assert left.seconds(0.0) is None
    left.begin(("a", "01"), 0.0)
    left.end(("a", "01"), 7.0, ran=True)
    assert left.seconds(7.0) == 7.0


def test_a_notebook_that_failed_teaches_nothing():
    left = TimeLeft({("a", "01"): None, ("b", "01"): None}, side_by_side=1)
    left.begin(("a", "01"), 0.0)
    left.end(("a", "01"), 7.0, ran=False)
    assert left.seconds(7.0) is None


def test_nothing_left_takes_no_time():
    assert TimeLeft({}, side_by_side=2).seconds(0.0) == 0.0
