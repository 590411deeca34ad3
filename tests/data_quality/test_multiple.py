import pytest

from helpers.data_quality.multiple import holm


def test_holm_by_hand():
    # Sorted: .01 × 4, .02 × 3, .03 × 2, .04 × 1; never smaller than the one before.
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])


def test_holm_stays_below_one():
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
