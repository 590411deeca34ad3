"""Real tables with their traps, with data and target alone; they are not part of the project."""

import os
from pathlib import Path

import pandas as pd
import pytest

from helpers.parameters.check import checked
from helpers.paths import repository
from helpers.tables.prepare import load_development
from helpers.tables.table import Kind, Role

FOLDER = Path(os.environ.get("NIGHTBOOK_DATA", repository().parent / "shared" / "data"))

pytestmark = [
    pytest.mark.real_tables,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no folder {FOLDER}; set NIGHTBOOK_DATA"),
]


def load(name, target, **values):
    given = {"experiment": "e", "question": "q", "data": str(FOLDER / name), "target": target, "holdout": 0}
    return load_development(checked(given | values, where="p"))


def names(development, kind):
    return {column.name for column in development.table.columns.values() if column.kind is kind}


def messages(development):
    return [finding.message for finding in development.findings]


def test_a_blank_among_numbers():
    development = load("telco_churn.csv", "Churn")
    columns = development.table.columns
    assert columns["TotalCharges"].kind is Kind.NUMBER
    assert development.table.frame["TotalCharges"].isna().sum() == 11
    assert (
        "In 1 column (TotalCharges) 11 cells held a marker such as 'NA' or '?' and count as missing."
        in messages(development)
    )
    assert columns["SeniorCitizen"].kind is Kind.BOOLEAN
    assert (columns["customerID"].kind, columns["customerID"].role) == (Kind.IDENTIFIER, Role.UNUSED)
    assert (development.table.classes, development.table.positive) == (("No", "Yes"), "Yes")
    assert columns["tenure"].kind is columns["MonthlyCharges"].kind is Kind.NUMBER


def test_headers_with_brackets_na_and_a_counter_that_restarts():
    development = load("penguins_raw.csv", "Species")
    assert names(development, Kind.IDENTIFIER) == {"Sample Number"}
    assert names(development, Kind.DATE) == {"Date Egg"}
    assert "Delta 15 N (o/oo)" in names(development, Kind.NUMBER)
    assert development.table.frame["Sex"].isna().sum() == 11
    assert len(development.table.classes) == 3


def test_an_unnamed_row_number_dates_in_words_and_a_mixed_column():
    development = load("coffee_arabica.csv", "Total.Cup.Points")
    columns = development.table.columns
    assert (columns["column 1"].kind, columns["column 1"].role) == (Kind.IDENTIFIER, Role.UNUSED)
    assert names(development, Kind.DATE) == {"Grading.Date", "Expiration"}
    assert columns["Bag.Weight"].kind is columns["Harvest.Year"].kind is Kind.CATEGORY
    assert development.table.frame["Grading.Date"].iloc[0] == pd.Timestamp("2015-04-04")
    assert "1 column without a name; called column 1." in messages(development)


def test_month_first_dates_and_missing_numbers():
    development = load("garments_productivity.csv", "actual_productivity")
    frame = development.table.frame
    assert frame["date"].min() == pd.Timestamp("2015-01-01")
    assert frame["date"].max() == pd.Timestamp("2015-03-11")
    assert frame["date"].nunique() == 59
    assert frame["wip"].isna().sum() == 506
    assert not any("day first" in message for message in messages(development))


def test_seconds_since_1970_as_the_time():
    development = load("chicago_taxi.csv", "tips", time="trip_start_timestamp")
    assert development.table.columns["trip_start_timestamp"].kind is Kind.DATE
    assert development.table.times.dt.year.between(2013, 2017).all()
    assert development.table.columns["payment_type"].kind is Kind.CATEGORY
    assert development.table.frame["company"].isna().sum() == 5140


def test_a_byte_order_mark_and_composed_identifiers():
    development = load("mice_protein.csv", "class")
    assert "MouseID" in development.table.columns
    assert development.table.columns["MouseID"].kind is Kind.IDENTIFIER
    assert "The file was read as UTF-8 with a byte order mark." in messages(development)
    assert len(development.table.classes) == 8
    assert len(names(development, Kind.NUMBER)) == 77


def test_dates_before_1900():
    development = load("football_results.csv", "home_score")
    assert development.table.frame["date"].min() == pd.Timestamp("1872-11-30")
    assert development.table.columns["neutral"].kind is Kind.BOOLEAN
    assert development.table.columns["city"].kind is Kind.CATEGORY


@pytest.mark.parametrize("name", ["employment_ma_reference.parquet", "employment_ma_analysis.parquet"])
def test_parquet(name):
    target = "employed" if "reference" in name else "prediction"
    development = load(name, target)
    assert development.table.classes == ("0", "1")
    assert development.table.columns["id"].kind is Kind.IDENTIFIER
