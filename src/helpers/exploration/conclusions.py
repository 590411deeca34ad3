"""What the exploration says, in sentences computed from its tables."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from helpers.errors import listed
from helpers.exploration.associations import ALIKE, PAIRS_LISTED, WORTH_LISTING, Associations
from helpers.exploration.describe import Description
from helpers.exploration.effects import FEWEST_ROWS, SHAPE_GAIN, Effects, overall_strength
from helpers.exploration.readings import name
from helpers.exploration.sampling import Sample
from helpers.tables.table import Table
from helpers.wording import count, number, percent

STRONGEST = 3
NAMED = 8
NEARLY_DECIDES = 0.95
MUCH_MISSING = 0.2


def about_variables(table: Table, description: Description) -> str:
    """Return how many rows and variables there are, of which kinds, and where values are missing most."""
    features = description.overview[description.overview["role"] == "feature"]
    kinds = features["kind"].value_counts(sort=False)
    listing = ", ".join(f"{rows} {kind}" for kind, rows in kinds.items())
    text = (
        f"{count(len(table), 'row')}, {count(len(features), 'variable')}{f' ({listing})' if listing else ''}."
    )
    gaps = features[features["missing"] >= MUCH_MISSING].sort_values(
        "missing", ascending=False, kind="stable"
    )
    if not gaps.empty:
        shares = [f"{name(column)} {percent(share)}" for column, share in _two(gaps, "column", "missing")]
        named = listed(shares, limit=NAMED)
        text += f" Missing in {percent(MUCH_MISSING)} of the rows or more: {named}."
    return text


def strongest(effects: Effects) -> str:
    """Return which variables have most to do with the one they were compared with, and how."""
    target, compared = name(effects.against.name), len(effects.compared)
    if not compared:
        return f"No variable could be compared with {target}."
    found = effects.related
    if found.empty:
        return (
            f"None of {count(compared, 'variable')} shows a relation with {target} {effects.method}, "
            "corrected for the number of tests."
        )
    verb = "shows" if len(found) == 1 else "show"
    words = [
        f"{name(row['column'])}: {row['measure']} {number(row['effect'])} (95 % interval "
        f"{number(row['low'])} to {number(row['high'])}), {row['reading']}{_more_shape(row)}"
        for row in found.head(STRONGEST).to_dict("records")
    ]
    share = (
        f"{len(found):,} of {count(compared, 'variable')} {verb} a relation with {target} {effects.method}."
    )
    return f"{share} Strongest: {'; '.join(words)}."


def nearly_deciding(effects: Effects) -> str:
    """Return which variables are so strong that they nearly decide the target; empty if none is."""
    found = effects.compared
    found = found[overall_strength(found) >= NEARLY_DECIDES]
    if found.empty:
        return ""
    names = listed([name(column) for column in found["column"]], limit=NAMED)
    return (
        f"Strongest by far, with a strength of {NEARLY_DECIDES} or more: {names}; 01_data_quality says "
        "whether that is a leak."
    )


def without_relation(effects: Effects) -> str:
    """Return which variables show no relation, and which could not be compared; empty if there are none."""
    parts = []
    if not effects.unrelated.empty:
        names = listed([name(column) for column in effects.unrelated["column"]], limit=NAMED)
        parts.append(f"No relation to be seen for {count(len(effects.unrelated), 'variable')}: {names}.")
    left = effects.frame[effects.frame["not compared"] != ""]
    if not left.empty:
        names = listed(
            [f"{name(row.column)} ({row[-1]})" for row in left.itertuples(index=False)], limit=NAMED
        )
        parts.append(f"Not compared: {names}.")
    return " ".join(parts)


def about_pairs(associations: Associations, sample: Sample) -> str:
    """Return the caption of the table of pairs."""
    text = f"The strongest pairs of variables, from a strength of {WORTH_LISTING} up."
    if associations.pairs.empty:
        text += " There is none."
    return f"{text} {sample.note}".strip()


def alike(associations: Associations) -> str:
    """Return which columns say nearly the same, or that none do."""
    parts = []
    if len(associations.strengths) < 2:
        parts.append("There are no two variables to compare with each other.")
    elif associations.alike:
        groups = associations.alike
        listing = "; ".join(_group(group) for group in groups[:STRONGEST])
        more = f"; and {count(len(groups) - STRONGEST, 'group')} more" if len(groups) > STRONGEST else ""
        parts.append(
            f"{sum(map(len, groups))} columns form {count(len(groups), 'group')} in which all say nearly the "
            f"same (every two have an association of {ALIKE} or more): {listing}{more}."
        )
    else:
        parts.append(f"No two columns have an association of {ALIKE} or more.")
    if len(associations.pairs) == PAIRS_LISTED:
        parts.append(f"The table is limited to the {PAIRS_LISTED} strongest pairs.")
    if associations.left_out:
        parts.append(
            f"{count(associations.left_out, 'column')} of least importance to the target were not compared."
        )
    return " ".join(parts)


def strongest_pair(associations: Associations) -> str:
    """Return which two variables go together most; empty where no pair is listed."""
    if associations.pairs.empty:
        return ""
    pair = associations.pairs.iloc[0]
    first, second = name(pair["column"]), name(pair["other column"])
    return f"Most alike: {first} and {second}, {pair['measure']} {number(pair['effect'])}, {pair['reading']}."


def further(effects: Effects, table: Table) -> list[str]:
    """Return what else the effects say: which are strongest by far, which show no relation, a caution."""
    said = (nearly_deciding(effects), without_relation(effects), caution(table))
    all_related = "Every variable shows a relation; none is strongest by far."
    return [text for text in said if text] or ([all_related] if len(effects.frame) else [])


def drawn_of(shown: int, total: int, noun: str, *, because: str = "") -> str:
    """Return which part of many a figure shows, and why not more; empty where it shows all."""
    if shown >= total:
        return ""
    why = f", {because}" if because else ""
    drawn = f"Drawn are the {shown} that matter most to the target, of {count(total, noun)}{why}"
    return f"{drawn}; the tables hold the rest."


def blank_words(matrix: pd.DataFrame) -> str:
    """Return what the white fields of a matrix of strengths mean; empty where there are none."""
    if not matrix.isna().to_numpy().any():
        return ""
    return (
        f"White: fewer than {FEWEST_ROWS} rows with both values, or one value only where the other is known."
    )


def changing(effects: Effects) -> str:
    """Return what differs over the group or time that everything was compared with."""
    found = effects.related
    over = name(effects.against.name)
    if effects.compared.empty:
        return f"Nothing could be compared over {over}."
    if found.empty:
        return f"Nothing differs visibly over {over}."
    words = [
        f"{name(row['column'])} (strength {number(row['strength'])}, {row['reading']}{_more_shape(row)})"
        for row in found.head(STRONGEST).to_dict("records")
    ]
    verb = "differs" if len(found) == 1 else "differ"
    share = f"{len(found):,} of {count(len(effects.compared), 'column')} {verb} over {over}"
    return f"{share}; most: {'; '.join(words)}."


def caution(table: Table) -> str:
    """Return what makes the intervals too narrow, where groups or time are known; else empty."""
    reasons = []
    if table.groups is not None:
        reasons.append("rows of one group are alike")
    if table.times is not None:
        reasons.append("rows near in time are alike")
    if not reasons:
        return ""
    return (
        f"Intervals and tests take rows as independent; here {' and '.join(reasons)}, so they are too sure."
    )


def next_steps(effects: Effects, associations: Associations) -> str:
    """Return what to look at next."""
    steps = []
    if nearly_deciding(effects):
        steps.append("see in 01_data_quality whether what is strongest by far is a leak")
    if not effects.not_monotone.empty:
        names = listed([name(column) for column in effects.not_monotone["column"]], limit=STRONGEST)
        steps.append(f"look at the shape of {names}, which rising or falling does not describe")
    if associations.alike:
        steps.append("keep in mind that alike columns share their importance")
    if effects.related.empty:
        steps.append("look for better variables: no single one tells anything")
    steps.append("see pairs of variables in 03_visualisation and models in 04_model_selection")
    return f"Next: {'; '.join(steps)}."


def _more_shape(row: dict[Any, Any]) -> str:
    """Return the strength with numbers cut into parts, where that tells much more."""
    if not row["any shape"] - row["strength"] >= SHAPE_GAIN:
        return ""
    return f", but of another shape with strength {number(row['any shape'])}"


def _group(group: Sequence[str]) -> str:
    shown = " = ".join(map(name, group[:STRONGEST]))
    return f"{shown} and {len(group) - STRONGEST} more" if len(group) > STRONGEST else shown


def _two(frame: pd.DataFrame, first: str, second: str) -> Iterator[tuple[Any, Any]]:
    return zip(frame[first], frame[second], strict=True)
