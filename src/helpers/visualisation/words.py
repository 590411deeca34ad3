"""Sentences that several figures need: which rows are missing, and which values stand out."""

from typing import Any

import numpy as np
import pandas as pd

from helpers.style import short
from helpers.visualisation.figures import BLANK
from helpers.wording import count

SPOKEN_CHARACTERS = 60
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


def signed_percent(share: float) -> str:
    """Return a difference of shares as whole per cent, with a minus sign where it is negative.

    >>> signed_percent(-0.031), signed_percent(-0.001), signed_percent(0.12)
    ('−3 %', '0 %', '12 %')
    """
    return f"{round(share * 100) or 0} %".replace("-", "−")
