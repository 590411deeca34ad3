"""What exploration adds to the findings of the run: E101 to E104. Each rule looks at one thing."""

from collections.abc import Sequence

import pandas as pd

from helpers.errors import listed
from helpers.exploration.associations import ALIKE, Associations
from helpers.exploration.describe import Description
from helpers.exploration.effects import FALSE_DISCOVERIES, SHAPE_GAIN, Effects
from helpers.findings import Finding, Severity
from helpers.wording import count

NAMED = 6
EVIDENCE_ROWS = 20


def all_rules(effects: Effects, description: Description, associations: Associations) -> list[Finding]:
    """Return what every rule says, in the order of their codes."""
    return [
        no_relation(effects),
        not_monotone(effects),
        heavy_tails(description),
        alike_columns(associations),
    ]


def no_relation(effects: Effects) -> Finding:
    """E101: no variable shows a relation with the target."""
    code, kind = "E101", "no_relation"
    compared = len(effects.compared)
    if not compared:
        return _not_applicable(code, kind, "No variable could be compared with the target.")
    related = len(effects.related)
    if related:
        shown = f"{related:,} of {count(compared, 'variable')} {_verb(related, 'shows', 'show')}"
        message = f"{shown} a relation with the target."
        return Finding(code, kind, Severity.PASS, message, "Some columns tell something about the answer.")
    return Finding(
        code,
        kind,
        Severity.WARN,
        f"None of {count(compared, 'variable')} shows a relation with the target: every corrected q is above "
        f"{FALSE_DISCOVERIES}.",
        "No column by itself tells anything about the answer.",
        "Expect little from a model; look for better variables, or more rows.",
        evidence=_evidence(effects.compared[["column", "measure", "effect", "low", "high", "q"]]),
    )


def not_monotone(effects: Effects) -> Finding:
    """E102: relations that rise and fall, which a straight line would miss."""
    code, kind = "E102", "not_monotone"
    if not effects.compared["shape p"].notna().any():
        return _not_applicable(
            code, kind, "No number has enough rows to look for relations that rise and fall."
        )
    found = effects.not_monotone
    if found.empty:
        return Finding(
            code, kind, Severity.PASS, "No relation rises and falls.", "Simple trends tell enough."
        )
    names = tuple(found["column"])
    return Finding(
        code,
        kind,
        Severity.NOTE,
        f"{_named(names)} {_verb(len(names), 'relates', 'relate')} to the target by more than rising or "
        f"falling: cut into parts, the strength is at least {SHAPE_GAIN} higher.",
        f"{count(len(names), 'column')} {_verb(len(names), 'matters', 'matter')} in another way than "
        "'the more, the better'.",
        "A linear model needs bins or splines here; trees find it by themselves.",
        names,
        _evidence(found[["column", "strength", "any shape", "shape q"]]),
    )


def heavy_tails(description: Description) -> Finding:
    """E103: numbers with a few values far out."""
    code, kind = "E103", "heavy_tail"
    features = description.numbers[description.numbers["role"].isin(["feature", "target"])]
    if features.empty:
        return _not_applicable(code, kind, "The table has no numbers.")
    found = features[features["heavy tail"] != ""]
    if found.empty:
        return Finding(
            code, kind, Severity.PASS, "No number has a heavy tail.", "No column has extreme values."
        )
    names = tuple(found["column"])
    return Finding(
        code,
        kind,
        Severity.NOTE,
        f"{_named(names)} {_verb(len(names), 'has', 'have')} a heavy tail: a few values lie far from the "
        "others.",
        f"{count(len(names), 'column')} {_verb(len(names), 'holds', 'hold')} a few very large or very small "
        "values.",
        "Take logarithms or ranks for linear models and neighbours; look whether the extremes are real.",
        names,
        _evidence(found[["column", "heavy tail", "1 %", "median", "99 %", "lowest", "highest"]]),
    )


def alike_columns(associations: Associations) -> Finding:
    """E104: columns that say nearly the same."""
    code, kind = "E104", "alike_columns"
    if len(associations.strengths) < 2:
        return _not_applicable(code, kind, "There are no two columns to compare.")
    if not associations.alike:
        message = f"No two columns have an association of {ALIKE} or more."
        return Finding(code, kind, Severity.PASS, message, "No two columns say the same.")
    names = tuple(name for group in associations.alike for name in group)
    groups = len(associations.alike)
    return Finding(
        code,
        kind,
        Severity.NOTE,
        f"{len(names)} columns form {count(groups, 'group')} in which every two have an association of "
        f"{ALIKE} or more; the largest: {listed(associations.alike[0], limit=NAMED)}.",
        "Some columns say nearly the same as others.",
        "Importances are shared among alike columns; one of each group may be enough.",
        names,
        tuple(
            {"group": listed(group), "columns": len(group)} for group in associations.alike[:EVIDENCE_ROWS]
        ),
    )


def _named(names: Sequence[str]) -> str:
    return listed(names, limit=NAMED)


def _verb(amount: int, singular: str, plural: str) -> str:
    return singular if amount == 1 else plural


def _not_applicable(code: str, kind: str, reason: str) -> Finding:
    return Finding(code, kind, Severity.NOT_APPLICABLE, reason, "This could not be checked.")


def _evidence(frame: pd.DataFrame) -> tuple[dict[str, object], ...]:
    records = frame.head(EVIDENCE_ROWS).to_dict("records")
    return tuple({str(key): value for key, value in record.items()} for record in records)
