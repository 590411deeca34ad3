import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from helpers.tables.dates import from_compact, from_epoch, looks_like_dates, read_dates


def read(*texts):
    return read_dates(pa.array(texts, type=pa.string()))


def iso(dates):
    return [None if np.isnat(value) else str(pd.Timestamp(value)) for value in dates.parsed]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015-04-04", "2015-04-04 00:00:00"),
        ("2015/4/4", "2015-04-04 00:00:00"),
        ("2015-04-04T12:30:05", "2015-04-04 12:30:05"),
        ("2015-04-04 12:30:05.25", "2015-04-04 12:30:05.250000"),
        ("2015-04-04T12:30:05Z", "2015-04-04 12:30:05"),
        ("2015-04-04T12:30:05+02:00", "2015-04-04 10:30:05"),
        ("2015-04-04 12:30 -0530", "2015-04-04 18:00:00"),
        ("April 4th, 2015", "2015-04-04 00:00:00"),
        ("apr 4 2015", "2015-04-04 00:00:00"),
        ("Sept. 30, 1999", "1999-09-30 00:00:00"),
        ("4 April 2015", "2015-04-04 00:00:00"),
        ("04-Apr-15", "2015-04-04 00:00:00"),
        ("Sat, 4 Apr 2015 12:30:05 +0200", "2015-04-04 10:30:05"),
        ("31/12/2015 11:30 PM", "2015-12-31 23:30:00"),
        ("12/31/15 12:05 am", "2015-12-31 00:05:00"),
        ("31.12.68", "2068-12-31 00:00:00"),
        ("31.12.69", "1969-12-31 00:00:00"),
        ("2015-04", "2015-04-01 00:00:00"),
        ("04/2015", "2015-04-01 00:00:00"),
        ("May 2015", "2015-05-01 00:00:00"),
        ("1872-11-30", "1872-11-30 00:00:00"),
        ("0001-01-01", "0001-01-01 00:00:00"),
    ],
)
def test_one_date(text, expected):
    dates = read(text)
    assert iso(dates) == [expected]
    assert dates.ok.tolist() == [True]


NO_DATES = [
    "2015-02-29",
    "2015-13-01",
    "31/02/2015",
    "hello",
    "12",
    "2015",
    "1.5",
    "3/4",
    "April",
    "2013/2014",
    "1950-2200",
    "0000-01-01",
    "10-11-12-13",
]


@pytest.mark.parametrize("text", [*NO_DATES, "4 Aprilish 2015", "2015-01-01 25:00", "2015-01-01 10:99"])
def test_what_is_no_date(text):
    assert iso(read(text)) == [None]


@pytest.mark.parametrize(
    ("texts", "order", "first"),
    [
        (("1/2/2015", "13/2/2015"), "day first", "2015-02-01 00:00:00"),
        (("1/2/2015", "2/13/2015"), "month first", "2015-01-02 00:00:00"),
        (("1.2.2015", "3.4.2015"), "day first", "2015-02-01 00:00:00"),
        (("1/2/2015", "3/1/2015", "2/5/2015"), "undecidable", "2015-01-02 00:00:00"),
        (("1/1/2015", "2/2/2015"), "", "2015-01-01 00:00:00"),
        (("3/1/2015", "13/1/2015", "1/14/2015", "14/1/2015"), "contradictory", "2015-01-03 00:00:00"),
    ],
)
def test_the_whole_column_decides_between_day_and_month(texts, order, first):
    dates = read(*texts)
    assert dates.order == order
    assert iso(dates)[0] == first
    assert dates.ok.all()


def test_the_order_under_which_time_runs_forward_is_taken():
    forward = [f"{day}/{month}/2015" for month in (1, 2, 3) for day in (2, 5, 9)]
    dates = read(*forward)
    assert dates.order == "day first"
    assert iso(dates)[1] == "2015-01-05 00:00:00"
    assert read(*[f"{month}/{day}/2015" for month in (1, 2, 3) for day in (2, 5, 9)]).order == "month first"


def test_mixed_forms_and_zones_are_said():
    dates = read("2015-04-04", "April 5th, 2015", "2015-04-06T00:00:00+01:00", "no date")
    assert iso(dates) == ["2015-04-04 00:00:00", "2015-04-05 00:00:00", "2015-04-05 23:00:00", None]
    assert (dates.forms, dates.zones) == (("ISO", "month day year"), "some")
    assert read("2015-04-04T00:00:00Z").zones == "all"


def test_looks_like_dates():
    assert looks_like_dates(pa.array(["x", "2015-01-01"]))
    assert not looks_like_dates(pa.array(["x", "20150101", "3.5"]))


def test_digits_run_together():
    found = from_compact(np.array([20150131.0, 20150132.0, np.nan]))
    assert [str(value)[:10] for value in found] == ["2015-01-31", "NaT", "NaT"]


@pytest.mark.parametrize("unit", [1, 1e3, 1e6, 1e9])
def test_counts_since_1970(unit):
    found = from_epoch(np.array([1_400_269_500.0, np.nan]) * unit)
    assert [str(value)[:19] for value in found] == ["2014-05-16T19:45:00", "NaT"]


@pytest.mark.parametrize("numbers", [[], [2015.0, 2016.0], [-1.4e9, 1.4e9], [np.nan]])
def test_other_numbers_are_no_count_since_1970(numbers):
    assert from_epoch(np.array(numbers)) is None
