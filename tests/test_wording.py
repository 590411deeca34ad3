import doctest

import pytest

import helpers.wording as wording


def test_examples_in_docstrings_hold():
    failed, tried = doctest.testmod(wording)
    assert (failed, tried >= 15) == (0, True)


@pytest.mark.parametrize(
    ("share", "cases", "text"),
    [
        (1.0, 42, "all 42"),
        (0.0, 42, "none of 42"),
        (0.996, 1000, "at least 99 of 100"),
        (0.9949, 10_000, "99 of 100"),
        (0.004, 1000, "fewer than 1 of 100"),
        (0.006, 1000, "1 of 100"),
        (41 / 42, 42, "98 of 100"),
        (0.5, 20, "50 of 100"),
        (1.0, 19, "19 of 19"),
        (0.0, 1, "0 of 1"),
        (7 / 18, 18, "7 of 18"),
        (1.0, 1234, "all 1,234"),
    ],
)
def test_shares_are_counts_that_never_round_to_all_or_none(share, cases, text):
    assert wording.of_hundred(share, cases=cases) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.914, 0.988, "likely between 91 and 99 of 100"),
        (0.57, 0.58, "likely between 57 and 58 of 100"),
        (0.91, 0.996, "likely at least 91 of 100"),
        (0.004, 0.061, "likely at most 6 of 100"),
        (0.8099, 0.9, "likely between 81 and 90 of 100"),
        (0.996, 0.999, "likely at least 99 of 100"),
        (0.001, 0.004, "likely at most 1 of 100"),
        (0.0, 0.0, "likely 0 of 100"),
        (1.0, 1.0, "likely 100 of 100"),
        (0.0, 1.0, "too few to say more"),
        (0.5, 0.5, "likely 50 of 100"),
        (None, 0.5, "too few to say how far chance moves it"),
    ],
)
def test_intervals_of_shares_are_rounded_as_the_report_rounds_them(low, high, text):
    assert wording.likely_of_hundred(low, high) == text


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "expected"),
    [
        (41.27, 35.2, 48.9, "", ("41", "likely between 35 and 49")),
        (250_340.5, 248_000.0, 253_500.0, "", ("250,300", "likely between 248,000 and 253,500")),
        (0.9912, 0.9723, 0.9998, "", ("0.991", "likely between 0.972 and 1.000")),
        (-3.2, -5.04, -1.1, "", ("−3.2", "likely between −5.0 and −1.1")),
        (9123.0, 351.0, 26_700.0, "€", ("9,000\u00a0€", "likely at most 27,000\u00a0€")),
        (12.0, None, None, "mm", ("12\u00a0mm", "too few to say how far chance moves it")),
        (12.3456, 12.3456, 12.3456, "", ("12.3", "")),
        (0.0, 0.0, 0.0, "", ("0", "")),
    ],
)
def test_measured_values_get_the_digits_that_their_interval_supports(value, low, high, unit, expected):
    assert wording.measured(value, low, high, unit=unit) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [(13_214, "about 13,000"), (13_000, "13,000"), (99.6, "about 100"), (0, "0"), (-41.3, "about −41")],
)
def test_about_says_so_only_where_it_rounded(value, text):
    assert wording.about(value) == text


def test_names_from_the_table_stay_on_one_line_and_are_cut():
    assert wording.name("a\nb\t c") == "a b c"
    assert wording.name("x" * 100, limit=10) == "xxxxxxxxx…"
    assert wording.quoted("no") == "“no”"


def test_text_from_right_to_left_is_isolated():
    assert wording.name("نعم") == "\u2068نعم\u2069"
    assert "\u202e" not in wording.name("a\u202eb")


def test_small_words():
    assert [wording.times(amount) for amount in (1, 2, 1000)] == ["once", "twice", "1,000 times"]
    assert wording.capital("") == ""
    assert wording.with_unit("5", "") == "5"
    assert wording.unbroken("12 %") == "12\u00a0%"


def test_numbers_keep_their_digits():
    assert wording.number(float("nan")) == "–"
    assert wording.number(float("-inf")) == "−∞"
    assert wording.percent(0.9951) == "over 99 %"
    assert wording.joined([]) == ""
