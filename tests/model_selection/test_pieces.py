"""Numbers in pieces: where those end, and what is told of a value below, within and above them."""

import numpy as np
import pytest

from helpers.model_selection import pieces as module
from helpers.model_selection.pieces import ends_of_pieces, in_pieces


def test_pieces_have_as_many_rows_each(monkeypatch):
    monkeypatch.setattr(module, "PIECES", 4)
    rows = np.array([[0.0], [1], [2], [3], [10], [20], [30], [40], [400]])
    assert [list(ends) for ends in ends_of_pieces(rows)] == [[0, 2, 10, 30, 400]]


def test_equal_values_leave_fewer_pieces_and_two_values_none(monkeypatch):
    monkeypatch.setattr(module, "PIECES", 4)
    rows = np.column_stack([[0.0] * 6 + [1, 2, 3], [0.0] * 4 + [1] * 5, [7.0] * 9])
    assert [list(ends) for ends in ends_of_pieces(rows)] == [[0, 1, 3], [], []]


@pytest.mark.parametrize(("in_all", "pieces"), [(48, 16), (47, 15), (6, 2), (5, 0)])
def test_many_columns_have_fewer_pieces_each(monkeypatch, in_all, pieces):
    monkeypatch.setattr(module, "PIECES_IN_ALL", in_all)
    numbers = np.arange(99.0)
    rows = np.column_stack([numbers, numbers**2, -numbers, numbers > 5])
    assert [max(0, len(ends) - 1) for ends in ends_of_pieces(rows)] == [pieces, pieces, pieces, 0]


def test_a_value_is_told_by_how_much_of_each_piece_lies_below_it():
    rows = np.array([[-7.0, 1], [1, 1], [2, 0], [3.5, 0], [99, 0]])
    ends = [np.array([0.0, 2, 4]), np.array([])]
    told = [[-0.5, -0.5], [0, -0.5], [0.5, -0.5], [0.5, 0.25], [0.5, 0.5]]
    assert in_pieces(rows, ends).tolist() == told
    assert in_pieces(rows, [np.array([]), np.array([])]).shape == (5, 0)
