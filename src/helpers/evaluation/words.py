"""Estimates in words: a value with the ends of its interval."""

from helpers.results import Estimate
from helpers.wording import number, percent, with_unit

# Shares whose interval is narrower than this are shown with a decimal.
NARROW = 0.1


def ranged(estimate: Estimate, *, share: bool = False, unit: str = "") -> str:
    """Return the value with its interval, such as '0.93 (0.90 to 0.96)'; shares as percentages.

    The unit stands behind the value, before the interval.
    """
    if estimate.value is None:
        return "not defined"
    ends = between(estimate, share=share)
    digits = 1 if "." in ends else 0
    text = percent(estimate.value, digits=digits) if share else number(estimate.value)
    value = with_unit(text, unit)
    return value if ends == "–" or estimate.low == estimate.high else f"{value} ({ends})"


def between(estimate: Estimate, *, share: bool = False) -> str:
    """Return the ends of the interval, such as '0.90 to 0.96'; a dash where there is none."""
    if estimate.low is None or estimate.high is None:
        return "–"
    if share:
        digits = 1 if estimate.high - estimate.low < NARROW else 0
        return f"{percent(estimate.low, digits=digits)} to {percent(estimate.high, digits=digits)}"
    return f"{number(estimate.low)} to {number(estimate.high)}"
