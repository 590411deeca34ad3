"""Numbers as people write them: sensible digits, singular and plural, 'about', 'of 100', joined lists."""

import math
import unicodedata
from collections.abc import Sequence

from helpers.errors import shortened

FEW_CASES = 20  # below this many, 'of 100' would claim more than was seen: the counts are given instead
FULL_WIDTH_DIGITS = 2  # digits of an interval's width that its ends and its middle are rounded to
MOST_DECIMALS = 6
_NO_BREAK = "\u00a0"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
# Binary fractions miss decimal ones by a little: 0.57 * 100 is 56.99999999999999.
_HAIR = 1e-9
_LEAST_SHOWN = 1e-4

_IRREGULAR = {"person": "people", "analysis": "analyses", "category": "categories", "match": "matches"}


def number(value: float, *, digits: int = 3) -> str:
    """Return the value with `digits` significant digits and thousands separated; whole numbers stay whole.

    >>> number(1234567.0), number(0.012345), number(12), number(999.96)
    ('1,234,567', '0.0123', '12', '1,000')
    """
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if float(value).is_integer() and abs(value) < 1e15:
        text = f"{value:,.0f}"
    elif abs(value) >= 1e15 or abs(value) < 1e-4:
        text = f"{value:.{digits - 1}e}"
    else:
        places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
        rounded = round(value, places)
        if rounded:
            places = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
        text = f"{rounded:,.{places}f}"
    return text.replace("-", "−")


def percent(share: float, *, digits: int = 0) -> str:
    """Return a share as a percentage that never rounds to a false 0 or 100.

    >>> percent(0.256), percent(0.0004), percent(0.9996), percent(1.0)
    ('26 %', 'under 1 %', 'over 99 %', '100 %')
    """
    step = 10.0**-digits
    value = share * 100
    if 0 < value < step / 2 or (0 < value < step and round(value, digits) == 0):
        return f"under {step:.{digits}f} %"
    if 100 - step / 2 <= value < 100:
        return f"over {100 - step:.{digits}f} %"
    return f"{value:.{digits}f} %"


def plural(noun: str) -> str:
    """Return the plural of an English noun.

    >>> plural("row"), plural("person"), plural("match")
    ('rows', 'people', 'matches')
    """
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def count(amount: int, noun: str) -> str:
    """Return the amount with its noun in singular or plural.

    >>> count(1, "row"), count(0, "row"), count(1200, "category")
    ('1 row', '0 rows', '1,200 categories')
    """
    return f"{amount:,} {noun if amount == 1 else plural(noun)}"


def joined(words: Sequence[str], *, last: str = "and") -> str:
    """Return the words as a list in a sentence.

    >>> joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def capital(text: str) -> str:
    """Return the text with a capital first letter.

    >>> capital("all 42")
    'All 42'
    """
    return text[:1].upper() + text[1:]


def times(amount: int) -> str:
    """Return how often something happened.

    >>> times(1), times(2), times(5)
    ('once', 'twice', '5 times')
    """
    return {1: "once", 2: "twice"}.get(amount, f"{amount:,} times")


def with_unit(text: str, unit: str) -> str:
    """Return a number's text with its unit, which a line break never parts from it."""
    return f"{text}{_NO_BREAK}{name(unit, limit=40)}" if unit else text


def unbroken(text: str) -> str:
    """Return the text with no line break possible in it: for a number and its sign."""
    return text.replace(" ", _NO_BREAK)


def name(text: str, *, limit: int = 60) -> str:
    """Return a name from the user's table as it can stand in a sentence: on one line, cut to the limit.

    Text that runs from right to left is isolated, so that it does not turn the sentence around it.
    """
    short = " ".join(shortened(text, limit=limit).split())
    if any(unicodedata.bidirectional(character) in {"R", "AL"} for character in short):
        return f"{_ISOLATE}{short}{_END_ISOLATE}"
    return short


def quoted(text: str, *, limit: int = 40) -> str:
    """Return a value from the user's table in quotation marks, cut to the limit.

    >>> quoted("benign")
    '“benign”'
    """
    return f"“{name(text, limit=limit)}”"


def of_hundred(share: float, *, cases: int) -> str:
    """Return a share of `cases` in counts, never rounded to all or none unless it is.

    Below `FEW_CASES` cases the counts themselves are given, because 'of 100' would claim more than was seen.

    >>> of_hundred(0.966, cases=1000), of_hundred(0.996, cases=1000), of_hundred(1.0, cases=42)
    ('97 of 100', 'at least 99 of 100', 'all 42')
    >>> of_hundred(0.625, cases=8), of_hundred(0.0, cases=42), of_hundred(0.001, cases=1000)
    ('5 of 8', 'none of 42', 'fewer than 1 of 100')
    """
    if cases < FEW_CASES:
        return f"{round(share * cases)} of {cases}"
    if share >= 1:
        return f"all {cases:,}"
    if share <= 0:
        return f"none of {cases:,}"
    rounded = round(share * 100)
    if rounded >= 100:
        return "at least 99 of 100"
    return f"{rounded} of 100" if rounded else "fewer than 1 of 100"


