import numpy as np
import pandas as pd

from helpers.data_quality.time_candidates import (
    TimeCandidate,
    epoch_unit,
    is_in_order,
    time_candidates,
    year_unit,
)


def test_seconds_since_1970_are_moments():
    seconds = pd.Series(1.4e9 + np.arange(100.0))
    assert epoch_unit(seconds) == "seconds since 1970"
    assert epoch_unit(seconds * 1000) == "milliseconds since 1970"
    assert epoch_unit(pd.Series(np.arange(100.0))) == ""
    assert epoch_unit(seconds + 0.5) == ""
    assert epoch_unit(pd.Series([np.nan])) == ""


def test_years_have_few_gaps():
    assert year_unit(pd.Series([2001.0, 2002, 2003, 2004, np.nan])) == "years"
    assert year_unit(pd.Series([1900.0, 1950, 1999, 2100])) == ""  # prices, rather
    assert year_unit(pd.Series([2001.0, 2002, 2003])) == ""
    assert year_unit(pd.Series([2001.5, 2002, 2003, 2004])) == ""
    assert year_unit(pd.Series(dtype=float)) == ""


def test_dates_come_first_and_their_order_is_seen(make_table):
    columns = {
        "year": [2001.0, 2002, 2003, 2004],
        "when": pd.to_datetime(["2020-01-04", "2020-01-03", None, "2020-01-01"]).to_series(),
        "x": [3.0, 1.0, 2.0, 4.0],
    }
    columns["when"] = columns["when"].reset_index(drop=True)
    table = make_table([0.0] * 4, columns)
    assert time_candidates(table) == [TimeCandidate("when"), TimeCandidate("year", "years")]
    assert (is_in_order(table, "when"), is_in_order(table, "x")) == (True, False)
