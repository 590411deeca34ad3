"""Whether one more notebook fits beside those that run."""

from helpers.runner.execution.room import Room

GIB = 2**30


def test_cores_asked_for_are_given_within_what_there_is():
    assert [Room(4).wanted(cores) for cores in (1, 3, 9, "all")] == [1, 3, 4, 4]


def test_the_first_notebook_always_fits():
    assert Room(1).fits(1, 100 * GIB, free_bytes=0, in_use={})


def test_cores_that_are_held_are_not_given_again():
    room = Room(2, {"a": (1, 0)})
    assert room.fits(1, 0, free_bytes=GIB, in_use={})
    assert not room.fits(2, 0, free_bytes=GIB, in_use={})
    room.held["b"] = (1, 0)
    assert not room.fits(1, 0, free_bytes=GIB, in_use={})


def test_memory_that_a_running_notebook_will_still_take_is_not_free():
    # Of 5 GiB that are free, the first notebook, which has 1 of its 3, will take 2: there is room for 3 more.
    room = Room(4, {"a": (1, 3 * GIB)})
    in_use = {"a": 1 * GIB}
    assert room.fits(1, 3 * GIB, free_bytes=5 * GIB, in_use=in_use)
    assert not room.fits(1, 3 * GIB + 1, free_bytes=5 * GIB, in_use=in_use)


def test_a_notebook_that_took_more_than_expected_promises_nothing_more():
    room = Room(4, {"a": (1, 1 * GIB)})
    assert room.fits(1, 5 * GIB, free_bytes=5 * GIB, in_use={"a": 4 * GIB})