def likely_of_hundred(low: float | None, high: float | None) -> str:
    """Return an interval of shares in words, its ends rounded as the evaluation's report rounds them.

    Only an end that would become all or none though it is not is rounded outwards.

    >>> likely_of_hundred(0.914, 0.988), likely_of_hundred(0.914, 0.998), likely_of_hundred(0.0, 0.061)
    ('likely between 91 and 99 of 100', 'likely at least 91 of 100', 'likely at most 6 of 100')
    >>> likely_of_hundred(0.0, 1.0), likely_of_hundred(None, None)
    ('too few to say more', 'too few to say how far chance moves it')
    """
    if low is None or high is None:
        return "too few to say how far chance moves it"
    bottom, top = round(low * 100), round(high * 100)
    bottom, top = min(bottom, 99) if low < 1 else bottom, max(top, 1) if high > 0 else top
    if bottom <= 0 and top >= 100:
        return "too few to say more"
    if bottom == top:
        return f"likely {bottom} of 100"
    if top >= 100:
        return f"likely at least {bottom} of 100"
    return f"likely at most {top} of 100" if bottom <= 0 else f"likely between {bottom} and {top} of 100"


def about(value: float, *, digits: int = 2) -> str:
    """Return the value rounded to `digits` significant digits, with 'about' where that changed it.

    >>> about(13214), about(13000), about(0.0123), about(12)
    ('about 13,000', '13,000', 'about 0.012', '12')
    """
    if not math.isfinite(value) or value == 0:
        return number(value)
    place = math.floor(math.log10(abs(value))) - digits + 1
    text = _at_place(value, place)
    return text if math.isclose(round(value, -place), value, rel_tol=1e-9) else f"about {text}"


def measured(value: float, low: float | None, high: float | None, *, unit: str = "") -> tuple[str, str]:
    """Return a measured value and its interval in words, both to the digits that the interval supports.

    Without an interval the value gets two digits and the second text says that it is missing.

    >>> measured(41.27, 35.2, 48.9)
    ('41', 'likely between 35 and 49')
    >>> measured(13214, 4123, 35400)
    ('13,000', 'likely between 4,000 and 35,000')
    >>> measured(0.9912, 0.9723, 0.9998)
    ('0.991', 'likely between 0.972 and 1.000')
    >>> measured(9123, 351, 26700)
    ('9,000', 'likely at most 27,000')
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return with_unit(about(value), unit), "too few to say how far chance moves it"
    if high - low < _HAIR * max(abs(low), abs(high), 1.0):
        return with_unit(number(value), unit), ""
    place = _place_of(low, high)
    ends = between(low, high, unit=unit)
    ends = ends.replace("between 0 and", "at most", 1) if ends.startswith("between 0 and ") else ends
    return with_unit(_at_place(value, place), unit), f"likely {ends}"


def between(low: float, high: float, *, unit: str = "") -> str:
    """Return a range, its ends rounded to two digits of its width.

    >>> between(50.6, 276.2), between(0.9723, 0.9998)
    ('between 50 and 280', 'between 0.972 and 1.000')
    """
    bottom, top = _ends(low, high)
    return f"between {bottom} and {with_unit(top, unit)}"


def spanned(low: float, high: float, *, unit: str = "") -> str:
    """Return a range as short as `between` does not: for the lines of a figure.

    >>> spanned(0.0312, 0.0689)
    '0.031 to 0.069'
    >>> spanned(0.0004, 0.028)
    '0.0004 to 0.028'
    """
    bottom, top = _ends(low, high)
    if low >= _LEAST_SHOWN and not bottom.strip("0."):  # a range that leaves 0 out must not seem to hold it
        bottom = number(low, digits=1)
    return f"{bottom} to {with_unit(top, unit)}"


def _ends(low: float, high: float) -> tuple[str, str]:
    """Return both ends of a range at the decimal place that its width supports."""
    place = _place_of(low, high)
    return _at_place(low, place), _at_place(high, place)


def _place_of(low: float, high: float) -> int:
    """Return the decimal place that a range's ends are given to."""
    if high <= low:
        return -FULL_WIDTH_DIGITS
    return max(math.floor(math.log10(high - low)) - FULL_WIDTH_DIGITS + 1, -MOST_DECIMALS)


def _at_place(value: float, place: int) -> str:
    """Return the value rounded to the decimal place, 3 meaning thousands and -2 hundredths."""
    rounded = round(value, -place) + 0.0  # turns -0.0 into 0.0
    return f"{rounded:,.{max(0, -place)}f}".replace("-", "−")
