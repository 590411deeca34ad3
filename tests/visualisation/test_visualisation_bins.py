import numpy as np
import pandas as pd
import pytest

from helpers.visualisation.bins import (
    drawn_range,
    nice_step,
    period_edges,
    quantile_edges,
    sensible_bins,
    spreads_over_powers,
)


def test_whole_numbers_of_a_small_range_get_a_bin_each():
    bins = sensible_bins(np.array([1.0, 2, 2, 4]))
    assert bins.edges.tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert bins.counts(np.array([1.0, 2, 2, 4])).tolist() == [1, 2, 0, 1]


def test_one_value_gets_one_bin_around_it():
    assert sensible_bins(np.array([3.0, 3.0])).edges.tolist() == [2.5, 3.5]


def test_a_constant_of_any_size_lies_inside_its_bin():
    for value in (1e12, -1e140, 1e-300):
        edges = sensible_bins(np.array([value])).edges
        assert edges[0] < value < edges[-1]


def test_edges_are_numbers_that_people_read():
    values = np.linspace(0.03, 9.97, 200)
    # the middle half spans 4.97, so Freedman and Diaconis ask for 2 · 4.97 / 200^(1/3) = 1.7
    assert sensible_bins(values).edges.tolist() == [0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


def test_a_few_far_values_lie_outside_and_are_counted():
    values = np.append(np.linspace(0.1, 1.0, 999), 50.0) - 0.55
    bins = sensible_bins(values)
    assert bins.edges[-1] < 1
    assert bins.outside(values) == 1
    assert bins.counts(values).sum() == 999


def test_positive_values_over_powers_of_ten_are_cut_on_a_log_scale():
    values = 10.0 ** np.linspace(-3, 3, 100)
    bins = sensible_bins(values)
    assert bins.log
    assert bins.outside(values) == 0
    ratios = bins.edges[1:] / bins.edges[:-1]
    assert np.allclose(ratios, ratios[0])


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1.0, 1.0, 100.0], True), ([0.0, 1.0, 100.0], False), ([1.0, 2.0, 3.0], False), ([], False)],
)
def test_a_log_scale_needs_positive_values_of_wide_spread(values, expected):
    assert spreads_over_powers(np.array(values)) is expected


def test_the_median_width_of_the_classes_decides_between_them():
    narrow, wide = np.linspace(0, 1, 27), np.linspace(0, 10, 27)
    both = sensible_bins(np.concatenate([narrow, wide]), parts=[narrow, wide])
    # widths 2 · 0.5 / 3 and 2 · 5 / 3, in the middle 1.83, rounded to 2 — but at least 6 bins (√27) are drawn
    assert np.diff(both.edges).tolist() == [2.0] * 5


def test_the_drawn_range_is_all_of_it_unless_far_values_squeeze_the_rest():
    assert drawn_range(np.array([1.0, 2, 9])) == (1.0, 9.0)


def test_equal_quantiles_fall_together():
    assert quantile_edges(np.array([0.0, 0, 0, 0, 1]), bins=4).tolist() == [0.0, 1.0]
    assert quantile_edges(np.array([2.0, 2.0]), bins=4).tolist() == [2.0, 2.0]


def test_periods_grow_with_the_span():
    days = period_edges(pd.Series(pd.to_datetime(["2024-01-01 05:00", "2024-01-03 00:00"])))
    assert [f"{edge:%d}" for edge in days[:3]] == ["01", "02", "03"]
    years = period_edges(pd.Series(pd.to_datetime(["2001-05-01", "2020-02-01"])))
    assert years[0] == pd.Timestamp("2001-01-01")
    assert years[-1] > pd.Timestamp("2020-02-01")
    centuries = period_edges(pd.Series(pd.to_datetime(["1500-05-01", "2020-02-01"])))
    assert len(centuries) <= 25


@pytest.mark.parametrize("width", [0.0013, 0.7, 1.0, 3.3, 99.0, 12345.0])
def test_a_nice_step_is_near_the_width(width):
    assert 0.6 * width <= nice_step(width) <= 1.25 * width
