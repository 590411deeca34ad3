"""The tables of features and pairs as a report shows them: readable headings, yes and no, labels."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from helpers.tables.table import Table
from helpers.visualisation.telling import FALSE_ALARM
from helpers.wording import percent

BEYOND_CHANCE = "beyond chance, corrected"
RANKING_FORMATS: Mapping[str, str] = MappingProxyType(dict.fromkeys(["told", "low", "high"], ".1%"))
PAIRS_FORMATS: Mapping[str, str] = MappingProxyType(
    {"points more": ".1f", "together": ".1%", "alone": ".1%", "low": ".1f", "high": ".1f"}
)
_CORRECTED = (
    f"'{BEYOND_CHANCE}': yes where chance would give such a lead for any of them in at most "
    f"{percent(FALSE_ALARM)} of tables; an interval above 0 alone does not say that."
)
RANKING_CAPTION = f"What each feature alone tells about the target, with 95 % intervals. {_CORRECTED}"
PAIRS_CAPTION = (
    "Pairs of features: the share of the target's variation that both tell together, that the better one "
    f"tells alone, and how many percentage points lie between, with the 95 % interval. {_CORRECTED}"
)


def ranking_table(ranking: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return what `telling_features` returns as the report shows it, ``told`` directly after the names."""
    shown = pd.DataFrame({"column": ranking["column"]})
    labels = [table.columns[name].title for name in ranking["column"]]
    if labels != list(ranking["column"]):
        shown["label"] = labels
    return shown.assign(
        **{key: ranking[key] for key in ("told", "low", "high")},
        **{BEYOND_CHANCE: _yes_no(ranking["certain"]), "form": ranking["form"]},
    )


def pairs_table(pairs: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return what `telling_pairs` returns as the report shows it, the features by their labels."""
    labels = {column.name: column.label for column in table.columns.values()}
    shown = pd.DataFrame({key: pairs[key].map(labels) for key in ("first", "second")})
    return shown.assign(
        **{"points more": pairs["gain"] * 100, "together": pairs["together"], "alone": pairs["alone"]},
        **{key: pairs[key] * 100 for key in ("low", "high")},
        **{BEYOND_CHANCE: _yes_no(pairs["certain"])},
    )


def _yes_no(certain: pd.Series) -> pd.Series:
    return certain.map({True: "yes", False: "no"})
