"""Words that several figures need: which rows are missing, which values stand out, what a pair gains."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.style import short
from helpers.visualisation.figures import BLANK
from helpers.wording import count, percent

SPOKEN_CHARACTERS = 60
SMALL_GAIN = 0.02  # a gain below it is told with one decimal
SOLID_ROWS = 10  # a title names only categories, bins and periods with at least this many rows


def spoken(text: str) -> str:
    """Return a column's name as sentences use it: whole as long as it can be, in quotes where it has a comma.

    >>> spoken("Area"), spoken("Area, mean")
    ('Area', '“Area, mean”')
    """
    cut = short(text, SPOKEN_CHARACTERS).strip() or BLANK
    return f"“{cut}”" if "," in cut else cut


def missing_words(missing: int) -> str:
    """Say how many rows have no value.

    >>> missing_words(1), missing_words(0)
    (' 1 row without a value is left out.', '')
    """
    if not missing:
        return ""
    return f" {count(missing, 'row')} without a value {'is' if missing == 1 else 'are'} left out."


def far_words(outside: int) -> str:
    """Say how many rows lie outside the drawn range.

    >>> far_words(2)
    ' 2 rows far away from the rest lie outside.'
    """
    if not outside:
        return ""
    return f" {count(outside, 'row')} far away from the rest {'lies' if outside == 1 else 'lie'} outside."


def extremes(frame: pd.DataFrame, *, rows: str, value: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the records with the largest and the smallest value that rest on at least `SOLID_ROWS` rows.

    Parameters
    ----------
    frame : pandas.DataFrame
        At least one row.
    rows : str
        The column that counts rows; where fewer than two records reach `SOLID_ROWS`, all count.
    value : str
        The column to compare.
    """
    solid = frame[frame[rows] >= SOLID_ROWS]
    if len(solid) < 2:
        solid = frame
    values = solid[value].to_numpy(dtype=float)
    return dict(solid.iloc[int(np.nanargmax(values))]), dict(solid.iloc[int(np.nanargmin(values))])


def signed_percent(share: float, *, digits: int = 0) -> str:
    """Return a share that may be negative as a percentage, with a minus sign where it is.

    >>> signed_percent(-0.031), signed_percent(-0.001), signed_percent(0.12), signed_percent(0.123, digits=1)
    ('−3 %', '0 %', '12 %', '12.3 %')
    """
    return f"{signed_points(share, digits=digits)} %"


def share_text(share: float) -> str:
    """Return a share as `percent` does, and as it is where it is negative.

    >>> share_text(0.004), share_text(-0.031)
    ('under 1 %', '−3 %')
    """
    return percent(share) if share >= 0 else signed_percent(share)


def signed_points(share: float, *, digits: int = 0) -> str:
    """Return a difference of shares as the number of percentage points.

    >>> signed_points(-0.031), signed_points(0.12)
    ('−3', '12')
    """
    rounded = round(share * 100, digits) or 0.0  # never a negative zero
    return f"{rounded:.{digits}f}".replace("-", "−")


def gain_texts(pair: Mapping[Any, Any]) -> tuple[str, str, str]:
    """Return what a pair tells together, what the better one tells alone, and the points between them.

    A gain below `SMALL_GAIN` is told with one decimal. The points are the difference of the rounded shares,
    so that a reader who subtracts them gets the same number.

    >>> gain_texts({"together": 0.824, "alone": 0.696, "gain": 0.128})
    ('82 %', '70 %', '12 points')
    """
    digits = 0 if pair["gain"] >= SMALL_GAIN else 1
    together, alone = (round(pair[key] * 100, digits) for key in ("together", "alone"))
    points = f"{together - alone:.{digits}f}"
    noun = "point" if points == "1" else "points"
    told, better = (signed_percent(pair[key], digits=digits) for key in ("together", "alone"))
    return told, better, f"{points} {noun}"
