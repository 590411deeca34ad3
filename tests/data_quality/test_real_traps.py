"""Which documented traps of real tables the rules name, with data and target alone."""

import os
from pathlib import Path

import pandas as pd
import pytest

from helpers.data_quality.run import run_rules
from helpers.findings import Severity
from helpers.parameters.check import checked
from helpers.paths import repository
from helpers.tables.prepare import load_development

FOLDER = Path(os.environ.get("NIGHTBOOK_DATA", repository().parent / "shared" / "data"))
needs_tables = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no folder {FOLDER}; set NIGHTBOOK_DATA")


def findings(data, target):
    params = checked({"experiment": "e", "question": "q", "data": str(data), "target": target}, where="p")
    return run_rules(load_development(params))


def one(found, code):
    (finding,) = [each for each in found if each.code == code]
    return finding


def serious(found):
    return [each for each in found if each.severity in (Severity.STOP, Severity.WARN)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "diabetes"])
def test_clean_tables_raise_no_alarm(name):
    found = findings(f"sklearn:{name}", "target")
    assert [finding.message for finding in found if "could not run" in finding.message] == []
    assert [finding.message for finding in serious(found)] == []


@pytest.mark.parametrize(
    ("name", "target", "parts"),
    [
        ("coffee_arabica.csv", "Total.Cup.Points", {"Aroma", "Flavor", "Sweetness"}),
        ("mice_protein.csv", "class", {"Genotype", "Treatment", "Behavior"}),
    ],
)
@pytest.mark.real_tables
@needs_tables
def test_columns_that_state_the_target_together_and_groups(name, target, parts):
    found = findings(FOLDER / name, target)
    assert one(found, "Q153").severity is Severity.STOP
    assert parts <= set(one(found, "Q153").columns)
    assert one(found, "Q161").severity is Severity.WARN
    assert one(found, "Q154").severity is Severity.NOTE
    assert len(serious(found)) <= 8


@pytest.mark.real_tables
@needs_tables
def test_structural_gaps_and_dates():
    found = findings(FOLDER / "garments_productivity.csv", "actual_productivity")
    assert one(found, "Q103").evidence[0]["where"] == "department"
    assert one(found, "Q162").columns == ("date",)
    telco = findings(FOLDER / "telco_churn.csv", "Churn")
    assert one(telco, "Q103").evidence[0]["where"] == "tenure"
    assert one(telco, "Q124").severity is Severity.NOTE
    assert serious(telco) == []


@pytest.mark.real_tables
@needs_tables
def test_the_answer_of_another_model(tmp_path):
    people = pd.read_parquet(FOLDER / "employment_ma_reference.parquet").sample(10_000, random_state=0)
    people.to_parquet(tmp_path / "people.parquet")
    found = findings(tmp_path / "people.parquet", "employed")
    assert one(found, "Q152").columns == ("predicted_probability", "prediction")


@pytest.mark.real_tables
@needs_tables
def test_a_target_made_of_two_columns(tmp_path):
    rides = pd.read_csv(FOLDER / "chicago_taxi.csv")
    rides["generous"] = (rides["tips"] > 0.2 * rides["fare"]).map({True: "yes", False: "no"})
    rides.to_csv(tmp_path / "rides.csv", index=False)
    found = findings(tmp_path / "rides.csv", "generous")
    assert one(found, "Q151").columns == ("tips", "payment_type")
    assert set(one(found, "Q153").columns) == {"tips", "fare"}
    assert one(found, "Q101").columns[0] == "pickup_census_tract" and "company" in one(found, "Q101").columns
    games = pd.read_csv(FOLDER / "football_results.csv").dropna(subset=["home_score"]).tail(6_000)
    games["outcome"] = (games["home_score"] - games["away_score"]).map(
        lambda goals: "home" if goals > 0 else "away" if goals < 0 else "draw"
    )
    games.to_csv(tmp_path / "games.csv", index=False)
    found = findings(tmp_path / "games.csv", "outcome")
    assert set(one(found, "Q153").columns) == {"home_score", "away_score"}
