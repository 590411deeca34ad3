"""Numbers written as text: decimal marks, thousands marks, currency and percent signs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from helpers.tables.levels import PLAIN_NUMBER, Levels, Texts, floats, matches

Mark = Literal[".", ","]

LEVELS_FOR_MARK = 2_000
# A whole number of more digits than a float64 can hold exactly is a code, not a quantity.
EXACT_DIGITS = 15
# A column speaks for a decimal mark if at least this share of its texts are numbers under it.
SPEAKING_SHARE = 0.9
_BLANKS = "[ \u00a0\u202f\u2009'’]"
_AFFIX = r"^[$€£¥]\s?|\s?[$€£¥%]$"
_PLAIN = {
    ".": PLAIN_NUMBER,
    ",": r"^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d{1,3})?$",
}
_GROUPED = {
    ".": rf"^[+-]?[1-9]\d{{0,2}}(?:(?:,\d{{3}})+|(?:{_BLANKS}\d{{3}})+)(?:\.\d*)?$",
    ",": rf"^[+-]?[1-9]\d{{0,2}}(?:(?:\.\d{{3}})+|(?:{_BLANKS}\d{{3}})+)(?:,\d*)?$",
}
_EXPONENT = r"(?:[eE][+-]?\d+)?"
# Texts that are numbers under one mark only, or mean something else under the other.
_ONLY = {
    ".": rf"^[+-]?(?:\d*\.(?:\d{{1,2}}|\d{{4,}})|\d{{4,}}\.\d*|0\.\d+|\d{{1,3}}(?:,\d{{3}})+\.\d*"
    rf"|\d{{1,3}}(?:,\d{{3}}){{2,}}){_EXPONENT}$",
    ",": rf"^[+-]?(?:\d*,(?:\d{{1,2}}|\d{{4,}})|\d{{4,}},\d*|0,\d+|\d{{1,3}}(?:\.\d{{3}})+,\d*"
    rf"|\d{{1,3}}(?:\.\d{{3}}){{2,}}){_EXPONENT}$",
}
_OPEN_COMMA = r"^[+-]?\d{1,3},\d{3}$"


@dataclass(frozen=True)
class Numbers:
    """What texts are as numbers.

    Attributes
    ----------
    parsed : float array
        One a text; NaN where the text is no number.
    ok : bool array
        Whether the text is a number.
    mark : '.' or ','
        The decimal mark under which they were read.
    grouped : bool
        Whether some have thousands marks.
    affix : str
        The currency or percent sign that stood beside the numbers, if any.
    code_like : bool
        Whether some are written as no quantity is: leading zeros, or more than 15 digits.
    """

    parsed: NDArray[np.float64]
    ok: NDArray[np.bool_]
    mark: Mark
    grouped: bool
    affix: str
    code_like: bool


def decimal_mark(columns: Iterable[Levels], *, likely: Mark) -> Mark:
    """Return the decimal mark that the columns of one table speak for.

    Each column in which nearly all texts are numbers has a vote if some of its texts are numbers under one
    mark only, such as ``3,5``; where none has, the mark is `likely`.
    """
    votes: dict[Mark, int] = {".": 0, ",": 0}
    open_commas = False
    for levels in columns:
        texts = levels.stripped.slice(0, LEVELS_FOR_MARK)
        texts = texts.filter(pc.not_equal(texts, ""))
        for mark in votes:
            speaking = matches(texts, _ONLY[mark]).any() and _is_number(texts, mark).mean() >= SPEAKING_SHARE
            votes[mark] += bool(speaking)
        open_commas |= bool(len(texts) and matches(texts, _OPEN_COMMA).any())
    if votes["."] == votes[","]:
        return likely if open_commas or votes["."] else "."
    return "." if votes["."] > votes[","] else ","


def _is_number(texts: Texts, mark: str) -> NDArray[np.bool_]:
    return matches(texts, _PLAIN[mark]) | matches(texts, _GROUPED[mark])


def read_numbers(levels: Levels, missing: NDArray[np.bool_], *, mark: Mark) -> Numbers:
    """Return the texts of a column as numbers.

    Parameters
    ----------
    levels : Levels
        The column's texts; the decimal mark under which more rows are numbers is taken.
    missing : bool array, one a text
        Texts that mean 'no value' and have no say.
    mark : '.' or ','
        The table's decimal mark, which wins a tie.
    """
    texts, plain = levels.stripped, levels.plain_numbers
    if (plain | missing).all() and (mark == "." or not matches(texts.filter(pa.array(plain)), r"\.").any()):
        return Numbers(levels.plain_values, plain, ".", False, "", _code_like(texts.filter(pa.array(plain))))
    counts = np.where(missing, 0, levels.counts)
    texts, affix = _without_affix(pc.replace_substring(texts, "−", "-"), counts)
    other: Mark = "," if mark == "." else "."
    found = {each: (matches(texts, _PLAIN[each]), matches(texts, _GROUPED[each])) for each in (mark, other)}
    rows = {each: counts[plain | grouped].sum() for each, (plain, grouped) in found.items()}
    best = mark if rows[mark] >= rows[other] else other
    plain, grouped = found[best]
    return _numbers(texts, plain, grouped & ~plain, best, affix=affix)


def _code_like(texts: Texts) -> bool:
    return bool(matches(texts, rf"^0\d+$|^[+-]?\d{{{EXACT_DIGITS + 1},}}$").any())


def _without_affix(texts: Texts, counts: NDArray[np.int64]) -> tuple[Texts, str]:
    """Take away the one currency or percent sign that stands beside most numbers."""
    signs = [sign for sign in "$€£¥%" if matches(texts, f"[{sign}]").any()]
    if len(signs) != 1:
        return texts, ""
    signed = matches(texts, _AFFIX)
    if signs[0] == "%" and counts[signed].sum() < SPEAKING_SHARE * counts.sum():
        return texts, ""
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, _AFFIX, "")), signs[0]


def _numbers(
    texts: Texts, plain: NDArray[np.bool_], grouped: NDArray[np.bool_], mark: Mark, *, affix: str
) -> Numbers:
    ok = plain | grouped
    values = np.full(len(texts), np.nan)
    good: Any = texts.filter(pa.array(ok))
    if grouped.any():
        good = pc.replace_substring_regex(good, rf"{_BLANKS}|{',' if mark == '.' else '[.]'}", "")
    if mark == ",":
        good = pc.replace_substring(good, ",", ".")
    values[ok] = floats(good)
    return Numbers(values, ok, mark, bool(grouped.any()), affix, _code_like(good))
