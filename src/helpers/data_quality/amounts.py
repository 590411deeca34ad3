"""Amounts written with their unit: 5 kg, 11 lb, 30 %."""

import re
from collections.abc import Collection
from typing import Any

AMOUNT = re.compile(r"\s*[+-]?[\d.,]+\s*([^\W\d_]{1,12}|[%°\"'][CF]?)\.?\s*", re.UNICODE)
WITH_UNIT = 0.9
# Units that nobody writes by mistake.
KNOWN_UNITS = frozenset(
    [
        "kg",
        "g",
        "mg",
        "t",
        "lb",
        "lbs",
        "oz",
        "st",
        "km",
        "m",
        "cm",
        "mm",
        "mi",
        "mile",
        "miles",
        "yd",
        "ft",
        "in",
        "inch",
        "inches",
        "l",
        "ml",
        "cl",
        "gal",
        "pt",
        "s",
        "sec",
        "min",
        "h",
        "hr",
        "hrs",
        "hours",
        "d",
        "days",
        "wk",
        "weeks",
        "months",
        "yr",
        "years",
        "k",
        "c",
        "f",
        "°c",
        "°f",
        "%",
        "usd",
        "eur",
        "gbp",
        "w",
        "kw",
        "kwh",
        "j",
        "kj",
        "kcal",
        "cal",
        "pa",
        "hpa",
        "kpa",
        "bar",
        "psi",
        "v",
        "mv",
        "a",
        "ma",
        "hz",
        "khz",
        "mhz",
        "ghz",
        "kb",
        "mb",
        "gb",
        "tb",
    ]
)


def unit_of(text: Any) -> str:
    """Return the unit behind the number, in small letters; empty where the text is no such amount."""
    found = AMOUNT.fullmatch(str(text))
    return found.group(1).casefold() if found else ""


def are_amounts(texts: Collection[Any]) -> bool:
    """Return whether nearly all of the texts, of which there is at least one, are amounts with their unit."""
    return sum(unit_of(text) != "" for text in texts) >= max(1.0, WITH_UNIT * len(texts))
