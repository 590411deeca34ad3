"""Real tables with what their keepers say is wrong with them, and what would count as naming it.

Other tools are read generously: an alert of a fitting type on a column concerned counts, whatever it advises.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

HIGH_CORRELATION = frozenset({"HIGH_CORRELATION"})
NAMES_ROWS = frozenset({"UNIQUE", "UNIFORM", "HIGH_CARDINALITY"})
OVER_TIME = frozenset({"NON_STATIONARY", "SEASONAL", "TYPE_DATE"})
GOLDEN = frozenset({"SKD011"})


@dataclass(frozen=True)
class Trap:
    """One trap.

    Attributes
    ----------
    words : str
        What it is.
    columns : tuple of str
        The columns concerned, of which one must be named; none where it is about the table as a whole.
    kinds : frozenset of str
        Kinds of finding that name it.
    ydata, skore : frozenset of str
        Types of alert, codes of check, that name it; none where the tool has nothing that could.
    """

    words: str
    columns: tuple[str, ...]
    kinds: frozenset[str]
    ydata: frozenset[str] = frozenset()
    skore: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TrapTable:
    """A table, its target and its traps; `made` writes the target where the file has none of its own."""

    file: str
    target: str
    traps: tuple[Trap, ...]
    made: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return Path(self.file).stem


def trap(words: str, columns: str, kinds: str, *, ydata: frozenset[str] = frozenset(),
         skore: frozenset[str] = frozenset()) -> Trap:  # fmt: skip
    """Return a trap from lists divided by bars (columns) and spaces (kinds)."""
    named = tuple(name for name in columns.split("|") if name)
    return Trap(words, named, frozenset(kinds.split()), ydata, skore)


def _with_result(frame: pd.DataFrame) -> pd.DataFrame:
    result = np.sign(frame["home_score"] - frame["away_score"]).map({1.0: "home", 0.0: "draw", -1.0: "away"})
    return frame.assign(result=result)


def _with_good_tip(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(good_tip=np.where(frame["tips"] > 0.2 * frame["fare"], "yes", "no"))


TABLES: tuple[TrapTable, ...] = (
    TrapTable("penguins_raw.csv", "Species", (
        trap("columns that never vary", "Region|Stage", "constant_column", ydata=frozenset({"CONSTANT"})),
        trap("row numbers and identifiers", "Sample Number|Individual ID",
             "identifier_column high_cardinality", ydata=NAMES_ROWS),
        trap("a column of remarks, mostly empty", "Comments", "missing_values free_text high_cardinality",
             ydata=frozenset({"MISSING"})),
        trap("rows of one nest", "Individual ID", "group_structure"),
        trap("the island narrows the species", "Island", "target_leak", ydata=HIGH_CORRELATION, skore=GOLDEN),
    )),
    TrapTable("telco_churn.csv", "Churn", (
        trap("an identifier", "customerID", "identifier_column", ydata=NAMES_ROWS),
        trap("numbers that are text because of blanks", "TotalCharges",
             "missing_marker structural_missing mixed_type", ydata=NAMES_ROWS),
        trap("yes and no written as 0 and 1", "SeniorCitizen", "assumption category_variants"),
        trap("levels that repeat another column's", "OnlineSecurity|InternetService", "redundant_column",
             ydata=HIGH_CORRELATION, skore=frozenset({"SKD008"})),
    )),
    TrapTable("coffee_arabica.csv", "Total.Cup.Points", (
        trap("the target is a sum of columns", "Aroma|Flavor", "target_parts", ydata=HIGH_CORRELATION,
             skore=GOLDEN),
        trap("the file is sorted by the target", "", "row_order_leak"),
        trap("one row with score 0", "Total.Cup.Points", "outlier impossible_value",
             ydata=frozenset({"SKEWED"})),
        trap("heights up to 190,164", "altitude_mean_meters|altitude_high_meters", "outlier impossible_value",
             ydata=frozenset({"SKEWED"})),
        trap("years in 46 spellings", "Harvest.Year", "mixed_type category_variants high_cardinality",
             ydata=frozenset({"HIGH_CARDINALITY"})),
        trap("kg and lbs in one column", "Bag.Weight", "mixed_units"),
        trap("rows of one owner", "Owner|Owner.1", "group_structure"),
        trap("dates in words", "Grading.Date|Expiration", "time_order", ydata=frozenset({"TYPE_DATE"})),
    )),
    TrapTable("garments_productivity.csv", "actual_productivity", (
        trap("missing exactly in one department", "wip", "structural_missing", ydata=frozenset({"MISSING"})),
        trap("rows in the order of a date", "date", "time_order", ydata=OVER_TIME,
             skore=frozenset({"SKD013"})),
        trap("a team's number is no amount", "team", "code_as_number group_structure"),
        trap("shares above 1", "actual_productivity", "impossible_value"),
    )),
    TrapTable("employment_ma_reference.parquet", "employed", (
        trap("another model's output", "predicted_probability|prediction", "target_leak",
             ydata=HIGH_CORRELATION, skore=GOLDEN),
        trap("an identifier", "id", "identifier_column", ydata=NAMES_ROWS),
    )),
    TrapTable("chicago_taxi.csv", "good_tip", (
        trap("the tip is the answer", "tips", "target_leak target_parts", ydata=HIGH_CORRELATION,
             skore=GOLDEN),
        trap("cash tips are not recorded", "payment_type", "target_leak", ydata=HIGH_CORRELATION,
             skore=GOLDEN),
        trap("an empty column", "pickup_census_tract", "missing_values", ydata=frozenset({"MISSING"})),
        trap("a third of a column missing", "company", "missing_values", ydata=frozenset({"MISSING"})),
        trap("seconds since 1970, not in order", "trip_start_timestamp", "time_order", ydata=OVER_TIME,
             skore=frozenset({"SKD013"})),
    ), _with_good_tip),
    TrapTable("mice_protein.csv", "class", (
        trap("15 rows of one mouse", "MouseID", "group_structure"),
        trap("three factors spell out the class", "Genotype|Treatment|Behavior", "target_parts target_leak",
             ydata=HIGH_CORRELATION, skore=GOLDEN),
        trap("49 columns with missing values", "BCL2_N", "missing_values", ydata=frozenset({"MISSING"})),
        trap("a byte order mark", "", "encoding"),
    )),
    TrapTable("football_results.csv", "result", (
        trap("the scores are the target", "home_score|away_score", "target_parts target_leak",
             ydata=HIGH_CORRELATION, skore=GOLDEN),
        trap("rows in the order of a date", "date", "time_order", ydata=OVER_TIME,
             skore=frozenset({"SKD013"})),
        trap("slow drift", "tournament|home_team|away_team|country|city", "drift_in_file time_order"),
        trap("202 tournaments", "tournament", "high_cardinality", ydata=frozenset({"HIGH_CARDINALITY"})),
        trap("a fixture that stands twice", "", "duplicate_rows conflicting_labels",
             ydata=frozenset({"DUPLICATES"})),
    ), _with_result),
)  # fmt: skip
