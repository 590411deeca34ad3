"""What there is to say about the two sides of the split."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.errors import listed, shortened
from helpers.findings import Finding, Severity
from helpers.tables.row_keys import combined
from helpers.tables.split import Rows, Side, repeats_naturally
from helpers.wording import count, percent

# The holdout is not what was asked for if its share differs by more than this part of what was asked.
SHARE_TOLERANCE = 0.25
# From this share on, holdout rows that the development rows hold as well flatter the evaluation.
REPEATED_SHARE = 0.01


def of_split(rows: Rows, side: Side, *, share: float, target: str) -> list[Finding]:
    """Return the findings on a split: its share, its classes, and what stands on both sides."""
    if share == 0:
        return []
    findings = [
        _share(side, share),
        *_classes(rows, side, target),
        _repeats(rows, side),
        *_groups(rows, side),
    ]
    if rows.times is not None and rows.times.isna().any():
        findings.append(_no_time(int(rows.times.isna().sum()), len(rows)))
    return findings


def _share(side: Side, share: float) -> Finding:
    found = float(side.held.mean())
    even = abs(found - share) <= SHARE_TOLERANCE * share
    message = f"{percent(found)} of the rows are held out ({percent(share)} asked for): {side.reason}."
    remedy = (
        "" if even else "Rows that belong together cannot be parted; see whether group, time or id is right."
    )
    plain = f"{percent(found)} of the rows were set aside for the final check."
    return Finding("T151", "split", Severity.PASS if even else Severity.WARN, message, plain, remedy,
                   evidence=({"asked": share, "held out": found, "strategy": side.strategy},))  # fmt: skip


def _classes(rows: Rows, side: Side, target: str) -> list[Finding]:
    if pd.api.types.is_numeric_dtype(rows.strata.dtype) or not side.held.any():
        return []
    absent = sorted(set(rows.strata[~side.held]) - set(rows.strata[side.held]))
    if not absent:
        return []
    classes = f"{count(len(absent), 'class')} ({listed(absent)})"
    return [
        Finding(
            "T152",
            "rare_class",
            Severity.WARN,
            f"No holdout row is of {classes}, so the evaluation says nothing of them.",
            f"{count(len(absent), 'answer')} could not be checked, for lack of rows set aside.",
            "Take a larger holdout, or another group or time column.",
            (target,),
        )
    ]


def unlearnt_classes(target: str, names: Sequence[str], rows: int) -> Finding:
    """Return the finding on classes that only holdout rows have; those rows are left out."""
    classes = f"{count(len(names), 'class')} of {shortened(target)} ({listed(list(names))})"
    return Finding(
        "T153",
        "rare_class",
        Severity.WARN,
        f"{classes} only in rows to be held out; {count(rows, 'row')} left out, as no model can learn them.",
        f"{count(rows, 'row')} were left out because their answer appears nowhere else.",
        "Expect the model to be wrong on them; collect rows of them to learn from.",
        (target,),
    )


def _repeats(rows: Rows, side: Side) -> Finding:
    """Return whether holdout rows stand among the development rows as well, identifiers aside."""
    classes = np.asarray(pd.util.hash_pandas_object(rows.strata, index=False), dtype=np.uint64)
    whole = combined([rows.content, classes], rows=len(rows))
    repeated, held = int(np.isin(whole[side.held], whole[~side.held]).sum()), int(side.held.sum())
    code, kind = "T154", "duplicates_across_split"
    if not repeated:
        message = "No holdout row repeats a development row (identifiers aside)."
        return Finding(
            code, kind, Severity.PASS, message, "No row set aside repeats a row that was learnt from."
        )
    said = f"{count(repeated, 'holdout row')} of {held:,} ({percent(repeated / held)})"
    evidence = ({"holdout rows": held, "repeated": repeated},)
    plain = f"{repeated:,} of the {held:,} rows set aside also stand among those learnt from."
    if repeats_naturally(rows.content):
        message = f"{said} equal a development row, as most rows of so coarse a table equal another one."
        return Finding(code, kind, Severity.NOTE, message, plain, evidence=evidence)
    severity = Severity.WARN if repeated >= REPEATED_SHARE * held else Severity.NOTE
    message = f"{said} repeat a development row (identifiers aside): the evaluation is too good by that."
    remedy = "Set clean.duplicates: drop if they are copies, or group if they belong together."
    return Finding(code, kind, severity, message, plain, remedy, evidence=evidence)


def _groups(rows: Rows, side: Side) -> list[Finding]:
    if rows.groups is None or side.strategy == "group" or not side.held.any():
        return []
    both = set(rows.groups[side.held].dropna()) & set(rows.groups[~side.held].dropna())
    if not both:
        return []
    message = f"{count(len(both), 'group')} on both sides, because the split goes by {side.strategy}."
    plain = "Some groups stand both among the rows learnt from and among those set aside."
    remedy = "Leave out time to keep groups on one side."
    return [Finding("T155", "group_structure", Severity.WARN, message, plain, remedy)]


def _no_time(missing: int, rows: int) -> Finding:
    message = f"{count(missing, 'row')} of {rows:,} without a time; kept among the development rows."
    return Finding("T156", "missing_values", Severity.NOTE, message, f"{count(missing, 'row')} have no time.")
