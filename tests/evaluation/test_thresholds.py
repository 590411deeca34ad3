import numpy as np

from helpers.evaluation.thresholds import USUAL, at_thresholds

HAPPENED = np.array([False, False, True, True])
STATED = np.array([0.1, 0.6, 0.4, 0.9])


def test_each_threshold_has_what_it_names_finds_and_gets_right() -> None:
    found = at_thresholds(HAPPENED, STATED, in_use=0.5, thresholds=(0.3, 0.95))
    assert found["threshold"].tolist() == [0.3, 0.5, 0.95]
    assert found["in_use"].tolist() == [False, True, False]
    assert found["named"].tolist() == [0.75, 0.5, 0.0]
    assert [estimate.value for estimate in found["found"]] == [1.0, 0.5, 0.0]
    assert [estimate.value for estimate in found["right"]] == [2 / 3, 0.5, None]
    # Wilson's interval of one in two.
    low, high = found["found"][1].low, found["found"][1].high
    assert (round(low, 4), round(high, 4)) == (0.0945, 0.9055)


def test_a_probability_at_the_threshold_counts_and_the_one_in_use_stands_once() -> None:
    found = at_thresholds(HAPPENED, STATED, in_use=0.9)
    assert found["threshold"].tolist() == list(USUAL)
    assert found["named"].tolist()[-1] == 0.25 and found["named"].tolist()[0] == 1.0
