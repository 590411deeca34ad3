"""Which texts mean 'no value', by the kind of the column that they stand in."""

import re
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from helpers.findings import Severity
from helpers.tables.levels import Levels, among
from helpers.tables.remarks import Remark, Rule

# Written by programs; no value in any column, but see `is_code_list`.
NA_WORDS = frozenset({"na", "n/a", "n.a.", "#n/a", "#na", "nan", "-nan", "null", "<na>", "nil", "\\n", "nat"})
# Typed by people; no value in any column in which they stand alone, without a letter or digit.
SYMBOLS = frozenset({"?", "??", "???", "-", "--", "---", "–", "—", ".", "..", "...", "*", "_", "(?)"})
# Words that are a level among categories, and no value among numbers and dates.
NUMBER_WORDS = frozenset(
    {"none", "unknown", "missing", "not available", "not applicable", "undefined", "tbd", "inf", "-inf",
     "infinity", "-infinity", "#value!", "#ref!", "#div/0!", "#name?", "#num!", "empty", "(null)", "(none)"}
)  # fmt: skip
# In a list of at least this many two-letter codes, NA is one of them (Namibia), not a missing value.
CODES_AT_LEAST = 10

MARKERS = Rule(
    code="T111",
    kind="missing_marker",
    severity=Severity.NOTE,
    message="In {columns} {cells} held a marker such as 'NA' or '?' and count as missing.",
    plain="Some cells held a sign for 'no value', such as 'NA' or '?', and count as missing.",
    remedy="Where a marker is a value of its own, declare the column under clean.types as category.",
)
KEPT = Rule(
    code="T113",
    kind="missing_marker",
    severity=Severity.NOTE,
    message="In {columns} the word 'None' or 'NA' stands in {cells} and was kept as a level of its own.",
    plain="The word 'None' or 'NA' was kept as an answer of its own where it looks like one.",
    remedy="If it means that the value is unknown, declare it under clean.missing.",
)


def no_text(levels: Levels) -> NDArray[np.bool_]:
    """Return for each text whether it is empty or white space alone."""
    return among(levels.stripped, frozenset({""}))


def missing_among_values(levels: Levels) -> NDArray[np.bool_]:
    """Return for each text whether it means 'no value' in a column of numbers or dates."""
    found = ~levels.plain_numbers
    rest = np.flatnonzero(found)
    lower = pc.utf8_lower(levels.stripped.take(rest))
    found[rest] = among(lower, NA_WORDS | SYMBOLS | NUMBER_WORDS | {""})
    return found


def missing_among_categories(levels: Levels) -> NDArray[np.bool_]:
    """Return for each text whether it means 'no value' in a column of categories or text.

    Signs count only where the column does not hold '+' as well; 'NA' not in a list of two-letter codes;
    'None' never.
    """
    words = among(levels.lower, NA_WORDS)
    if is_code_list(levels):
        words &= ~among(levels.stripped, frozenset({"NA"}))
    signs = among(levels.lower, SYMBOLS)
    if among(levels.stripped, frozenset({"+", "++", "+++"})).any():
        signs &= False
    return no_text(levels) | words | signs


def is_code_list(levels: Levels) -> bool:
    """Tell whether the texts are two capital letters each, as country codes are."""
    known = [text for text in levels.stripped.slice(0, 50 * CODES_AT_LEAST).to_pylist() if text]
    return len(known) >= CODES_AT_LEAST and all(re.fullmatch("[A-Z]{2}", text) for text in known)


def marker_remarks(levels: Levels, missing: NDArray[np.bool_], *, column: str) -> list[Remark]:
    """Return a remark for each text other than the empty cell that counts as missing in the column."""
    return _remarks(MARKERS, levels, missing & ~among(levels.texts, frozenset({""})), column)


def kept_remarks(levels: Levels, missing: NDArray[np.bool_], *, column: str) -> list[Remark]:
    """Return a remark for each text that reads like 'no value' and was kept as a level."""
    return _remarks(KEPT, levels, among(levels.lower, NA_WORDS | {"none"}) & ~missing, column)


def _remarks(rule: Rule, levels: Levels, chosen: NDArray[np.bool_], column: str) -> list[Remark]:
    found: list[Any] = np.flatnonzero(chosen).tolist()
    return [
        Remark(rule, column, {"marker": repr(levels.texts[at].as_py()), "cells": int(levels.counts[at])})
        for at in found
    ]
