"""Groups named by a part of a text: of 309_1 the first part, 309, names the animal."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

# What parts a text: one or several of these between two parts.
SEPARATORS = r"[_\-./:# ]+"
JOINT = "_"


def split_levels(levels: Iterable[object]) -> list[list[str]]:
    """Return the parts of each text, without empty ones.

    >>> split_levels(["309_1", "AB-12-3"])
    [['309', '1'], ['AB', '12', '3']]
    """
    texts = pd.Series([str(level) for level in levels], dtype=object)
    return [[part for part in parts if part] for parts in texts.str.split(SEPARATORS, regex=True)]


def joined_parts(texts: Iterable[Sequence[str]], parts: Sequence[int]) -> list[str | None]:
    """Return the named parts of each text that was split, joined; None where it has too few.

    >>> joined_parts([["AB", "12", "3"], ["x"]], [1, 3])
    ['AB_3', None]
    """
    most = max(parts)
    return [JOINT.join(found[part - 1] for part in parts) if len(found) >= most else None for found in texts]


def named_parts(values: pd.Series, parts: Sequence[int]) -> pd.Series:
    """Return the named parts of each value, joined; missing where a value is missing or has too few parts.

    Parameters
    ----------
    values : pandas.Series
        Texts, or anything with a text.
    parts : sequence of int
        Which parts, counted from 1.

    Returns
    -------
    pandas.Series
        Of texts, with the index of `values`.

    Examples
    --------
    >>> named_parts(pd.Series(["309_1", "310_2", None]), [1]).tolist()
    ['309', '310', None]
    """
    codes, levels = pd.factorize(values)
    texts = np.asarray([*joined_parts(split_levels(levels), parts), None], dtype=object)
    return pd.Series(texts[codes], index=values.index, dtype=object)
