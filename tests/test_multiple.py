import math

import numpy as np
import pytest

from helpers.multiple import benjamini_hochberg, holm


def test_holm_by_hand():
    # Sorted: .01 × 4, .02 × 3, .03 × 2, .04 × 1; never smaller than the one before.
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])


def test_holm_stays_below_one():
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_benjamini_hochberg_by_hand() -> None:
    q = benjamini_hochberg(np.array([0.01, 0.04, np.nan, 0.03]))
    assert q[[0, 1, 3]] == pytest.approx([0.03, 0.04, 0.04])
    assert math.isnan(q[2])
    assert np.isnan(benjamini_hochberg(np.array([np.nan]))).all()
